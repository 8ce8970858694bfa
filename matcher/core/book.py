"""Owns one instrument's price levels and their queues; knows prices and lots, not accounts or money.

Levels sit in one array indexed by tick. A bitmap of occupied ticks with three summary layers of
64 finds the next one in a few steps whatever the range. Bids and asks share both: a book is never
crossed. Every change of a level's total is noted in the level log.
Rules: [MAT-001], [MAT-005].
"""

import cython
from cython.cimports.libc.stdint import int64_t, uint64_t
from cython.cimports.libc.string import memcpy
from cython.cimports.matcher.core.machine import (
    buffer_resize,
    leading_zeros,
    lowest_bit,
    pages_release,
    pages_reserve,
    pages_sparse,
    pages_touch,
    prefetch,
)
from cython.cimports.matcher.core.orders import Order
from cython.cimports.matcher.core.records import SIDE_BUY, LevelChanged


def open_book(book, orders, log, instrument, size_ticks):
    """An empty book for prices 1..size_ticks - 1 (at most 2^24)."""
    book.orders = orders
    book.log = log
    book.instrument = instrument
    book.bid = NO_BID
    book.ask = NO_ASK
    _reserve(book, size_ticks)


def _reserve(book, size_ticks):
    levels_bytes: cython.size_t = cython.cast(cython.size_t, size_ticks) * cython.sizeof(Level)
    book.size_ticks = size_ticks
    book.levels = cython.cast(cython.pointer[Level], pages_reserve(levels_bytes))
    if size_ticks > DENSE_TICKS:
        pages_sparse(book.levels, levels_bytes)
    book.ticks.leaf = cython.cast(cython.pointer[uint64_t], pages_reserve(((size_ticks >> 6) + 1) * 8))
    book.ticks.middle = cython.cast(cython.pointer[uint64_t], pages_reserve(((size_ticks >> 12) + 1) * 8))
    book.ticks.upper = cython.cast(cython.pointer[uint64_t], pages_reserve(((size_ticks >> 18) + 1) * 8))


def widen_book(book, size_ticks):
    """Allow higher prices; everything resting stays."""
    old: Book = book[0]
    if size_ticks <= old.size_ticks:
        return
    _reserve(book, size_ticks)
    memcpy(book.levels, old.levels, old.size_ticks * cython.sizeof(Level))
    memcpy(book.ticks.leaf, old.ticks.leaf, ((old.size_ticks >> 6) + 1) * 8)
    memcpy(book.ticks.middle, old.ticks.middle, ((old.size_ticks >> 12) + 1) * 8)
    memcpy(book.ticks.upper, old.ticks.upper, ((old.size_ticks >> 18) + 1) * 8)
    close_book(cython.address(old))


def close_book(book):
    if book.levels != cython.NULL:
        pages_release(book.levels, book.size_ticks * cython.sizeof(Level))
        pages_release(book.ticks.leaf, ((book.size_ticks >> 6) + 1) * 8)
        pages_release(book.ticks.middle, ((book.size_ticks >> 12) + 1) * 8)
        pages_release(book.ticks.upper, ((book.size_ticks >> 18) + 1) * 8)
        book.levels = cython.NULL


def prefault_book(book):
    pages_touch(book.levels, min(book.size_ticks, cython.cast(int64_t, PREFAULT_TICKS)) * cython.sizeof(Level))
    pages_touch(book.ticks.leaf, (min(book.size_ticks, cython.cast(int64_t, PREFAULT_TICKS)) >> 6) * 8)


def rest(book, slot):
    """Queue the order last at its price."""
    order: cython.pointer[Order] = book.orders + slot
    tick: int64_t = order.price_ticks
    level: cython.pointer[Level] = book.levels + tick
    order.behind = 0
    order.ahead = level.last
    if level.last:
        book.orders[level.last].behind = slot
    else:
        level.first = slot
        _set(cython.address(book.ticks), tick)
        if order.side == SIDE_BUY:
            book.bid = max(book.bid, tick)
        else:
            book.ask = min(book.ask, tick)
    level.last = slot
    level.lots += order.leaves_lots
    book.open_orders += 1
    _note(book, tick, order.side)


def remove(book, slot):
    """Take the order out of its queue, whatever is left of it."""
    order: cython.pointer[Order] = book.orders + slot
    tick: int64_t = order.price_ticks
    level: cython.pointer[Level] = book.levels + tick
    if order.ahead:
        book.orders[order.ahead].behind = order.behind
    else:
        level.first = order.behind
    if order.behind:
        book.orders[order.behind].ahead = order.ahead
    else:
        level.last = order.ahead
    level.lots -= order.leaves_lots
    book.open_orders -= 1
    if not level.first:
        _emptied(book, tick)
    _note(book, tick, order.side)


def take(book, slot, lots):
    """Lower a resting order by `lots`; it keeps its place, and leaves the book when nothing is left."""
    order: cython.pointer[Order] = book.orders + slot
    tick: int64_t = order.price_ticks
    if lots == order.leaves_lots:
        remove(book, slot)
        order.leaves_lots = 0
        return
    order.leaves_lots -= lots
    book.levels[tick].lots -= lots
    _note(book, tick, order.side)


