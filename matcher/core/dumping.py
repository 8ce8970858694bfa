"""The canonical dump: the whole state as packed records, the same bytes from every implementation. Reads only.

Rules: [ENG-003], [ENG-006].
"""

import cython
from cython.cimports.libc.stdint import int64_t, uint32_t
from cython.cimports.matcher.core.accounts import Position, Wallet
from cython.cimports.matcher.core.book import NO_ASK, NO_BID, next_ask, next_bid
from cython.cimports.matcher.core.client_ids import Key
from cython.cimports.matcher.core.instruments import INSTRUMENTS
from cython.cimports.matcher.core.orders import WAITS
from cython.cimports.matcher.core.records import (
    POSITION_SIDE_BOTH,
    BalanceView,
    MarkView,
    PositionView,
)
from cython.cimports.matcher.core.views import (
    EVERYBODY,
    Records,
    add_account,
    add_asset,
    add_countdowns,
    add_instrument,
    add_key,
    add_limits,
    add_order,
    add_rules,
    add_state,
    add_tiers,
)


def dump_state(state):
    """Canonical packed state, the same bytes from every implementation (docs/engine.md, dump)."""
    out: Records = Records()
    number: cython.int
    index: uint32_t
    add_state(state, out)
    for number in range(1, INSTRUMENTS):
        if state.instruments.assets[number].is_defined:
            add_asset(state, out, number)
    for number in range(1, INSTRUMENTS):
        if state.instruments.at[number].is_defined:
            add_instrument(out, state.instruments.at + number)
            add_tiers(out, state.instruments.at + number)
            add_rules(state, out, number)
            _dump_marks(out, state.instruments.rules + number)
    for index in range(1, state.accounts.last_account + 1):
        if state.accounts.at[index].is_open:
            add_account(state, out, index)
    _dump_holdings(state, out)
    for number in range(1, INSTRUMENTS):
        if state.instruments.at[number].is_defined:
            _dump_book(state, out, state.instruments.at + number)
    _dump_waiting(state, out)
    _dump_keys(state, out)
    add_countdowns(state, out, EVERYBODY)
    add_limits(state, out, EVERYBODY)
    return out.packed()


def _dump_waiting(state, out):
    """Waiting orders by instrument, order_id."""
    index: uint32_t
    number: cython.int
    waiting = []
    for index in range(1, state.orders.fresh):
        if state.orders.at[index].order_id and state.orders.at[index].flags & WAITS:
            number = state.accounts.positions[state.orders.at[index].position].instrument
            waiting.append((number, state.orders.at[index].order_id, index))
    waiting.sort()
    for row in waiting:
        add_order(state, out, row[2])
    return 0


def _dump_keys(state, out):
    index: uint32_t
    keys = []
    key: cython.pointer[Key]
    for index in range(1, state.client_ids.fresh):
        key = state.client_ids.at + index
        if key.account:
            keys.append((key.account, key.purpose, cython.cast(bytes, key.text[:36]), index))
    keys.sort()
    for row in keys:
        add_key(state, out, row[3])
    return 0


def _dump_marks(out, rules):
    i: uint32_t
    view: cython.pointer[MarkView]
    for i in range(rules.mark_count):
        view = cython.cast(cython.pointer[MarkView], out.add(cython.sizeof(MarkView)))
        view.time_ns = rules.marks[i].time_ns
        view.mark_ticks = rules.marks[i].mark_ticks


def _dump_holdings(state, out):
    number: uint32_t
    index: uint32_t
    wallet: cython.pointer[Wallet]
    position: cython.pointer[Position]
    balance: cython.pointer[BalanceView]
    view: cython.pointer[PositionView]
    for number in range(1, state.accounts.last_account + 1):
        index = state.accounts.at[number].first_wallet
        while index:
            wallet = state.accounts.wallets + index
            if wallet.existed:
                balance = cython.cast(cython.pointer[BalanceView], out.add(cython.sizeof(BalanceView)))
                balance.wallet_units = wallet.wallet_units
                balance.updated_ns = wallet.updated_ns
                balance.account = number
                balance.asset = wallet.asset
            index = wallet.next
    for number in range(1, state.accounts.last_account + 1):
        index = state.accounts.at[number].first_position
        while index:
            position = state.accounts.positions + index
            view = cython.cast(cython.pointer[PositionView], out.add(cython.sizeof(PositionView)))
            view.position_lots = position.position_lots
            view.cost_units = position.cost_units
            view.realized_pnl_units = position.realized_pnl_units
            view.updated_ns = position.updated_ns
            view.account = number
            view.instrument = position.instrument
            view.position_side = position.position_side
            view.isolated_units = position.isolated_units
            if position.position_side == POSITION_SIDE_BOTH:
                view.leverage = position.leverage
                view.margin_mode = position.margin_mode
            index = position.next


def _dump_book(state, out, instrument):
    slot: uint32_t
    tick: int64_t = instrument.book.bid
    while tick != NO_BID:
        slot = instrument.book.levels[tick].first
        while slot:
            add_order(state, out, slot)
            slot = state.orders.at[slot].behind
        tick = next_bid(cython.address(instrument.book), tick)
    tick = instrument.book.ask
    while tick != NO_ASK:
        slot = instrument.book.levels[tick].first
        while slot:
            add_order(state, out, slot)
            slot = state.orders.at[slot].behind
        tick = next_ask(cython.address(instrument.book), tick)
