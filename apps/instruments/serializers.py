"""An instrument as the native API shows it: decimals as text, rates as fractions."""

from __future__ import annotations

from typing import Any

from apps.instruments.types import ASSET_DECIMALS, InstrumentSpec
from matcher.protocol.enums import TradingState
from matcher.protocol.units import format_scaled

_PPM_DECIMALS = 6
_PPB_DECIMALS = 9


def money_text(units: int) -> str:
    return format_scaled(units, ASSET_DECIMALS)


def rate_text(rate_ppb: int) -> str:
    return format_scaled(rate_ppb, _PPB_DECIMALS)


def instrument_body(spec: InstrumentSpec) -> dict[str, Any]:
    """The JSON object of one instrument (schema: InstrumentSerializer)."""
    return {
        "symbol": spec.symbol,
        "base_asset": spec.base_asset,
        "quote_asset": spec.quote_asset,
        "settlement_asset": spec.settlement_asset,
        "trading_state": TradingState(spec.trading_state).name.lower(),
        "tick_size": spec.price_text(1),
        "lot_size": spec.quantity_text(1),
        "contract_size": "1",
        "max_price": spec.price_text(spec.max_price_ticks),
        "min_quantity": spec.quantity_text(spec.min_quantity_lots),
        "max_quantity": spec.quantity_text(spec.max_quantity_lots),
        "max_market_quantity": spec.quantity_text(spec.max_market_quantity_lots),
        "min_notional": money_text(spec.min_notional_units),
        "impact_notional": money_text(spec.impact_notional_units),
        "price_band": format_scaled(spec.price_band_ppm, _PPM_DECIMALS),
        "market_band": format_scaled(spec.market_band_ppm, _PPM_DECIMALS),
        "max_open_orders": spec.max_open_orders,
        "maker_fee_rate": rate_text(spec.maker_fee_ppb),
        "taker_fee_rate": rate_text(spec.taker_fee_ppb),
        "liquidation_fee_rate": rate_text(spec.liquidation_fee_ppb),
        "default_leverage": spec.default_leverage,
        "funding_interval_hours": spec.funding_interval_hours,
        "interest_rate": rate_text(spec.interest_rate_ppb),
        "funding_cap": rate_text(spec.funding_cap_ppb),
        "onboard_time_ms": spec.onboard_ms,
        "risk_tiers": [
            {
                "tier": tier.tier,
                "notional_floor": money_text(tier.notional_floor_units),
                "notional_cap": None if tier.notional_cap_units is None else money_text(tier.notional_cap_units),
                "maintenance_rate": rate_text(tier.maintenance_rate_ppb),
                "maintenance_amount": money_text(tier.maintenance_amount_units),
                "max_leverage": tier.max_leverage,
            }
            for tier in spec.tiers
        ],
    }