def expect_level(book, tick):
    """Fetch a level that is needed soon. Any number may be asked for."""
    if 0 <= tick < book.size_ticks:
        prefetch(book.levels + tick)
        prefetch(book.ticks.leaf + (tick >> 6))


def expect_order(book, slot):
    """Fetch what remove() of a resting order will touch: its neighbours and its level."""
    order: cython.pointer[Order] = book.orders + slot
    prefetch(book.orders + order.ahead)
    prefetch(book.orders + order.behind)
    expect_level(book, order.price_ticks)


def next_ask(book, above_ticks):
    """The best ask over a price, NO_ASK without one."""
    return _above(cython.address(book.ticks), above_ticks)


def next_bid(book, below_ticks):
    """The best bid under a price, NO_BID without one."""
    return _below(cython.address(book.ticks), below_ticks)


def requeue(book, slot):
    """Enter an order read from a snapshot into its level; its neighbours are set already."""
    order: cython.pointer[Order] = book.orders + slot
    tick: int64_t = order.price_ticks
    level: cython.pointer[Level] = book.levels + tick
    level.lots += order.leaves_lots
    if not order.ahead:
        level.first = slot
    if not order.behind:
        level.last = slot
    _set(cython.address(book.ticks), tick)
    if order.side == SIDE_BUY:
        book.bid = max(book.bid, tick)
    else:
        book.ask = min(book.ask, tick)
    book.open_orders += 1


def _emptied(book, tick):
    _clear(cython.address(book.ticks), tick)
    if tick == book.bid:
        book.bid = _below(cython.address(book.ticks), tick)
    elif tick == book.ask:
        book.ask = _above(cython.address(book.ticks), tick)


def _note(book, tick, side):
    log: cython.pointer[LevelLog] = book.log
    if log.count == log.room:
        log.room = max(2 * log.room, 1024)
        log.at = cython.cast(
            cython.pointer[LevelChanged], buffer_resize(log.at, log.room * cython.sizeof(LevelChanged))
        )
    note: cython.pointer[LevelChanged] = log.at + log.count
    log.count += 1
    note.seq = log.seq
    note.price_ticks = tick
    note.quantity_lots = book.levels[tick].lots
    # One store for instrument, side and the padding behind them.
    cython.cast(cython.pointer[uint64_t], cython.address(note.instrument))[0] = (
        cython.cast(uint64_t, book.instrument) | cython.cast(uint64_t, side) << 16
    )


def _set(ticks, tick):
    one: uint64_t = 1
    ticks.leaf[tick >> 6] |= one << (tick & 63)
    ticks.middle[tick >> 12] |= one << (tick >> 6 & 63)
    ticks.upper[tick >> 18] |= one << (tick >> 12 & 63)
    ticks.root |= one << (tick >> 18)


def _clear(ticks, tick):
    one: uint64_t = 1
    ticks.leaf[tick >> 6] &= ~(one << (tick & 63))
    if ticks.leaf[tick >> 6] == 0:
        ticks.middle[tick >> 12] &= ~(one << (tick >> 6 & 63))
        if ticks.middle[tick >> 12] == 0:
            ticks.upper[tick >> 18] &= ~(one << (tick >> 12 & 63))
            if ticks.upper[tick >> 18] == 0:
                ticks.root &= ~(one << (tick >> 18))


def _above(ticks, tick):
    """Lowest occupied tick over `tick`, NO_ASK without one."""
    over: uint64_t = ~cython.cast(uint64_t, 1)  # shifted by n: the bits over bit n
    at: int64_t = tick >> 6
    word: uint64_t = ticks.leaf[at] & over << (tick & 63)
    if not word:
        word = ticks.middle[at >> 6] & over << (at & 63)
        at >>= 6
        if not word:
            word = ticks.upper[at >> 6] & over << (at & 63)
            at >>= 6
            if not word:
                word = ticks.root & over << at
                if not word:
                    return NO_ASK
                at = lowest_bit(word)
                word = ticks.upper[at]
            at = at << 6 | lowest_bit(word)
            word = ticks.middle[at]
        at = at << 6 | lowest_bit(word)
        word = ticks.leaf[at]
    return at << 6 | lowest_bit(word)


def _below(ticks, tick):
    """Highest occupied tick under `tick`, NO_BID without one."""
    one: uint64_t = 1
    at: int64_t = tick >> 6
    word: uint64_t = ticks.leaf[at] & (one << (tick & 63)) - 1
    if not word:
        word = ticks.middle[at >> 6] & (one << (at & 63)) - 1
        at >>= 6
        if not word:
            word = ticks.upper[at >> 6] & (one << (at & 63)) - 1
            at >>= 6
            if not word:
                word = ticks.root & (one << at) - 1
                if not word:
                    return NO_BID
                at = 63 - leading_zeros(word)
                word = ticks.upper[at]
            at = at << 6 | (63 - leading_zeros(word))
            word = ticks.middle[at]
        at = at << 6 | (63 - leading_zeros(word))
        word = ticks.leaf[at]
    return at << 6 | (63 - leading_zeros(word))
