"""Owns every open order: a pool of slots, and the table that finds a slot by order_id.

Slot 0 is nobody. An order is one cache line for matching and one for its events. The table holds
live orders only and doubles when half full.
"""

import cython
from cython.cimports.libc.stdint import uint32_t
from cython.cimports.matcher.core.machine import pages_release, pages_reserve, pages_touch, prefetch
from cython.cimports.matcher.core.records import (
    FLAG_CLOSE_POSITION,
    FLAG_REDUCE_ONLY,
    POSITION_SIDE_BOTH,
    POSITION_SIDE_LONG,
    SIDE_SELL,
)


class Orders:
    """PlaceOrder is refused from `capacity` open orders on; `expected` sizes the table at first."""

    def __cinit__(self, capacity: uint32_t, expected: uint32_t):
        slots: cython.size_t = 3 * cython.cast(cython.size_t, capacity) + 2
        entries: cython.size_t = 64
        while entries < 2 * cython.cast(cython.size_t, expected):
            entries *= 2
        self.capacity = capacity
        self.slots = cython.cast(uint32_t, slots - 1)
        self.at = cython.cast(cython.pointer[Order], pages_reserve(slots * cython.sizeof(Order)))
        self.origin = cython.cast(cython.pointer[Origin], pages_reserve(slots * cython.sizeof(Origin)))
        self.named = cython.cast(cython.pointer[Named], pages_reserve(entries * cython.sizeof(Named)))
        self.mask = cython.cast(uint32_t, entries - 1)
        self.fresh = 1

    def __dealloc__(self):
        slots: cython.size_t = cython.cast(cython.size_t, self.slots) + 1
        pages_release(self.at, slots * cython.sizeof(Order))
        pages_release(self.origin, slots * cython.sizeof(Origin))
        pages_release(self.named, (cython.cast(cython.size_t, self.mask) + 1) * cython.sizeof(Named))

    def prefault(self):
        count: uint32_t = min(cython.cast(uint32_t, PREFAULT_ORDERS), self.capacity)
        pages_touch(self.at, count * cython.sizeof(Order))
        pages_touch(self.origin, count * cython.sizeof(Origin))
        pages_touch(self.named, min(4 * count, self.mask + 1) * cython.sizeof(Named))

    def acquire(self, order_id):
        """A slot for a new order, named so; 0 when all are taken. The caller fills it."""
        slot: uint32_t = self.unused
        if slot:
            self.unused = self.at[slot].behind
        elif self.fresh > self.slots:
            return 0
        else:
            slot = self.fresh
            self.fresh += 1
        self.at[slot].order_id = order_id
        self.open_orders += 1
        self._insert(order_id, slot)
        return slot

    def release(self, slot):
        self._erase(slot)
        self.at[slot].order_id = 0
        self.at[slot].behind = self.unused
        self.unused = slot
        self.open_orders -= 1

    def find(self, order_id):
        """The slot of an open order, or 0."""
        i: uint32_t = self._home(cython.cast(uint32_t, order_id))
        slot: uint32_t
        while self.named[i].slot:
            slot = self.named[i].slot
            if self.named[i].id_low == cython.cast(uint32_t, order_id) and self.at[slot].order_id == order_id:
                return slot
            i = (i + 1) & self.mask
        return 0

    def expect_name(self, order_id):
        """Fetch the table's line for an id that find() will be asked for soon."""
        prefetch(self.named + self._home(cython.cast(uint32_t, order_id)))

    def peek(self, order_id):
        """The slot the table's first guess names, 0 without one; only good for fetching it early."""
        return self.named[self._home(cython.cast(uint32_t, order_id))].slot

    def _home(self, id_low):
        # Neighbouring ids share a cache line of eight; the lines are spread.
        return (((id_low >> 3) * cython.cast(uint32_t, SPREAD)) << 3 | (id_low & 7)) & self.mask

    def _insert(self, order_id, slot):
        if self.open_orders * 2 > self.mask:
            self._grow()
        i: uint32_t = self._home(cython.cast(uint32_t, order_id))
        prefetch(self.named + self._home(cython.cast(uint32_t, order_id) + 8))  # ids rise: its line is the next one
        while self.named[i].slot:
            i = (i + 1) & self.mask
        self.named[i].id_low = cython.cast(uint32_t, order_id)
        self.named[i].slot = slot

    def _erase(self, slot):
        """Take a name out and close the gap, so that no tombstone is left."""
        hole: uint32_t = self._home(cython.cast(uint32_t, self.at[slot].order_id))
        while self.named[hole].slot != slot:
            hole = (hole + 1) & self.mask
        i: uint32_t = (hole + 1) & self.mask
        while self.named[i].slot:
            if ((i - self._home(self.named[i].id_low)) & self.mask) >= ((i - hole) & self.mask):
                self.named[hole] = self.named[i]
                hole = i
            i = (i + 1) & self.mask
        self.named[hole].slot = 0

    def _grow(self):
        old: cython.pointer[Named] = self.named
        entries: cython.size_t = cython.cast(cython.size_t, self.mask) + 1
        i: cython.size_t
        j: uint32_t
        self.named = cython.cast(cython.pointer[Named], pages_reserve(2 * entries * cython.sizeof(Named)))
        self.mask = cython.cast(uint32_t, 2 * entries - 1)
        for i in range(entries):
            if old[i].slot:
                j = self._home(old[i].id_low)
                while self.named[j].slot:
                    j = (j + 1) & self.mask
                self.named[j] = old[i]
        pages_release(old, entries * cython.sizeof(Named))

    def reindex(self):
        """Rebuild the table after the slots were filled from a snapshot."""
        slot: uint32_t
        for slot in range(1, self.fresh):
            if self.at[slot].order_id:
                self.open_orders += 1
                self._insert(self.at[slot].order_id, slot)


def is_closing(position_side, side, flags):
    """[MAR-002] Whether an order may only close its leg."""
    if flags & (FLAG_REDUCE_ONLY | FLAG_CLOSE_POSITION):
        return True
    if position_side == POSITION_SIDE_BOTH:
        return False
    return (position_side == POSITION_SIDE_LONG) == (side == SIDE_SELL)
