"""Rows of KYC. Personal details are sealed; documents lie sealed in files, and rows name them."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django_fsm import FSMField, transition

from apps.kyc.types import OPEN_STATES, ApplicationState, DocumentKind, LimitKind, ScreeningOutcome

S = ApplicationState


class KycLevel(models.Model):
    """One version of a level; the newest counts, and none is ever changed."""

    level = models.PositiveSmallIntegerField()
    version = models.PositiveIntegerField()
    name = models.CharField(max_length=40)
    max_leverage = models.PositiveIntegerField()
    daily_deposit_units = models.BigIntegerField()
    daily_withdrawal_units = models.BigIntegerField()
    validity_days = models.PositiveIntegerField(default=0, help_text="0: does not run out")
    requirements = models.JSONField(default=list, blank=True)
    two_persons = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_by = models.CharField(max_length=64, blank=True)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["level", "-version"]
        verbose_name = "level"
        constraints = [
            models.UniqueConstraint(fields=["level", "version"], name="kyc_level_version"),
            models.CheckConstraint(
                condition=Q(daily_deposit_units__gte=0) & Q(daily_withdrawal_units__gte=0) & Q(max_leverage__gte=1),
                name="kyc_level_limits",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.level} {self.name} (version {self.version})"


class Standing(models.Model):
    """Where a person stands; no row means unverified."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, primary_key=True, related_name="+")
    level = models.PositiveSmallIntegerField(default=0)
    expires_at = models.DateTimeField(null=True, blank=True)
    expiry_told_at = models.DateTimeField(null=True, blank=True)
    is_held = models.BooleanField(default=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="kyc_standing_expires")]

    def __str__(self) -> str:
        return f"user {self.user_id}: level {self.level}"


class Application(models.Model):
    """One request for a level. `state` moves only by the methods below, which services call."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField()
    state = FSMField(default=S.DRAFT, choices=S.choices, protected=True, max_length=16)
    reason = models.CharField(max_length=500, blank=True)
    details_sealed = models.BinaryField()
    details_key = models.BinaryField()
    kek_id = models.CharField(max_length=32)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["state", "submitted_at"], name="kyc_application_queue")]
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(state__in=list(OPEN_STATES)), name="kyc_one_open_application"
            )
        ]
        permissions = [
            ("review_application", "Can decide about applications and read their documents"),
        ]

    def __str__(self) -> str:
        return f"{self.id} ({self.state})"

    @transition(field=state, source=[S.DRAFT, S.NEEDS_MORE], target=S.SUBMITTED)
    def submit(self) -> None:
        """The applicant hands it in."""

    @transition(field=state, source=S.SUBMITTED, target=S.IN_REVIEW)
    def start_review(self) -> None:
        """Somebody has begun to look at it."""

    @transition(field=state, source=S.IN_REVIEW, target=S.APPROVED)
    def approve(self) -> None:
        """The person is who they say."""

    @transition(field=state, source=[S.SUBMITTED, S.IN_REVIEW, S.NEEDS_MORE, S.APPROVED], target=S.REJECTED)
    def reject(self) -> None:
        """It ends here, an approval too; the person may apply again."""

    @transition(field=state, source=S.IN_REVIEW, target=S.NEEDS_MORE)
    def ask_more(self) -> None:
        """Back to the applicant."""

    @transition(field=state, source=[S.APPROVED, S.DRAFT, S.NEEDS_MORE], target=S.EXPIRED)
    def expire(self) -> None:
        """Its time has run out."""


class ApplicationTransition(models.Model):
    """Who moved an application from where to where, when and why; never changed."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="transitions")
    state_before = models.CharField(max_length=16, blank=True)
    state = models.CharField(max_length=16)
    actor_kind = models.CharField(max_length=16)
    actor_id = models.CharField(max_length=64, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.state_before} to {self.state}"


class Document(models.Model):
    """A document of an application. `stored_name` names its sealed file; empty once retention has taken it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=24, choices=DocumentKind.choices)
    file_name = models.CharField(max_length=120)
    content_type = models.CharField(max_length=40)
    size_bytes = models.PositiveIntegerField()
    pages = models.PositiveSmallIntegerField(default=1)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    digest = models.CharField(max_length=64)
    stored_name = models.CharField(max_length=64, blank=True)
    data_key_sealed = models.BinaryField()
    kek_id = models.CharField(max_length=32)
    created_at = models.DateTimeField(auto_now_add=True)
    retain_until = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["created_at"]
        indexes = [models.Index(fields=["retain_until"], name="kyc_document_retention")]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class Submission(models.Model):
    """An application on its way to a provider and back. `reference` is all the provider knows it by."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="submissions")
    reference = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    provider = models.CharField(max_length=32)
    state = models.CharField(max_length=12, default="queued")  # queued, sent, decided, withdrawn
    attempts = models.PositiveIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True, blank=True)
    last_sequence = models.PositiveIntegerField(default=0)
    advice = models.CharField(max_length=16, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["state", "next_attempt_at"], name="kyc_submission_queue")]

    def __str__(self) -> str:
        return str(self.reference)


class WebhookDelivery(models.Model):
    """A delivery of a provider that was signed as agreed; the same bytes are taken once."""

    provider = models.CharField(max_length=32)
    event_id = models.CharField(max_length=64)
    proof = models.CharField(max_length=64, unique=True)
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="deliveries")
    sequence = models.PositiveIntegerField()
    event = models.CharField(max_length=16)
    outcome = models.CharField(max_length=16)
    received_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["provider", "event_id"], name="kyc_delivery_once")]
        verbose_name_plural = "webhook deliveries"

    def __str__(self) -> str:
        return self.event_id


class SanctionsList(models.Model):
    """One version of the list of sanctioned persons; its number grows with every list that differs."""

    version = models.PositiveIntegerField(unique=True)
    digest = models.CharField(max_length=64)
    source = models.CharField(max_length=200)
    entry_count = models.PositiveIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-version"]

    def __str__(self) -> str:
        return f"version {self.version} ({self.entry_count} entries)"


class SanctionsEntry(models.Model):
    """A person of a list: every spelling of the name, every birth date or year that is told."""

    sanctions_list = models.ForeignKey(SanctionsList, on_delete=models.CASCADE, related_name="entries")
    reference = models.CharField(max_length=64)
    names = models.JSONField()
    birth_dates = models.JSONField(default=list)
    programme = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name_plural = "sanctions entries"

    def __str__(self) -> str:
        return self.reference


class Screening(models.Model):
    """One look into one version of a list for the person of an application."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="screenings")
    screener = models.CharField(max_length=32)
    list_version = models.PositiveIntegerField()
    outcome = models.CharField(max_length=12, choices=ScreeningOutcome.choices)
    hits = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.CharField(max_length=64, blank=True)
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["outcome"], name="kyc_screening_outcome")]

    def __str__(self) -> str:
        return f"list {self.list_version}: {self.outcome}"


class LimitUse(models.Model):
    """Money a person brought in or took out, as far as daily limits count it; once per reference."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=LimitKind.choices)
    reference = models.CharField(max_length=64)
    amount_units = models.BigIntegerField()
    created_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["user", "kind", "reference"], name="kyc_use_once"),
            models.CheckConstraint(condition=Q(amount_units__gt=0), name="kyc_use_positive"),
        ]
        indexes = [models.Index(fields=["user", "kind", "created_at"], name="kyc_use_window")]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"
