"""Measuring stands around the real book and the real engine, with the only clock of this folder.

Not part of the engine. BookBench applies the flows of tests/load/flows.py and no rules of money, on the
orders, levels, bitmap and id table that the engine uses.
"""

import cython
from cython.cimports.libc.stdint import int64_t, uint32_t, uint64_t
from cython.cimports.libc.stdlib import free
from cython.cimports.libc.string import memset
from cython.cimports.matcher.core.book import (
    NO_ASK,
    close_book,
    expect_level,
    expect_order,
    open_book,
    prefault_book,
    remove,
    rest,
    take,
)
from cython.cimports.matcher.core.engine import Engine
from cython.cimports.matcher.core.machine import buffer_resize, pages_touch, prefetch
from cython.cimports.matcher.core.orders import NEAR_ORDERS, Order, Orders
from cython.cimports.matcher.core.records import SIDE_BUY, Command
from cython.cimports.matcher.core.state import State


class BookBench:
    """One book of `size_ticks` prices with room for `expected` orders, prefaulted."""

    def __cinit__(self, size_ticks: int64_t, expected: uint32_t):
        self.orders = Orders(2 * expected, expected)
        self.orders.prefault()
        memset(cython.address(self.book), 0, cython.sizeof(self.book))
        open_book(cython.address(self.book), self.orders.at, cython.address(self.log), 1, size_ticks)
        prefault_book(cython.address(self.book))
        self.trade_room = 1 << 12
        self.trades = cython.cast(
            cython.pointer[Trade], buffer_resize(cython.NULL, self.trade_room * cython.sizeof(Trade))
        )

    def __dealloc__(self):
        close_book(cython.address(self.book))
        free(self.log.at)
        free(self.trades)

    def run(self, commands: bytes, batch: cython.Py_ssize_t) -> int:
        """Nanoseconds to apply the commands, so many at a time, without leaving compiled code."""
        first: cython.pointer[FlowCommand] = cython.cast(
            cython.pointer[FlowCommand], cython.cast(cython.p_char, commands)
        )
        count: cython.Py_ssize_t = len(commands) // cython.sizeof(FlowCommand)
        i: cython.Py_ssize_t = 0
        j: cython.Py_ssize_t
        end: cython.Py_ssize_t
        begin: uint64_t = clock_ns()
        with cython.nogil:
            while i < count:
                end = min(i + batch, count)
                for j in range(i, end):
                    self.expect(first, j, end)
                    self.apply(first + j)
                i += batch
                self.tally()
        return clock_ns() - begin

    def sample(self, commands: bytes) -> list:
        """Nanoseconds of each command by itself, the clock's own cost taken off."""
        first: cython.pointer[FlowCommand] = cython.cast(
            cython.pointer[FlowCommand], cython.cast(cython.p_char, commands)
        )
        count: cython.Py_ssize_t = len(commands) // cython.sizeof(FlowCommand)
        taken: cython.pointer[uint32_t] = cython.cast(cython.pointer[uint32_t], buffer_resize(cython.NULL, count * 4))
        i: cython.Py_ssize_t
        at: uint64_t
        least: uint64_t = _clock_cost()
        pages_touch(taken, count * 4)
        begin_ns: uint64_t = clock_ns()
        begin: uint64_t = clock_begin()
        with cython.nogil:
            for i in range(count):
                at = clock_begin()
                self.apply(first + i)
                at = clock_end() - at
                taken[i] = cython.cast(uint32_t, at - least if at > least else 0)
                self.tally()
        return _as_ns(taken, count, clock_end() - begin, clock_ns() - begin_ns)

    def best(self) -> tuple:
        """(best bid, best ask, resting orders); 0 where there is none."""
        return self.book.bid, self.book.ask if self.book.ask != NO_ASK else 0, self.orders.open_orders

    def expect(self, commands, at, end):
        """Fetch early what the batch's next commands will touch, as the engine does."""
        slot: uint32_t
        if self.orders.open_orders < NEAR_ORDERS:
            return
        if at + 6 < end and commands[at + 6].kind != FLOW_NEW:
            self.orders.expect_name(commands[at + 6].order_id)
        if at + 4 < end and commands[at + 4].kind != FLOW_NEW:
            prefetch(self.orders.at + self.orders.peek(commands[at + 4].order_id))
        if at + 2 < end:
            expect_level(cython.address(self.book), commands[at + 2].price_ticks)
            if commands[at + 2].kind != FLOW_NEW:
                slot = self.orders.peek(commands[at + 2].order_id)
                expect_order(cython.address(self.book), slot)

    def apply(self, command):
        slot: uint32_t
        order: cython.pointer[Order]
        leaves: int64_t = command.quantity_lots
        if command.kind == FLOW_NEW:
            self.match(command.order_id, command.account, command.side, command.price_ticks, cython.address(leaves))
            if leaves == 0 or command.time_in_force == FLOW_IOC:
                return
            slot = self.orders.acquire(command.order_id)
            if not slot:  # more than the stand has room for: the tally will tell
                return
            order = self.orders.at + slot
            order.leaves_lots = leaves
            order.quantity_lots = command.quantity_lots
            order.price_ticks = cython.cast(uint32_t, command.price_ticks)
            order.account = command.account
            order.side = command.side
            rest(cython.address(self.book), slot)
            return
        slot = self.orders.find(command.order_id)
        if not slot:
            return
        order = self.orders.at + slot
        remove(cython.address(self.book), slot)
        if command.kind == FLOW_CANCEL:
            self.orders.release(slot)
            return
        order.leaves_lots = command.quantity_lots
        self.match(command.order_id, order.account, order.side, command.price_ticks, cython.address(order.leaves_lots))
        if order.leaves_lots:
            order.price_ticks = cython.cast(uint32_t, command.price_ticks)
            rest(cython.address(self.book), slot)
        else:
            self.orders.release(slot)

    def match(self, taker_id, account, side, price_ticks, leaves):
        slot: uint32_t
        maker: cython.pointer[Order]
        trade: cython.pointer[Trade]
        lots: int64_t
        while leaves[0] and (self.book.ask <= price_ticks if side == SIDE_BUY else self.book.bid >= price_ticks):
            slot = self.book.levels[self.book.ask if side == SIDE_BUY else self.book.bid].first
            maker = self.orders.at + slot
            if maker.account == account:  # self-trade prevention: the maker leaves
                remove(cython.address(self.book), slot)
                self.orders.release(slot)
                continue
            lots = min(leaves[0], maker.leaves_lots)
            leaves[0] -= lots
            if self.trade_count == self.trade_room:
                self.trade_room *= 2
                self.trades = cython.cast(
                    cython.pointer[Trade], buffer_resize(self.trades, self.trade_room * cython.sizeof(Trade))
                )
            trade = self.trades + self.trade_count
            self.trade_count += 1
            trade.taker_id = taker_id
            trade.maker_id = maker.order_id
            trade.price_ticks = maker.price_ticks
            trade.quantity_lots = lots
            take(cython.address(self.book), slot, lots)
            if maker.leaves_lots == 0:
                self.orders.release(slot)

    def tally(self):
        """Fold the batch's trades into an order-sensitive checksum; both logs start again."""
        i: cython.size_t
        trade: cython.pointer[Trade]
        prime: uint64_t = TALLY_PRIME
        for i in range(self.trade_count):
            trade = self.trades + i
            self.count += 1
            self.volume += trade.quantity_lots
            self.hash = self.hash * prime + (
                trade.taker_id
                ^ (trade.maker_id << 20)
                ^ (cython.cast(uint64_t, trade.price_ticks) << 40)
                ^ trade.quantity_lots
            )
        self.trade_count = 0
        self.log.count = 0


