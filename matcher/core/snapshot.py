"""The whole state as bytes and back: the tables as they lie in memory, with a checksum.

A private format of one build on one kind of machine; hash tables, levels and bitmaps are rebuilt.
Anything damaged, cut or made by another build is refused.
"""

from dataclasses import replace
from hashlib import blake2b

import cython
from cython.cimports.cpython.bytes import PyBytes_AS_STRING, PyBytes_FromStringAndSize
from cython.cimports.libc.stdint import uint32_t, uint64_t
from cython.cimports.libc.string import memcpy, memset
from cython.cimports.matcher.core.accounts import Account, Position, Wallet
from cython.cimports.matcher.core.book import open_book, requeue
from cython.cimports.matcher.core.client_ids import Key
from cython.cimports.matcher.core.countdowns import Countdown
from cython.cimports.matcher.core.instruments import INSTRUMENTS, Asset, Instrument, Rules
from cython.cimports.matcher.core.limits import Limit
from cython.cimports.matcher.core.orders import WAITS, Order, Origin
from cython.cimports.matcher.core.safety import find_resumption
from cython.cimports.matcher.core.state import State
from cython.cimports.matcher.core.terms import Terms

from matcher.core.config import EngineConfig


def _sizes():
    mix: uint32_t = cython.sizeof(Account)
    mix = mix * 521 + cython.sizeof(Wallet)
    mix = mix * 521 + cython.sizeof(Position)
    mix = mix * 521 + cython.sizeof(Instrument)
    mix = mix * 521 + cython.sizeof(Asset)
    mix = mix * 521 + cython.sizeof(Rules)
    mix = mix * 521 + cython.sizeof(Order)
    mix = mix * 521 + cython.sizeof(Origin)
    mix = mix * 521 + cython.sizeof(Terms)
    mix = mix * 521 + cython.sizeof(Countdown)
    mix = mix * 521 + cython.sizeof(Limit)
    return mix * 521 + cython.sizeof(Key)


def save_state(state, config):
    """Checksum, header, tables."""
    header: Header
    index: uint32_t
    for index in range(1, state.waiting.fresh):
        if state.waiting.at[index].waits and state.waiting.at[index].is_trailing:
            state.waiting.write_watermark(index, _instrument_of(state, index))
    memset(cython.address(header), 0, cython.sizeof(Header))
    header.magic = MAGIC
    header.format = FORMAT
    header.sizes = _sizes()
    header.accounts_max = config.accounts
    header.orders_max = config.orders
    header.expected_orders = config.expected_orders
    header.expected_keys = config.expected_keys
    header.prefault = config.prefault
    header.seq = state.seq
    header.time_ns = state.time_ns
    header.last_order_id = state.last_order_id
    header.last_trade_id = state.last_trade_id
    header.last_account = state.accounts.last_account
    header.open_accounts = state.accounts.open_accounts
    header.numbers = _numbers(state)
    header.wallet_count = state.accounts.wallet_count
    header.position_count = state.accounts.position_count
    header.order_fresh = state.orders.fresh
    header.order_unused = state.orders.unused
    header.key_fresh = state.client_ids.fresh
    header.key_unused = state.client_ids.unused
    header.terms_fresh = state.waiting.fresh
    header.terms_unused = state.waiting.unused
    header.countdown_count = state.countdowns.count
    header.limit_count = state.limits.count
    header.key_first = state.client_ids.first
    header.key_last = state.client_ids.last
    body: bytes = b"".join(
        (
            cython.cast(cython.p_char, cython.address(header))[: cython.sizeof(Header)],
            _table(state.accounts.at, (header.last_account + 1) * cython.sizeof(Account)),
            _table(state.accounts.wallets, header.wallet_count * cython.sizeof(Wallet)),
            _positions(state),
            _terms(state, header.numbers),
            _table(state.instruments.assets, header.numbers * cython.sizeof(Asset)),
            _table(state.instruments.rules, header.numbers * cython.sizeof(Rules)),
            _table(state.orders.at, header.order_fresh * cython.sizeof(Order)),
            _table(state.orders.origin, header.order_fresh * cython.sizeof(Origin)),
            _table(state.client_ids.at, header.key_fresh * cython.sizeof(Key)),
            _table(state.waiting.at, header.terms_fresh * cython.sizeof(Terms)),
            _table(state.countdowns.at, header.countdown_count * cython.sizeof(Countdown)),
            _table(state.limits.at, header.limit_count * cython.sizeof(Limit)),
        )
    )
    return blake2b(body, digest_size=CHECKSUM_BYTES).digest() + body


