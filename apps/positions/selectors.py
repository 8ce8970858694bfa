"""Questions about positions, answered from rows. Fresh ones are the engine's to answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, replace
from typing import Any

from django.db.models import Count, Q, Sum
from django.db.models.functions import Abs

from apps.positions.models import MarginChange, Position
from apps.positions.types import Holdings, MarginChangeRow, PositionMismatch, PositionRow
from matcher.protocol.enums import PositionSide

INSTRUMENT_KEY_SPAN = 1024
SIDE_KEY_SPAN = 4
_CHANGE_FIELDS = tuple(field.name for field in fields(MarginChangeRow))
_FIELDS = tuple(field.name for field in fields(PositionRow))


def get_positions(account_id: int) -> list[PositionRow]:
    """Every leg the account has touched, flat ones included, by instrument and side.

    Leverage and margin mode are those of the instrument, on each of its legs.
    """
    first = account_id * INSTRUMENT_KEY_SPAN * SIDE_KEY_SPAN
    last = first + INSTRUMENT_KEY_SPAN * SIDE_KEY_SPAN
    rows = Position.objects.filter(position_id__gte=first, position_id__lt=last)
    found = [PositionRow(*row) for row in rows.order_by("position_id").values_list(*_FIELDS)]
    return list(_with_settings(found))


def get_margin_changes(
    account_id: int,
    instrument_id: int | None = None,
    *,
    added: bool | None = None,
    start_ns: int | None = None,
    end_ns: int | None = None,
    limit: int = 500,
    offset: int = 0,
) -> list[MarginChangeRow]:
    """Isolated margin the account moved by request, newest first; `added` True or False: only into or out of it."""
    wanted: dict[str, Any] = {"account_id": account_id}
    if instrument_id:
        wanted["instrument_id"] = instrument_id
    if added is not None:
        wanted["amount_units__gt" if added else "amount_units__lt"] = 0
    if start_ns is not None:
        wanted["time_ns__gte"] = start_ns
    if end_ns is not None:
        wanted["time_ns__lte"] = end_ns
    rows = MarginChange.objects.filter(**wanted).order_by("-seq").values_list(*_CHANGE_FIELDS)
    return [MarginChangeRow(*row) for row in rows[offset : offset + limit]]


def _with_settings(rows: list[PositionRow]) -> Iterable[PositionRow]:
    settings = {row.instrument_id: row for row in rows if row.position_side == PositionSide.BOTH}
    for row in rows:
        both = settings.get(row.instrument_id, row)
        yield replace(row, leverage=both.leverage, margin_mode=both.margin_mode)


def get_open_interest(instrument_id: int) -> int:
    """Sum of long positions in lots."""
    rows = Position.objects.filter(instrument_id=instrument_id, position_lots__gt=0)
    return int(rows.aggregate(total=Sum("position_lots"))["total"] or 0)


def list_largest_positions(instrument_id: int, limit: int = 20) -> list[PositionRow]:
    """The longest legs and the shortest, `limit` of each, flat ones left out."""
    rows = Position.objects.filter(instrument_id=instrument_id)
    longs = rows.filter(position_lots__gt=0).order_by("-position_lots").values_list(*_FIELDS)[:limit]
    shorts = rows.filter(position_lots__lt=0).order_by("position_lots").values_list(*_FIELDS)[:limit]
    return [PositionRow(*row) for row in (*longs, *shorts)]


def get_holdings(instrument_id: int, *, top_share: int) -> Holdings:
    """Who holds the instrument; the largest legs, one in `top_share` (at least one), are counted apart too."""
    held = Position.objects.filter(instrument_id=instrument_id).exclude(position_lots=0)
    long, short = Q(position_lots__gt=0), Q(position_lots__lt=0)
    counts = {
        "long_accounts": Count("position_id", filter=long),
        "short_accounts": Count("position_id", filter=short),
        "long_lots": Sum("position_lots", filter=long, default=0),
        "short_lots": Sum("position_lots", filter=short, default=0),
    }
    whole = held.aggregate(**counts)
    legs = whole["long_accounts"] + whole["short_accounts"]
    largest = held.order_by(Abs("position_lots").desc(), "position_id").values_list("position_lots", flat=True)
    top = list(largest[: -(-legs // top_share)])
    bought, sold = [lots for lots in top if lots > 0], [-lots for lots in top if lots < 0]
    return Holdings(
        long_accounts=whole["long_accounts"],
        short_accounts=whole["short_accounts"],
        long_lots=int(whole["long_lots"]),
        short_lots=-int(whole["short_lots"]),
        top_long_accounts=len(bought),
        top_short_accounts=len(sold),
        top_long_lots=sum(bought),
        top_short_lots=sum(sold),
    )


def list_position_mismatches() -> list[PositionMismatch]:
    """Instruments whose longs are not its shorts; empty when all is well."""
    sums = Position.objects.values("instrument_id").annotate(total=Sum("position_lots")).exclude(total=0)
    return [PositionMismatch(row["instrument_id"], int(row["total"])) for row in sums.order_by("instrument_id")]
