"""Statistics of the last 24 hours, from one bucket a minute; sums and extremes are kept, never recomputed."""

from __future__ import annotations

from collections import deque

from apps.common.intervals import DAY_MS, MINUTE_MS
from apps.feeds.candles import Candle
from apps.feeds.types import Statistics


class RollingDay:
    """The minutes that hold trades within the last 24 hours."""

    __slots__ = (
        "_highs",
        "_lows",
        "_minutes",
        "_quote_units",
        "_trade_count",
        "_volume_lots",
        "last_lots",
        "last_ticks",
    )

    def __init__(self) -> None:
        self._minutes: deque[Candle] = deque()
        self._highs: deque[Candle] = deque()  # falling highs: the first is the window's
        self._lows: deque[Candle] = deque()  # rising lows: the first is the window's
        self._volume_lots = self._quote_units = self._trade_count = 0
        self.last_ticks = self.last_lots = 0

    def clear(self) -> None:
        """Forget the window; the last price stays."""
        last_ticks, last_lots = self.last_ticks, self.last_lots
        self.__init__()  # type: ignore[misc]
        self.last_ticks, self.last_lots = last_ticks, last_lots

    def add(self, bar: Candle, last_lots: int) -> None:
        """Take in a bar of one minute (or part of it), not older than the newest one."""
        opens = bar.open_ms // MINUTE_MS * MINUTE_MS
        minutes = self._minutes
        if not minutes or minutes[-1].open_ms != opens:
            minutes.append(Candle(opens, opens + MINUTE_MS - 1, bar.open_ticks))
        minute = minutes[-1]
        minute.merge(bar)
        self._volume_lots += bar.volume_lots
        self._quote_units += bar.quote_units
        self._trade_count += bar.trade_count
        while self._highs and (self._highs[-1].high_ticks <= minute.high_ticks or self._highs[-1] is minute):
            self._highs.pop()
        self._highs.append(minute)
        while self._lows and (self._lows[-1].low_ticks >= minute.low_ticks or self._lows[-1] is minute):
            self._lows.pop()
        self._lows.append(minute)
        self.last_ticks, self.last_lots = bar.close_ticks, last_lots

    def read(self, now_ms: int, fallback_ticks: int = 0) -> Statistics:
        """The window that ends with the minute of `now_ms`; `fallback_ticks` stands in where nothing ever traded."""
        opens = (now_ms // MINUTE_MS + 1) * MINUTE_MS - DAY_MS
        self._expire(opens)
        minutes = self._minutes
        last = self.last_ticks or fallback_ticks
        return Statistics(
            open_ms=opens,
            close_ms=now_ms,
            open_ticks=minutes[0].open_ticks if minutes else last,
            high_ticks=self._highs[0].high_ticks if minutes else last,
            low_ticks=self._lows[0].low_ticks if minutes else last,
            last_ticks=last,
            last_lots=self.last_lots,
            volume_lots=self._volume_lots,
            quote_units=self._quote_units,
            first_trade_id=minutes[0].first_trade_id if minutes else -1,
            last_trade_id=minutes[-1].last_trade_id if minutes else -1,
            trade_count=self._trade_count,
        )

    def _expire(self, opens: int) -> None:
        minutes = self._minutes
        while minutes and minutes[0].open_ms < opens:
            gone = minutes.popleft()
            self._volume_lots -= gone.volume_lots
            self._quote_units -= gone.quote_units
            self._trade_count -= gone.trade_count
            if self._highs[0] is gone:
                self._highs.popleft()
            if self._lows[0] is gone:
                self._lows.popleft()
