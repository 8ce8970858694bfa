"""Seeded order flows for measuring, and the plain-Python book they are made with.

    A  9 % GTC, 3 % IOC, 6 % cancel, 82 % move on about 1,000 resting orders (exchange-core's published mix)
    B  1,000,000 resting; then 50 % GTC, 30 % cancel, 15 % move, 5 % IOC of about four fills
    C  25 % IOC and 25 % GTC that cross, 45 % passive GTC, 5 % cancel on about 2,000 resting
    W  100,000 resting over a million prices; then 45 % GTC, 40 % cancel, 10 % move, 5 % IOC

A flow is bytes of 32 each: u64 order_id, i64 price, i64 quantity, u32 account, u8 kind (0 new,
1 cancel, 2 move), u8 side, u8 time_in_force (0 GTC, 1 IOC), u8 0. The first `preload` build the book.
The same seed gives the same bytes; `Outcome` is what a right book must end with.
"""

from __future__ import annotations

import random
import struct
from bisect import bisect_left, insort
from collections.abc import Callable
from dataclasses import dataclass, field
from math import ceil, floor

COMMAND = struct.Struct("<QqqIBBBB")
NEW, CANCEL, MOVE = 0, 1, 2
BUY, SELL = 0, 1
GTC, IOC = 0, 1
MASK = (1 << 64) - 1
PRIME = 0x100000001B3


@dataclass
class Outcome:
    """Trades so far, folded in order: every right book has the same."""

    count: int = 0
    volume: int = 0
    hash: int = 0

    def add(self, taker: int, maker: int, price: int, quantity: int) -> None:
        self.count += 1
        self.volume += quantity
        self.hash = (self.hash * PRIME + (taker ^ (maker << 20) ^ (price << 40) ^ quantity)) & MASK


@dataclass(slots=True)
class Resting:
    order_id: int
    price: int
    quantity: int
    account: int
    side: int


@dataclass
class PlainBook:
    """Price-time book of dicts and sorted lists: a level is an insertion-ordered dict of orders."""

    on_trade: Callable[[int, int, int, int], None]
    orders: dict[int, Resting] = field(default_factory=dict)
    levels: tuple[dict[int, dict[int, Resting]], dict[int, dict[int, Resting]]] = field(
        default_factory=lambda: ({}, {})
    )
    ladder: tuple[list[int], list[int]] = field(default_factory=lambda: ([], []))  # the best price is last

    def place(self, order: Resting, time_in_force: int = GTC) -> None:
        self._match(order)
        if order.quantity and time_in_force == GTC:
            self._rest(order)

    def cancel(self, order_id: int) -> None:
        if order_id in self.orders:
            self._remove(self.orders[order_id])

    def move(self, order_id: int, price: int, quantity: int) -> None:
        order = self.orders.get(order_id)
        if order is None:
            return
        self._remove(order)
        self.place(Resting(order_id, price, quantity, order.account, order.side))

    def best(self, side: int) -> int:
        """Best price of a side, 0 without one."""
        ladder = self.ladder[side]
        return abs(ladder[-1]) if ladder else 0

    def apply(self, kind: int, order: Resting, time_in_force: int) -> None:
        if kind == NEW:
            self.place(order, time_in_force)
        elif kind == CANCEL:
            self.cancel(order.order_id)
        else:
            self.move(order.order_id, order.price, order.quantity)

    def _match(self, taker: Resting) -> None:
        side = 1 - taker.side
        ladder, levels = self.ladder[side], self.levels[side]
        while taker.quantity and ladder:
            price = abs(ladder[-1])
            if price > taker.price if taker.side == BUY else price < taker.price:
                return
            level = levels[price]
            while taker.quantity and level:
                maker = next(iter(level.values()))
                fill = min(taker.quantity, maker.quantity)
                taker.quantity -= fill
                maker.quantity -= fill
                self.on_trade(taker.order_id, maker.order_id, price, fill)
                if not maker.quantity:
                    del level[maker.order_id], self.orders[maker.order_id]
            if not level:
                del levels[price]
                ladder.pop()

    def _rest(self, order: Resting) -> None:
        levels = self.levels[order.side]
        if order.price not in levels:
            levels[order.price] = {}
            insort(self.ladder[order.side], order.price if order.side == BUY else -order.price)
        levels[order.price][order.order_id] = order
        self.orders[order.order_id] = order

    def _remove(self, order: Resting) -> None:
        levels, ladder = self.levels[order.side], self.ladder[order.side]
        level = levels[order.price]
        del level[order.order_id], self.orders[order.order_id]
        if not level:
            del levels[order.price]
            ladder.pop(bisect_left(ladder, order.price if order.side == BUY else -order.price))


