"""The public channels of the native socket, and what each says: at once (`snapshot`), and from then on.

A channel that `keeps_history` says everything exactly once, so that a reader who was away can be given what it
missed; the others say how things stand, and the newest message is all there is to know.
"""

from __future__ import annotations

import zlib
from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, ClassVar, Protocol, cast

from apps.common.intervals import INTERVALS
from apps.feeds.batches import Batch, Forced, iter_levels
from apps.feeds.candles import Candle
from apps.feeds.market import Change, Market
from apps.feeds.native_words import NO_INSTRUMENT, Terms, describe_event
from apps.feeds.payloads import average_price, change_percent, money
from apps.feeds.types import TradeTick
from matcher.protocol.enums import TradingState
from matcher.protocol.events import (
    Event,
    FundingSampled,
    FundingSettled,
    InstrumentSettled,
    InsuranceChanged,
    MarkPriceChanged,
    OrderAccepted,
    OrderAmended,
    OrderCanceled,
    OrderExpired,
    OrderFilled,
    OrderImage,
    OrderTriggered,
    TradingStateChanged,
)
from matcher.protocol.units import format_scaled

CHECKSUM_LEVELS = 10
SNAPSHOT_TRADES = 50
TICKS_100MS, TICKS_CANDLE, TICKS_SECOND = 2, 5, 20
Data = Any
_BOOK_KINDS = frozenset(
    event.KIND for event in (OrderAccepted, OrderAmended, OrderCanceled, OrderExpired, OrderFilled, OrderTriggered)
)


class Surroundings(Protocol):
    """What channels need of the hub."""

    symbols: dict[str, Market]
    markets: dict[int, Market]
    assets: dict[int, str]
    funds: dict[int, int]


class Facts:
    """One batch as channels read it; each part is read once, when the first channel asks."""

    def __init__(self, batch: Batch) -> None:
        self.batch = batch
        self._trades: dict[int, list[TradeTick]] | None = None
        self._forced: dict[int, list[Forced]] | None = None

    def trades(self, instrument: int) -> list[TradeTick]:
        if instrument not in self.batch.traded:
            return []
        if self._trades is None:
            self._trades = defaultdict(list)
            for fill in self.batch.fills():
                if not fill.is_maker:
                    self._trades[fill.instrument].append(
                        TradeTick(
                            fill.trade_id, fill.price_ticks, fill.quantity_lots, fill.time_ns, fill.is_sell, fill.seq
                        )
                    )
        return self._trades.get(instrument, [])

    def forced(self, instrument: int) -> list[Forced]:
        if self._forced is None:
            self._forced = defaultdict(list)
            for forced in self.batch.forced():
                self._forced[forced.instrument].append(forced)
        return self._forced.get(instrument, [])

    def events(self, kinds: frozenset[int], instrument: int | None = None) -> list[Event]:
        found = self.batch.of_kinds(kinds)
        return [event for event in found if instrument is None or event.instrument == instrument]


class Channel(ABC):
    """One name. `seq` is the end of the last batch that was told of."""

    keeps_history: ClassVar[bool] = False
    period: ClassVar[int] = 0

    def __init__(self, name: str, seq: int) -> None:
        self.name, self.seq = name, seq

    def on_batch(self, facts: Facts, change: Change | None) -> Data | None:  # noqa: ARG002
        """What a batch makes it say; `change` is that of the channel's market. None for nothing."""
        return None

    def on_beat(self, now_ms: int) -> Data | None:  # noqa: ARG002
        """What it says on its beat; None for nothing."""
        return None

    @abstractmethod
    def snapshot(self, now_ms: int) -> Data:
        """Everything it tells, as it stands now."""

    def replay(self, facts: Sequence[Facts]) -> Iterable[tuple[int, int, Data]] | None:
        """What was missed, message by message: (seq, time_ns, data). None when that cannot be told.

        Each message is made when it is asked for: nobody pays for what is too long to be sent.
        """
        return (
            (one.batch.last_seq, one.batch.time_ns, data)
            for one in facts
            if (data := self.on_batch(one, None)) is not None
        )


class MarketChannel(Channel):
    """Of one instrument."""

    def __init__(self, name: str, seq: int, market: Market) -> None:
        super().__init__(name, seq)
        self.market = market

    @property
    def terms(self) -> Terms:
        texts = self.market.texts
        return Terms(texts.price, texts.quantity, texts.spec.symbol)


