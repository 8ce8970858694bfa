"""Questions about liquidations, forced orders and deleveragings, answered from rows, newest first."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import fields
from typing import Any

from django.db.models import Q

from apps.liquidations.models import Liquidation, LiquidationStep, PositionMove
from apps.liquidations.types import LiquidationRow, MoveRow, StepRow
from matcher.protocol.enums import MoveCause

_LIQUIDATION_FIELDS = tuple(field.name for field in fields(LiquidationRow))
_STEP_FIELDS = tuple(field.name for field in fields(StepRow))
_MOVE_FIELDS = tuple(field.name for field in fields(MoveRow))


def get_liquidations(
    account_id: int,
    *,
    start_ns: int | None = None,
    end_ns: int | None = None,
    limit: int = 100,
    offset: int = 0,
) -> list[LiquidationRow]:
    """The account's liquidated groups."""
    rows = Liquidation.objects.filter(account_id=account_id, **_between(start_ns, end_ns)).order_by("-liquidation_id")
    return [LiquidationRow(*row) for row in rows.values_list(*_LIQUIDATION_FIELDS)[offset : offset + limit]]


def get_steps_of(liquidation_ids: Collection[int]) -> list[StepRow]:
    """The steps of these liquidations, in order."""
    rows = LiquidationStep.objects.filter(liquidation_id__in=list(liquidation_ids)).order_by("step_id")
    return [StepRow(*row) for row in rows.values_list(*_STEP_FIELDS)]


def get_steps(
    account_id: int,
    instrument_id: int | None = None,
    *,
    start_ns: int | None = None,
    end_ns: int | None = None,
    limit: int = 100,
    offset: int = 0,
) -> list[StepRow]:
    """The account's forced reductions; each names its forced order."""
    wanted = _between(start_ns, end_ns)
    if instrument_id:
        wanted["instrument_id"] = instrument_id
    rows = LiquidationStep.objects.filter(account_id=account_id, **wanted).order_by("-step_id")
    return [StepRow(*row) for row in rows.values_list(*_STEP_FIELDS)[offset : offset + limit]]


def get_moves_of(liquidation_ids: Collection[int], account_id: int) -> list[MoveRow]:
    """What these liquidations moved of the account without an order, in order."""
    rows = PositionMove.objects.filter(liquidation_id__in=list(liquidation_ids), account_id=account_id)
    return [MoveRow(*row) for row in rows.order_by("move_id").values_list(*_MOVE_FIELDS)]


def get_deleveragings(
    account_id: int,
    instrument_id: int | None = None,
    *,
    both_parties: bool = False,
    start_ns: int | None = None,
    end_ns: int | None = None,
    limit: int = 100,
    offset: int = 0,
) -> list[MoveRow]:
    """The account's receipts: positions it lost to the deleveraging queue, with its rank and score [LIQ-007].

    With `both_parties` also those that the queue took off it when it was liquidated.
    """
    wanted = Q(cause=MoveCause.DELEVERAGED.value) if both_parties else _receipt()
    if instrument_id:
        wanted &= Q(instrument_id=instrument_id)
    rows = PositionMove.objects.filter(wanted, account_id=account_id, **_between(start_ns, end_ns))
    found = rows.order_by("-move_id").values_list(*_MOVE_FIELDS)[offset : offset + limit]
    return [MoveRow(*row) for row in found]


def count_liquidations() -> int:
    return Liquidation.objects.count()


def count_deleveragings() -> int:
    return PositionMove.objects.filter(_receipt()).count()


def _receipt() -> Q:
    return Q(cause=MoveCause.DELEVERAGED.value, is_liquidated=False)


def _between(start_ns: int | None, end_ns: int | None) -> dict[str, Any]:
    wanted: dict[str, Any] = {}
    if start_ns is not None:
        wanted["time_ns__gte"] = start_ns
    if end_ns is not None:
        wanted["time_ns__lte"] = end_ns
    return wanted
