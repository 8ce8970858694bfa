"""Requests that wait for a second person. `payload` is JSON text and never changes."""

from django.db import models

from apps.approvals.types import ApprovalState

STATES = [(state.value, state.value) for state in ApprovalState]


class ApprovalRequest(models.Model):
    """Persons are named by their number; `key` makes a request that is sent twice one request."""

    kind = models.CharField(max_length=64)
    key = models.CharField(max_length=64, null=True, blank=True)  # noqa: DJ001 - many rows have none, each other is unique
    subject = models.CharField(max_length=128, blank=True)
    payload = models.TextField()
    reason = models.CharField(max_length=500)
    state = models.CharField(max_length=16, choices=STATES, default=ApprovalState.PENDING.value)
    requested_by = models.CharField(max_length=64)
    requested_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    decided_by = models.CharField(max_length=64, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_reason = models.CharField(max_length=500, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True, blank=True)
    result = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = "approval"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["state", "expires_at"], name="approvals_open"),
            models.Index(fields=["subject"], name="approvals_by_subject"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="approvals_key_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in ApprovalState]), name="approvals_known_state"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
