"""Owns who trades and what they hold: accounts by number, wallets per asset, legs per instrument and side.

Records are made at first touch and never leave. Index 0 of wallets and positions is a scratch
record: what an account holds where it holds nothing yet.
"""

import cython
from cython.cimports.libc.stdint import uint8_t, uint32_t, uint64_t
from cython.cimports.libc.string import memset
from cython.cimports.matcher.core.machine import lowest_bit, pages_extend, pages_release, pages_reserve
from cython.cimports.matcher.core.records import MODE_HEDGE, POSITION_SIDE_BOTH, POSITION_SIDE_LONG, POSITION_SIDE_SHORT


class Accounts:
    """`accounts_max` is the highest account number."""

    def __cinit__(self, accounts_max: uint32_t):
        self.accounts_max = accounts_max
        slots: cython.size_t = cython.cast(cython.size_t, accounts_max) + 1
        self.at = cython.cast(cython.pointer[Account], pages_reserve(slots * cython.sizeof(Account)))
        self.owing = cython.cast(cython.pointer[uint64_t], pages_reserve(((accounts_max >> 6) + 1) * 8))
        self.wallet_count = 1
        self.position_count = 1
        self.reserve_tables(FIRST_ROOM, FIRST_ROOM)

    def __dealloc__(self):
        pages_release(self.at, (cython.cast(cython.size_t, self.accounts_max) + 1) * cython.sizeof(Account))
        pages_release(self.owing, ((self.accounts_max >> 6) + 1) * 8)
        self._release_tables()

    def _release_tables(self):
        pages_release(self.wallets, self.wallet_room * cython.sizeof(Wallet))
        pages_release(self.positions, self.position_room * cython.sizeof(Position))
        close_pairs(cython.address(self.wallet_pairs))
        close_pairs(cython.address(self.position_pairs))

    def reserve_tables(self, wallets, positions):
        """Room for so many records, before the first one."""
        self.wallet_room = wallets
        self.position_room = positions
        self.wallets = cython.cast(cython.pointer[Wallet], pages_reserve(wallets * cython.sizeof(Wallet)))
        self.positions = cython.cast(cython.pointer[Position], pages_reserve(positions * cython.sizeof(Position)))
        self.wallet_pairs.mask = FIRST_PAIRS - 1
        self.wallet_pairs.count = 0
        self.position_pairs.mask = FIRST_PAIRS - 1
        self.position_pairs.count = 0
        self.wallet_pairs.at = cython.cast(cython.pointer[Pair], pages_reserve(FIRST_PAIRS * cython.sizeof(Pair)))
        self.position_pairs.at = cython.cast(cython.pointer[Pair], pages_reserve(FIRST_PAIRS * cython.sizeof(Pair)))

    def is_open(self, account):
        return account <= self.accounts_max and self.at[account].is_open

    def find_wallet(self, account, asset):
        """Index of the wallet, 0 without one."""
        return find_pair(cython.address(self.wallet_pairs), cython.cast(uint64_t, account) << 16 | asset)

    def find_position(self, account, instrument, position_side):
        """Index of the leg, 0 without one."""
        return find_pair(cython.address(self.position_pairs), _leg(account, instrument, position_side))

    def touch_wallet(self, account, asset):
        """Index of the wallet, made when it is the first touch; pointers to wallets may move."""
        index: uint32_t = self.find_wallet(account, asset)
        if index:
            return index
        if self.wallet_count == self.wallet_room:
            self.wallets = cython.cast(
                cython.pointer[Wallet],
                pages_extend(
                    self.wallets,
                    self.wallet_room * cython.sizeof(Wallet),
                    2 * cython.cast(cython.size_t, self.wallet_room) * cython.sizeof(Wallet),
                ),
            )
            self.wallet_room *= 2
        index = self.wallet_count
        self.wallet_count += 1
        wallet: cython.pointer[Wallet] = self.wallets + index
        wallet.account = account
        wallet.asset = asset
        link: cython.pointer[uint32_t] = cython.address(self.at[account].first_wallet)
        while link[0] and self.wallets[link[0]].asset < asset:
            link = cython.address(self.wallets[link[0]].next)
        wallet.next = link[0]
        link[0] = index
        insert_pair(cython.address(self.wallet_pairs), cython.cast(uint64_t, account) << 16 | asset, index)
        return index

    def touch_position(self, account, instrument, position_side, asset):
        """Index of the leg, made when it is the first touch; pointers to positions may move.

        [MAR-001] The BOTH record carries leverage and margin mode: it exists as soon as any leg does.
        """
        index: uint32_t = self.find_position(account, instrument, position_side)
        home: uint32_t
        if index:
            return index
        home = 0
        if position_side != POSITION_SIDE_BOTH:
            home = self.touch_position(account, instrument, POSITION_SIDE_BOTH, asset)
        if self.position_count == self.position_room:
            self.positions = cython.cast(
                cython.pointer[Position],
                pages_extend(
                    self.positions,
                    self.position_room * cython.sizeof(Position),
                    2 * cython.cast(cython.size_t, self.position_room) * cython.sizeof(Position),
                ),
            )
            self.position_room *= 2
        index = self.position_count
        self.position_count += 1
        position: cython.pointer[Position] = self.positions + index
        position.account = account
        position.instrument = instrument
        position.position_side = cython.cast(uint8_t, position_side)
        position.leverage = self.positions[home].leverage if home else 0
        position.margin_mode = self.positions[home].margin_mode if home else 0
        position.wallet = self.touch_wallet(account, asset)
        link: cython.pointer[uint32_t] = cython.address(self.at[account].first_position)
        while link[0] and _rank(self.positions + link[0]) < _rank(position):
            link = cython.address(self.positions[link[0]].next)
        position.next = link[0]
        link[0] = index
        insert_pair(cython.address(self.position_pairs), _leg(account, instrument, position_side), index)
        return index

    def note_debt(self, account):
        """A wallet of the account went below zero or came back."""
        bit: uint64_t = cython.cast(uint64_t, 1) << (account & 63)
        if self.owes(account):
            self.owing[account >> 6] |= bit
        else:
            self.owing[account >> 6] &= ~bit

    def owes(self, account):
        wallet: uint32_t = self.at[account].first_wallet
        while wallet and self.wallets[wallet].wallet_units >= 0:
            wallet = self.wallets[wallet].next
        return wallet != 0

    def next_owing(self, above):
        """The lowest account over `above` that has a wallet below zero, 0 without one."""
        at: uint32_t = (above + 1) >> 6
        if above >= self.last_account:
            return 0
        word: uint64_t = self.owing[at] & (~cython.cast(uint64_t, 0)) << ((above + 1) & 63)
        while not word and at < self.last_account >> 6:
            at += 1
            word = self.owing[at]
        return at << 6 | cython.cast(uint32_t, lowest_bit(word)) if word else 0

    def draft_position(self, account, instrument, position_side, asset):
        """The leg, or the scratch record set to an untouched one (index 0)."""
        index: uint32_t = self.find_position(account, instrument, position_side)
        home: uint32_t
        if not index:
            home = self.find_position(account, instrument, POSITION_SIDE_BOTH)
            memset(self.positions, 0, cython.sizeof(Position))
            self.positions[0].account = account
            self.positions[0].instrument = instrument
            self.positions[0].position_side = cython.cast(uint8_t, position_side)
            self.positions[0].leverage = self.positions[home].leverage
            self.positions[0].margin_mode = self.positions[home].margin_mode
            self.positions[0].wallet = self.find_wallet(account, asset)
        return index

    def make_room(self, wallets, positions):
        """Empty tables for so many records; the caller fills them and calls reindex()."""
        wallet_room: uint32_t = self.wallet_room
        position_room: uint32_t = self.position_room
        while wallet_room < wallets:
            wallet_room *= 2
        while position_room < positions:
            position_room *= 2
        self._release_tables()
        self.reserve_tables(wallet_room, position_room)
        self.wallet_count = wallets
        self.position_count = positions

    def reindex(self):
        """Rebuild both tables of pairs, and who owes, after the records were filled from a snapshot."""
        i: uint32_t
        wallet: cython.pointer[Wallet]
        position: cython.pointer[Position]
        for i in range(1, self.wallet_count):
            wallet = self.wallets + i
            insert_pair(
                cython.address(self.wallet_pairs), cython.cast(uint64_t, wallet.account) << 16 | wallet.asset, i
            )
            if wallet.wallet_units < 0:
                self.note_debt(wallet.account)
        for i in range(1, self.position_count):
            position = self.positions + i
            insert_pair(
                cython.address(self.position_pairs),
                _leg(position.account, position.instrument, position.position_side),
                i,
            )


