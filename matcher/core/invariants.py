"""Recomputes what must always hold. Each broken fact is an AssertionError with its name and place.

Rules: [ENG-004], [ENG-007].
"""

import cython
from cython.cimports.libc.stdint import int64_t, uint32_t
from cython.cimports.matcher.core.accounts import Position
from cython.cimports.matcher.core.book import NO_ASK, NO_BID, next_ask, next_bid
from cython.cimports.matcher.core.client_ids import Key
from cython.cimports.matcher.core.instruments import INSTRUMENTS, Asset
from cython.cimports.matcher.core.orders import CLOSES, WAITS, Order
from cython.cimports.matcher.core.records import SIDE_BUY, SIDE_SELL
from cython.cimports.matcher.core.risk_checks import check_risk
from cython.cimports.matcher.core.waiting_checks import check_waiting_orders


def _require(fact, name, *place):
    if not fact:
        raise AssertionError(f"{name} {' '.join(map(str, place))}")


def check_state(state):
    number: cython.int
    resting: int64_t = 0
    listed: int64_t = 0
    index: uint32_t
    for number in range(1, INSTRUMENTS):
        if state.instruments.at[number].is_defined:
            _check_book(state, state.instruments.at + number)
            resting += state.instruments.at[number].book.open_orders
    for index in range(1, state.accounts.position_count):
        listed += state.accounts.positions[index].open_orders
        resting += state.accounts.positions[index].waiting_orders
        listed += state.accounts.positions[index].waiting_orders
    _require(resting == state.orders.open_orders, "orders in books and waiting != open orders")
    _require(listed == state.orders.open_orders, "orders in account lists != open orders")
    _check_positions(state)
    _check_money(state)
    _check_keys(state)
    check_waiting_orders(state)
    check_risk(state)
    return 0


def _check_book(state, instrument):
    """Never crossed; every level's total and queue are those of its orders."""
    bid: int64_t = instrument.book.bid
    ask: int64_t = instrument.book.ask
    orders: int64_t = 0
    _require(bid < ask, "book crossed", instrument.number, bid, ask)
    while bid != NO_BID:
        orders += _check_queue(state, instrument, bid, SIDE_BUY)
        bid = next_bid(cython.address(instrument.book), bid)
    while ask != NO_ASK:
        orders += _check_queue(state, instrument, ask, SIDE_SELL)
        ask = next_ask(cython.address(instrument.book), ask)
    _require(orders == instrument.book.open_orders, "orders in levels != orders of book", instrument.number)
    return 0


def _check_queue(state, instrument, tick, side):
    slot: uint32_t = instrument.book.levels[tick].first
    ahead: uint32_t = 0
    lots: int64_t = 0
    count: int64_t = 0
    order: cython.pointer[Order]
    while slot:
        order = state.orders.at + slot
        _require(order.price_ticks == tick and order.side == side, "order at a foreign level", order.order_id)
        _require(order.ahead == ahead, "queue broken at order", order.order_id)
        _require(0 < order.leaves_lots <= order.quantity_lots, "leaves of order", order.order_id)
        _require(state.orders.find(order.order_id) == slot, "order not found by its id", order.order_id)
        lots += order.leaves_lots
        count += 1
        ahead = slot
        slot = order.behind
    _require(count > 0, "empty level marked occupied", instrument.number, tick)
    _require(ahead == instrument.book.levels[tick].last, "level's last order", instrument.number, tick)
    _require(lots == instrument.book.levels[tick].lots, "level total != its orders", instrument.number, tick)
    return count


