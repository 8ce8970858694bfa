"""Candles: rows for the past, the hub for the open one, no holes between."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from apps.common.lane import LaneError
from apps.fapi import klines
from apps.feeds.types import Mark
from apps.instruments.types import InstrumentSpec
from apps.marketdata.types import CandleRow

MINUTE = 60_000
NOW = 1_795_180_980_000


def row(minute: int, close: int, volume: int = 5) -> CandleRow:
    opens = NOW + minute * MINUTE
    return CandleRow(opens, opens + MINUTE - 1, 100, 120, 90, close, volume, 500, 1, 100, 1, 1, 1)


class Hub:
    """A hub that knows one open candle, or only a mark."""

    def __init__(self, candle: CandleRow | None, *, whole: bool = True) -> None:
        self.open, self.whole = candle, whole

    def is_whole(self, instrument_id: int) -> bool:
        return self.whole

    def candle(self, instrument_id: int, interval: str) -> CandleRow | None:
        return self.open

    def mark(self, instrument_id: int) -> Mark:
        return Mark(85_000, 85_000, 0, 0, 0)


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Any:
    def build(rows: list[CandleRow], live: CandleRow | None) -> None:
        async def ask(  # noqa: PLR0917
            selector: object, instrument: int, interval: int, start: Any, end: Any, limit: int
        ) -> Any:
            kept = [one for one in rows if (start or 0) <= one.open_ms <= (end or 2**60)]
            return kept[:limit] if start is not None else kept[-limit:]

        monkeypatch.setattr(klines, "ask", ask)
        monkeypatch.setattr(klines, "get_hub", lambda: Hub(live))

    return build


async def test_the_open_candle_replaces_its_row(spec: InstrumentSpec, world: Any) -> None:
    world([row(-1, 100), row(0, 101)], row(0, 110, 9))
    found = await klines.find_candles(spec, "1m", None, None, 5)
    assert [(one.open_ms, one.close_ticks, one.volume_lots) for one in found] == [
        (NOW - MINUTE, 100, 5),
        (NOW, 110, 9),
    ]


async def test_a_part_of_the_open_candle_does_not_stand_for_its_row(
    monkeypatch: pytest.MonkeyPatch, spec: InstrumentSpec, world: Any
) -> None:
    """The hub has seen a few trades of it, the rows have the others."""
    world([row(-1, 100), row(0, 101)], None)
    monkeypatch.setattr(klines, "get_hub", lambda: Hub(row(0, 110, 1), whole=False))
    found = await klines.find_candles(spec, "1m", None, None, 5)
    assert [(one.close_ticks, one.volume_lots) for one in found] == [(100, 5), (101, 5)]


async def test_minutes_without_trades_are_flat(spec: InstrumentSpec, world: Any) -> None:
    world([row(-3, 100)], row(0, 110))
    found = await klines.find_candles(spec, "1m", None, None, 5)
    assert [one.close_ticks for one in found] == [100, 100, 100, 110]
    assert [one.volume_lots for one in found] == [5, 0, 0, 5]
    assert all(b.open_ms - a.open_ms == MINUTE for a, b in itertools.pairwise(found))


async def test_bounds_and_limit_hold(spec: InstrumentSpec, world: Any) -> None:
    rows = [row(n, 100) for n in range(-5, 1)]
    world(rows, row(0, 110))
    assert [one.open_ms for one in await klines.find_candles(spec, "1m", None, None, 2)] == [NOW - MINUTE, NOW]
    first = await klines.find_candles(spec, "1m", NOW - 5 * MINUTE + 1, None, 2)
    assert [one.open_ms for one in first] == [NOW - 4 * MINUTE, NOW - 3 * MINUTE]
    until = await klines.find_candles(spec, "1m", None, NOW - 2 * MINUTE, 5)
    assert until[-1].open_ms == NOW - 2 * MINUTE


async def test_a_market_without_trades_stands_at_its_mark(spec: InstrumentSpec, world: Any) -> None:
    world([], None)
    (only,) = await klines.find_candles(spec, "1m", None, None, 5)
    assert (only.open_ticks, only.close_ticks, only.volume_lots) == (85_000, 85_000, 0)
    assert klines.kline(spec, only)[1:6] == ["8500.0"] * 4 + ["0.000"]
    assert len(klines.kline(spec, only)) == 12


@pytest.mark.parametrize("interval", ["", "7m", "1H", "1mo"])
async def test_unknown_intervals(catalog: object, interval: str) -> None:
    with pytest.raises(LaneError) as error:
        await klines.asked({"symbol": "BTCUSDT", "interval": interval}, "symbol")
    assert error.value.code == (-1120 if interval else -1102)
