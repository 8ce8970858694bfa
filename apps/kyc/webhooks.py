"""What a provider calls back with: proven, recent, taken once, in whatever order it arrives.

`sequence` grows with every event of a submission; an event older than one that was taken changes nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.db import IntegrityError, transaction

from apps.audit.services import record
from apps.audit.types import Actor
from apps.kyc import reviews
from apps.kyc.errors import DeliveryRefused, DeliveryReplayed, OpenScreening, SecondPersonNeeded, UnknownReference
from apps.kyc.models import Application, Submission, WebhookDelivery
from apps.kyc.moving import lock_application, move, subject
from apps.kyc.providers import DECIDED, WITHDRAWN
from apps.kyc.signing import SIGNATURE, TIMESTAMP, is_signed
from apps.kyc.types import REVIEWED_STATES, ApplicationState

EVENTS = ("in_review", "approved", "rejected", "needs_more")
BODY_BYTES_MAX = 64 * 1024


@dataclass(frozen=True, slots=True)
class ProviderEvent:
    """One event of a submission, as the provider tells it."""

    event_id: str
    reference: str
    sequence: int
    event: str
    reason: str


def check_delivery(provider: str, headers: Mapping[str, str], path: str, body: bytes) -> str:
    """The proof of a delivery that is signed as agreed. Raises DeliveryRefused."""
    key: str = settings.EXCHANGE_KYC_PROVIDER_KEY
    known = provider == "remote" and bool(settings.EXCHANGE_KYC_PROVIDER_URL)
    if not is_signed(key.encode(), headers, "POST", path, body) or not known:
        raise DeliveryRefused
    return hashlib.sha256(f"{headers[TIMESTAMP]} {headers[SIGNATURE]}".encode()).hexdigest()


def take_delivery(*, provider: str, event: ProviderEvent, proof: str) -> str:
    """What became of it: `applied`, `advised` (a person decides), `stale`, `ignored`, `repeated`.

    Raises DeliveryReplayed for the very bytes taken before, UnknownReference.
    """
    with transaction.atomic():
        submission = Submission.objects.select_for_update().filter(reference=event.reference, provider=provider).first()
        if submission is None:
            raise UnknownReference
        if WebhookDelivery.objects.filter(proof=proof).exists():
            raise DeliveryReplayed
        if WebhookDelivery.objects.filter(provider=provider, event_id=event.event_id).exists():
            return "repeated"
        outcome = _apply(submission, event, Actor(kind="system", id=f"kyc.{provider}"))
        try:
            with transaction.atomic():
                WebhookDelivery.objects.create(
                    provider=provider,
                    event_id=event.event_id,
                    proof=proof,
                    submission=submission,
                    sequence=event.sequence,
                    event=event.event,
                    outcome=outcome,
                )
        except IntegrityError:
            transaction.set_rollback(True)
            return "repeated"
    return outcome


def _apply(submission: Submission, event: ProviderEvent, actor: Actor) -> str:
    if submission.state == WITHDRAWN or event.sequence <= submission.last_sequence:
        return "stale"
    submission.last_sequence = event.sequence
    row = Application.objects.select_for_update().get(id=submission.application_id)
    if row.state not in REVIEWED_STATES or submission.state == DECIDED:
        submission.save()
        return "ignored"
    outcome = _decide(submission, row, event, actor)
    submission.save()
    return outcome


def _decide(submission: Submission, row: Application, event: ProviderEvent, actor: Actor) -> str:
    application_id, reason = str(row.id), event.reason or "The provider gave no reason."
    if event.event == "in_review":
        if row.state == ApplicationState.SUBMITTED:
            move(row, Application.start_review, actor=actor)
        return "applied"
    if event.event == "approved":
        try:
            reviews.approve_application(application_id=application_id, actor=actor, reason=reason)
        except (OpenScreening, SecondPersonNeeded):
            row = lock_application(application_id)
            if row.state == ApplicationState.SUBMITTED:
                move(row, Application.start_review, actor=actor)
            submission.advice = event.event
            record("kyc.provider_advised", actor=actor, subject=subject(row), reason=reason)
            return "advised"
    elif event.event == "rejected":
        reviews.reject_application(application_id=application_id, actor=actor, reason=reason)
    else:
        reviews.ask_for_more(application_id=application_id, actor=actor, reason=reason)
    submission.state = DECIDED
    return "applied"