def _check_positions(state):
    """Every sum margin is computed from equals its orders; longs equal shorts; reduce_only stays within."""
    index: uint32_t
    slot: uint32_t
    older: uint32_t
    side: cython.int
    position: cython.pointer[Position]
    order: cython.pointer[Order]
    value: int64_t[2]
    lots: int64_t[2]
    reduce_only: int64_t[2]
    count: int64_t
    waiting: int64_t
    net: dict = {}
    longs: dict = {}
    for index in range(1, state.accounts.position_count):
        position = state.accounts.positions + index
        place = (position.account, position.instrument, position.position_side)
        value[0] = value[1] = lots[0] = lots[1] = reduce_only[0] = reduce_only[1] = count = 0
        older = 0
        waiting = 0
        slot = position.oldest
        while slot:
            order = state.orders.at + slot
            _require(order.account == position.account and order.position == index, "order of another", *place)
            _require(order.older == older, "account's list broken", *place)
            _require(not older or state.orders.at[older].order_id < order.order_id, "list out of order", *place)
            if order.flags & WAITS:
                waiting += 1
            elif order.flags & CLOSES:
                reduce_only[order.side] += order.leaves_lots
            else:
                lots[order.side] += order.leaves_lots
                value[order.side] += order.leaves_lots * cython.cast(int64_t, order.price_ticks)
            count += 1
            older = slot
            slot = order.younger
        _require(
            older == position.youngest
            and count == position.open_orders + position.waiting_orders
            and waiting == position.waiting_orders,
            "account's open orders",
            *place,
        )
        for side in range(2):
            _require(value[side] == position.value[side], "value of resting orders", side, *place)
            _require(lots[side] == position.lots[side], "lots of resting orders", side, *place)
            _require(reduce_only[side] == position.reduce_only_lots[side], "reduce_only lots", side, *place)
        _require(reduce_only[SIDE_BUY] <= max(-position.position_lots, 0), "reduce_only beyond a short", *place)
        _require(reduce_only[SIDE_SELL] <= max(position.position_lots, 0), "reduce_only beyond a long", *place)
        net[position.instrument] = net.get(position.instrument, 0) + position.position_lots
        longs[position.instrument] = longs.get(position.instrument, 0) + max(position.position_lots, 0)
    for number, lots_net in net.items():
        _require(lots_net == 0, "longs != shorts", number)
        _require(longs[number] == state.instruments.at[number].open_interest_lots, "open interest", number)
    return 0


def _check_money(state):
    """Wallets, house and the outside sum to nothing; clearing is what open positions cost."""
    number: cython.int
    index: uint32_t
    asset: cython.pointer[Asset]
    wallets: dict = {}
    costs: dict = {}
    for index in range(1, state.accounts.wallet_count):
        number = state.accounts.wallets[index].asset
        wallets[number] = wallets.get(number, 0) + state.accounts.wallets[index].wallet_units
    for index in range(1, state.accounts.position_count):
        number = state.instruments.at[state.accounts.positions[index].instrument].settlement_asset
        costs[number] = costs.get(number, 0) + state.accounts.positions[index].cost_units
    owing: uint32_t = 0
    for index in range(1, state.accounts.last_account + 1):
        if state.accounts.owes(index):
            owing = state.accounts.next_owing(owing)
            _require(owing == index, "who owes", index)
    _require(state.accounts.next_owing(owing) == 0, "somebody owes who does not", owing)
    for number in range(1, INSTRUMENTS):
        asset = state.instruments.assets + number
        if asset.is_defined:
            inside: object = wallets.get(number, 0)
            _require(
                inside + asset.fee_income_units + asset.clearing_units + asset.conversion_units == asset.external_units,
                "money of asset",
                number,
            )
            _require(asset.clearing_units == -costs.get(number, 0), "clearing of asset", number)
    return 0


def _check_keys(state):
    """A key is either of an open order or waiting to be forgotten."""
    index: uint32_t
    count: int64_t = 0
    key: cython.pointer[Key]
    for index in range(1, state.client_ids.fresh):
        key = state.client_ids.at + index
        if not key.account:
            continue
        count += 1
        _require(state.client_ids.find(key.account, key.purpose, key.text) == index, "key not found", key.account)
        if key.slot:
            _require(state.orders.at[key.slot].order_id == key.order_id, "key of a gone order", key.order_id)
            _require(state.orders.origin[key.slot].key == index, "order without its key", key.order_id)
        else:
            _require(key.ended_ns <= state.time_ns, "key of the future", key.account)
    _require(count == state.client_ids.remembered, "remembered keys")
    return 0
