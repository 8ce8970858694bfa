"""Owns the countdowns [ORD-015]: which accounts' orders go when nobody sets them again in time.

One record per (account, instrument) that ever had one; the armed ones stand in a heap by (deadline,
account, instrument).
"""

import cython
from cython.cimports.libc.stdint import uint32_t, uint64_t
from cython.cimports.libc.stdlib import free
from cython.cimports.libc.string import memset
from cython.cimports.matcher.core.accounts import Pair, close_pairs, find_pair, insert_pair
from cython.cimports.matcher.core.heaps import close_heap, drop, push
from cython.cimports.matcher.core.machine import buffer_resize, pages_reserve


class Countdowns:
    def __cinit__(self):
        self.count = 1
        self.room = FIRST_COUNTDOWNS
        self.at = cython.cast(
            cython.pointer[Countdown], buffer_resize(cython.NULL, self.room * cython.sizeof(Countdown))
        )
        memset(self.at, 0, cython.sizeof(Countdown))  # nobody's, but a snapshot shows it
        self.pairs.mask = FIRST_COUNTDOWNS - 1
        self.pairs.at = cython.cast(cython.pointer[Pair], pages_reserve(FIRST_COUNTDOWNS * cython.sizeof(Pair)))
        self.armed.stride = cython.sizeof(Countdown) // cython.sizeof(uint32_t)

    def __dealloc__(self):
        free(self.at)
        close_heap(cython.address(self.armed))
        close_pairs(cython.address(self.pairs))

    def set(self, account, instrument, deadline_ns):
        """Arm, arm anew, or disarm with a deadline of 0."""
        key: uint64_t = cython.cast(uint64_t, account) << 16 | instrument
        index: uint32_t = find_pair(cython.address(self.pairs), key)
        if not index:
            if deadline_ns == 0:
                return
            if self.count == self.room:
                self.room *= 2
                self.at = cython.cast(
                    cython.pointer[Countdown], buffer_resize(self.at, self.room * cython.sizeof(Countdown))
                )
            index = self.count
            self.count += 1
            self.at[index].account = account
            self.at[index].instrument = instrument
            self.at[index].deadline_ns = 0
            insert_pair(cython.address(self.pairs), key, index)
        it: cython.pointer[Countdown] = self.at + index
        places: cython.pointer[uint32_t] = cython.address(self.at[0].place)
        if it.deadline_ns:
            drop(cython.address(self.armed), places, it.place)
        it.deadline_ns = deadline_ns
        if deadline_ns:
            push(cython.address(self.armed), places, deadline_ns, key, index)

    def due(self, time_ns):
        """The first countdown whose deadline has come, or 0."""
        if self.armed.count and self.armed.at[0].key <= time_ns:
            return self.armed.at[0].owner
        return 0
