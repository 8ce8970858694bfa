"""How an application moves: the row is locked, the state machine is asked, history, trail and owner are told."""

from __future__ import annotations

from collections.abc import Callable

from django_fsm import TransitionNotAllowed

from apps.audit.services import record
from apps.audit.types import Actor
from apps.kyc.errors import UnknownApplication, WrongState
from apps.kyc.models import Application, ApplicationTransition
from apps.kyc.types import ApplicationState
from apps.notifications.services import notify_user, send_mail
from apps.notifications.types import NoticeKind
from apps.users.selectors import get_user

Move = Callable[[Application], None]
REASON_CHARS = 500
# What a person is told by mail too: a socket's notice is missed by who was not there.
MAILED = {
    ApplicationState.SUBMITTED: (
        "Your verification is on its way",
        "Your application was handed in and waits for review.",
    ),
    ApplicationState.APPROVED: ("You are verified", "Your application was approved; its limits hold from now on."),
    ApplicationState.REJECTED: ("Your verification was not accepted", "Your application was rejected."),
    ApplicationState.NEEDS_MORE: ("Your verification needs more", "The reviewer asks you for more."),
    ApplicationState.EXPIRED: ("Your verification has run out", "An application of yours is over."),
}


def lock_application(application_id: str, *, user_id: int | None = None) -> Application:
    """The row, locked until the transaction ends; of this user alone when one is given. Raises UnknownApplication."""
    rows = Application.objects.select_for_update().filter(id=application_id)
    row = (rows if user_id is None else rows.filter(user_id=user_id)).first()
    if row is None:
        raise UnknownApplication
    return row


def move(row: Application, step: Move, *, actor: Actor, reason: str = "") -> None:
    """Take a step and save the row. Raises WrongState. `reason` is shown to the applicant."""
    before = row.state
    try:
        step(row)
    except TransitionNotAllowed:
        raise WrongState(state=before) from None
    row.reason = reason[:REASON_CHARS]
    row.save()
    note(row, before, actor=actor, reason=reason)
    notify_user(
        user_id=row.user_id,
        kind=NoticeKind.KYC_CHANGED,
        application_id=str(row.id),
        state=row.state,
        level=row.level,
        reason=row.reason,
    )
    if row.state in MAILED:
        subject_line, sentence = MAILED[ApplicationState(row.state)]
        facts = {"subject": subject_line, "sentence": sentence, "reason": " ".join(row.reason.split())}
        send_mail(_address(row.user_id), "kyc_changed", facts)


def _address(user_id: int) -> str:
    person = get_user(user_id)
    assert person is not None, "people with an application are never deleted"
    return person.email


def note(row: Application, before: str, *, actor: Actor, reason: str = "") -> None:
    """Into the history and the trail."""
    ApplicationTransition.objects.create(
        application=row,
        state_before=before,
        state=row.state,
        actor_kind=actor.kind,
        actor_id=actor.id,
        reason=reason[:REASON_CHARS],
    )
    record(
        f"kyc.{row.state}",
        actor=actor,
        subject=subject(row),
        reason=reason,
        before={"state": before},
        after={"state": row.state, "level": row.level, "user_id": row.user_id},
    )


def subject(row: Application) -> str:
    return f"kyc.application:{row.id}"