@dataclass
class Flow:
    """A made flow: packed commands, how many of them build the book, and what must come out."""

    name: str
    commands: bytes
    preload: int
    outcome: Outcome
    resting: int
    best_bid: int
    best_ask: int
    mid: int
    low: int
    high: int


class Maker:
    """Draws commands against a book of its own, so that every cancel and move names a resting order."""

    def __init__(self, seed: int, mid: int, low: int, high: int) -> None:
        self.mid, self.low, self.high = mid, low, high
        self.random = random.Random(seed)
        self.packed = bytearray()
        self.outcome = Outcome()
        self.last = mid
        self.book = PlainBook(self._traded)
        self.live: list[int] = []
        self.place_of: dict[int, int] = {}
        self.order_id = 0

    def _traded(self, taker: int, maker: int, price: int, quantity: int) -> None:
        self.outcome.add(taker, maker, price, quantity)
        self.last = price

    def note(self, order_id: int) -> None:
        """Keep `live` a list of resting ids from which a uniform pick is one draw."""
        rests, at = order_id in self.book.orders, self.place_of.get(order_id)
        if rests and at is None:
            self.place_of[order_id] = len(self.live)
            self.live.append(order_id)
        elif not rests and at is not None:
            tail = self.live.pop()
            del self.place_of[order_id]
            if tail != order_id:
                self.live[at] = tail
                self.place_of[tail] = at

    def pick(self) -> Resting:
        while True:
            order_id = self.live[int(self.random.random() * len(self.live))]
            if order_id in self.book.orders:
                return self.book.orders[order_id]
            self.note(order_id)

    def size(self) -> int:
        return 1 + int(self.random.random() ** 2 * 100)

    def new(self, side: int, price: int, quantity: int, time_in_force: int = GTC) -> None:
        self.order_id += 1
        price = min(max(price, self.low), self.high)
        account = int(self.random.random() * 500) + 500 * side  # buyers and sellers apart: STP looks, never acts
        self.packed += COMMAND.pack(self.order_id, price, quantity, account, NEW, side, time_in_force, 0)
        self.book.place(Resting(self.order_id, price, quantity, account, side), time_in_force)
        self.note(self.order_id)

    def cancel(self) -> None:
        order = self.pick()
        self.packed += COMMAND.pack(order.order_id, 0, 0, order.account, CANCEL, order.side, 0, 0)
        self.book.cancel(order.order_id)
        self.note(order.order_id)

    def move(self, reprice: Callable[[Resting], int]) -> None:
        order = self.pick()
        price = min(max(reprice(order), self.low), self.high)
        self.packed += COMMAND.pack(order.order_id, price, order.quantity, order.account, MOVE, order.side, 0, 0)
        self.book.move(order.order_id, price, order.quantity)
        self.note(order.order_id)

    def sweep_price(self, side: int) -> int:
        return self.high if side == BUY else self.low

    def done(self, name: str, preload: int) -> Flow:
        bid, ask = self.book.best(BUY), self.book.best(SELL)
        count = len(self.book.orders)
        return Flow(name, bytes(self.packed), preload, self.outcome, count, bid, ask, self.mid, self.low, self.high)


def _around_last(maker: Maker, side: int) -> int:
    width = 1 + int(maker.random.random() ** 2 * 1_600)
    offset = sum(int(maker.random.random() * width) for _ in range(4)) // 4 * 2 - width
    return maker.last + (offset if (offset > 0) == (side == SELL) else -offset)