def sample_engine(engine: Engine, commands: bytes) -> list:
    """Nanoseconds of each stamped command in the whole engine, no crossing from Python, the clock's cost taken off.

    The caller has made sure that the stamps follow the engine's; nothing is checked here.
    """
    state: State = engine.state
    first: cython.pointer[Command] = cython.cast(cython.pointer[Command], cython.cast(cython.p_char, commands))
    count: cython.Py_ssize_t = len(commands) // cython.sizeof(Command)
    taken: cython.pointer[uint32_t] = cython.cast(cython.pointer[uint32_t], buffer_resize(cython.NULL, count * 4))
    i: cython.Py_ssize_t
    at: uint64_t
    least: uint64_t = _clock_cost()
    pages_touch(taken, count * 4)
    begin_ns: uint64_t = clock_ns()
    begin: uint64_t = clock_begin()
    with cython.nogil:
        for i in range(count):
            state.count = 0
            state.instruments.log.count = 0
            at = clock_begin()
            engine.run(first + i, 1)
            at = clock_end() - at
            taken[i] = cython.cast(uint32_t, at - least if at > least else 0)
    return _as_ns(taken, count, clock_end() - begin, clock_ns() - begin_ns)


def run_engine(engine: Engine, commands: bytes, batch: cython.Py_ssize_t) -> int:
    """Nanoseconds to apply stamped commands, so many at a time, without leaving compiled code."""
    state: State = engine.state
    first: cython.pointer[Command] = cython.cast(cython.pointer[Command], cython.cast(cython.p_char, commands))
    count: cython.Py_ssize_t = len(commands) // cython.sizeof(Command)
    i: cython.Py_ssize_t = 0
    begin: uint64_t = clock_ns()
    with cython.nogil:
        while i < count:
            state.count = 0
            state.instruments.log.count = 0
            engine.run(first + i, min(batch, count - i))
            i += batch
    return clock_ns() - begin


def _clock_cost():
    """The least that two readings of the clock lie apart, in its ticks."""
    least: uint64_t = 1 << 30
    at: uint64_t
    for _ in range(100_000):
        at = clock_begin()
        least = min(least, clock_end() - at)
    return least


def _as_ns(taken, count, ticks, spent_ns):
    """Samples in ticks of the clock as nanoseconds; their memory is freed."""
    result: list = [taken[i] * spent_ns // ticks for i in range(count)]
    free(taken)
    return result
