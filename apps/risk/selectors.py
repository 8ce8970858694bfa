"""Questions about limits, answered from rows: what the house wishes, and whether the engine has been told."""

from __future__ import annotations

from dataclasses import fields

from apps.risk.models import AccountLimit, AccountLimitVersion
from apps.risk.types import ALL_INSTRUMENTS, EVERYBODY, LimitRow, LimitTerms, LimitVersionRow

TERMS = tuple(field.name for field in fields(LimitTerms))


def terms_of(row: AccountLimit) -> LimitTerms:
    return LimitTerms(**{name: getattr(row, name) for name in TERMS})


def get_limits(account_id: int, instrument_id: int) -> LimitRow | None:
    row = AccountLimit.objects.filter(account_id=account_id, instrument_id=instrument_id).first()
    return _row(row) if row else None


def list_limits_of(account_id: int) -> list[LimitRow]:
    """Those of everybody, then the account's own, by instrument; rows without any limit are left out."""
    rows = AccountLimit.objects.filter(account_id__in=(EVERYBODY, account_id))
    found = [_row(row) for row in rows.order_by("account_id", "instrument_id")]
    return [row for row in found if row.terms != LimitTerms()]


def list_versions(account_id: int, instrument_id: int, limit: int = 100) -> list[LimitVersionRow]:
    """Changes, newest first."""
    rows = AccountLimitVersion.objects.filter(account_id=account_id, instrument_id=instrument_id)
    return [
        LimitVersionRow(
            number=row.number,
            before=LimitTerms(**row.before),
            after=LimitTerms(**row.after),
            actor_kind=row.actor_kind,
            actor_id=row.actor_id,
            reason=row.reason,
            created_at=row.created_at,
        )
        for row in rows.order_by("-number")[:limit]
    ]


def get_order_rates() -> dict[int, tuple[int, int]]:
    """Account (0 = everybody) to orders it may send in ten seconds and in a minute; 0 = as the gateway has it."""
    rows = AccountLimit.objects.filter(instrument_id=ALL_INSTRUMENTS).exclude(orders_10s=0, orders_1m=0)
    return {
        account: (short, long) for account, short, long in rows.values_list("account_id", "orders_10s", "orders_1m")
    }


def count_untold() -> int:
    """Rows of limits that the engine has not taken yet."""
    return AccountLimit.objects.filter(told_at=None).count()


def _row(row: AccountLimit) -> LimitRow:
    return LimitRow(
        account_id=row.account_id,
        instrument_id=row.instrument_id,
        terms=terms_of(row),
        version=row.version,
        told_at=row.told_at,
        error=row.error,
    )
