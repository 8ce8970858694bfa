"""Owns the idempotency keys: what was asked under (account, purpose, text), and for how long we remember.

An order's key stays while the order is open and a day after; a deposit's or withdrawal's thirty
days. Each kind waits in a queue in order of ending, so forgetting looks at the heads only.
Rules: [ID-001], [ID-002], [ID-003].
"""

import cython
from cython.cimports.libc.stdint import int64_t, uint8_t, uint32_t, uint64_t
from cython.cimports.libc.string import memcmp, memcpy
from cython.cimports.matcher.core.machine import (
    is_text,
    load_word,
    pages_extend,
    pages_release,
    pages_reserve,
    prefetch,
)


class ClientIds:
    """Makes room for `expected` keys at first and grows."""

    def __cinit__(self, expected: uint32_t):
        room: uint32_t = 256
        while room < expected:
            room *= 2
        self.fresh = 1
        self.reserve_keys(room, 2 * room)

    def __dealloc__(self):
        pages_release(self.at, self.room * cython.sizeof(Key))
        pages_release(self.table, (cython.cast(cython.size_t, self.mask) + 1) * cython.sizeof(Tagged))

    def reserve_keys(self, room, entries):
        self.room = room
        self.mask = entries - 1
        self.at = cython.cast(cython.pointer[Key], pages_reserve(room * cython.sizeof(Key)))
        self.table = cython.cast(cython.pointer[Tagged], pages_reserve(entries * cython.sizeof(Tagged)))

    def expect(self, account, purpose, text):
        """Fetch the table's line for a key that find() will be asked for soon."""
        prefetch(self.table + (tag_of(account, purpose, text) & self.mask))

    def find(self, account, purpose, text):
        """Index of a remembered key, or 0."""
        tag: uint32_t = tag_of(account, purpose, text)
        i: uint32_t = tag & self.mask
        key: cython.pointer[Key]
        while self.table[i].index:
            if self.table[i].tag == tag:
                key = self.at + self.table[i].index
                if key.account == account and key.purpose == purpose and memcmp(key.text, text, 36) == 0:
                    return self.table[i].index
            i = (i + 1) & self.mask
        return 0

    def add(self, account, purpose, text, fingerprint):
        """Remember a key not known yet; its index."""
        index: uint32_t = self.unused
        if index:
            self.unused = self.at[index].next
        else:
            if self.fresh == self.room:
                self.at = cython.cast(
                    cython.pointer[Key],
                    pages_extend(
                        self.at,
                        self.room * cython.sizeof(Key),
                        2 * cython.cast(cython.size_t, self.room) * cython.sizeof(Key),
                    ),
                )
                self.room *= 2
            index = self.fresh
            self.fresh += 1
        key: cython.pointer[Key] = self.at + index
        key.fingerprint = fingerprint
        key.order_id = 0
        key.filled_lots = 0
        key.filled_quote_units = 0
        key.ended_ns = 0
        key.account = account
        key.slot = 0
        key.next = 0
        key.purpose = cython.cast(uint8_t, purpose)
        key.status = 0
        memcpy(key.text, text, 36)
        self.remembered += 1
        if self.remembered * 2 > self.mask:
            self._grow_table()
        self._insert(tag_of(account, purpose, text), index)
        return index

    def end(self, index, retention, time_ns):
        """From now on the key waits to be forgotten."""
        self.at[index].ended_ns = time_ns
        self.at[index].slot = 0
        self.at[index].next = 0
        if self.last[retention]:
            self.at[self.last[retention]].next = index
        else:
            self.first[retention] = index
        self.last[retention] = index

    def forget(self, time_ns):
        """Drop at most four keys whose time has passed, the orders' queue first."""
        budget: cython.int = 4
        retention: cython.int
        index: uint32_t
        kept_ns: int64_t = 86_400_000_000_000
        for retention in range(2):
            index = self.first[retention]
            while index and budget and self.at[index].ended_ns + kept_ns <= time_ns:
                self.first[retention] = self.at[index].next
                if not self.first[retention]:
                    self.last[retention] = 0
                self._erase(index)
                index = self.first[retention]
                budget -= 1
            kept_ns *= 30

    def _erase(self, index):
        key: cython.pointer[Key] = self.at + index
        hole: uint32_t = tag_of(key.account, key.purpose, key.text) & self.mask
        while self.table[hole].index != index:
            hole = (hole + 1) & self.mask
        i: uint32_t = (hole + 1) & self.mask
        while self.table[i].index:
            if ((i - self.table[i].tag) & self.mask) >= ((i - hole) & self.mask):
                self.table[hole] = self.table[i]
                hole = i
            i = (i + 1) & self.mask
        self.table[hole].index = 0
        key.account = 0
        key.next = self.unused
        self.unused = index
        self.remembered -= 1

    def _insert(self, tag, index):
        i: uint32_t = tag & self.mask
        while self.table[i].index:
            i = (i + 1) & self.mask
        self.table[i].tag = tag
        self.table[i].index = index

    def _grow_table(self):
        old: cython.pointer[Tagged] = self.table
        entries: cython.size_t = cython.cast(cython.size_t, self.mask) + 1
        i: cython.size_t
        self.table = cython.cast(cython.pointer[Tagged], pages_reserve(2 * entries * cython.sizeof(Tagged)))
        self.mask = cython.cast(uint32_t, 2 * entries - 1)
        for i in range(entries):
            if old[i].index:
                self._insert(old[i].tag, old[i].index)
        pages_release(old, entries * cython.sizeof(Tagged))

    def reindex(self):
        """Rebuild the table after the keys were filled from a snapshot."""
        i: uint32_t
        for i in range(1, self.fresh):
            if self.at[i].account:
                self.remembered += 1
                if self.remembered * 2 > self.mask:
                    self._grow_table()
                self._insert(tag_of(self.at[i].account, self.at[i].purpose, self.at[i].text), i)


def tag_of(account, purpose, text):
    """32-bit hash of a key. Not secret: its only use is to spread."""
    mix: uint64_t = MIX
    h: uint64_t = (cython.cast(uint64_t, account) << 8 | cython.cast(uint64_t, purpose)) * mix
    h = (h ^ load_word(text)) * mix
    h = (h ^ h >> 29 ^ load_word(text + 8)) * mix
    h = (h ^ h >> 29 ^ load_word(text + 16)) * mix
    h = (h ^ h >> 29 ^ load_word(text + 24)) * mix
    h = (h ^ h >> 29 ^ load_word(text + 28)) * mix
    return cython.cast(uint32_t, h >> 32)


def is_client_id(text):
    """Whether 36 bytes are letters, digits and `.:/_-`, then only zeros; all zeros pass too."""
    return is_text(text, 36)


def fingerprint_of(command):
    """units.fingerprint of a packed command."""
    mix: uint64_t = MIX
    at: cython.pointer[cython.uchar] = cython.cast(cython.pointer[cython.uchar], command)
    h: uint64_t = (
        cython.cast(uint64_t, at[30]) << 16 | cython.cast(uint64_t, at[29]) << 8 | cython.cast(uint64_t, at[28])
    )
    i: cython.int
    h *= mix
    h ^= h >> 32
    for i in range(32, 128, 8):
        h = (h ^ load_word(at + i)) * mix
        h ^= h >> 32
    return h