def flow_a(commands: int, _scale: float) -> Flow:
    maker, target = Maker(1, 32_768, 1_000, 64_500), 1_000
    draw = maker.random

    def drift(order: Resting) -> int:
        gap = (maker.last - order.price) * 0.01
        if gap:
            return order.price + (ceil(gap) if gap > 0 else floor(gap))
        return order.price + draw.choice((-1, 1))

    while len(maker.book.orders) < target:
        side = draw.getrandbits(1)
        maker.new(side, _around_last(maker, side), maker.size())
    preload = maker.order_id
    for _ in range(commands):
        what, side = draw.random(), draw.getrandbits(1)
        if what < 0.12 and len(maker.book.orders) < target:
            maker.new(side, _around_last(maker, side), maker.size())
        elif what < 0.12:
            maker.new(side, maker.sweep_price(side), maker.size(), IOC)
        elif what < 0.18:
            maker.cancel()
        else:
            maker.move(drift)
    return maker.done("A", preload)


def flow_b(commands: int, scale: float) -> Flow:
    maker = Maker(2, 32_768, 1_000, 64_500)
    draw = maker.random

    def far(side: int) -> int:
        offset = min(1 + int(draw.expovariate(1 / 6_000)), 30_000)
        return maker.mid + (-offset if side == BUY else offset)

    for _ in range(int(1_000_000 * scale)):
        side = draw.getrandbits(1)
        maker.new(side, far(side), maker.size())
    preload = maker.order_id
    for _ in range(commands):
        what, side = draw.random(), draw.getrandbits(1)
        if what < 0.50:
            maker.new(side, far(side), maker.size())
        elif what < 0.80:
            maker.cancel()
        elif what < 0.95:
            maker.move(lambda order: far(order.side))
        else:
            maker.new(side, maker.sweep_price(side), 1 + int(draw.random() * 200), IOC)
    return maker.done("B", preload)


def flow_c(commands: int, _scale: float) -> Flow:
    maker, target = Maker(3, 32_768, 1_000, 64_500), 2_000
    draw, fair = maker.random, maker.mid

    def passive(side: int) -> None:
        offset = 1 + int(draw.expovariate(1 / 60))
        maker.new(side, fair + (-offset if side == BUY else offset), maker.size())

    for _ in range(target):
        passive(draw.getrandbits(1))
    preload = maker.order_id
    for _ in range(commands):
        what = draw.random()
        if what < 0.002:
            fair += draw.choice((-1, 1))
        side = draw.getrandbits(1)
        size = 1 + int(draw.random() ** 2 * 100 * len(maker.book.orders) / target)
        limit = fair + (200 if side == BUY else -200)
        if what < 0.50:
            maker.new(side, limit, size, IOC if what < 0.25 else GTC)
        elif what < 0.95:
            passive(draw.getrandbits(1))
        else:
            maker.cancel()
    return maker.done("C", preload)


def flow_w(commands: int, scale: float) -> Flow:
    maker = Maker(4, 1 << 19, 1, (1 << 20) - 2)
    draw = maker.random

    def far(side: int) -> int:
        offset = 1 + int(draw.expovariate(1 / 150_000))
        return maker.mid + (-offset if side == BUY else offset)

    for _ in range(int(100_000 * scale)):
        side = draw.getrandbits(1)
        maker.new(side, far(side), maker.size())
    preload = maker.order_id
    for _ in range(commands):
        what, side = draw.random(), draw.getrandbits(1)
        if what < 0.45:
            maker.new(side, far(side), maker.size())
        elif what < 0.85:
            maker.cancel()
        elif what < 0.95:
            maker.move(lambda order: far(order.side))
        else:
            maker.new(side, maker.sweep_price(side), maker.size(), IOC)
    return maker.done("W", preload)


FLOWS: dict[str, Callable[[int, float], Flow]] = {"A": flow_a, "B": flow_b, "C": flow_c, "W": flow_w}


def make_flow(name: str, commands: int = 1_000_000, scale: float = 1.0) -> Flow:
    """The named flow: so many timed commands, the resting orders of B and W times `scale`."""
    return FLOWS[name](commands, scale)
