"""Candles of every interval, live: one bar of a batch's trades merged into each open candle.

The clock is the engine's: a candle closes when an event later than its end was seen, so none is ever
corrected. An interval without trades has a candle too: flat at the previous close.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence

from apps.common.intervals import INTERVALS, next_open, open_of
from apps.feeds.types import TradeTick
from apps.marketdata.types import CandleRow

KEPT_CANDLES = 1500


class Candle:
    """A candle being built; all fields are those of CandleRow."""

    __slots__ = (
        "close_ms",
        "close_ticks",
        "first_trade_id",
        "high_ticks",
        "last_trade_id",
        "low_ticks",
        "open_ms",
        "open_ticks",
        "quote_units",
        "taker_buy_lots",
        "taker_buy_quote_units",
        "trade_count",
        "version",
        "volume_lots",
    )

    def __init__(self, open_ms: int, close_ms: int, flat_ticks: int) -> None:
        self.open_ms, self.close_ms = open_ms, close_ms
        self.open_ticks = self.high_ticks = self.low_ticks = self.close_ticks = flat_ticks
        self.volume_lots = self.quote_units = self.taker_buy_lots = self.taker_buy_quote_units = 0
        self.trade_count = 0
        self.first_trade_id = self.last_trade_id = -1
        self.version = 0

    @classmethod
    def of_trades(cls, trades: Sequence[TradeTick], tick_lot_units: int) -> Candle:
        """The bar of consecutive trades (at least one); its times are those of the first and last trade."""
        bar = cls(trades[0].time_ns // 1_000_000, trades[-1].time_ns // 1_000_000, trades[0].price_ticks)
        bar.close_ticks = trades[-1].price_ticks
        bar.first_trade_id, bar.last_trade_id = trades[0].trade_id, trades[-1].trade_id
        bar.trade_count = len(trades)
        for trade in trades:
            price, lots = trade.price_ticks, trade.quantity_lots
            bar.high_ticks = max(bar.high_ticks, price)
            bar.low_ticks = min(bar.low_ticks, price)
            bar.volume_lots += lots
            bar.quote_units += price * lots
            if not trade.buyer_is_maker:
                bar.taker_buy_lots += lots
                bar.taker_buy_quote_units += price * lots
        bar.quote_units *= tick_lot_units
        bar.taker_buy_quote_units *= tick_lot_units
        return bar

    def merge(self, bar: Candle) -> None:
        """Take in a later bar."""
        if self.trade_count:
            self.high_ticks = max(self.high_ticks, bar.high_ticks)
            self.low_ticks = min(self.low_ticks, bar.low_ticks)
        else:
            self.open_ticks, self.high_ticks, self.low_ticks = bar.open_ticks, bar.high_ticks, bar.low_ticks
            self.first_trade_id = bar.first_trade_id
        self.close_ticks = bar.close_ticks
        self.last_trade_id = bar.last_trade_id
        self.volume_lots += bar.volume_lots
        self.quote_units += bar.quote_units
        self.taker_buy_lots += bar.taker_buy_lots
        self.taker_buy_quote_units += bar.taker_buy_quote_units
        self.trade_count += bar.trade_count
        self.version += 1

    def image(self) -> CandleRow:
        return CandleRow(
            self.open_ms,
            self.close_ms,
            self.open_ticks,
            self.high_ticks,
            self.low_ticks,
            self.close_ticks,
            self.volume_lots,
            self.quote_units,
            self.taker_buy_lots,
            self.taker_buy_quote_units,
            self.trade_count,
            self.first_trade_id,
            self.last_trade_id,
        )


class CandleSeries:
    """One interval: the open candle and the last closed ones, oldest first, without holes."""

    __slots__ = ("_length_ms", "closed", "current", "interval", "loaded_ms")

    def __init__(self, interval: str) -> None:
        self.interval, self._length_ms = interval, INTERVALS[interval]
        self.current: Candle | None = None
        self.closed: deque[Candle] = deque(maxlen=KEPT_CANDLES)
        self.loaded_ms = 0  # where the newest stored candle opens; 0 when none was loaded

    def merge(self, bar: Candle) -> None:
        """Take in a bar that lies within one candle of this interval, not before the open one."""
        self.roll(bar.open_ms)
        if self.current is None:
            self.current = self._new(open_of(self._length_ms, bar.open_ms), bar.open_ticks)
        self.current.merge(bar)

    def roll(self, time_ms: int) -> None:
        """Close candles that ended before `time_ms`; the next one opens flat."""
        current = self.current
        if current is None or time_ms <= current.close_ms:
            return
        target = open_of(self._length_ms, time_ms)
        while current.open_ms < target:
            self.closed.append(current)
            opens = next_open(self._length_ms, current.open_ms)
            if target - opens > KEPT_CANDLES * (current.close_ms + 1 - current.open_ms):
                opens = target
            current = self._new(opens, current.close_ticks)
        self.current = current

    def load(self, candles: Iterable[Candle]) -> None:
        """Start from stored candles, oldest first; the last one may still be open."""
        self.closed.clear()
        self.current = None
        for candle in candles:
            if self.current is not None:
                self.roll(candle.open_ms)
            self.current = candle
            self.loaded_ms = candle.open_ms

    def _new(self, open_ms: int, flat_ticks: int) -> Candle:
        return Candle(open_ms, next_open(self._length_ms, open_ms) - 1, flat_ticks)


class Candles:
    """All intervals of one instrument."""

    __slots__ = ("series",)

    def __init__(self) -> None:
        self.series = {interval: CandleSeries(interval) for interval in INTERVALS}

    def merge(self, bar: Candle) -> None:
        """Take in a bar that lies within one minute."""
        for series in self.series.values():
            series.merge(bar)

    def roll(self, time_ms: int) -> None:
        for series in self.series.values():
            series.roll(time_ms)


def minute_bars(trades: Sequence[TradeTick], tick_lot_units: int) -> list[Candle]:
    """Consecutive trades cut at minute borders, where every longer interval's border lies, a bar each."""
    bars, start = [], 0
    while start < len(trades):
        minute = trades[start].time_ns // 60_000_000_000
        end = start + 1
        while end < len(trades) and trades[end].time_ns // 60_000_000_000 == minute:
            end += 1
        bars.append(Candle.of_trades(trades[start:end], tick_lot_units))
        start = end
    return bars