class BookChannel(MarketChannel):
    """Levels with their new totals, 0 for gone, and the checksum of the book after them."""

    keeps_history = True

    def on_batch(self, facts: Facts, change: Change | None) -> Data | None:  # noqa: ARG002
        if change is None or not change.last_seq:
            return None
        return self._told(change.bids, change.asks)

    def _told(self, bids: Mapping[int, int], asks: Mapping[int, int]) -> Data:
        levels = self.market.texts.levels
        return {
            "bids": levels(list(bids.items())),
            "asks": levels(list(asks.items())),
            "checksum": checksum(self.market),
        }

    def snapshot(self, now_ms: int) -> Data:  # noqa: ARG002
        book = self.market.book
        return self._told(dict(book.bids.top(0)), dict(book.asks.top(0)))

    def replay(self, facts: Sequence[Facts]) -> Iterable[tuple[int, int, Data]] | None:
        """One message: the totals of now at every price that was touched."""
        touched = _touched(self.market.id, [one.batch for one in facts])
        if touched is None:
            return None
        if not touched[0] and not touched[1]:
            return []
        book, newest = self.market.book, facts[-1].batch
        bids = {price: book.bids.lots.get(price, 0) for price in touched[0]}
        asks = {price: book.asks.lots.get(price, 0) for price in touched[1]}
        return [(newest.last_seq, newest.time_ns, self._told(bids, asks))]


class SlowBookChannel(BookChannel):
    """The same, folded over 100 ms."""

    period = TICKS_100MS

    def __init__(self, name: str, seq: int, market: Market) -> None:
        super().__init__(name, seq, market)
        self._bids: dict[int, int] = {}
        self._asks: dict[int, int] = {}

    def on_batch(self, facts: Facts, change: Change | None) -> Data | None:  # noqa: ARG002
        if change is not None and change.last_seq:
            self._bids.update(change.bids)
            self._asks.update(change.asks)
        return None

    def on_beat(self, now_ms: int) -> Data | None:  # noqa: ARG002
        if not self._bids and not self._asks:
            return None
        data = self._told(self._bids, self._asks)
        self._bids, self._asks = {}, {}
        return data


def _touched(instrument: int, batches: Sequence[Batch]) -> tuple[set[int], set[int]] | None:
    """Prices of bids and asks whose totals may have changed; None when an order moved from a price nobody tells."""
    sides: tuple[set[int], set[int]] = (set(), set())
    places: dict[int, int] = {}
    for batch in batches:
        if batch.levels is not None:
            for _, price_ticks, _, own, side in iter_levels(batch.levels):
                if own == instrument:
                    sides[side].add(price_ticks)
            continue
        for event in batch.of_kinds(_BOOK_KINDS):
            if event.instrument != instrument:
                continue
            if isinstance(event, OrderFilled):
                for side in sides:  # the level is the maker's, whichever half this is
                    side.add(event.price_ticks)
            else:
                image = cast("OrderImage", event)
                if isinstance(event, OrderAmended) and image.order_id not in places:
                    return None
                sides[image.side].update((image.price_ticks, places.get(image.order_id, image.price_ticks)))
                places[image.order_id] = image.price_ticks
    return sides


def checksum(market: Market) -> int:
    """CRC-32 of the best ten levels as written: price:quantity of bid 1, ask 1, bid 2, ask 2 ... joined by colons."""
    texts, book = market.texts, market.book
    bids, asks = texts.levels(book.bids.top(CHECKSUM_LEVELS)), texts.levels(book.asks.top(CHECKSUM_LEVELS))
    return checksum_of(bids, asks)


def checksum_of(bids: Sequence[Sequence[str]], asks: Sequence[Sequence[str]]) -> int:
    """The same of levels as texts, best first."""
    words: list[str] = []
    for at in range(CHECKSUM_LEVELS):
        for levels in (bids, asks):
            if at < len(levels):
                words += levels[at]
    return zlib.crc32(":".join(words).encode())


class TradesChannel(MarketChannel):
    keeps_history = True

    def on_batch(self, facts: Facts, change: Change | None) -> Data | None:  # noqa: ARG002
        return [self._row(tick) for tick in facts.trades(self.market.id)] or None

    def snapshot(self, now_ms: int) -> Data:  # noqa: ARG002
        kept = self.market.trades
        return [self._row(kept[at]) for at in range(max(0, len(kept) - SNAPSHOT_TRADES), len(kept))]

    def _row(self, tick: TradeTick) -> Data:
        texts = self.market.texts
        return {
            "trade_id": str(tick.trade_id),
            "price": texts.price(tick.price_ticks),
            "quantity": texts.quantity(tick.quantity_lots),
            "taker_side": "sell" if tick.buyer_is_maker else "buy",
            "time_ms": tick.time_ns // 1_000_000,
        }


