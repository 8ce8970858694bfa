"""Shapes of the liquidation doors: money, prices and quantities as decimal text, times in milliseconds."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from apps.instruments.serializers import money_text
from apps.instruments.types import InstrumentSpec
from apps.liquidations.types import LiquidationRow, MoveRow, StepRow
from matcher.protocol.enums import PositionSide

NS_PER_MS = 1_000_000
SIDES = [side.name.lower() for side in PositionSide]


class LiquidationStepSerializer(serializers.Serializer[Any]):
    """One reduction; `order_id` is the forced order, never worse than the bankruptcy price."""

    symbol = serializers.CharField()
    position_side = serializers.ChoiceField(choices=SIDES)
    risk_tier = serializers.IntegerField()
    mark_price = serializers.CharField()
    bankruptcy_price = serializers.CharField()
    quantity = serializers.CharField()
    position = serializers.CharField(help_text="Before the step, signed.")
    order_id = serializers.CharField(allow_null=True)


class LiquidationSerializer(serializers.Serializer[Any]):
    """One liquidation. In multi-asset mode `asset` is null and amounts are values in the reference."""

    id = serializers.IntegerField()
    margin_mode = serializers.ChoiceField(choices=["cross", "isolated"])
    symbol = serializers.CharField(allow_null=True, help_text="Of an isolated position.")
    asset = serializers.CharField(allow_null=True)
    equity = serializers.CharField()
    maintenance_margin = serializers.CharField()
    equity_after = serializers.CharField()
    maintenance_margin_after = serializers.CharField()
    time_ms = serializers.IntegerField()
    steps = LiquidationStepSerializer(many=True)


class DeleveragingSerializer(serializers.Serializer[Any]):
    """A receipt: my position was reduced against a liquidated one, at its bankruptcy price, because of my rank."""

    id = serializers.IntegerField()
    symbol = serializers.CharField()
    position_side = serializers.ChoiceField(choices=SIDES)
    side = serializers.ChoiceField(choices=["buy", "sell"])
    price = serializers.CharField()
    quantity = serializers.CharField()
    realized_pnl = serializers.CharField()
    position_after = serializers.CharField()
    adl_rank = serializers.IntegerField()
    score = serializers.IntegerField(help_text="As in the published rules; the highest goes first.")
    time_ms = serializers.IntegerField()


def liquidation_body(
    row: LiquidationRow, steps: list[StepRow], specs: dict[int, InstrumentSpec], codes: dict[int, str]
) -> dict[str, Any]:
    """One liquidation with its steps; `specs` and `codes` by engine number."""
    return {
        "id": row.liquidation_id,
        "margin_mode": "isolated" if row.is_isolated else "cross",
        "symbol": specs[row.instrument_id].symbol if row.instrument_id else None,
        "asset": codes.get(row.asset_id),
        "equity": money_text(row.equity_units),
        "maintenance_margin": money_text(row.maintenance_units),
        "equity_after": money_text(row.end_equity_units),
        "maintenance_margin_after": money_text(row.end_maintenance_units),
        "time_ms": row.time_ns // NS_PER_MS,
        "steps": [_step_body(step, specs[step.instrument_id]) for step in steps],
    }


def _step_body(row: StepRow, spec: InstrumentSpec) -> dict[str, Any]:
    return {
        "symbol": spec.symbol,
        "position_side": PositionSide(row.position_side).name.lower(),
        "risk_tier": row.risk_tier,
        "mark_price": spec.price_text(row.mark_ticks),
        "bankruptcy_price": spec.price_text(row.bankruptcy_ticks),
        "quantity": spec.quantity_text(row.quantity_lots),
        "position": spec.quantity_text(row.position_lots),
        "order_id": str(row.order_id) if row.order_id else None,
    }


def deleveraging_body(row: MoveRow, spec: InstrumentSpec) -> dict[str, Any]:
    return {
        "id": row.move_id,
        "symbol": spec.symbol,
        "position_side": PositionSide(row.position_side).name.lower(),
        "side": "sell" if row.is_sell else "buy",
        "price": spec.price_text(row.price_ticks),
        "quantity": spec.quantity_text(row.quantity_lots),
        "realized_pnl": money_text(row.realized_pnl_units),
        "position_after": spec.quantity_text(row.position_lots),
        "adl_rank": row.adl_rank,
        "score": row.score,
        "time_ms": row.time_ns // NS_PER_MS,
    }
