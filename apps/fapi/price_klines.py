"""Candles of the mark, the index and the premium, from their own rows."""

from __future__ import annotations

from typing import Any, Literal

from apps.common.lane import LaneRequest, LaneResponse, answer
from apps.common.rows import ask
from apps.fapi import formats
from apps.fapi.klines import INTERVAL_MS, asked, first_open
from apps.instruments.types import InstrumentSpec
from apps.marketdata.selectors import get_price_candles
from apps.marketdata.types import PriceCandleRow
from matcher.protocol.units import ASSET_UNIT, format_scaled

Price = Literal["mark", "index"]


async def _candles(  # noqa: PLR0917 -- the words of a candle question, in their usual order
    price: Price, spec: InstrumentSpec, interval: str, start_ms: int | None, end_ms: int | None, limit: int
) -> list[PriceCandleRow]:
    return await ask(
        get_price_candles, spec.id, price, INTERVAL_MS[interval], start_ms=start_ms, end_ms=end_ms, limit=limit
    )


def _array(row: PriceCandleRow, prices: list[str]) -> list[Any]:
    """The array of twelve; a price has no volume."""
    return [row.open_ms, *prices, "0", row.close_ms, "0", row.change_count, "0", "0", "0"]


async def _price_klines(request: LaneRequest, name: str, price: Price) -> LaneResponse:
    spec, interval, start_ms, end_ms, limit = await asked(request.params, name)
    start_ms = None if start_ms is None else first_open(interval, start_ms)
    rows = await _candles(price, spec, interval, start_ms, end_ms, limit)
    return answer([_array(row, [formats.long_price(spec, ticks) for ticks in _prices(row)]) for row in rows])


def _prices(row: PriceCandleRow) -> tuple[int, int, int, int]:
    return row.open_ticks, row.high_ticks, row.low_ticks, row.close_ticks


async def get_mark_klines(request: LaneRequest) -> LaneResponse:
    return await _price_klines(request, "symbol", "mark")


async def get_index_klines(request: LaneRequest) -> LaneResponse:
    return await _price_klines(request, "pair", "index")


async def get_premium_klines(request: LaneRequest) -> LaneResponse:
    """(mark - index) / index at open and close; high and low are the greater and the smaller of the two."""
    spec, interval, start_ms, end_ms, limit = await asked(request.params, "symbol")
    start_ms = None if start_ms is None else first_open(interval, start_ms)
    marks = await _candles("mark", spec, interval, start_ms, end_ms, limit)
    indexes = {row.open_ms: row for row in await _candles("index", spec, interval, start_ms, end_ms, limit)}
    return answer([_array(row, _premiums(row, indexes[row.open_ms])) for row in marks if row.open_ms in indexes])


def _premiums(mark: PriceCandleRow, index: PriceCandleRow) -> list[str]:
    opens, closes = _premium(mark.open_ticks, index.open_ticks), _premium(mark.close_ticks, index.close_ticks)
    return [format_scaled(units, 8) for units in (opens, max(opens, closes), min(opens, closes), closes)]


def _premium(mark_ticks: int, index_ticks: int) -> int:
    return (mark_ticks - index_ticks) * ASSET_UNIT // index_ticks if index_ticks else 0
