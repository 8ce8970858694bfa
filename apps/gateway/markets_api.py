"""/api/v1/markets on the trading lane: terms, book, tape, candles and the day's statistics."""

from __future__ import annotations

import time
from typing import Any

from apps.common.lane import LaneRequest, LaneResponse, Route, Routes, Security, answer
from apps.common.rows import ask
from apps.fapi import values
from apps.fapi.market import shown_last_ticks, trade_tick
from apps.feeds.hub import get_hub
from apps.gateway import listen_keys
from apps.instruments.catalog import get_catalog
from apps.instruments.types import InstrumentSpec
from apps.instruments.wire import find_instrument
from apps.orders.selectors import get_trades as find_trades
from matcher.protocol.enums import TradingState
from matcher.protocol.units import PPB, format_scaled

DEPTH_MAX, TRADES_MAX = 1000, 1000
MARKETS = "/api/v1/markets"


def market_object(spec: InstrumentSpec) -> dict[str, Any]:
    """An instrument's terms."""
    return {
        "symbol": spec.symbol,
        "base_asset": spec.base_asset,
        "quote_asset": spec.quote_asset,
        "settlement_asset": spec.settlement_asset,
        "tick_size": spec.price_text(1),
        "lot_size": spec.quantity_text(1),
        "contract_size": "1",
        "min_quantity": spec.quantity_text(spec.min_quantity_lots),
        "max_quantity": spec.quantity_text(spec.max_quantity_lots),
        "max_market_quantity": spec.quantity_text(spec.max_market_quantity_lots),
        "min_notional": format_scaled(spec.min_notional_units, 8),
        "max_leverage": spec.tiers[0].max_leverage if spec.tiers else 1,
        "default_leverage": spec.default_leverage,
        "maker_fee_rate": format_scaled(spec.maker_fee_ppb, 9),
        "taker_fee_rate": format_scaled(spec.taker_fee_ppb, 9),
        "funding_interval_hours": spec.funding_interval_hours,
        "trading_state": TradingState(get_hub().state_of(spec)).name.lower(),
        "risk_tiers": [
            {
                "tier": tier.tier,
                "notional_floor": format_scaled(tier.notional_floor_units, 8),
                "maintenance_rate": format_scaled(tier.maintenance_rate_ppb, 9),
                "maintenance_amount": format_scaled(tier.maintenance_amount_units, 8),
                "max_leverage": tier.max_leverage,
            }
            for tier in spec.tiers
        ],
    }


async def get_markets(_: LaneRequest) -> LaneResponse:
    return answer({"markets": [market_object(spec) for spec in get_catalog().all()]})


async def get_market(request: LaneRequest) -> LaneResponse:
    return answer(market_object(await find_instrument(request.variables[0])))


def _limit(request: LaneRequest, default: int, largest: int) -> int:
    return values.limit(request.params, default, largest)


async def get_depth(request: LaneRequest) -> LaneResponse:
    spec = await find_instrument(request.variables[0])
    market = get_hub().market(spec.id)
    depth = market.book.depth(_limit(request, 50, DEPTH_MAX))
    return answer(
        {
            "symbol": spec.symbol,
            "last_update_id": depth.last_update_id,
            "time_ms": depth.event_ms,
            "bids": market.texts.levels(depth.bids),
            "asks": market.texts.levels(depth.asks),
        }
    )


async def get_trades(request: LaneRequest) -> LaneResponse:
    """The newest trades, oldest first; from `from_trade_id` on when it is given, to any depth."""
    spec = await find_instrument(request.variables[0])
    limit, from_id = _limit(request, 100, TRADES_MAX), values.integer(request.params, "from_trade_id")
    if from_id is None and get_hub().is_whole(spec.id):
        trades = get_hub().trades(spec.id, limit)
    else:
        trades = [trade_tick(row) for row in await ask(find_trades, spec.id, limit=limit, from_id=from_id)]
    return answer(
        {
            "trades": [
                {
                    "trade_id": str(trade.trade_id),
                    "price": spec.price_text(trade.price_ticks),
                    "quantity": spec.quantity_text(trade.quantity_lots),
                    "taker_side": "sell" if trade.buyer_is_maker else "buy",
                    "time_ms": trade.time_ns // 1_000_000,
                }
                for trade in trades
            ]
        }
    )


async def get_ticker(request: LaneRequest) -> LaneResponse:
    spec = await find_instrument(request.variables[0])
    hub = get_hub()
    day, best, mark = hub.statistics(spec.id), hub.best(spec.id), hub.mark(spec.id)
    last = shown_last_ticks(spec)
    return answer(
        {
            "symbol": spec.symbol,
            "last_price": spec.price_text(last),
            "mark_price": spec.price_text(mark.mark_ticks) if mark else None,
            "index_price": spec.price_text(mark.index_ticks) if mark else None,
            "funding_rate": format_scaled(hub.market(spec.id).funding_rate_ppb, len(str(PPB)) - 1) if mark else None,
            "next_funding_ms": mark.next_funding_ms if mark else None,
            "best_bid": spec.price_text(best.bid_ticks) if best.bid_lots else None,
            "best_ask": spec.price_text(best.ask_ticks) if best.ask_lots else None,
            "open": spec.price_text(day.open_ticks or last),
            "high": spec.price_text(day.high_ticks or last),
            "low": spec.price_text(day.low_ticks or last),
            "volume": spec.quantity_text(day.volume_lots),
            "quote_volume": format_scaled(day.quote_units, 8),
            "open_interest": spec.quantity_text(hub.open_interest(spec.id)),
            "time_ms": time.time_ns() // 1_000_000,
        }
    )


async def post_listen_key(request: LaneRequest) -> LaneResponse:
    """The key of the caller's user stream, good for 60 minutes from now."""
    return answer({"listen_key": await listen_keys.open_key(request.account_id)})


ROUTES: Routes = {
    ("GET", MARKETS): Route(get_markets),
    ("GET", f"{MARKETS}/{{}}"): Route(get_market),
    ("GET", f"{MARKETS}/{{}}/depth"): Route(get_depth, 5),
    ("GET", f"{MARKETS}/{{}}/trades"): Route(get_trades, 5),
    ("GET", f"{MARKETS}/{{}}/ticker"): Route(get_ticker),
    ("POST", "/api/v1/listen-key"): Route(post_listen_key, 1, Security.TOKEN),
}
