"""Public market data: the clock, the rules, the book, the tape, tickers and prices, from the feed hub."""

from __future__ import annotations

import time
from typing import Any

from apps.common.lane import LaneError, LaneRequest, LaneResponse, answer
from apps.common.rows import ask
from apps.fapi import formats, values
from apps.fapi.values import Params
from apps.feeds import payloads
from apps.feeds.hub import get_hub
from apps.feeds.types import TradeTick
from apps.funding.selectors import get_settlements
from apps.funding.types import SettlementRow
from apps.instruments.catalog import get_catalog
from apps.instruments.types import InstrumentSpec
from apps.orders.selectors import get_trades
from apps.orders.types import TradeRow
from matcher.protocol.enums import Side

DEPTH_LIMITS = frozenset((5, 10, 20, 50, 100, 500, 1000))
DEPTH_WEIGHTS = ((50, 2), (100, 5), (500, 10), (1000, 20))


async def get_ping(_: LaneRequest) -> LaneResponse:
    return LaneResponse(b"{}")


async def get_time(_: LaneRequest) -> LaneResponse:
    return answer({"serverTime": time.time_ns() // formats.NS_PER_MS})


def depth_weight(params: Params) -> int:
    """2, 5, 10 or 20 by the number of levels."""
    text = params.get("limit", "500")
    limit = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 500
    return next((weight for top, weight in DEPTH_WEIGHTS if limit <= top), 20)


async def get_depth(request: LaneRequest) -> LaneResponse:
    spec = await values.instrument(request.params)
    limit = values.integer(request.params, "limit")
    if limit is None:
        limit = 500
    elif limit not in DEPTH_LIMITS:
        raise LaneError(-4021, f"{limit} is not valid depth limit", name="INVALID_LIMIT")
    return answer(depth_object(spec, limit))


def depth_object(spec: InstrumentSpec, limit: int) -> dict[str, Any]:
    """The top `limit` levels a side."""
    market = get_hub().market(spec.id)
    depth = market.book.depth(limit)
    return {
        "lastUpdateId": depth.last_update_id,
        "E": time.time_ns() // formats.NS_PER_MS,
        "T": depth.event_ms,
        "bids": market.texts.levels(depth.bids),
        "asks": market.texts.levels(depth.asks),
    }


async def _recent_trades(spec: InstrumentSpec, params: Params, default: int, largest: int) -> list[TradeTick]:
    """The newest trades, oldest first; from rows when `fromId` is asked for or the tape is being loaded."""
    limit = values.limit(params, default, largest)
    from_id = values.integer(params, "fromId")
    if from_id is None and get_hub().is_whole(spec.id):
        return get_hub().trades(spec.id, limit)
    rows = await ask(get_trades, spec.id, limit=limit, from_id=from_id)
    return [trade_tick(row) for row in rows]


def trade_tick(row: TradeRow) -> TradeTick:
    """A stored trade as the tape holds one."""
    return TradeTick(row.trade_id, row.price_ticks, row.quantity_lots, row.time_ns, row.taker_side == Side.SELL)


def _trade_object(spec: InstrumentSpec, trade: TradeTick) -> dict[str, Any]:
    return {
        "id": trade.trade_id,
        "price": spec.price_text(trade.price_ticks),
        "qty": spec.quantity_text(trade.quantity_lots),
        "quoteQty": formats.quote(spec, spec.notional_units(trade.price_ticks, trade.quantity_lots)),
        "time": formats.ms(trade.time_ns),
        "isBuyerMaker": trade.buyer_is_maker,
        "isRPITrade": False,
    }


async def get_recent_trades(request: LaneRequest) -> LaneResponse:
    spec = await values.instrument(request.params)
    params = {k: v for k, v in request.params.items() if k != "fromId"}
    trades = await _recent_trades(spec, params, 500, 1000)
    return answer([_trade_object(spec, trade) for trade in trades])


async def get_historical_trades(request: LaneRequest) -> LaneResponse:
    spec = await values.instrument(request.params)
    trades = await _recent_trades(spec, request.params, 100, 500)
    return answer([_trade_object(spec, trade) for trade in trades])


def per_symbol(one: int, every: int) -> Any:
    """A weight that depends on whether a symbol was named."""
    return lambda params: one if params.get("symbol") else every


async def _each(request: LaneRequest, of: Any) -> LaneResponse:
    """One object when a symbol is named, else a list of all."""
    spec = await values.optional_instrument(request.params)
    if spec is not None:
        return answer(of(spec))
    return answer([of(one) for one in get_catalog().all() if one.id in get_hub().markets])


async def get_premium_index(request: LaneRequest) -> LaneResponse:
    return await _each(request, premium_object)


def premium_object(spec: InstrumentSpec) -> dict[str, Any]:
    market = get_hub().market(spec.id)
    mark = market.mark
    index = formats.long_price(spec, mark.index_ticks if mark else 0)
    return {
        "symbol": spec.symbol,
        "markPrice": formats.long_price(spec, mark.mark_ticks if mark else 0),
        "indexPrice": index,
        "estimatedSettlePrice": index,
        "lastFundingRate": formats.rate(market.funding_rate_ppb),
        "interestRate": formats.rate(spec.interest_rate_ppb),
        "nextFundingTime": mark.next_funding_ms if mark else 0,
        "time": time.time_ns() // formats.NS_PER_MS,
    }


def shown_last_ticks(spec: InstrumentSpec) -> int:
    """The last trade's price; the mark while nothing was ever traded."""
    hub = get_hub()
    last = hub.market(spec.id).day.last_ticks
    mark = hub.mark(spec.id)
    return last or (mark.mark_ticks if mark else 0)


async def get_day_ticker(request: LaneRequest) -> LaneResponse:
    return await _each(request, day_ticker_object)


def day_ticker_object(spec: InstrumentSpec) -> dict[str, Any]:
    market = get_hub().market(spec.id)
    texts, day = market.texts, get_hub().statistics(spec.id)
    last = shown_last_ticks(spec)
    return {
        "symbol": spec.symbol,
        "priceChange": texts.price(day.change_ticks),
        "priceChangePercent": payloads.change_percent(day),
        "weightedAvgPrice": payloads.average_price(texts, day.quote_units, day.volume_lots),
        "lastPrice": texts.price(last),
        "lastQty": texts.quantity(day.last_lots),
        "openPrice": texts.price(day.open_ticks or last),
        "highPrice": texts.price(day.high_ticks or last),
        "lowPrice": texts.price(day.low_ticks or last),
        "volume": texts.quantity(day.volume_lots),
        "quoteVolume": formats.quote(spec, day.quote_units),
        "openTime": day.open_ms,
        "closeTime": day.close_ms,
        "firstId": day.first_trade_id,
        "lastId": day.last_trade_id,
        "count": day.trade_count,
    }


async def get_price_ticker(request: LaneRequest) -> LaneResponse:
    return await _each(request, price_ticker_object)


def price_ticker_object(spec: InstrumentSpec) -> dict[str, Any]:
    now_ms = time.time_ns() // formats.NS_PER_MS
    return {"symbol": spec.symbol, "price": spec.price_text(shown_last_ticks(spec)), "time": now_ms}


async def get_book_ticker(request: LaneRequest) -> LaneResponse:
    return await _each(request, book_ticker_object)


def book_ticker_object(spec: InstrumentSpec) -> dict[str, Any]:
    best = get_hub().best(spec.id)
    return {
        "symbol": spec.symbol,
        "bidPrice": spec.price_text(best.bid_ticks),
        "bidQty": spec.quantity_text(best.bid_lots),
        "askPrice": spec.price_text(best.ask_ticks),
        "askQty": spec.quantity_text(best.ask_lots),
        "time": best.event_ms or time.time_ns() // formats.NS_PER_MS,
        "lastUpdateId": best.update_id,
    }


async def get_open_interest(request: LaneRequest) -> LaneResponse:
    spec = await values.instrument(request.params)
    text = spec.quantity_text(get_hub().open_interest(spec.id))
    now_ms = time.time_ns() // formats.NS_PER_MS
    return answer({"openInterest": text, "symbol": spec.symbol, "time": now_ms})


async def get_funding_rates(request: LaneRequest) -> LaneResponse:
    """Rates that were settled, ascending; the newest ones when no `startTime` says where to begin."""
    spec = await values.optional_instrument(request.params)
    start_ns, end_ns = values.window_ns(request.params)
    limit = values.limit(request.params, 100, 1000)
    rows = await ask(
        get_settlements,
        spec.id if spec is not None else None,
        start_ns=start_ns,
        end_ns=end_ns,
        limit=limit,
        newest_first=start_ns is None,
    )
    by_id = get_catalog().by_id
    ascending = rows if start_ns is not None else reversed(rows)
    return answer([_funding_object(by_id[row.instrument_id], row) for row in ascending if row.instrument_id in by_id])


def _funding_object(spec: InstrumentSpec, row: SettlementRow) -> dict[str, Any]:
    return {
        "symbol": spec.symbol,
        "fundingRate": formats.rate(row.rate_ppb),
        "fundingTime": formats.ms(row.funding_ns),
        "markPrice": formats.long_price(spec, row.mark_ticks),
    }


async def get_funding_info(_: LaneRequest) -> LaneResponse:
    return answer(
        [
            {
                "symbol": spec.symbol,
                "adjustedFundingRateCap": formats.rate(spec.funding_cap_ppb),
                "adjustedFundingRateFloor": formats.rate(spec.funding_floor_ppb),
                "fundingIntervalHours": spec.funding_interval_hours,
                "disclaimer": False,
            }
            for spec in get_catalog().all()
        ]
    )