def _table(at, size):
    return PyBytes_FromStringAndSize(cython.cast(cython.p_char, at), size)


def _positions(state):
    """The legs without their places in lists that are rebuilt."""
    packed: bytes = _table(state.accounts.positions, state.accounts.position_count * cython.sizeof(Position))
    it: cython.pointer[Position] = cython.cast(cython.pointer[Position], PyBytes_AS_STRING(packed))
    i: uint32_t
    for i in range(state.accounts.position_count):
        it[i].held_at = 0
        it[i].is_trusted = 0
    return packed


def _numbers(state):
    """One more than the highest number of an instrument or asset."""
    number: cython.int = INSTRUMENTS - 1
    while number and not state.instruments.at[number].is_defined and not state.instruments.assets[number].is_defined:
        number -= 1
    return number + 1


def _terms(state, numbers):
    """The instruments without their books, whose pointers mean nothing elsewhere."""
    packed: bytes = _table(state.instruments.at, numbers * cython.sizeof(Instrument))
    it: cython.pointer[Instrument] = cython.cast(cython.pointer[Instrument], PyBytes_AS_STRING(packed))
    number: cython.int
    for number in range(numbers):
        memset(cython.address(it[number].book), 0, cython.sizeof(it[number].book))
    return packed


def load_state(data):
    """(EngineConfig, State). ValueError when the bytes are damaged or of another format."""
    if len(data) < CHECKSUM_BYTES + cython.sizeof(Header):
        raise ValueError("a snapshot cut short")
    if blake2b(memoryview(data)[CHECKSUM_BYTES:], digest_size=CHECKSUM_BYTES).digest() != data[:CHECKSUM_BYTES]:
        raise ValueError("a damaged snapshot")
    at: cython.p_char = PyBytes_AS_STRING(data) + CHECKSUM_BYTES
    header: Header
    memcpy(cython.address(header), at, cython.sizeof(Header))
    if header.magic != MAGIC or header.format != FORMAT or header.sizes != _sizes():
        raise ValueError("a snapshot of another format")
    size: uint64_t = (
        CHECKSUM_BYTES
        + cython.sizeof(Header)
        + (header.last_account + 1) * cython.sizeof(Account)
        + header.wallet_count * cython.sizeof(Wallet)
        + header.position_count * cython.sizeof(Position)
        + header.numbers * (cython.sizeof(Instrument) + cython.sizeof(Asset) + cython.sizeof(Rules))
        + header.order_fresh * (cython.sizeof(Order) + cython.sizeof(Origin))
        + header.key_fresh * cython.sizeof(Key)
        + header.terms_fresh * cython.sizeof(Terms)
        + header.countdown_count * cython.sizeof(Countdown)
        + header.limit_count * cython.sizeof(Limit)
    )
    if size != len(data):
        raise ValueError("a snapshot of the wrong length")
    config = EngineConfig(
        accounts=header.accounts_max,
        orders=header.orders_max,
        expected_orders=header.expected_orders,
        expected_keys=header.expected_keys,
        prefault=bool(header.prefault),
    )
    roomy = replace(
        config,
        expected_orders=max(header.expected_orders, header.order_fresh),
        expected_keys=max(header.expected_keys, header.key_fresh),
    )
    state: State = State(roomy)
    _fill_tables(state, cython.address(header), at + cython.sizeof(Header))
    return config, state


