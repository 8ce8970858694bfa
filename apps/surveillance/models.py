"""Where each rule stands, the alerts they raised, and what was done about them."""

from __future__ import annotations

from django.db import models

from apps.surveillance.types import ActionKind, ActionState, AlertState, Severity


class RuleCursor(models.Model):
    """How far a rule has looked: `position` in its stream, `state` what it remembers. `turn` counts its passes.

    Everything a pass found is written together with the next turn, so no pass counts twice.
    """

    rule = models.CharField(max_length=40, primary_key=True)
    position = models.BigIntegerField()
    state = models.JSONField(default=dict)
    turn = models.BigIntegerField(default=0)
    rows_seen = models.BigIntegerField(default=0)
    cpu_us = models.BigIntegerField(default=0)
    passed_at = models.DateTimeField(auto_now=True)
    error = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.rule


class Alert(models.Model):
    """Something that people should look at. While it is not closed, `open_key` keeps it the only one of its matter."""

    rule = models.CharField(max_length=40)
    key = models.CharField(max_length=120)
    open_key = models.CharField(max_length=170, null=True, unique=True, editable=False)  # noqa: DJ001  NULLs may repeat
    severity = models.PositiveSmallIntegerField(choices=Severity)
    state = models.PositiveSmallIntegerField(choices=AlertState, default=AlertState.OPEN)
    summary = models.CharField(max_length=300)
    evidence = models.JSONField()
    instrument_id = models.SmallIntegerField(default=0)
    occurrences = models.PositiveIntegerField(default=1)
    first_ns = models.BigIntegerField()
    last_ns = models.BigIntegerField()
    opened_at = models.DateTimeField(auto_now_add=True)
    acknowledged_by = models.CharField(max_length=64, blank=True)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.CharField(max_length=64, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    close_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["state", "-id"], name="surveillance_queue"),
            models.Index(fields=["rule", "state"], name="surveillance_rule_state"),
        ]

    def __str__(self) -> str:
        return f"alert {self.pk}: {self.rule}"


class AlertAccount(models.Model):
    """An account that an alert is about."""

    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="accounts")
    account_id = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["alert", "account_id"], name="surveillance_account_once")]
        indexes = [models.Index(fields=["account_id"], name="surveillance_account")]

    def __str__(self) -> str:
        return f"account {self.account_id}"


class RiskAction(models.Model):
    """What was done to an account or an instrument, by rule or by a person, and how it was lifted.

    `subject_kind` is a types.Subject. `asked_at` is when it was decided, `done_at` when the engine had taken it.
    `state_before` is the account's or instrument's state without any action, to which lifting goes back.
    """

    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="actions")
    kind = models.CharField(max_length=12, choices=ActionKind)
    subject_kind = models.PositiveSmallIntegerField(choices=[(1, "account"), (2, "instrument")])
    subject_id = models.BigIntegerField()
    automatic = models.BooleanField()
    state = models.PositiveSmallIntegerField(choices=ActionState, default=ActionState.WAITING)
    actor_kind = models.CharField(max_length=16)
    actor_id = models.CharField(max_length=64)
    reason = models.CharField(max_length=300)
    state_before = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=200, blank=True)
    asked_at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True, blank=True)
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.CharField(max_length=64, blank=True)
    lift_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["subject_kind", "subject_id", "-id"], name="surveillance_actions_of"),
            models.Index(fields=["state"], name="surveillance_action_state"),
            models.Index(fields=["asked_at"], name="surveillance_action_time"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.get_subject_kind_display()} {self.subject_id}"
