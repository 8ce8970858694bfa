"""A book rebuilt from absolute level totals: what the engine holds, as of a sequence."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable

from apps.feeds.types import Best, Depth, Level
from matcher.protocol.enums import Side


class Head:
    """The newest engine sequence and time the hub has applied; shared by all books."""

    __slots__ = ("seq", "time_ns")

    def __init__(self) -> None:
        self.seq = 0
        self.time_ns = 0

    @property
    def time_ms(self) -> int:
        return self.time_ns // 1_000_000


class BookSide:
    """Totals by price, and the prices in order, best first."""

    __slots__ = ("_order", "_sign", "lots")

    def __init__(self, side: Side) -> None:
        self._sign = -1 if side == Side.BUY else 1
        self._order: list[int] = []
        self.lots: dict[int, int] = {}

    def set(self, price_ticks: int, quantity_lots: int) -> None:
        """The level's new total; 0 removes it."""
        if quantity_lots:
            if price_ticks not in self.lots:
                insort(self._order, price_ticks * self._sign)
            self.lots[price_ticks] = quantity_lots
        elif self.lots.pop(price_ticks, 0):
            del self._order[bisect_left(self._order, price_ticks * self._sign)]

    def load(self, levels: Iterable[Level]) -> None:
        self.lots = dict(levels)
        self._order = sorted(price * self._sign for price in self.lots)

    def best(self) -> Level:
        """(0, 0) when the side is empty."""
        if not self._order:
            return 0, 0
        price = self._order[0] * self._sign
        return price, self.lots[price]

    def top(self, limit: int) -> list[Level]:
        """The best `limit` levels, all of them when it is 0."""
        sign, lots = self._sign, self.lots
        return [(key * sign, lots[key * sign]) for key in self._order[: limit or None]]

    def __len__(self) -> int:
        return len(self._order)


class Book:
    """One instrument's levels. `loaded_seq` is the snapshot's sequence; older changes are in it already."""

    __slots__ = ("asks", "bids", "changed_ns", "head", "loaded_seq")

    def __init__(self, head: Head) -> None:
        self.head = head
        self.bids = BookSide(Side.BUY)
        self.asks = BookSide(Side.SELL)
        self.loaded_seq = 0
        self.changed_ns = 0

    def load(self, seq: int, time_ns: int, bids: Iterable[Level], asks: Iterable[Level]) -> None:
        """Replace everything by the engine's answer as of `seq`."""
        self.bids.load(bids)
        self.asks.load(asks)
        self.loaded_seq = seq
        self.changed_ns = time_ns

    def depth(self, limit: int) -> Depth:
        """The best `limit` levels a side (0 = all) as of the hub's sequence."""
        head = self.head
        return Depth(head.seq, head.time_ms, self.bids.top(limit), self.asks.top(limit))

    def best(self) -> Best:
        bid_ticks, bid_lots = self.bids.best()
        ask_ticks, ask_lots = self.asks.best()
        return Best(self.head.seq, self.head.time_ms, bid_ticks, bid_lots, ask_ticks, ask_lots)
