"""Shapes of the funding doors: rates as fractions, money and prices as decimal text, times in milliseconds."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from apps.funding.types import PaymentRow, SampleRow, SettlementRow
from apps.instruments.serializers import money_text, rate_text
from apps.instruments.types import InstrumentSpec
from matcher.protocol.enums import PositionSide
from matcher.protocol.units import format_scaled

MICROTICKS = 6
NS_PER_MS = 1_000_000


class FundingSettlementSerializer(serializers.Serializer[Any]):
    """One settlement; what payers paid is what receivers got and the residue of the insurance fund."""

    symbol = serializers.CharField()
    funding_ms = serializers.IntegerField()
    funding_rate = serializers.CharField()
    mark_price = serializers.CharField()
    average_premium = serializers.CharField()
    samples = serializers.IntegerField()
    positions = serializers.IntegerField()
    asset = serializers.CharField()
    paid = serializers.CharField()
    received = serializers.CharField()
    residue = serializers.CharField()
    next_funding_ms = serializers.IntegerField()


class FundingSampleSerializer(serializers.Serializer[Any]):
    """One premium sample with everything it was made from; an impact price is null where the book was too thin."""

    symbol = serializers.CharField()
    sample_ms = serializers.IntegerField()
    index_price = serializers.CharField()
    impact_bid = serializers.CharField(allow_null=True)
    impact_ask = serializers.CharField(allow_null=True)
    premium = serializers.CharField()
    average_premium = serializers.CharField()
    predicted_rate = serializers.CharField()
    number = serializers.IntegerField(help_text="Its place in the interval, from 1; also its weight.")


class FundingPaymentSerializer(serializers.Serializer[Any]):
    """What one of my positions paid (below zero) or received."""

    id = serializers.IntegerField()
    symbol = serializers.CharField()
    position_side = serializers.ChoiceField(choices=[side.name.lower() for side in PositionSide])
    funding_ms = serializers.IntegerField()
    funding_rate = serializers.CharField()
    mark_price = serializers.CharField()
    quantity = serializers.CharField()
    amount = serializers.CharField()
    asset = serializers.CharField()


def settlement_body(row: SettlementRow, spec: InstrumentSpec) -> dict[str, Any]:
    return {
        "symbol": spec.symbol,
        "funding_ms": row.funding_ns // NS_PER_MS,
        "funding_rate": rate_text(row.rate_ppb),
        "mark_price": spec.price_text(row.mark_ticks),
        "average_premium": rate_text(row.average_premium_ppb),
        "samples": row.samples,
        "positions": row.positions,
        "asset": spec.settlement_asset,
        "paid": money_text(row.paid_units),
        "received": money_text(row.received_units),
        "residue": money_text(row.residue_units),
        "next_funding_ms": row.next_funding_ns // NS_PER_MS,
    }


def sample_body(row: SampleRow, spec: InstrumentSpec) -> dict[str, Any]:
    return {
        "symbol": spec.symbol,
        "sample_ms": row.sample_ns // NS_PER_MS,
        "index_price": spec.price_text(row.index_ticks),
        "impact_bid": _impact_text(row.impact_bid_microticks, spec),
        "impact_ask": _impact_text(row.impact_ask_microticks, spec),
        "premium": rate_text(row.premium_ppb),
        "average_premium": rate_text(row.average_premium_ppb),
        "predicted_rate": rate_text(row.predicted_rate_ppb),
        "number": row.samples,
    }


def payment_body(row: PaymentRow, spec: InstrumentSpec) -> dict[str, Any]:
    return {
        "id": row.payment_id,
        "symbol": spec.symbol,
        "position_side": PositionSide(row.position_side).name.lower(),
        "funding_ms": row.funding_ns // NS_PER_MS,
        "funding_rate": rate_text(row.rate_ppb),
        "mark_price": spec.price_text(row.mark_ticks),
        "quantity": spec.quantity_text(row.position_lots),
        "amount": money_text(row.amount_units),
        "asset": spec.settlement_asset,
    }


def _impact_text(microticks: int, spec: InstrumentSpec) -> str | None:
    """Exact: every millionth of a tick is shown."""
    return format_scaled(microticks * spec.tick_step, spec.price_decimals + MICROTICKS) if microticks else None
