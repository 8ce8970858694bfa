"""Verbs of limits and levels, for every floor above: check a leverage, count money against the day's limit.

Applications, their documents and their review have modules of their own in this room.
"""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from apps.audit.services import record
from apps.audit.types import Actor
from apps.kyc.errors import (
    DailyLimitExceeded,
    LeverageAboveLevel,
    ReasonMissing,
    ReferenceReused,
    UnknownLevel,
)
from apps.kyc.models import KycLevel, LimitUse
from apps.kyc.models import Standing as StandingRow
from apps.kyc.selectors import get_level, get_used_units, limits_of
from apps.kyc.types import REQUIREMENTS, UNLIMITED_UNITS, KycLimits, LevelTerms, LimitKind
from matcher.protocol.units import format_scaled

SYSTEM = Actor(kind="system", id="kyc")


def check_leverage(*, user_id: int, leverage: int) -> None:
    """Raises LeverageAboveLevel when the person's level does not allow it."""
    limits = limits_of(user_id)
    if leverage > limits.max_leverage:
        raise LeverageAboveLevel(
            f"Your verification level allows a leverage of at most {limits.max_leverage}.",
            max_leverage=limits.max_leverage,
            level=limits.level,
        )


def count_deposit(*, user_id: int, amount_units: int, reference: str) -> bool:
    """Count money that comes in, once per reference; whether it was counted now.

    Raises DailyLimitExceeded, ReferenceReused.
    """
    return _count(user_id, LimitKind.DEPOSIT, amount_units, reference)


def count_withdrawal(*, user_id: int, amount_units: int, reference: str) -> bool:
    """Count money that goes out, before it goes, once per reference; whether it was counted now.

    Raises DailyLimitExceeded, ReferenceReused.
    """
    return _count(user_id, LimitKind.WITHDRAWAL, amount_units, reference)


def release_use(*, user_id: int, kind: LimitKind, reference: str) -> None:
    """What was counted did not happen after all: it leaves the day's sum. Repeatable."""
    rows = LimitUse.objects.filter(user_id=user_id, kind=kind, reference=reference, released_at=None)
    rows.update(released_at=timezone.now())


def _count(user_id: int, kind: LimitKind, amount_units: int, reference: str) -> bool:
    """One person's counting is done one after the other: the standing's row is the lock."""
    assert amount_units > 0, "callers have checked the amount"
    with transaction.atomic():
        StandingRow.objects.get_or_create(user_id=user_id)
        StandingRow.objects.select_for_update().get(user_id=user_id)
        known = LimitUse.objects.filter(user_id=user_id, kind=kind, reference=reference).first()
        if known is not None and known.amount_units != amount_units:
            raise ReferenceReused
        if known is not None and known.released_at is None:
            return False
        now = timezone.now()
        used, limits = get_used_units(user_id, kind, now=now), limits_of(user_id)
        allowed = _allowed(limits, kind)
        if allowed < UNLIMITED_UNITS and used + amount_units > allowed:
            raise DailyLimitExceeded(
                kind=kind.value,
                level=limits.level,
                limit=format_scaled(allowed, 8),
                used=format_scaled(used, 8),
                left=format_scaled(max(allowed - used, 0), 8),
            )
        LimitUse.objects.update_or_create(
            user_id=user_id,
            kind=kind,
            reference=reference,
            defaults={"amount_units": amount_units, "created_at": now, "released_at": None},
        )
    return True


def _allowed(limits: KycLimits, kind: LimitKind) -> int:
    return limits.daily_deposit_units if kind == LimitKind.DEPOSIT else limits.daily_withdrawal_units


def set_level_terms(
    *,
    level: int,
    max_leverage: int,
    daily_deposit_units: int,
    daily_withdrawal_units: int,
    validity_days: int,
    requirements: tuple[str, ...],
    two_persons: bool,
    actor: Actor,
    reason: str,
) -> LevelTerms:
    """A new version of a level, in force at once for everybody on it. Raises UnknownLevel, ReasonMissing."""
    if not reason.strip():
        raise ReasonMissing
    unknown = set(requirements) - set(REQUIREMENTS)
    assert not unknown, f"unknown requirements: {unknown}"
    with transaction.atomic():
        newest = KycLevel.objects.select_for_update().filter(level=level).order_by("-version").first()
        if newest is None:
            raise UnknownLevel
        terms = {
            "max_leverage": max_leverage,
            "daily_deposit_units": daily_deposit_units,
            "daily_withdrawal_units": daily_withdrawal_units,
            "validity_days": validity_days,
            "requirements": list(requirements),
            "two_persons": two_persons,
        }
        KycLevel.objects.create(
            level=level,
            version=newest.version + 1,
            name=newest.name,
            changed_by=f"{actor.kind}:{actor.id}"[:64],
            reason=reason[:200],
            **terms,
        )
        before = {name: getattr(newest, name) for name in terms}
        record("kyc.level_changed", actor=actor, subject=f"level:{level}", reason=reason, before=before, after=terms)
    changed = get_level(level)
    assert changed is not None, "it was written above"
    return changed
