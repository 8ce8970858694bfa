"""Owns who holds what: per instrument the legs that are not flat, each with marks known to be safe for its group.

A leg that becomes flat stays in the list, which a fill need not touch, until the next mark looks at it.

The marks are a promise that as long as every leg of a group stays within its own, the group's equity is
above its maintenance; so a new mark looks only at the few legs it throws out. Whatever changes an
account's wallets or legs takes its promises back. How the marks are found: watching.py.
"""

import cython
from cython.cimports.libc.stdint import uint32_t, uint64_t
from cython.cimports.libc.stdlib import free
from cython.cimports.libc.string import memset
from cython.cimports.matcher.core.accounts import Position
from cython.cimports.matcher.core.instruments import INSTRUMENTS
from cython.cimports.matcher.core.machine import buffer_resize, pages_release, pages_reserve


class Holders:
    def __cinit__(self):
        self.of = cython.cast(cython.pointer[HolderList], pages_reserve(INSTRUMENTS * cython.sizeof(HolderList)))

    def __dealloc__(self):
        number: cython.int
        for number in range(INSTRUMENTS):
            free(self.of[number].at)
        pages_release(self.of, INSTRUMENTS * cython.sizeof(HolderList))
        free(self.keys.at)
        free(self.keys.spare)
        free(self.found.at)
        free(self.found.spare)
        free(self.ranking.at)
        free(self.ranking.stamps)
        free(self.ranking.moved.at)
        free(self.ranking.moved.spare)

    def enter(self, accounts, leg):
        """The leg holds something for the first time, or again after it was left out."""
        position: cython.pointer[Position] = accounts.positions + leg
        those: cython.pointer[HolderList] = self.of + position.instrument
        if those.count == those.room:
            those.room = 2 * those.room + 64
            those.at = cython.cast(cython.pointer[Holder], buffer_resize(those.at, those.room * cython.sizeof(Holder)))
        those.at[those.count].leg = leg
        those.at[those.count].low = 1
        those.at[those.count].high = 0
        those.count += 1
        position.held_at = those.count
        position.is_trusted = 0

    def leave(self, accounts, leg):
        """The leg is flat; the last of the list takes its place."""
        position: cython.pointer[Position] = accounts.positions + leg
        those: cython.pointer[HolderList] = self.of + position.instrument
        those.count -= 1
        those.at[position.held_at - 1] = those.at[those.count]
        accounts.positions[those.at[those.count].leg].held_at = position.held_at
        position.held_at = 0
        position.is_trusted = 0

    def trust(self, accounts, leg, low, high):
        """From now on marks within low..high need no look at this leg."""
        position: cython.pointer[Position] = accounts.positions + leg
        it: cython.pointer[Holder] = self.of[position.instrument].at + (position.held_at - 1)
        it.low = cython.cast(uint32_t, low)
        it.high = cython.cast(uint32_t, high)
        position.is_trusted = 1

    def doubt(self, accounts, account):
        """Something changed for the account: every leg of it must be looked at again."""
        index: uint32_t = accounts.at[account].first_position
        position: cython.pointer[Position]
        while index:
            position = accounts.positions + index
            if position.is_trusted:
                self.of[position.instrument].at[position.held_at - 1].low = 1
                self.of[position.instrument].at[position.held_at - 1].high = 0
                position.is_trusted = 0
            if self.ranking.instrument == position.instrument:
                self.rank_again(index)
            index = position.next

    def begin_ranking(self, accounts, instrument, longs):
        """[LIQ-007] From now on whoever changes in the instrument is noted, to be scored again."""
        i: uint32_t
        self.end_ranking()
        if self.ranking.stamp_room < accounts.position_room or self.ranking.clock > 1 << 29:
            self.ranking.stamp_room = accounts.position_room
            self.ranking.stamps = cython.cast(
                cython.pointer[uint32_t], buffer_resize(self.ranking.stamps, self.ranking.stamp_room * 4)
            )
            memset(self.ranking.stamps, 0, cython.cast(cython.size_t, self.ranking.stamp_room) * 4)
            self.ranking.clock = 0
        self.ranking.instrument = instrument
        self.ranking.longs = longs
        self.ranking.count = 0
        for i in range(self.of[instrument].count):
            self.rank_again(self.of[instrument].at[i].leg)

    def end_ranking(self):
        """Marks or terms change next: no score is worth anything."""
        i: cython.size_t
        self.ranking.instrument = 0
        for i in range(self.ranking.moved.count):
            self.ranking.stamps[self.ranking.moved.at[i]] = UNRANKED
        self.ranking.moved.count = 0

    def rank_again(self, leg):
        """The leg's score is worth nothing any more."""
        if leg >= self.ranking.stamp_room:
            self.ranking.stamps = cython.cast(
                cython.pointer[uint32_t],
                buffer_resize(self.ranking.stamps, 2 * cython.cast(cython.size_t, leg) * 4),
            )
            memset(
                self.ranking.stamps + self.ranking.stamp_room,
                0,
                (2 * cython.cast(cython.size_t, leg) - self.ranking.stamp_room) * 4,
            )
            self.ranking.stamp_room = 2 * leg
        if not self.ranking.stamps[leg] & MOVED:
            self.ranking.stamps[leg] |= MOVED
            add_key(cython.address(self.ranking.moved), leg)

    def doubt_everybody(self, accounts):
        """Terms changed that maintenance depends on."""
        number: cython.int
        i: uint32_t
        for number in range(INSTRUMENTS):
            for i in range(self.of[number].count):
                self.of[number].at[i].low = 1
                self.of[number].at[i].high = 0
                accounts.positions[self.of[number].at[i].leg].is_trusted = 0

    def doubt_pools(self, accounts):
        """What an asset is worth changed: everybody who pools assets must be looked at again."""
        number: cython.int
        i: uint32_t
        leg: cython.pointer[Position]
        for number in range(INSTRUMENTS):
            for i in range(self.of[number].count):
                leg = accounts.positions + self.of[number].at[i].leg
                if leg.is_trusted and accounts.at[leg.account].multi_assets:
                    self.doubt(accounts, leg.account)

    def list_legs(self, accounts, instrument):
        """Fill `keys` with the instrument's legs, by account, then side: account << 33 | side << 31 | leg."""
        i: uint32_t
        leg: uint32_t
        self.keys.count = 0
        for i in range(self.of[instrument].count):
            leg = self.of[instrument].at[i].leg
            if accounts.positions[leg].position_lots == 0:
                continue
            add_key(
                cython.address(self.keys),
                cython.cast(uint64_t, accounts.positions[leg].account) << 33
                | cython.cast(uint64_t, accounts.positions[leg].position_side) << 31
                | leg,
            )
        sort_keys(cython.address(self.keys))

    def reindex(self, accounts):
        """Rebuild the lists after the positions were filled from a snapshot."""
        i: uint32_t
        for i in range(1, accounts.position_count):
            accounts.positions[i].held_at = 0
            accounts.positions[i].is_trusted = 0
            if accounts.positions[i].position_lots:
                self.enter(accounts, i)


