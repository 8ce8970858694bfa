"""/api/v1/markets on the trading lane, the past and what stands behind prices: candles of every kind, statistics, funding,
open interest and its holders, indexes with their sources.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Literal

from apps.common.intervals import INTERVALS
from apps.common.lane import LaneError, LaneRequest, LaneResponse, Route, Routes, answer
from apps.common.rows import ask
from apps.fapi import klines, values
from apps.fapi.candle_pages import Asked, Form, listed, price_page, trade_page
from apps.fapi.futures_data import PERIODS, ratio
from apps.feeds.hub import get_hub
from apps.funding.selectors import get_settlements
from apps.instruments.types import InstrumentSpec
from apps.instruments.wire import find_instrument
from apps.marketdata.index import SourceState
from apps.marketdata.index_selectors import (
    get_index_parts,
    get_index_readings,
    get_minimum_sources,
    get_source_readings,
)
from apps.marketdata.interest import get_interest
from apps.marketdata.selectors import get_premium_candles, get_price_candles, get_price_samples
from apps.marketdata.types import InterestRow, SourceRow
from matcher.protocol.units import PPB, format_scaled

MARKET = "/api/v1/markets/{}"
CANDLES_MAX, ROWS_MAX, SECONDS_MAX = 1500, 1000, 1000
NS_PER_MS = 1_000_000
RATE_DECIMALS = len(str(PPB)) - 1
KINDS = ("trade", "mark", "index", "premium")


def _rate(ppb: int) -> str:
    return format_scaled(ppb, RATE_DECIMALS)


def _refused(name: str, value: str) -> LaneError:
    return LaneError(-1130, f"Unknown {name}.", name=f"INVALID_{name.upper()}", details={name: value[:10]})


async def _spec(request: LaneRequest) -> InstrumentSpec:
    return await find_instrument(request.variables[0])


def _window(request: LaneRequest) -> tuple[int | None, int | None]:
    """(start_ms, end_ms). Raises LaneError -1130 when they are the wrong way round."""
    start, end = values.moment_ms(request.params, "start_ms"), values.moment_ms(request.params, "end_ms")
    if start is not None and end is not None and start > end:
        raise LaneError(-1130, "start_ms is after end_ms.", name="INVALID_PARAMETER", details={"parameter": "start_ms"})
    return start, end


async def get_candles(request: LaneRequest) -> LaneResponse:
    """Ascending; `kind`, `interval`, `start_ms`, `end_ms`, `limit`."""
    spec, params = await _spec(request), request.params
    interval, kind = params.get("interval", "1m"), params.get("kind", "trade")
    if interval not in INTERVALS:
        raise LaneError(-1120, "Unknown interval.", name="INVALID_INTERVAL", details={"interval": interval[:10]})
    if kind not in KINDS:
        raise _refused("kind", kind)
    start_ms, end_ms = _window(request)
    limit = values.limit(params, 500, CANDLES_MAX)
    asked = Asked(spec, interval, start_ms, end_ms, limit)
    page = await _remembered(kind, asked)
    if page is not None:
        return LaneResponse(b'{"candles":' + listed(page).body + b"}")
    if kind == "trade":
        return answer({"candles": [_traded(spec, row) for row in await klines.find_candles(*asked)]})
    span_ms = INTERVALS[interval]
    if kind == "premium":
        premiums = await ask(get_premium_candles, spec.id, span_ms, start_ms=start_ms, end_ms=end_ms, limit=limit)
        return answer({"candles": [_premium(spec, row) for row in premiums]})
    price: Literal["mark", "index"] = "mark" if kind == "mark" else "index"
    prices = await ask(get_price_candles, spec.id, price, span_ms, start_ms=start_ms, end_ms=end_ms, limit=limit)
    return answer({"candles": [_priced(spec, row) for row in prices]})


async def _remembered(kind: str, asked: Asked) -> list[bytes] | None:
    if kind == "trade":
        return await trade_page(asked, TRADED)
    if kind == "premium":
        return await price_page("premium", asked, PREMIUM)
    return await price_page("mark" if kind == "mark" else "index", asked, PRICED)


def _ticks(row: Any) -> tuple[int, int, int, int]:
    return row.open_ticks, row.high_ticks, row.low_ticks, row.close_ticks


def _candle(row: Any, text: Callable[[int], str], edges: tuple[int, int, int, int]) -> dict[str, Any]:
    prices = dict(zip(("open", "high", "low", "close"), map(text, edges), strict=True))
    return {"open_ms": row.open_ms, "close_ms": row.close_ms} | prices


def _priced(spec: InstrumentSpec, row: Any) -> dict[str, Any]:
    return _candle(row, spec.price_text, _ticks(row))


def _premium(_: InstrumentSpec, row: Any) -> dict[str, Any]:
    return _candle(row, _rate, (row.open_ppb, row.high_ppb, row.low_ppb, row.close_ppb))


def _traded(spec: InstrumentSpec, row: Any) -> dict[str, Any]:
    return _priced(spec, row) | _volumes(spec, row)


TRADED, PRICED, PREMIUM = Form("native", _traded), Form("native", _priced), Form("native", _premium)


def _volumes(spec: InstrumentSpec, row: Any) -> dict[str, Any]:
    return {
        "volume": spec.quantity_text(row.volume_lots),
        "quote_volume": format_scaled(row.quote_units, 8),
        "taker_buy_volume": spec.quantity_text(row.taker_buy_lots),
        "taker_buy_quote_volume": format_scaled(row.taker_buy_quote_units, 8),
        "trade_count": row.trade_count,
    }


async def get_statistics(request: LaneRequest) -> LaneResponse:
    """The last 24 hours."""
    spec = await _spec(request)
    day = get_hub().statistics(spec.id)
    volume = day.volume_lots * spec.lot_step
    average = day.quote_units * 10**spec.quantity_decimals // volume if volume else 0
    return answer(
        {
            "symbol": spec.symbol,
            "open_ms": day.open_ms,
            "close_ms": day.close_ms,
            "open": spec.price_text(day.open_ticks),
            "high": spec.price_text(day.high_ticks),
            "low": spec.price_text(day.low_ticks),
            "last": spec.price_text(day.last_ticks),
            "change": spec.price_text(day.change_ticks),
            "change_rate": ratio(day.change_ticks, day.open_ticks, 6),
            "average_price": format_scaled(average, 8),
            "volume": spec.quantity_text(day.volume_lots),
            "quote_volume": format_scaled(day.quote_units, 8),
            "trade_count": day.trade_count,
            "first_trade_id": str(max(0, day.first_trade_id)),
            "last_trade_id": str(max(0, day.last_trade_id)),
        }
    )


async def get_funding(request: LaneRequest) -> LaneResponse:
    """What is predicted, and what was settled: newest first, or from `start_ms` on."""
    spec = await _spec(request)
    start_ms, end_ms = _window(request)
    rows = await ask(
        get_settlements,
        spec.id,
        start_ns=None if start_ms is None else start_ms * NS_PER_MS,
        end_ns=None if end_ms is None else (end_ms + 1) * NS_PER_MS - 1,
        limit=values.limit(request.params, 100, ROWS_MAX),
        newest_first=start_ms is None,
    )
    market = get_hub().market(spec.id)
    return answer(
        {
            "symbol": spec.symbol,
            "predicted_rate": _rate(market.funding_rate_ppb),
            "next_funding_ms": market.mark.next_funding_ms if market.mark else None,
            "interval_hours": spec.funding_interval_hours,
            "interest_rate": _rate(spec.interest_rate_ppb),
            "rate_cap": _rate(spec.funding_cap_ppb),
            "rate_floor": _rate(spec.funding_floor_ppb),
            "settlements": [
                {
                    "funding_ms": row.funding_ns // NS_PER_MS,
                    "rate": _rate(row.rate_ppb),
                    "mark_price": spec.price_text(row.mark_ticks),
                    "average_premium": _rate(row.average_premium_ppb),
                }
                for row in rows
            ],
        }
    )


async def _interest(request: LaneRequest) -> tuple[InstrumentSpec, list[InterestRow]]:
    spec = await _spec(request)
    period = request.params.get("period", "5m")
    if period not in PERIODS:
        raise _refused("period", period)
    start_ms, end_ms = _window(request)
    limit = values.limit(request.params, 100, ROWS_MAX)
    rows = await ask(get_interest, spec.id, INTERVALS[period], start_ms=start_ms, end_ms=end_ms, limit=limit)
    return spec, rows


async def get_open_interest(request: LaneRequest) -> LaneResponse:
    """Now, and at whole periods of the past; ascending."""
    spec, rows = await _interest(request)
    return answer(
        {
            "symbol": spec.symbol,
            "open_interest": spec.quantity_text(get_hub().open_interest(spec.id)),
            "time_ms": time.time_ns() // NS_PER_MS,
            "history": [
                {
                    "time_ms": row.time_ns // NS_PER_MS,
                    "open_interest": spec.quantity_text(row.open_interest_lots),
                    "notional": format_scaled(spec.notional_units(row.mark_ticks, row.open_interest_lots), 8),
                }
                for row in rows
            ],
        }
    )


async def get_ratios(request: LaneRequest) -> LaneResponse:
    """Who is long and who is short at whole periods, ascending; the top is the fifth with the largest positions."""
    spec, rows = await _interest(request)
    return answer(
        {
            "symbol": spec.symbol,
            "ratios": [
                {
                    "time_ms": row.time_ns // NS_PER_MS,
                    "long_accounts": row.long_accounts,
                    "short_accounts": row.short_accounts,
                    "accounts": ratio(row.long_accounts, row.short_accounts),
                    "top_accounts": ratio(row.top_long_accounts, row.top_short_accounts),
                    "top_positions": ratio(row.top_long_lots, row.top_short_lots),
                }
                for row in rows
            ],
        }
    )


async def get_index(request: LaneRequest) -> LaneResponse:
    """The index, and its sources as they were at the last second read."""
    spec = await _spec(request)
    parts = await ask(get_index_parts, spec.id)
    newest = await ask(get_index_readings, spec.id, limit=1)
    return answer(
        {
            "symbol": spec.symbol,
            "index_price": format_scaled(newest[0].index_units, 8) if newest and newest[0].index_units else None,
            "time_ms": newest[0].time_ns // NS_PER_MS if newest else None,
            "minimum_sources": await ask(get_minimum_sources, spec.id),
            "sources": [_source(part) for part in parts],
        }
    )


def _source(part: SourceRow) -> dict[str, Any]:
    return {
        "source": part.source,
        "price": format_scaled(part.price_units, 8) if part.price_units else None,
        "used_price": format_scaled(part.used_units, 8) if part.used_units else None,
        "weight": part.weight,
        "told_ms": part.told_ns // NS_PER_MS if part.told_ns else None,
        "state": SourceState(part.state).name.lower(),
    }


async def get_index_samples(request: LaneRequest) -> LaneResponse:
    """Indexes by the second, each with what it was made of; ascending."""
    spec = await _spec(request)
    start_ms, end_ms = _window(request)
    limit = values.limit(request.params, 60, SECONDS_MAX)
    rows = await ask(get_index_readings, spec.id, start_ms=start_ms, end_ms=end_ms, limit=limit)
    made_of: dict[int, list[SourceRow]] = {}
    if rows:
        first_ms, last_ms = rows[0].time_ns // NS_PER_MS, rows[-1].time_ns // NS_PER_MS
        for part in await ask(
            get_source_readings, spec.id, start_ms=first_ms - first_ms % 1000, end_ms=last_ms, limit=40 * limit
        ):
            made_of.setdefault(part.time_ns, []).append(part)
    return answer(
        {
            "samples": [
                {
                    "time_ms": row.time_ns // NS_PER_MS,
                    "index_price": format_scaled(row.index_units, 8) if row.index_units else None,
                    "live_sources": row.live_sources,
                    "minimum_sources": row.minimum_sources,
                    "sources": [_source(part) for part in made_of.get(row.time_ns, [])],
                }
                for row in rows
            ]
        }
    )


async def get_mark_samples(request: LaneRequest) -> LaneResponse:
    """The last mark of each second, ascending: the first from `start_ms` on, else the newest."""
    spec = await _spec(request)
    start_ms, end_ms = _window(request)
    last_ms = time.time_ns() // NS_PER_MS if end_ms is None else end_ms
    limit = values.limit(request.params, 60, SECONDS_MAX)
    rows = await ask(
        get_price_samples,
        spec.id,
        (start_ms or 0) * NS_PER_MS,
        (last_ms + 1) * NS_PER_MS - 1,
        limit,
        newest=start_ms is None,
    )
    return answer(
        {
            "samples": [
                {
                    "time_ms": row.time_ns // NS_PER_MS,
                    "mark_price": spec.price_text(row.mark_ticks),
                    "index_price": spec.price_text(row.index_ticks),
                    "funding_rate": _rate(row.funding_rate_ppb),
                    "next_funding_ms": row.next_funding_ns // NS_PER_MS,
                }
                for row in rows
            ]
        }
    )


ROUTES: Routes = {
    ("GET", f"{MARKET}/candles"): Route(get_candles, 5),
    ("GET", f"{MARKET}/statistics"): Route(get_statistics),
    ("GET", f"{MARKET}/funding"): Route(get_funding, 5),
    ("GET", f"{MARKET}/open-interest"): Route(get_open_interest, 5),
    ("GET", f"{MARKET}/ratios"): Route(get_ratios, 5),
    ("GET", f"{MARKET}/index"): Route(get_index, 5),
    ("GET", f"{MARKET}/index-samples"): Route(get_index_samples, 10),
    ("GET", f"{MARKET}/mark-samples"): Route(get_mark_samples, 5),
}
