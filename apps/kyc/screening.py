"""Screening of applicants: at hand-in, before approval, and again when the list changes. A hit waits for a person."""

from __future__ import annotations

from dataclasses import asdict
from typing import Protocol

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone

from apps.audit.services import record
from apps.audit.types import Actor
from apps.kyc.details import open_details
from apps.kyc.errors import ReasonMissing, UnknownScreening
from apps.kyc.models import Application, Screening
from apps.kyc.models import Standing as StandingRow
from apps.kyc.moving import lock_application, move, subject
from apps.kyc.sanctions import LocalListScreener
from apps.kyc.types import ApplicationState, Person, ScreeningOutcome, ScreeningResult

SCREENED_STATES = (
    ApplicationState.SUBMITTED,
    ApplicationState.IN_REVIEW,
    ApplicationState.NEEDS_MORE,
    ApplicationState.APPROVED,
)
SYSTEM = Actor(kind="system", id="kyc.screening")


class Screener(Protocol):
    """Who looks names up; an outside service has the same two answers."""

    name: str

    def list_version(self) -> int: ...

    def screen(self, person: Person) -> ScreeningResult: ...


def get_screener() -> Screener:
    return LocalListScreener()


def screen_application(row: Application) -> Screening | None:
    """Look the person up and keep what was found. A hit holds the money of somebody who is approved already.

    None where retention has taken the person. The caller has locked the row.
    """
    person = open_details(row)
    if person is None:
        return None
    found = get_screener().screen(person)
    known = _cleared_before(row.user_id)
    hits = [asdict(hit) for hit in found.hits if (hit.entry, hit.name) not in known]
    outcome = ScreeningOutcome.REVIEW if hits else ScreeningOutcome.CLEAR
    waiting = row.screenings.filter(outcome=ScreeningOutcome.REVIEW)
    was_waiting = waiting.update(outcome=ScreeningOutcome.CLEAR, reason="screened anew")
    screening = Screening.objects.create(
        application=row, screener=found.screener, list_version=found.list_version, outcome=outcome, hits=hits
    )
    if hits:
        record(
            "kyc.screening_hit",
            actor=SYSTEM,
            subject=subject(row),
            after={"list_version": found.list_version, "entries": [hit["entry"] for hit in hits]},
        )
        if row.state == ApplicationState.APPROVED:
            _hold(row.user_id, held=True)
    elif was_waiting:
        _release_if_clear(row.user_id)
    return screening


def is_waiting(row: Application) -> bool:
    """Whether a hit of the application waits for a decision."""
    return row.screenings.filter(outcome=ScreeningOutcome.REVIEW).exists()


def screen_if_outdated(row: Application) -> None:
    """Look again when the list has changed since."""
    newest = row.screenings.aggregate(version=Max("list_version"))["version"]
    if newest is None or newest < get_screener().list_version():
        screen_application(row)


def rescreen_outdated(*, limit: int = 100) -> int:
    """Screen applications that an older list was read for; how many that were."""
    version = get_screener().list_version()
    rows = Application.objects.filter(state__in=SCREENED_STATES).exclude(details_sealed=b"")
    outdated = rows.annotate(version=Max("screenings__list_version")).filter(Q(version=None) | Q(version__lt=version))
    done = 0
    for application_id in list(outdated.order_by("created_at").values_list("id", flat=True)[:limit]):
        with transaction.atomic():
            row = lock_application(str(application_id))
            if row.state in SCREENED_STATES:
                screen_application(row)
                done += 1
    return done


def resolve_screening(*, screening_id: int, confirmed: bool, actor: Actor, reason: str) -> None:
    """A person has looked: another one of that name, or the very one. Raises UnknownScreening, ReasonMissing.

    A confirmed hit ends the application and keeps the money held; a cleared one is not asked about again.
    """
    if not reason.strip():
        raise ReasonMissing
    with transaction.atomic():
        waiting = Screening.objects.filter(id=screening_id, outcome=ScreeningOutcome.REVIEW).first()
        if waiting is None:
            raise UnknownScreening
        row = lock_application(str(waiting.application_id))
        outcome = ScreeningOutcome.CONFIRMED if confirmed else ScreeningOutcome.CLEARED
        taken = Screening.objects.filter(id=screening_id, outcome=ScreeningOutcome.REVIEW).update(
            outcome=outcome, resolved_at=timezone.now(), resolved_by=actor.id, reason=reason[:500]
        )
        if not taken:
            raise UnknownScreening
        record(f"kyc.screening_{outcome}", actor=actor, subject=subject(row), reason=reason)
        if confirmed:
            _end(row, actor)
        else:
            _release_if_clear(row.user_id)


def _end(row: Application, actor: Actor) -> None:
    """The applicant is not told why: the law forbids to tip off."""
    _hold(row.user_id, held=True)
    if row.state == ApplicationState.APPROVED:
        StandingRow.objects.filter(user_id=row.user_id).update(level=0, expires_at=None)
    row.decided_at = timezone.now()
    move(row, Application.reject, actor=actor, reason="The application cannot be accepted.")


def _hold(user_id: int, *, held: bool) -> None:
    rows = StandingRow.objects.filter(user_id=user_id)
    if not rows.exists():
        rows.create(user_id=user_id)
    if rows.filter(is_held=not held).update(is_held=held):
        record("kyc.held" if held else "kyc.released", actor=SYSTEM, subject=f"users.user:{user_id}")


def _release_if_clear(user_id: int) -> None:
    """Nothing waits for a decision, and nothing was confirmed."""
    bad = (ScreeningOutcome.REVIEW, ScreeningOutcome.CONFIRMED)
    if not Screening.objects.filter(application__user_id=user_id, outcome__in=bad).exists():
        _hold(user_id, held=False)


def _cleared_before(user_id: int) -> set[tuple[str, str]]:
    """Hits a person has found to be somebody else."""
    rows = Screening.objects.filter(application__user_id=user_id, outcome=ScreeningOutcome.CLEARED)
    return {(hit["entry"], hit["name"]) for hits in rows.values_list("hits", flat=True) for hit in hits}