def add_key(keys, key):
    if keys.count == keys.room:
        keys.room = 2 * keys.room + 64
        keys.at = cython.cast(cython.pointer[uint64_t], buffer_resize(keys.at, keys.room * 8))
        keys.spare = cython.cast(cython.pointer[uint64_t], buffer_resize(keys.spare, keys.room * 8))
    keys.at[keys.count] = key
    keys.count += 1


def sort_keys(keys):
    """Ascending, by bytes from the lowest; bytes that all keys share cost one look."""
    counts: uint32_t[256]
    shift: cython.int
    i: cython.size_t
    place: uint32_t
    was: uint32_t
    different: uint64_t = 0
    swap: cython.pointer[uint64_t]
    for i in range(1, keys.count):
        different |= keys.at[i] ^ keys.at[0]
    for shift in range(0, 64, 8):
        if not (different >> shift) & 255:
            continue
        memset(counts, 0, cython.sizeof(counts))
        for i in range(keys.count):
            counts[(keys.at[i] >> shift) & 255] += 1
        place = 0
        for i in range(256):
            was = counts[i]
            counts[i] = place
            place += was
        for i in range(keys.count):
            keys.spare[counts[(keys.at[i] >> shift) & 255]] = keys.at[i]
            counts[(keys.at[i] >> shift) & 255] += 1
        swap = keys.at
        keys.at = keys.spare
        keys.spare = swap