def is_leg_of(account, position_side):
    """[MAR-001] BOTH in one-way mode, LONG or SHORT in hedge mode."""
    if account.position_mode == MODE_HEDGE:
        return position_side in (POSITION_SIDE_LONG, POSITION_SIDE_SHORT)
    return position_side == POSITION_SIDE_BOTH


def _leg(account, instrument, position_side):
    """What names a leg in the table of pairs; instruments take ten bits."""
    return cython.cast(uint64_t, account) << 16 | instrument | cython.cast(uint64_t, position_side) << 10


def _rank(position):
    """Order of an account's legs: instrument, then side."""
    return cython.cast(uint64_t, position.instrument) << 2 | position.position_side


def close_pairs(pairs):
    pages_release(pairs.at, (cython.cast(cython.size_t, pairs.mask) + 1) * cython.sizeof(Pair))


def _home(key):
    return cython.cast(uint32_t, (key * cython.cast(uint64_t, SPREAD)) >> 32)


def find_pair(pairs, key):
    i: uint32_t = _home(key) & pairs.mask
    while pairs.at[i].key:
        if pairs.at[i].key == key:
            return pairs.at[i].index
        i = (i + 1) & pairs.mask
    return 0


def insert_pair(pairs, key, index):
    i: uint32_t
    j: uint32_t
    old: Pairs = pairs[0]
    if pairs.count * 2 > pairs.mask:
        pairs.mask = old.mask * 2 + 1
        pairs.at = cython.cast(
            cython.pointer[Pair], pages_reserve((cython.cast(cython.size_t, pairs.mask) + 1) * cython.sizeof(Pair))
        )
        for j in range(old.mask + 1):
            if old.at[j].key:
                i = _home(old.at[j].key) & pairs.mask
                while pairs.at[i].key:
                    i = (i + 1) & pairs.mask
                pairs.at[i] = old.at[j]
        pages_release(old.at, (cython.cast(cython.size_t, old.mask) + 1) * cython.sizeof(Pair))
    i = _home(key) & pairs.mask
    while pairs.at[i].key:
        i = (i + 1) & pairs.mask
    pairs.at[i].key = key
    pairs.at[i].index = index
    pairs.count += 1
