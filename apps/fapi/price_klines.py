"""Candles of the mark, the index and the premium, from their own rows."""

from __future__ import annotations

from typing import Any, Literal

from apps.common.intervals import INTERVALS
from apps.common.lane import LaneRequest, LaneResponse, answer
from apps.common.rows import ask
from apps.fapi import formats
from apps.fapi.candle_pages import Asked, Form, listed, price_page
from apps.fapi.klines import asked, first_open
from apps.instruments.types import InstrumentSpec
from apps.marketdata.selectors import get_premium_candles, get_price_candles
from apps.marketdata.types import PremiumCandleRow, PriceCandleRow

Price = Literal["mark", "index"]


def _array(row: PriceCandleRow | PremiumCandleRow, prices: list[str], count: int) -> list[Any]:
    """The array of twelve; a price has no volume."""
    return [row.open_ms, *prices, "0", row.close_ms, "0", count, "0", "0", "0"]


def price_array(spec: InstrumentSpec, row: PriceCandleRow) -> list[Any]:
    edges = row.open_ticks, row.high_ticks, row.low_ticks, row.close_ticks
    return _array(row, [formats.long_price(spec, ticks) for ticks in edges], row.change_count)


def premium_array(_: InstrumentSpec, row: PremiumCandleRow) -> list[Any]:
    edges = row.open_ppb, row.high_ppb, row.low_ppb, row.close_ppb
    return _array(row, [formats.rate(ppb) for ppb in edges], row.sample_count)


PRICE_FORM, PREMIUM_FORM = Form("fapi", price_array), Form("fapi", premium_array)


def _bounds(wanted: Asked) -> dict[str, int | None]:
    start_ms = None if wanted.start_ms is None else first_open(wanted.interval, wanted.start_ms)
    return {"start_ms": start_ms, "end_ms": wanted.end_ms}


async def _price_klines(wanted: Asked, price: Price) -> LaneResponse:
    page = await price_page(price, wanted, PRICE_FORM)
    if page is not None:
        return listed(page)
    spec, span_ms = wanted.spec, INTERVALS[wanted.interval]
    rows = await ask(get_price_candles, spec.id, price, span_ms, **_bounds(wanted), limit=wanted.limit)
    return answer([price_array(spec, row) for row in rows])


async def get_mark_klines(request: LaneRequest) -> LaneResponse:
    return await _price_klines(await asked(request.params, "symbol"), "mark")


async def get_index_klines(request: LaneRequest) -> LaneResponse:
    return await _price_klines(await asked(request.params, "pair"), "index")


async def get_premium_klines(request: LaneRequest) -> LaneResponse:
    """Of every premium sample, those a funding rate is made from."""
    wanted = await asked(request.params, "symbol")
    page = await price_page("premium", wanted, PREMIUM_FORM)
    if page is not None:
        return listed(page)
    spec, span_ms = wanted.spec, INTERVALS[wanted.interval]
    rows = await ask(get_premium_candles, spec.id, span_ms, **_bounds(wanted), limit=wanted.limit)
    return answer([premium_array(spec, row) for row in rows])
