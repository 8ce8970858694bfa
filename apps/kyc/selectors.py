"""Questions about levels, limits and applications."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet, Sum
from django.utils import timezone

from apps.kyc.details import open_details
from apps.kyc.errors import UnknownApplication
from apps.kyc.models import Application, Document, KycLevel, LimitUse
from apps.kyc.models import Standing as StandingRow
from apps.kyc.types import (
    REQUIREMENTS,
    ApplicationRef,
    DocumentRef,
    KycLimits,
    LevelTerms,
    LimitKind,
    Standing,
    TransitionRef,
)

WINDOW = timedelta(hours=24)
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z", re.ASCII)


def list_levels() -> list[LevelTerms]:
    """The newest version of every level, lowest first."""
    newest: dict[int, LevelTerms] = {}
    for row in KycLevel.objects.order_by("level", "version"):
        newest[row.level] = level_terms(row)
    return [newest[level] for level in sorted(newest)]


def get_level(level: int) -> LevelTerms | None:
    row = KycLevel.objects.filter(level=level).order_by("-version").first()
    return level_terms(row) if row else None


def limits_of(user_id: int) -> KycLimits:
    """What the person may do now. A level that has run out, or none, counts as `EXCHANGE_KYC_DEFAULT_LEVEL`."""
    return get_standing(user_id).limits


def get_standing(user_id: int) -> Standing:
    """The person's level as it counts now, and when it runs out."""
    row = StandingRow.objects.filter(user_id=user_id).first()
    level: int = settings.EXCHANGE_KYC_DEFAULT_LEVEL
    expires_at = None
    if row is not None and row.level > level and (row.expires_at is None or row.expires_at > timezone.now()):
        level, expires_at = row.level, row.expires_at
    is_held = row is not None and row.is_held
    terms = get_level(level)
    assert terms is not None, "levels are seeded by a migration and never deleted"
    limits = KycLimits(
        level=terms.level,
        max_leverage=terms.max_leverage,
        daily_deposit_units=0 if is_held else terms.daily_deposit_units,
        daily_withdrawal_units=0 if is_held else terms.daily_withdrawal_units,
    )
    return Standing(user_id=user_id, limits=limits, expires_at=expires_at, is_held=is_held)


def get_used_units(user_id: int, kind: LimitKind, *, now: datetime | None = None) -> int:
    """What the person has brought in or taken out in the last 24 hours, in units of the limits' asset."""
    since = (now or timezone.now()) - WINDOW
    rows = LimitUse.objects.filter(user_id=user_id, kind=kind, created_at__gt=since, released_at=None)
    return int(rows.aggregate(total=Sum("amount_units"))["total"] or 0)


def list_applications(user_id: int, *, limit: int = 50) -> list[ApplicationRef]:
    """The person's applications, newest first."""
    return [application_ref(row) for row in _with_all(Application.objects.filter(user_id=user_id))[:limit]]


def get_own_application(user_id: int, application_id: str) -> ApplicationRef:
    """Raises UnknownApplication, for somebody else's just so."""
    if not is_uuid(application_id):
        raise UnknownApplication
    row = _with_all(Application.objects.filter(user_id=user_id, id=application_id)).first()
    if row is None:
        raise UnknownApplication
    return application_ref(row)


def is_uuid(text: str) -> bool:
    return _UUID.match(text) is not None


def missing_requirements(level: int, kinds: set[str]) -> tuple[str, ...]:
    """What the level asks for and no document of these kinds answers."""
    terms = get_level(level)
    wanted = terms.requirements if terms else ()
    return tuple(name for name in wanted if not kinds.intersection(REQUIREMENTS[name]))


def level_terms(row: KycLevel) -> LevelTerms:
    return LevelTerms(
        level=row.level,
        version=row.version,
        name=row.name,
        max_leverage=row.max_leverage,
        daily_deposit_units=row.daily_deposit_units,
        daily_withdrawal_units=row.daily_withdrawal_units,
        validity_days=row.validity_days,
        requirements=tuple(row.requirements),
        two_persons=row.two_persons,
    )


def document_ref(row: Document) -> DocumentRef:
    return DocumentRef(
        id=str(row.id),
        kind=row.kind,
        file_name=row.file_name,
        content_type=row.content_type,
        size_bytes=row.size_bytes,
        pages=row.pages,
        width=row.width,
        height=row.height,
        created_at=row.created_at,
    )


def application_ref(row: Application) -> ApplicationRef:
    documents = [document for document in row.documents.all() if document.deleted_at is None]
    return ApplicationRef(
        id=str(row.id),
        user_id=row.user_id,
        level=row.level,
        state=row.state,
        reason=row.reason,
        person=open_details(row),
        documents=tuple(document_ref(document) for document in documents),
        history=tuple(TransitionRef(one.state, one.reason, one.created_at) for one in row.transitions.all()),
        missing=missing_requirements(row.level, {document.kind for document in documents}),
        created_at=row.created_at,
        submitted_at=row.submitted_at,
        decided_at=row.decided_at,
        expires_at=row.expires_at,
    )


def _with_all(rows: QuerySet[Application]) -> QuerySet[Application]:
    return rows.order_by("-created_at").prefetch_related("documents", "transitions")
