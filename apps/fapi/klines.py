"""Candles of trades, marks, indexes and premiums: rows for the past, the hub for the one that is open."""

from __future__ import annotations

import time
from typing import Any

from apps.common.intervals import INTERVALS, next_open, open_of
from apps.common.lane import LaneError, LaneRequest, LaneResponse, answer
from apps.common.rows import ask
from apps.fapi import errors, formats, values
from apps.fapi.candle_pages import Asked, Form, listed, trade_page
from apps.fapi.values import Params
from apps.feeds.hub import get_hub
from apps.instruments.types import InstrumentSpec
from apps.marketdata.selectors import get_candles
from apps.marketdata.types import CandleRow

LIMIT, LIMIT_MAX = 500, 1500


async def asked(params: Params, name: str) -> Asked:
    """The page a request means. Raises LaneError -1120 for an unknown interval."""
    spec = await values.find_instrument(values.required(params, name))
    interval = values.required(params, "interval")
    if interval not in INTERVALS:
        raise LaneError(-1120, "Invalid interval.", name="INVALID_INTERVAL")
    start_ms, end_ms = values.window(params)
    return Asked(spec, interval, start_ms, end_ms, values.limit(params, LIMIT, LIMIT_MAX))


async def find_candles(
    spec: InstrumentSpec, interval: str, start_ms: int | None, end_ms: int | None, limit: int
) -> list[CandleRow]:
    """Candles that open within the bounds, ascending, without holes; the newest `limit` without a start."""
    if start_ms is not None:
        start_ms = first_open(interval, start_ms)
    newest = _live(spec, interval)
    until_ms = end_ms
    if newest is not None:  # the wall's clock may be ahead of the engine's: no candle is later than the open one
        until_ms = newest.close_ms if end_ms is None else min(end_ms, newest.close_ms)
    rows = await ask(get_candles, spec.id, INTERVALS[interval], start_ms, until_ms, limit)
    live = _live(spec, interval)
    if start_ms is not None and live is not None and len(rows) >= limit and rows[limit - 1].open_ms < live.open_ms:
        return rows[:limit]
    if live is not None and (end_ms is None or live.open_ms <= end_ms):
        rows = _continued(rows, live, interval, limit)
    rows = [row for row in rows if start_ms is None or row.open_ms >= start_ms]
    return rows[:limit] if start_ms is not None else rows[-limit:]


def _continued(rows: list[CandleRow], live: CandleRow, interval: str, limit: int) -> list[CandleRow]:
    """The rows, then flat candles where nothing traded since, then the live one in place of its row."""
    kept = [row for row in rows if row.open_ms < live.open_ms]
    if kept:
        while len(kept) <= limit + LIMIT_MAX and next_open(INTERVALS[interval], kept[-1].open_ms) < live.open_ms:
            kept.append(_flat(kept[-1].close_ticks, interval, next_open(INTERVALS[interval], kept[-1].open_ms)))
    return [*kept, live]


def _live(spec: InstrumentSpec, interval: str) -> CandleRow | None:
    """The hub's open candle; None while the rows hold more of it."""
    if not get_hub().is_whole(spec.id):
        return None
    return get_hub().candle(spec.id, interval) or _flat_now(spec, interval)


def _flat(ticks: int, interval: str, open_ms: int) -> CandleRow:
    close_ms = next_open(INTERVALS[interval], open_ms) - 1
    return CandleRow(open_ms, close_ms, ticks, ticks, ticks, ticks, 0, 0, 0, 0, 0, -1, -1)


def _flat_now(spec: InstrumentSpec, interval: str) -> CandleRow | None:
    """Where nothing was ever traded, the open candle stands flat at the mark."""
    mark = get_hub().mark(spec.id)
    now_ms = time.time_ns() // formats.NS_PER_MS
    return _flat(mark.mark_ticks, interval, open_of(INTERVALS[interval], now_ms)) if mark else None


def first_open(interval: str, start_ms: int) -> int:
    opens = open_of(INTERVALS[interval], start_ms)
    return opens if opens == start_ms else next_open(INTERVALS[interval], opens)


def kline(spec: InstrumentSpec, candle: CandleRow) -> list[Any]:
    """The array of twelve."""
    return [
        candle.open_ms,
        spec.price_text(candle.open_ticks),
        spec.price_text(candle.high_ticks),
        spec.price_text(candle.low_ticks),
        spec.price_text(candle.close_ticks),
        spec.quantity_text(candle.volume_lots),
        candle.close_ms,
        formats.money(candle.quote_units),
        candle.trade_count,
        spec.quantity_text(candle.taker_buy_lots),
        formats.money(candle.taker_buy_quote_units),
        "0",
    ]


FORM = Form("fapi", kline)


async def _page(wanted: Asked) -> LaneResponse:
    page = await trade_page(wanted, FORM)
    if page is not None:
        return listed(page)
    return answer([kline(wanted.spec, candle) for candle in await find_candles(*wanted)])


async def get_klines(request: LaneRequest) -> LaneResponse:
    return await _page(await asked(request.params, "symbol"))


async def get_continuous_klines(request: LaneRequest) -> LaneResponse:
    """`contractType` is PERPETUAL; there is no other."""
    if values.required(request.params, "contractType") != "PERPETUAL":
        raise errors.not_valid("contractType")
    return await _page(await asked(request.params, "pair"))
