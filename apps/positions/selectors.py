"""Questions about positions, answered from rows. Fresh ones are the engine's to answer."""

from __future__ import annotations

from dataclasses import fields

from django.db.models import Sum

from apps.positions.models import Position
from apps.positions.types import PositionMismatch, PositionRow

INSTRUMENT_KEY_SPAN = 1024
_FIELDS = tuple(field.name for field in fields(PositionRow))


def get_positions(account_id: int) -> list[PositionRow]:
    """Every instrument the account has touched, flat ones included, by instrument."""
    first = account_id * INSTRUMENT_KEY_SPAN
    rows = Position.objects.filter(position_id__gte=first, position_id__lt=first + INSTRUMENT_KEY_SPAN)
    return [PositionRow(*row) for row in rows.order_by("position_id").values_list(*_FIELDS)]


def get_open_interest(instrument_id: int) -> int:
    """Sum of long positions in lots."""
    rows = Position.objects.filter(instrument_id=instrument_id, position_lots__gt=0)
    return int(rows.aggregate(total=Sum("position_lots"))["total"] or 0)


def list_position_mismatches() -> list[PositionMismatch]:
    """Instruments whose longs are not its shorts; empty when all is well."""
    sums = Position.objects.values("instrument_id").annotate(total=Sum("position_lots")).exclude(total=0)
    return [PositionMismatch(row["instrument_id"], int(row["total"])) for row in sums.order_by("instrument_id")]
