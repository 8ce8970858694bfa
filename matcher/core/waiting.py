"""Owns what few orders have: triggers, callbacks, good-till times, links, children; and the index of those that wait.

[ORD-008] Per instrument waiting orders stand in four lines by working type and direction, heaps by (trigger,
order_id), so that a price costs what it triggers, not what waits; those with price protection stand in four more,
because they may be held back while others fire. [ORD-005] Trailing orders stand in trails of one side and working
type (trails.py).
Instruments whose prices, rules or waiting orders changed are flagged: nothing else is looked at.
"""

import cython
from cython.cimports.libc.stdint import int64_t, uint32_t, uint64_t
from cython.cimports.libc.string import memset
from cython.cimports.matcher.core.heaps import Heap, Item, before, close_heap, drop, push
from cython.cimports.matcher.core.instruments import INSTRUMENTS
from cython.cimports.matcher.core.machine import (
    lowest_bit,
    pages_extend,
    pages_release,
    pages_reserve,
)
from cython.cimports.matcher.core.records import (
    SIDE_BUY,
    TYPE_STOP,
    TYPE_STOP_MARKET,
    TYPE_TRAILING_STOP_MARKET,
    WORKING_MARK_PRICE,
)
from cython.cimports.matcher.core.terms import Terms
from cython.cimports.matcher.core.trails import (
    Trail,
    close_trail,
    enter_trail,
    follow,
    join_trail,
    leave_trail,
    open_trail,
    watermark,
)


