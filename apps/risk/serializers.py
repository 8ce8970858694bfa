"""Shapes of the limits' door: money and quantities as decimal text, null where there is no limit."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from apps.instruments.serializers import money_text
from apps.instruments.types import InstrumentSpec
from apps.risk.types import EVERYBODY, LimitRow


class LimitSerializer(serializers.Serializer[Any]):
    """The most an account may have, after the worst fills of everything that rests; closing is never limited."""

    scope = serializers.ChoiceField(
        choices=["everybody", "account"], help_text="The account's own goes before everybody's."
    )
    symbol = serializers.CharField(allow_null=True, help_text="Null: all instruments together.")
    max_position_notional = serializers.CharField(
        allow_null=True, help_text="Of the position, in the settlement asset."
    )
    max_position = serializers.CharField(allow_null=True, help_text="Of the position, in the base asset.")
    max_open_orders = serializers.IntegerField(allow_null=True)
    orders_10s = serializers.IntegerField(
        allow_null=True,
        help_text="New orders in ten seconds; null: as everybody, or as the exchange information has it.",
    )
    orders_1m = serializers.IntegerField(allow_null=True, help_text="The same in a minute.")
    in_force = serializers.BooleanField(help_text="False while the engine has not taken it yet.")


class AccountLimitsSerializer(serializers.Serializer[Any]):
    """Limits of one of my accounts; an empty list is none but those of the instruments."""

    account_id = serializers.IntegerField()
    limits = LimitSerializer(many=True)


def limit_body(row: LimitRow, specs: dict[int, InstrumentSpec]) -> dict[str, Any]:
    """One row (schema: LimitSerializer); `specs` by engine number."""
    spec, terms = specs.get(row.instrument_id), row.terms
    lots = terms.max_position_lots
    return {
        "scope": "everybody" if row.account_id == EVERYBODY else "account",
        "symbol": spec.symbol if spec else None,
        "max_position_notional": money_text(terms.max_position_notional_units)
        if terms.max_position_notional_units
        else None,
        "max_position": spec.quantity_text(lots) if spec and lots else None,
        "max_open_orders": terms.max_open_orders or None,
        "orders_10s": terms.orders_10s or None,
        "orders_1m": terms.orders_1m or None,
        "in_force": row.told_at is not None,
    }
