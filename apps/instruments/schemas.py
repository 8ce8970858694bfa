"""The published shape of `serializers.instrument_body`."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers


class RiskTierSerializer(serializers.Serializer[Any]):
    tier = serializers.IntegerField()
    notional_floor = serializers.CharField()
    notional_cap = serializers.CharField(allow_null=True)
    maintenance_rate = serializers.CharField()
    maintenance_amount = serializers.CharField()
    max_leverage = serializers.IntegerField()


class InstrumentSerializer(serializers.Serializer[Any]):
    """Prices, quantities and money are decimal text; rates and bands are fractions as text."""

    symbol = serializers.CharField()
    base_asset = serializers.CharField()
    quote_asset = serializers.CharField()
    settlement_asset = serializers.CharField()
    trading_state = serializers.CharField()
    tick_size = serializers.CharField()
    lot_size = serializers.CharField()
    contract_size = serializers.CharField()
    max_price = serializers.CharField()
    min_quantity = serializers.CharField()
    max_quantity = serializers.CharField()
    max_market_quantity = serializers.CharField()
    min_notional = serializers.CharField()
    impact_notional = serializers.CharField()
    price_band = serializers.CharField()
    market_band = serializers.CharField()
    max_open_orders = serializers.IntegerField()
    maker_fee_rate = serializers.CharField()
    taker_fee_rate = serializers.CharField()
    liquidation_fee_rate = serializers.CharField()
    default_leverage = serializers.IntegerField()
    funding_interval_hours = serializers.IntegerField()
    interest_rate = serializers.CharField()
    funding_cap = serializers.CharField()
    onboard_time_ms = serializers.IntegerField()
    risk_tiers = RiskTierSerializer(many=True)
