"""exchangeInfo: the rules of every instrument, encoded again only when they changed."""

from __future__ import annotations

import time
from typing import Any

from apps.common.lane import Encode, LaneRequest, LaneResponse
from apps.fapi import formats, words
from apps.feeds.contract_info import PERPETUAL_DELIVERY_MS, SYMBOL_STATUS
from apps.feeds.hub import get_hub
from apps.gateway.limits import LimitTerms
from apps.instruments.catalog import get_catalog
from apps.instruments.types import InstrumentSpec
from matcher.protocol.enums import TradingState
from matcher.protocol.units import PPB, PPM, format_scaled

ORDER_TYPES = [
    "LIMIT",
    "MARKET",
    "STOP",
    "STOP_MARKET",
    "TAKE_PROFIT",
    "TAKE_PROFIT_MARKET",
    "TRAILING_STOP_MARKET",
]

_terms = LimitTerms.from_environment()
_encoded: tuple[list[InstrumentSpec], list[int], bytes] | None = None


async def get_exchange_info(_: LaneRequest) -> LaneResponse:
    global _encoded
    specs, hub = get_catalog().all(), get_hub()
    states = [hub.state_of(spec) for spec in specs]
    if _encoded is None or _encoded[0] != specs or _encoded[1] != states:
        _encoded = (specs, states, Encode(_rest(specs))[1:])
    return LaneResponse(b'{"serverTime":%d,%b' % (time.time_ns() // formats.NS_PER_MS, _encoded[2]))


def _rest(specs: list[InstrumentSpec]) -> dict[str, Any]:
    """Everything but the time."""
    settlement = sorted({spec.settlement_asset for spec in specs})
    return {
        "timezone": "UTC",
        "futuresType": "U_MARGINED",
        "rateLimits": [
            _limit("REQUEST_WEIGHT", "MINUTE", 1, _terms.weight_1m),
            _limit("ORDERS", "SECOND", 10, _terms.orders_10s),
            _limit("ORDERS", "MINUTE", 1, _terms.orders_1m),
        ],
        "exchangeFilters": [],
        "assets": [{"asset": code, "marginAvailable": True, "autoAssetExchange": "0"} for code in settlement],
        "symbols": [symbol_object(spec) for spec in specs],
    }


def _limit(kind: str, interval: str, number: int, limit: int) -> dict[str, Any]:
    return {"rateLimitType": kind, "interval": interval, "intervalNum": number, "limit": limit}


def symbol_object(spec: InstrumentSpec) -> dict[str, Any]:
    """One entry of `symbols`."""
    first = spec.tiers[0] if spec.tiers else None
    return {
        "symbol": spec.symbol,
        "pair": spec.symbol,
        "contractType": "PERPETUAL",
        "deliveryDate": PERPETUAL_DELIVERY_MS,
        "onboardDate": spec.onboard_ms,
        "status": SYMBOL_STATUS[TradingState(get_hub().state_of(spec))],
        "maintMarginPercent": format_scaled(first.maintenance_rate_ppb // 1000 if first else 0, 4),
        "requiredMarginPercent": format_scaled(100 * 10**4 // first.max_leverage if first else 0, 4),
        "baseAsset": spec.base_asset,
        "quoteAsset": spec.quote_asset,
        "marginAsset": spec.settlement_asset,
        "pricePrecision": spec.price_decimals,
        "quantityPrecision": spec.quantity_decimals,
        "baseAssetPrecision": 8,
        "quotePrecision": 8,
        "underlyingType": "COIN",
        "underlyingSubType": [],
        "triggerProtect": format_scaled(spec.price_protect_ppm // 100, 4),
        "liquidationFee": formats.rate(spec.liquidation_fee_ppb, 6),
        "marketTakeBound": formats.plain(formats.rate(spec.market_band_ppm * (PPB // PPM), 6)),
        "filters": _filters(spec),
        "orderTypes": ORDER_TYPES,
        "timeInForce": list(words.TIME_IN_FORCE_NAMES),
    }


def _filters(spec: InstrumentSpec) -> list[dict[str, Any]]:
    band = spec.price_band_ppm
    step = spec.quantity_text(1)
    return [
        {
            "filterType": "PRICE_FILTER",
            "minPrice": spec.price_text(1),
            "maxPrice": spec.price_text(spec.max_price_ticks),
            "tickSize": spec.price_text(1),
        },
        {
            "filterType": "LOT_SIZE",
            "minQty": spec.quantity_text(spec.min_quantity_lots),
            "maxQty": spec.quantity_text(spec.max_quantity_lots),
            "stepSize": step,
        },
        {
            "filterType": "MARKET_LOT_SIZE",
            "minQty": spec.quantity_text(spec.min_quantity_lots),
            "maxQty": spec.quantity_text(spec.max_market_quantity_lots),
            "stepSize": step,
        },
        {"filterType": "MAX_NUM_ORDERS", "limit": spec.max_open_orders},
        {"filterType": "MAX_NUM_ALGO_ORDERS", "limit": spec.max_conditional_orders},
        {"filterType": "MIN_NOTIONAL", "notional": formats.plain(formats.money(spec.min_notional_units))},
        {
            "filterType": "PERCENT_PRICE",
            "multiplierUp": format_scaled((PPM + band) // 100, 4),
            "multiplierDown": format_scaled((PPM - band) // 100, 4),
            "multiplierDecimal": "4",
        },
    ]