class BestChannel(MarketChannel):
    """Best bid and ask, when either changed; null where a side is empty."""

    def on_batch(self, facts: Facts, change: Change | None) -> Data | None:  # noqa: ARG002
        return self.snapshot(0) if change is not None and change.best_changed else None

    def snapshot(self, now_ms: int) -> Data:  # noqa: ARG002
        texts, book = self.market.texts, self.market.book
        return {
            "bid": texts.levels(book.bids.top(1))[0] if len(book.bids) else None,
            "ask": texts.levels(book.asks.top(1))[0] if len(book.asks) else None,
        }


class TickerChannel(MarketChannel):
    """The day and the prices of now, once a second when anything changed."""

    period = TICKS_SECOND

    def __init__(self, name: str, seq: int, market: Market) -> None:
        super().__init__(name, seq, market)
        self._told: Data = None

    def on_beat(self, now_ms: int) -> Data | None:
        data = self.snapshot(now_ms)
        if data == self._told or not self.market.is_whole:
            return None
        self._told = data
        return data

    def snapshot(self, now_ms: int) -> Data:
        market, texts = self.market, self.market.texts
        day, mark = market.statistics(now_ms), market.mark
        return {
            "last_price": texts.price(day.last_ticks),
            "change": texts.price(day.change_ticks),
            "change_percent": change_percent(day),
            "open": texts.price(day.open_ticks),
            "high": texts.price(day.high_ticks),
            "low": texts.price(day.low_ticks),
            "volume": texts.quantity(day.volume_lots),
            "quote_volume": money(day.quote_units),
            "trade_count": day.trade_count,
            "open_interest": texts.quantity(market.open_interest_lots),
            "mark_price": texts.price(mark.mark_ticks) if mark else None,
            "index_price": texts.price(mark.index_ticks) if mark else None,
        }


class MarkChannel(MarketChannel):
    """Mark and index price and the funding that is announced, with every new mark."""

    kinds: ClassVar[frozenset[int]] = frozenset({MarkPriceChanged.KIND})

    def on_batch(self, facts: Facts, change: Change | None) -> Data | None:  # noqa: ARG002
        return self.snapshot(0) if facts.events(self.kinds, self.market.id) else None

    def snapshot(self, now_ms: int) -> Data:  # noqa: ARG002
        market, mark = self.market, self.market.mark
        return {
            "mark_price": market.texts.price(mark.mark_ticks) if mark else None,
            "index_price": market.texts.price(mark.index_ticks) if mark else None,
            "funding_rate": format_scaled(market.funding_rate_ppb, 9),
            "next_funding_ms": mark.next_funding_ms if mark else None,
        }


class EventsChannel(MarketChannel):
    """Events of some kinds, as they were."""

    keeps_history = True
    kinds: ClassVar[frozenset[int]] = frozenset()

    def on_batch(self, facts: Facts, change: Change | None) -> Data | None:  # noqa: ARG002
        return [describe_event(event, self.terms, {}) for event in facts.events(self.kinds, self.market.id)] or None


class FundingChannel(EventsChannel):
    """Premium samples with the rate they predict, and settlements."""

    kinds = frozenset({FundingSampled.KIND, FundingSettled.KIND})

    def snapshot(self, now_ms: int) -> Data:  # noqa: ARG002
        market, mark = self.market, self.market.mark
        return {
            "predicted_rate": format_scaled(market.funding_rate_ppb, 9),
            "next_funding_ms": mark.next_funding_ms if mark else None,
        }


class StateChannel(EventsChannel):
    """Trading states and the settlement of a delisted instrument."""

    kinds = frozenset({TradingStateChanged.KIND, InstrumentSettled.KIND})

    def snapshot(self, now_ms: int) -> Data:  # noqa: ARG002
        return {"trading_state": TradingState(self.market.trading_state).name.lower()}


