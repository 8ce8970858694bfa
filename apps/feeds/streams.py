"""Market streams of one instrument: what each sends after a batch, and what on its beat.

A stream knows nothing of sockets. `period` is its beat in ticks of 50 ms; 0 means "with every batch".
`lossless` streams may never skip anything silently: after a gap their sockets are closed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from apps.feeds import payloads
from apps.feeds.batches import Forced
from apps.feeds.candles import Candle
from apps.feeds.market import Change, Market
from apps.feeds.payloads import Payload
from apps.feeds.tape import aggregate
from matcher.protocol.events import Event


class Stream:
    """Sends nothing: the base, and the form of names that are known but have nothing to tell yet."""

    lossless: ClassVar[bool] = False
    kinds: frozenset[int] = frozenset()
    period = 0

    def on_batch(self, change: Change, now_ms: int) -> list[Payload]:  # noqa: ARG002
        return []

    def on_beat(self, now_ms: int) -> list[Payload]:  # noqa: ARG002
        return []

    def on_events(self, events: Sequence[Event], now_ms: int) -> list[Payload]:  # noqa: ARG002
        """Events of one batch whose kind is in `kinds`: a market stream gets those of its own instrument."""
        return []

    def on_terms(self, market: Market, now_ms: int) -> list[Payload]:  # noqa: ARG002
        """An instrument is new, or has another state or other terms."""
        return []


class MarketStream(Stream):
    """A stream of one instrument."""

    def __init__(self, market: Market, period: int = 0) -> None:
        self.market = market
        self.period = period


class DepthStream(MarketStream):
    """Differences. U is the update after the previous event's u, so events tile the engine's sequence."""

    lossless = True

    def __init__(self, market: Market, period: int) -> None:
        super().__init__(market, period)
        self._previous = market.head.seq
        self._bids: dict[int, int] = {}
        self._asks: dict[int, int] = {}
        self._last = 0
        self._engine_ms = 0

    def on_batch(self, change: Change, now_ms: int) -> list[Payload]:
        if not change.last_seq:
            return []
        self._bids.update(change.bids)
        self._asks.update(change.asks)
        self._last = change.last_seq
        self._engine_ms = change.time_ns // 1_000_000
        return [] if self.period else self.on_beat(now_ms)

    def on_beat(self, now_ms: int) -> list[Payload]:
        if not self._last:
            return []
        ids = (self._previous, self._last)
        bids, asks = list(self._bids.items()), list(self._asks.items())
        self._previous, self._last = self._last, 0
        self._bids.clear()
        self._asks.clear()
        return [payloads.depth_update(self.market.texts, (now_ms, self._engine_ms), ids, bids, asks)]


class PartialDepthStream(MarketStream):
    """The top levels whole, when the book changed."""

    def __init__(self, market: Market, period: int, levels: int) -> None:
        super().__init__(market, period)
        self._levels = levels
        self._previous = market.head.seq
        self._last = 0

    def on_batch(self, change: Change, now_ms: int) -> list[Payload]:
        self._last = change.last_seq or self._last
        return [] if self.period else self.on_beat(now_ms)

    def on_beat(self, now_ms: int) -> list[Payload]:
        if not self._last:
            return []
        book = self.market.book
        ids = (self._previous, self._last)
        self._previous, self._last = self._last, 0
        bids, asks = book.bids.top(self._levels), book.asks.top(self._levels)
        times = (now_ms, book.changed_ns // 1_000_000)
        return [payloads.depth_update(self.market.texts, times, ids, bids, asks)]


class TradeStream(MarketStream):
    lossless = True

    def on_batch(self, change: Change, now_ms: int) -> list[Payload]:
        return [payloads.trade(self.market.texts, now_ms, tick) for tick in change.trades]


class AggregateTradeStream(MarketStream):
    lossless = True

    def on_batch(self, change: Change, now_ms: int) -> list[Payload]:
        return [payloads.aggregate_trade(self.market.texts, now_ms, tick) for tick in aggregate(change.trades)]


class BookTickerStream(MarketStream):
    def on_batch(self, change: Change, now_ms: int) -> list[Payload]:
        return [payloads.book_ticker(self.market.texts, now_ms, self.market.book.best())] if change.best_changed else []


class MarkPriceStream(MarketStream):
    def on_beat(self, now_ms: int) -> list[Payload]:
        mark = self.market.mark
        return [payloads.mark_price(self.market, now_ms, mark)] if mark else []


class ForceOrderStream(MarketStream):
    """The newest liquidation order since the last beat."""

    def __init__(self, market: Market, period: int) -> None:
        super().__init__(market, period)
        self._latest: Forced | None = None

    def on_batch(self, change: Change, now_ms: int) -> list[Payload]:  # noqa: ARG002
        if change.forced:
            self._latest = change.forced[-1]
        return []

    def on_beat(self, now_ms: int) -> list[Payload]:
        latest, self._latest = self._latest, None
        return [payloads.force_order(self.market.texts, now_ms, latest)] if latest else []


class TickerStream(MarketStream):
    def on_beat(self, now_ms: int) -> list[Payload]:
        market = self.market
        return [payloads.ticker(market.texts, now_ms, market.statistics(now_ms))] if market.is_whole else []


class MiniTickerStream(MarketStream):
    def on_beat(self, now_ms: int) -> list[Payload]:
        market = self.market
        return [payloads.mini_ticker(market.texts, now_ms, market.statistics(now_ms))] if market.is_whole else []


class KlineStream(MarketStream):
    """The open candle when it changed, and every closed one once, as final."""

    lossless = True

    def __init__(self, market: Market, period: int, interval: str, *, continuous: bool = False) -> None:
        super().__init__(market, period)
        self._interval = interval
        self._payload = payloads.continuous_kline if continuous else payloads.kline
        self._series = market.candles.series[interval]
        self._series.roll(market.head.time_ms)  # what closed while nobody watched is no news to the first reader
        self._seen = self._series.current
        self._version = self._seen.version if self._seen else 0

    def on_beat(self, now_ms: int) -> list[Payload]:
        series = self._series
        if not self.market.is_whole:
            return []
        series.roll(self.market.head.time_ms)
        current = series.current
        if current is None:
            return []
        told = []
        if current is not self._seen:
            told = [self._tell(candle, now_ms, closed=True) for candle in self._closed()]
            self._seen, self._version = current, -1
        if current.version != self._version:
            self._version = current.version
            told.append(self._tell(current, now_ms, closed=False))
        return told

    def _closed(self) -> list[Candle]:
        """Candles closed since the one seen last, that one included."""
        if self._seen is None:
            return []
        opens, fresh = self._seen.open_ms, []
        for candle in reversed(self._series.closed):
            if candle.open_ms < opens:
                break
            fresh.append(candle)
        return fresh[::-1]

    def _tell(self, candle: Candle, now_ms: int, *, closed: bool) -> Payload:
        return self._payload(self.market.texts, now_ms, self._interval, candle, closed)
