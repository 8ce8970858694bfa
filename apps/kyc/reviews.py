"""What reviewers decide, be they persons of the back office or a provider: take up, approve, reject, ask for more.

Nobody decides about themselves, every decision has a reason, and the highest level takes two persons.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from apps.approvals import selectors as approval_selectors
from apps.approvals import services as approvals
from apps.approvals.types import ApprovalState, Execution
from apps.audit.services import record
from apps.audit.types import Actor
from apps.common.roles import ADMIN, COMPLIANCE
from apps.kyc import screening
from apps.kyc.documents import retain_documents
from apps.kyc.errors import OpenScreening, OwnApplication, ReasonMissing, SecondPersonNeeded, WrongState
from apps.kyc.models import Application
from apps.kyc.models import Standing as StandingRow
from apps.kyc.moving import lock_application, move, subject
from apps.kyc.selectors import get_level
from apps.kyc.types import REVIEWED_STATES, ApplicationState, LevelTerms

KEPT_AFTER_APPROVAL = timedelta(days=5 * 365)
KEPT_AFTER_REJECTION = timedelta(days=180)
PERSONS = ("staff",)
APPROVAL_KIND = "kyc.grant_level"


def start_review(*, application_id: str, actor: Actor) -> None:
    """Raises UnknownApplication, WrongState, OwnApplication."""
    with transaction.atomic():
        row = lock_application(application_id)
        _check_other(row, actor)
        move(row, Application.start_review, actor=actor)


def approve_application(*, application_id: str, actor: Actor, reason: str) -> bool:
    """Whether the person has the level now; False where a second person has been asked to allow it.

    Raises UnknownApplication, WrongState, OwnApplication, ReasonMissing, OpenScreening, SecondPersonNeeded.
    """
    with transaction.atomic():
        row = _to_decide(application_id, actor, reason)
        if row.state not in REVIEWED_STATES:
            raise WrongState(state=row.state)
        screening.screen_if_outdated(row)
        is_waiting, terms = screening.is_waiting(row), get_level(row.level)
        assert terms is not None, "levels are never deleted"
        if not is_waiting:
            if row.state == ApplicationState.SUBMITTED:
                move(row, Application.start_review, actor=actor)
            if not terms.two_persons:
                _grant(row, terms, actor, reason)
                return True
    if is_waiting:  # outside of the transaction: the new screening stays
        raise OpenScreening
    return _ask_second_person(row, actor, reason)


def _ask_second_person(row: Application, actor: Actor, reason: str) -> bool:
    if actor.kind not in PERSONS or approval_selectors.list_open(kind=APPROVAL_KIND, subject=subject(row)):
        raise SecondPersonNeeded
    asked = approvals.request(
        APPROVAL_KIND,
        {"application": str(row.id), "level": row.level, "user_id": row.user_id},
        actor=actor,
        reason=reason,
        subject=subject(row),
    )
    return asked.state == ApprovalState.EXECUTED


def grant_by_two(payload: Mapping[str, Any], execution: Execution) -> str:
    """The executor of APPROVAL_KIND: what two persons have allowed. An application that has moved on fails."""
    actor = Actor(kind="staff", id=execution.approved_by)
    with transaction.atomic():
        row = lock_application(payload["application"])
        _check_other(row, actor)
        if row.state == ApplicationState.APPROVED and execution.is_repeated:
            return f"Level {row.level} was granted."
        if row.state != ApplicationState.IN_REVIEW or row.level != payload["level"]:
            raise WrongState(state=row.state)
        if screening.is_waiting(row):
            raise OpenScreening
        terms = get_level(row.level)
        assert terms is not None, "levels are never deleted"
        _grant(row, terms, actor, execution.reason)
    return f"Level {row.level} granted."


def register_approvals() -> None:
    """Said once, when Django is ready."""
    approvals.register(
        APPROVAL_KIND,
        grant_by_two,
        roles=[COMPLIANCE, ADMIN],
        request_roles=[COMPLIANCE, ADMIN],
        title="Grant a KYC level",
    )


def _grant(row: Application, terms: LevelTerms, actor: Actor, reason: str) -> None:
    now = timezone.now()
    row.decided_at = now
    row.expires_at = now + timedelta(days=terms.validity_days) if terms.validity_days else None
    move(row, Application.approve, actor=actor)
    record(
        "kyc.level_granted",
        actor=actor,
        subject=f"users.user:{row.user_id}",
        reason=reason,
        after={"level": row.level, "application": str(row.id)},
    )
    StandingRow.objects.update_or_create(
        user_id=row.user_id, defaults={"level": row.level, "expires_at": row.expires_at, "expiry_told_at": None}
    )
    retain_documents(row, (row.expires_at or now) + KEPT_AFTER_APPROVAL)


def reject_application(*, application_id: str, actor: Actor, reason: str) -> None:
    """The reason is shown to the applicant. An approval that is taken back leaves level 0.

    Raises UnknownApplication, WrongState, OwnApplication, ReasonMissing.
    """
    with transaction.atomic():
        row = _to_decide(application_id, actor, reason)
        was_approved = row.state == ApplicationState.APPROVED
        row.decided_at = timezone.now()
        move(row, Application.reject, actor=actor, reason=reason)
        if was_approved:
            StandingRow.objects.filter(user_id=row.user_id, level=row.level).update(level=0, expires_at=None)
        retain_documents(row, row.decided_at + KEPT_AFTER_REJECTION)


def ask_for_more(*, application_id: str, actor: Actor, reason: str) -> None:
    """Back to the applicant with the reason. Raises UnknownApplication, WrongState, OwnApplication, ReasonMissing."""
    with transaction.atomic():
        row = _to_decide(application_id, actor, reason)
        if row.state == ApplicationState.SUBMITTED:
            move(row, Application.start_review, actor=actor)
        move(row, Application.ask_more, actor=actor, reason=reason)


def _to_decide(application_id: str, actor: Actor, reason: str) -> Application:
    if not reason.strip():
        raise ReasonMissing
    row = lock_application(application_id)
    _check_other(row, actor)
    return row


def _check_other(row: Application, actor: Actor) -> None:
    if actor.kind in PERSONS and actor.id == str(row.user_id):
        raise OwnApplication