class LiquidationsChannel(MarketChannel):
    """Every liquidation's order that traded; `price` is the worst it would take."""

    keeps_history = True

    def on_batch(self, facts: Facts, change: Change | None) -> Data | None:  # noqa: ARG002
        return [self._row(forced) for forced in facts.forced(self.market.id)] or None

    def snapshot(self, now_ms: int) -> Data:  # noqa: ARG002
        return []

    def _row(self, forced: Forced) -> Data:
        texts = self.market.texts
        value = forced.filled_value * texts.spec.tick_lot_units
        return {
            "side": "sell" if forced.is_sell else "buy",
            "price": texts.price(forced.price_ticks),
            "quantity": texts.quantity(forced.quantity_lots),
            "filled_quantity": texts.quantity(forced.filled_lots),
            "average_price": average_price(texts, value, forced.filled_lots),
            "time_ms": forced.time_ns // 1_000_000,
        }


class CandlesChannel(MarketChannel):
    """Every 250 ms: candles closed since the last message, and the open one when it changed."""

    period = TICKS_CANDLE

    def __init__(self, name: str, seq: int, market: Market, interval: str) -> None:
        super().__init__(name, seq, market)
        self._series = market.candles.series[interval]
        self._series.roll(market.head.time_ms)
        self._seen: tuple[int, int] = self._place()

    def _place(self) -> tuple[int, int]:
        current = self._series.current
        return (current.open_ms, current.version) if current is not None else (0, 0)

    def on_beat(self, now_ms: int) -> Data | None:  # noqa: ARG002
        if not self.market.is_whole:
            return None
        self._series.roll(self.market.head.time_ms)
        opened, version = self._seen
        self._seen = self._place()
        if self._seen == (opened, version):
            return None
        fresh = [candle for candle in self._series.closed if candle.open_ms >= opened > 0]
        return [self._row(candle, closed=True) for candle in fresh] + self.snapshot(0)

    def snapshot(self, now_ms: int) -> Data:  # noqa: ARG002
        current = self._series.current
        return [self._row(current, closed=False)] if current is not None and self.market.is_whole else []

    def _row(self, candle: Candle, *, closed: bool) -> Data:
        texts = self.market.texts
        return {
            "open_ms": candle.open_ms,
            "close_ms": candle.close_ms,
            "open": texts.price(candle.open_ticks),
            "high": texts.price(candle.high_ticks),
            "low": texts.price(candle.low_ticks),
            "close": texts.price(candle.close_ticks),
            "volume": texts.quantity(candle.volume_lots),
            "quote_volume": money(candle.quote_units),
            "trade_count": candle.trade_count,
            "closed": closed,
        }


class InsuranceChannel(Channel):
    """The insurance funds: every change of their money; at first all balances."""

    keeps_history = True
    kinds: ClassVar[frozenset[int]] = frozenset({InsuranceChanged.KIND})

    def __init__(self, name: str, seq: int, hub: Surroundings) -> None:
        super().__init__(name, seq)
        self._hub = hub

    def on_batch(self, facts: Facts, change: Change | None) -> Data | None:  # noqa: ARG002
        told = []
        for event in facts.events(self.kinds):
            market = self._hub.markets.get(event.instrument)
            row = describe_event(event, NO_INSTRUMENT, self._hub.assets)
            row.pop("source_wallet", None)
            told.append(row | {"symbol": market.spec.symbol if market is not None else None})
        return told or None

    def snapshot(self, now_ms: int) -> Data:  # noqa: ARG002
        return [
            {"asset": self._hub.assets.get(asset, str(asset)), "wallet": money(units)}
            for asset, units in sorted(self._hub.funds.items())
        ]


_MARKET_CHANNELS: dict[str, Callable[[str, int, Market], Channel]] = {
    "book": BookChannel,
    "book100": SlowBookChannel,
    "trades": TradesChannel,
    "best": BestChannel,
    "ticker": TickerChannel,
    "mark": MarkChannel,
    "funding": FundingChannel,
    "state": StateChannel,
    "liquidations": LiquidationsChannel,
}
PUBLIC_CHANNELS = (
    *(f"{kind}.{{symbol}}" for kind in _MARKET_CHANNELS),
    "candles.{symbol}.{interval}",
    "insurance",
)


def open_channel(name: str, seq: int, hub: Surroundings) -> Channel | None:
    """A new channel of that name; None when there is none of the kind or no such symbol."""
    if name == "insurance":
        return InsuranceChannel(name, seq, hub)
    kind, _, rest = name.partition(".")
    symbol, dot, interval = rest.partition(".")
    market = hub.symbols.get(symbol.lower()) if symbol.isupper() else None
    if market is None:
        return None
    if kind == "candles":
        return CandlesChannel(name, seq, market, interval) if interval in INTERVALS else None
    make = _MARKET_CHANNELS.get(kind)
    return make(name, seq, market) if make is not None and not dot else None
