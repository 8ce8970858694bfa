"""Candles of the mark, the index and the premium, live: `markPriceKline_*`, `indexPriceKline_*`, `premiumIndexKline_*`.

The open candle begins with what the rows hold of it; what the engine tells from then on is merged in. Nothing is told
before the rows have answered: what was open when the first reader came would be told with a part of its prices.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple, cast

from apps.common.intervals import INTERVALS, next_open, open_of
from apps.feeds import payloads
from apps.feeds.market import Market
from apps.feeds.payloads import Payload
from apps.feeds.streams import MarketStream
from matcher.protocol.events import Event, FundingSampled, MarkPriceChanged

Price = Literal["mark", "index", "premium"]
NAMES: dict[str, Price] = {
    "markPriceKline_": "mark",
    "indexPriceKline_": "index",
    "premiumIndexKline_": "premium",
}
CLOSED_MAX = 1500  # told at once
_EVENTS: dict[Price, str] = {"mark": "markPrice_kline", "index": "indexPrice_kline", "premium": "premiumIndex_kline"}


class StoredPrice(NamedTuple):
    """What the rows hold of a candle that is open or has just closed."""

    open_ms: int
    open: int
    high: int
    low: int
    close: int
    changes: int


class PriceCandle:
    """One candle: ticks, for the premium parts per billion; `changes` counts what it was made of."""

    __slots__ = ("changes", "close", "close_ms", "high", "low", "open", "open_ms")

    def __init__(self, open_ms: int, close_ms: int, flat: int) -> None:
        self.open_ms, self.close_ms = open_ms, close_ms
        self.open = self.high = self.low = self.close = flat
        self.changes = 0

    def add(self, value: int) -> None:
        if not self.changes:
            self.open = self.high = self.low = value
        self.high, self.low, self.close = max(self.high, value), min(self.low, value), value
        self.changes += 1

    def put_under(self, row: StoredPrice) -> None:
        """What was told before this process looked; events that both saw are counted twice, never missed."""
        if not row.changes:
            return  # the row is flat at the close before it
        if not self.changes:
            self.high, self.low, self.close = row.high, row.low, row.close
        self.open = row.open
        self.high, self.low = max(self.high, row.high), min(self.low, row.low)
        self.changes += row.changes


class PriceKlineStream(MarketStream):
    """The open candle when it changed, every closed one once as final."""

    lossless = True

    def __init__(self, market: Market, period: int, price: Price, interval: str) -> None:
        super().__init__(market, period)
        self.price, self.interval, self._length_ms = price, interval, INTERVALS[interval]
        self.kinds = frozenset({FundingSampled.KIND if price == "premium" else MarkPriceChanged.KIND})
        self._candle: PriceCandle | None = None
        self._closed: list[PriceCandle] = []
        self._told = 0
        self._is_loaded = False
        mark = market.mark
        if mark is not None and price != "premium":
            self._take(mark.event_ms, mark.mark_ticks if price == "mark" else mark.index_ticks)
            self._roll(market.head.time_ms)
            self._closed.clear()  # what closed while nobody watched is no news to the first reader

    def load(self, rows: Sequence[StoredPrice]) -> None:
        """The newest candles of the rows, oldest first, under those of the same time here."""
        self._is_loaded = True
        if self._candle is None and rows:
            newest = rows[-1]
            self._candle = PriceCandle(newest.open_ms, next_open(self._length_ms, newest.open_ms) - 1, newest.close)
        stored = {row.open_ms: row for row in rows}
        for candle in (*self._closed, self._candle):
            row = stored.get(candle.open_ms) if candle is not None else None
            if candle is not None and row is not None:
                candle.put_under(row)
                self._told = -1

    def on_events(self, events: Sequence[Event], now_ms: int) -> list[Payload]:  # noqa: ARG002
        for event in events:
            if isinstance(event, FundingSampled):
                self._take(event.sample_ns // 1_000_000, event.premium_ppb)  # as the rows are told: by its slot
            else:
                moved = cast("MarkPriceChanged", event)
                value = moved.mark_ticks if self.price == "mark" else moved.index_ticks
                self._take(event.time_ns // 1_000_000, value)
        return []

    def on_beat(self, now_ms: int) -> list[Payload]:
        if not self._is_loaded:
            return []
        if self.price != "premium":  # a slot may be sampled late: its candle ends with the first of the next one
            self._roll(self.market.head.time_ms)
        told = [self._tell(candle, now_ms, closed=True) for candle in self._closed]
        self._closed.clear()
        candle = self._candle
        if candle is not None and candle.changes != self._told:
            self._told = candle.changes
            told.append(self._tell(candle, now_ms, closed=False))
        return told

    def _take(self, time_ms: int, value: int) -> None:
        self._roll(time_ms)
        if self._candle is None:
            opens = open_of(self._length_ms, time_ms)
            self._candle = PriceCandle(opens, next_open(self._length_ms, opens) - 1, value)
        self._candle.add(value)

    def _roll(self, time_ms: int) -> None:
        """Close the candles that ended before `time_ms`, flat ones where nothing was told; the next begins flat."""
        candle = self._candle
        while candle is not None and time_ms > candle.close_ms:
            self._closed.append(candle)
            opens = candle.close_ms + 1
            if len(self._closed) >= CLOSED_MAX:
                opens = open_of(self._length_ms, time_ms)
            candle = self._candle = PriceCandle(opens, next_open(self._length_ms, opens) - 1, candle.close)
            self._told = -1

    def _tell(self, candle: PriceCandle, now_ms: int, *, closed: bool) -> Payload:
        texts = self.market.texts
        text = texts.price_8 if self.price != "premium" else payloads.rate
        symbol = texts.spec.symbol
        image = {
            "t": candle.open_ms,
            "T": candle.close_ms,
            "s": symbol,
            "i": self.interval,
            "f": 0,
            "L": 0,
            "o": text(candle.open),
            "c": text(candle.close),
            "h": text(candle.high),
            "l": text(candle.low),
            "v": "0",
            "n": candle.changes,
            "x": closed,
            "q": "0",
            "V": "0",
            "Q": "0",
            "B": "0",
        }
        return {"e": _EVENTS[self.price], "E": now_ms, "s": symbol, "ps": symbol, "k": image}
