"""Answers to queries: which views are asked for, and of whom. Reads only."""

import cython
from cython.cimports.libc.stdint import int64_t, uint32_t
from cython.cimports.matcher.core.accounts import Wallet
from cython.cimports.matcher.core.book import NO_ASK, NO_BID, next_ask, next_bid
from cython.cimports.matcher.core.groups import (
    available,
    withdrawable,
)
from cython.cimports.matcher.core.instruments import INSTRUMENTS, Instrument
from cython.cimports.matcher.core.machine import to_int64
from cython.cimports.matcher.core.queue_views import list_queue
from cython.cimports.matcher.core.records import (
    COMMAND_PLACE_ORDER,
    QUERY_ACCOUNT,
    QUERY_ACCOUNTS,
    QUERY_ADL,
    QUERY_ASSETS,
    QUERY_DEPTH,
    QUERY_INSTRUMENTS,
    QUERY_LIMITS,
    QUERY_OPEN_ORDERS,
    QUERY_ORDER,
    QUERY_RULES,
    QUERY_STATS,
    AnswerHeader,
    BalanceView,
    LevelView,
    Query,
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
    add_position,
    add_rules,
    add_state,
    sum_legs,
)


def answer_query(state, request):
    """Header and views of one query: of what is not known, nothing. AssertionError when it has no query's length."""
    if len(request) != cython.sizeof(Query):
        raise AssertionError(f"{len(request)} bytes are no query")
    query: cython.pointer[Query] = cython.cast(cython.pointer[Query], cython.cast(cython.p_char, request))
    first: Records = Records()
    second: Records = Records()
    slot: uint32_t
    if query.kind == QUERY_ACCOUNT:
        _list_account(state, first, second, query.account)
    elif query.kind == QUERY_OPEN_ORDERS:
        _list_open_orders(state, first, query.account, query.instrument)
    elif query.kind == QUERY_ORDER:
        slot = state.find_order(query.account, query.instrument, query.order_id, query.client_order_id)
        if slot:
            add_order(state, first, slot)
        slot = 0
        if query.client_order_id[0]:
            slot = state.client_ids.find(query.account, COMMAND_PLACE_ORDER, query.client_order_id)
        if slot:
            add_key(state, second, slot)
    elif query.kind == QUERY_DEPTH:
        _list_depth(state, first, second, query)
    elif query.kind == QUERY_ADL:
        list_queue(state, first, query)
    elif query.kind == QUERY_LIMITS and query.account != EVERYBODY:
        add_limits(state, first, query.account or EVERYBODY)
    else:
        _list_terms(state, first, query)
    if query.kind == QUERY_RULES and query.account != EVERYBODY:
        add_countdowns(state, second, query.account)
    header: Records = Records()
    head: cython.pointer[AnswerHeader] = cython.cast(
        cython.pointer[AnswerHeader], header.add(cython.sizeof(AnswerHeader))
    )
    head.seq = state.seq
    head.time_ns = state.time_ns
    head.first_count = first.count
    head.second_count = second.count
    head.kind = query.kind
    return header.packed() + first.packed() + second.packed()


def _list_terms(state, out, query):
    """What is configured and counted, rather than who holds what."""
    number: cython.int
    slot: uint32_t
    if query.kind == QUERY_INSTRUMENTS:
        for number in range(1, INSTRUMENTS):
            if state.instruments.at[number].is_defined and query.instrument in (0, number):
                add_instrument(out, state.instruments.at + number)
    elif query.kind == QUERY_STATS:
        add_state(state, out)
    elif query.kind == QUERY_RULES:
        for number in range(1, INSTRUMENTS):
            if state.instruments.at[number].is_defined and query.instrument in (0, number):
                add_rules(state, out, number)
    elif query.kind == QUERY_ASSETS:
        for number in range(1, INSTRUMENTS):
            if state.instruments.assets[number].is_defined:
                add_asset(state, out, number)
    elif query.kind == QUERY_ACCOUNTS:
        for slot in range(1, state.accounts.last_account + 1):
            if state.accounts.at[slot].is_open and query.account in (0, slot):
                add_account(state, out, slot)
    return 0


def _list_account(state, first, second, account):
    if not state.accounts.is_open(account):
        return 0
    index: uint32_t = state.accounts.at[account].first_wallet
    wallet: cython.pointer[Wallet]
    view: cython.pointer[BalanceView]
    while index:
        wallet = state.accounts.wallets + index
        index = wallet.next
        if not wallet.existed:
            continue
        view = cython.cast(cython.pointer[BalanceView], first.add(cython.sizeof(BalanceView)))
        view.account = account
        view.asset = wallet.asset
        view.wallet_units = wallet.wallet_units
        view.updated_ns = wallet.updated_ns
        sum_legs(state, view)
        view.available_units = to_int64(available(state, account, wallet.asset))
        view.withdrawable_units = to_int64(withdrawable(state, account, wallet.asset))
    index = state.accounts.at[account].first_position
    while index:
        add_position(state, second, state.accounts.positions + index)
        index = state.accounts.positions[index].next
    return 0


def _list_open_orders(state, out, account, instrument):
    if not state.accounts.is_open(account):
        return 0
    found = []
    slot: uint32_t
    index: uint32_t = state.accounts.at[account].first_position
    while index:
        if instrument == 0 or state.accounts.positions[index].instrument == instrument:
            slot = state.accounts.positions[index].oldest
            while slot:
                found.append((state.orders.at[slot].order_id, slot))
                slot = state.orders.at[slot].younger
        index = state.accounts.positions[index].next
    found.sort()
    for row in found:
        add_order(state, out, row[1])
    return 0


def _list_depth(state, bids, asks, query):
    instrument: cython.pointer[Instrument] = state.instruments.find(query.instrument)
    if instrument == cython.NULL:
        return 0
    level: cython.pointer[LevelView]
    limit: uint32_t = query.limit or 0xFFFFFFFF
    tick: int64_t = instrument.book.bid
    while tick != NO_BID and bids.count < limit:
        level = cython.cast(cython.pointer[LevelView], bids.add(cython.sizeof(LevelView)))
        level.price_ticks = tick
        level.quantity_lots = instrument.book.levels[tick].lots
        tick = next_bid(cython.address(instrument.book), tick)
    tick = instrument.book.ask
    while tick != NO_ASK and asks.count < limit:
        level = cython.cast(cython.pointer[LevelView], asks.add(cython.sizeof(LevelView)))
        level.price_ticks = tick
        level.quantity_lots = instrument.book.levels[tick].lots
        tick = next_ask(cython.address(instrument.book), tick)
    return 0