class Waiting:
    def __cinit__(self):
        i: cython.int
        j: cython.int
        self.room = FIRST_TERMS
        self.fresh = 1
        self.at = cython.cast(cython.pointer[Terms], pages_reserve(self.room * cython.sizeof(Terms)))
        self.watches = cython.cast(cython.pointer[Watch], pages_reserve(INSTRUMENTS * cython.sizeof(Watch)))
        self.timers.stride = cython.sizeof(Terms) // cython.sizeof(uint32_t)
        for i in range(INSTRUMENTS):
            for j in range(2 * LINES):
                self.watches[i].lines[j].stride = self.timers.stride
            for j in range(4):
                open_trail(cython.address(self.watches[i].trails[j]))

    def __dealloc__(self):
        i: cython.int
        j: cython.int
        for i in range(INSTRUMENTS):
            for j in range(2 * LINES):
                close_heap(cython.address(self.watches[i].lines[j]))
            for j in range(4):
                close_trail(cython.address(self.watches[i].trails[j]))
        close_heap(cython.address(self.timers))
        pages_release(self.watches, INSTRUMENTS * cython.sizeof(Watch))
        pages_release(self.at, self.room * cython.sizeof(Terms))

    def _places(self):
        return cython.address(self.at[0].place)

    def _timers(self):
        return cython.address(self.at[0].timer)

    def acquire(self, slot, order_id):
        """Index of empty terms for the order in a slot; pointers to terms may move."""
        index: uint32_t = self.unused
        if index:
            self.unused = self.at[index].place
        else:
            if self.fresh == self.room:
                self.at = cython.cast(
                    cython.pointer[Terms],
                    pages_extend(
                        self.at,
                        self.room * cython.sizeof(Terms),
                        2 * cython.cast(cython.size_t, self.room) * cython.sizeof(Terms),
                    ),
                )
                self.room *= 2
            index = self.fresh
            self.fresh += 1
        memset(self.at + index, 0, cython.sizeof(Terms))
        self.at[index].slot = slot
        self.at[index].order_id = order_id
        return index

    def release(self, index, instrument):
        """The order is over: out of the index and the timers, its terms free."""
        if self.at[index].waits:
            self.leave(index, instrument)
        if self.at[index].good_till_ns:
            drop(cython.address(self.timers), self._timers(), self.at[index].timer)
        self.at[index].slot = 0
        self.at[index].place = self.unused
        self.unused = index

    def enter(self, index, instrument):
        """Stand in the line or trail that line, is_trailing and is_protected name."""
        terms: cython.pointer[Terms] = self.at + index
        watch: cython.pointer[Watch] = self.watches + instrument
        key: int64_t
        terms.waits = 1
        watch.count += 1
        self.flag(instrument)
        if terms.is_trailing:
            enter_trail(watch.trails + terms.line, self._places(), terms, index, terms.line & 1)
            return
        key = terms.trigger_ticks
        if terms.line & 1:
            key = -key
        push(
            cython.address(watch.lines[terms.line + LINES * terms.is_protected]),
            self._places(),
            key,
            terms.order_id,
            index,
        )

    def leave(self, index, instrument):
        """Wait no longer; the terms stay."""
        terms: cython.pointer[Terms] = self.at + index
        watch: cython.pointer[Watch] = self.watches + instrument
        terms.waits = 0
        watch.count -= 1
        if terms.is_trailing:
            leave_trail(watch.trails + terms.line, self._places(), terms)
            terms.joined = 0
            return
        drop(cython.address(watch.lines[terms.line + LINES * terms.is_protected]), self._places(), terms.place)

    def start_timer(self, index):
        terms: cython.pointer[Terms] = self.at + index
        push(cython.address(self.timers), self._timers(), terms.good_till_ns, terms.order_id, index)

    def due(self, time_ns):
        """[ORD-009] Terms of the first order whose good-till time has come, or 0."""
        if self.timers.count and self.timers.at[0].key <= time_ns:
            return self.timers.at[0].owner
        return 0

    def flag(self, instrument):
        """Something changed there that may let orders fire."""
        one: uint64_t = 1
        bit: uint32_t = 1
        self.flagged[instrument >> 6] |= one << (instrument & 63)
        self.flagged_words |= bit << (instrument >> 6)

    def unflag(self, instrument):
        one: uint64_t = 1
        bit: uint32_t = 1
        self.flagged[instrument >> 6] &= ~(one << (instrument & 63))
        if not self.flagged[instrument >> 6]:
            self.flagged_words &= ~(bit << (instrument >> 6))

    def first_flagged(self):
        """The lowest flagged instrument; there is one."""
        word: uint32_t = lowest_bit(self.flagged_words)
        return word << 6 | lowest_bit(self.flagged[word])

    def first_fired(self, instrument, mark_ticks, last_ticks, is_calm):
        """[ORD-008] Terms of the order that fires first at these working prices, or 0; watermarks are moved first.

        `is_calm`: [ORD-006] price protection holds nobody back.
        """
        watch: cython.pointer[Watch] = self.watches + instrument
        trailing: uint32_t = 0
        i: cython.int
        price: int64_t
        best: cython.pointer[Item]
        held: cython.pointer[Heap]
        for i in range(4):
            if watch.trails[i].count or watch.trails[i].idle.count:
                price = mark_ticks if i >> 1 else last_ticks
                trailing = follow(watch.trails + i, self.at, self._places(), i & 1, price, is_calm, trailing)
        for i in range(LINES):
            price = mark_ticks if i < 2 else last_ticks
            if i & 1:
                price = -price
            best = cython.NULL
            if watch.lines[i].count and watch.lines[i].at[0].key <= price:
                best = watch.lines[i].at
            held = cython.address(watch.lines[i + LINES])
            if is_calm and held.count and held.at[0].key <= price and (best == cython.NULL or before(held.at, best)):
                best = held.at
            if best != cython.NULL:
                return best.owner
        return trailing

    def watermark_of(self, index, instrument):
        """The best price a waiting trailing order has seen since it became active; 0 before, and of others."""
        terms: cython.pointer[Terms] = self.at + index
        if not terms.is_trailing or not terms.waits:
            return 0
        return watermark(self.watches[instrument].trails + terms.line, terms)

    def write_watermark(self, index, instrument):
        """For a snapshot: the order's own record says its watermark."""
        self.at[index].watermark_ticks = self.watermark_of(index, instrument)

    def resume_trail(self, index, instrument):
        """From a snapshot: an order that was active joins again; those with better watermarks did before it."""
        terms: cython.pointer[Terms] = self.at + index
        trail: cython.pointer[Trail] = self.watches[instrument].trails + terms.line
        height: int64_t = terms.watermark_ticks
        self.leave(index, instrument)
        terms.waits = 1
        self.watches[instrument].count += 1
        join_trail(trail, self.at, self._places(), index, -height if terms.line & 1 else height)

    def make_room(self, fresh, unused):
        """An empty table for so many terms; the caller fills it and lets the orders enter again."""
        pages_release(self.at, self.room * cython.sizeof(Terms))
        while self.room < fresh:
            self.room *= 2
        self.at = cython.cast(cython.pointer[Terms], pages_reserve(self.room * cython.sizeof(Terms)))
        self.fresh = fresh
        self.unused = unused


def line_of(order_type, side, working_type):
    """Number of the line, or of the trail, that an order waits in.

    Lines: mark rising (STOP buys, TAKE_PROFIT sells), mark falling, contract rising, contract falling.
    Trails: contract sell, contract buy, mark sell, mark buy.
    """
    is_stop: cython.bint = order_type in (TYPE_STOP, TYPE_STOP_MARKET)
    if order_type == TYPE_TRAILING_STOP_MARKET:
        return working_type << 1 | (side == SIDE_BUY)
    return (0 if working_type == WORKING_MARK_PRICE else 2) + (is_stop != (side == SIDE_BUY))