def _fill_tables(state, header, at):
    """Copy every table to its place and rebuild what points into them."""
    state.seq = header.seq
    state.time_ns = header.time_ns
    state.last_order_id = header.last_order_id
    state.last_trade_id = header.last_trade_id
    state.accounts.last_account = cython.cast(uint32_t, header.last_account)
    state.accounts.open_accounts = cython.cast(uint32_t, header.open_accounts)
    size: cython.size_t = (header.last_account + 1) * cython.sizeof(Account)
    memcpy(state.accounts.at, at, size)
    at += size
    state.accounts.make_room(cython.cast(uint32_t, header.wallet_count), cython.cast(uint32_t, header.position_count))
    size = header.wallet_count * cython.sizeof(Wallet)
    memcpy(state.accounts.wallets, at, size)
    at += size
    size = header.position_count * cython.sizeof(Position)
    memcpy(state.accounts.positions, at, size)
    at += size
    state.accounts.reindex()
    state.holders.reindex(state.accounts)
    state.orders.fresh = cython.cast(uint32_t, header.order_fresh)
    state.orders.unused = cython.cast(uint32_t, header.order_unused)
    books: cython.p_const_char = at
    at += header.numbers * (cython.sizeof(Instrument) + cython.sizeof(Asset) + cython.sizeof(Rules))
    size = header.order_fresh * cython.sizeof(Order)
    memcpy(state.orders.at, at, size)
    at += size
    size = header.order_fresh * cython.sizeof(Origin)
    memcpy(state.orders.origin, at, size)
    at += size
    state.orders.reindex()
    _fill_books(state, cython.cast(uint32_t, header.numbers), books)
    state.client_ids.fresh = cython.cast(uint32_t, header.key_fresh)
    state.client_ids.unused = cython.cast(uint32_t, header.key_unused)
    state.client_ids.first = header.key_first
    state.client_ids.last = header.key_last
    size = header.key_fresh * cython.sizeof(Key)
    memcpy(state.client_ids.at, at, size)
    at += size
    state.client_ids.reindex()
    _fill_waiting(state, cython.cast(uint32_t, header.terms_fresh), cython.cast(uint32_t, header.terms_unused), at)
    at += header.terms_fresh * cython.sizeof(Terms)
    _fill_countdowns(state, cython.cast(uint32_t, header.countdown_count), at)
    at += header.countdown_count * cython.sizeof(Countdown)
    _fill_limits(state, cython.cast(uint32_t, header.limit_count), at)
    return 0


def _instrument_of(state, index):
    """Of the order whose terms these are."""
    return state.accounts.positions[state.orders.at[state.waiting.at[index].slot].position].instrument


def _fill_waiting(state, fresh, unused, at):
    """Every order with terms stands again where it stood; all of them are looked at once more, which changes nothing."""
    index: uint32_t
    terms: cython.pointer[Terms]
    active = []
    state.waiting.make_room(fresh, unused)
    memcpy(state.waiting.at, at, fresh * cython.sizeof(Terms))
    for index in range(1, fresh):
        terms = state.waiting.at + index
        if terms.slot == 0:
            continue
        if terms.good_till_ns:
            state.waiting.start_timer(index)
        if terms.waits:
            terms.joined = 0
            state.waiting.enter(index, _instrument_of(state, index))
            if terms.is_trailing and terms.watermark_ticks:
                # The trail's best watermarks first: the highest of sells, the lowest of buys.
                active.append((terms.watermark_ticks if terms.line & 1 else -terms.watermark_ticks, index))
    active.sort()
    for row in active:
        state.waiting.resume_trail(row[1], _instrument_of(state, row[1]))


def _fill_countdowns(state, count, at):
    index: uint32_t
    it: cython.pointer[Countdown] = cython.cast(cython.pointer[Countdown], at)
    for index in range(1, count):
        state.countdowns.set(it[index].account, it[index].instrument, it[index].deadline_ns)


def _fill_limits(state, count, at):
    index: uint32_t
    it: cython.pointer[Limit] = cython.cast(cython.pointer[Limit], at)
    for index in range(1, count):
        state.limits.touch(it[index].account, it[index].instrument)[0] = it[index]


def _fill_books(state, numbers, at):
    number: cython.int
    slot: uint32_t
    it: cython.pointer[Instrument]
    memcpy(state.instruments.at, at, numbers * cython.sizeof(Instrument))
    at += numbers * cython.sizeof(Instrument)
    memcpy(state.instruments.assets, at, numbers * cython.sizeof(Asset))
    at += numbers * cython.sizeof(Asset)
    memcpy(state.instruments.rules, at, numbers * cython.sizeof(Rules))
    find_resumption(state)
    for number in range(numbers):
        it = state.instruments.at + number
        if it.is_defined:
            memset(cython.address(it.book), 0, cython.sizeof(it.book))
            open_book(
                cython.address(it.book),
                state.orders.at,
                cython.address(state.instruments.log),
                it.number,
                it.max_price_ticks + 1,
            )
    for slot in range(1, state.orders.fresh):
        if state.orders.at[slot].order_id and not state.orders.at[slot].flags & WAITS:
            it = state.instruments.at + state.accounts.positions[state.orders.at[slot].position].instrument
            requeue(cython.address(it.book), slot)
