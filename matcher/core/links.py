"""Owns what a trade means for other orders: siblings that end, children that come, orders whose position is gone.

[ORD-010] [ORD-011] [ORD-012] The links between two orders and their ending by anything but a trade
are with the life of an order, in state.py.
"""

import cython
from cython.cimports.libc.stdint import uint32_t, uint64_t
from cython.cimports.libc.string import memset
from cython.cimports.matcher.core.accounts import Position
from cython.cimports.matcher.core.admitting import admit
from cython.cimports.matcher.core.instruments import Instrument
from cython.cimports.matcher.core.orders import HAS_TERMS, WAITS, Order
from cython.cimports.matcher.core.records import (
    COMMAND_PLACE_ORDER,
    END_POSITION_CLOSED,
    END_SIBLING_ENDED,
    EVENT_ORDER_AMENDED,
    EVENT_ORDER_CANCELED,
    FLAG_ATTACHED,
    FLAG_CLOSE_POSITION,
    FLAG_REDUCE_ONLY,
    POSITION_SIDE_BOTH,
    REJECT_NONE,
    SIDE_BUY,
    SIDE_SELL,
    STATUS_CANCELED,
    STATUS_NEW,
    TIF_GTC,
    TYPE_STOP_MARKET,
    TYPE_TAKE_PROFIT_MARKET,
    PlaceOrder,
)
from cython.cimports.matcher.core.terms import Terms


def note_party(state, slot, party):
    """Write down an order before its trade: it may be gone when its links are settled."""
    order: cython.pointer[Order] = state.orders.at + slot
    terms: cython.pointer[Terms]
    memset(party, 0, cython.sizeof(party[0]))
    if not order.flags & HAS_TERMS:
        return
    terms = state.waiting.at + state.orders.origin[slot].terms
    party.order_id = order.order_id
    party.linked_order_id = terms.linked_order_id
    party.children[0] = terms.children[0]
    party.children[1] = terms.children[1]
    party.prices[0] = terms.take_profit_ticks
    party.prices[1] = terms.stop_loss_ticks
    party.position = order.position
    party.side = order.side
    party.working_type = state.orders.origin[slot].working_type
    party.self_trade_prevention = order.self_trade_prevention


def settle_links(state, taker, maker, lots):
    """After all rules of the two legs: siblings of taker and maker, then their children."""
    _end_sibling(state, taker)
    _end_sibling(state, maker)
    _grow_children(state, taker, lots)
    _grow_children(state, maker, lots)


def _end_sibling(state, party):
    """[ORD-011] One of two was filled, in part or whole: the other is canceled, unless it is the taker itself."""
    slot: uint32_t
    if not party.linked_order_id:
        return
    slot = state.orders.find(party.order_id)
    slot = state.unlink(slot) if slot else state.unlink_from(party.linked_order_id, party.order_id)
    if slot:
        state.cancel(slot, END_SIBLING_ENDED)


def _grow_children(state, party, lots):
    """[ORD-012] Lots that opened join the closing orders attached to their order."""
    child: uint64_t
    slot: uint32_t
    i: cython.int
    order: cython.pointer[Order]
    if not party.prices[0] and not party.prices[1]:
        return
    if not closes_leg(state.accounts.positions + party.position, SIDE_SELL if party.side == SIDE_BUY else SIDE_BUY):
        return
    if not party.children[0] and not party.children[1]:
        _make_children(state, party, lots)
        return
    for i in range(2):
        child = party.children[i]
        slot = state.orders.find(child) if child else 0
        if slot and state.orders.at[slot].flags & WAITS:
            order = state.orders.at + slot
            order.quantity_lots += lots
            order.leaves_lots += lots
            state.orders.origin[slot].updated_ns = state.time_ns
            state.emit_image(EVENT_ORDER_AMENDED, slot, STATUS_NEW, REJECT_NONE)


def _make_children(state, party, lots):
    """Take-profit first; two name each other from the start."""
    command: PlaceOrder
    i: cython.int
    slot: uint32_t
    first: uint64_t = state.last_order_id + 1
    both: cython.bint = party.prices[0] and party.prices[1]
    children: uint64_t[2]
    position: cython.pointer[Position] = state.accounts.positions + party.position
    instrument: cython.pointer[Instrument] = state.instruments.at + position.instrument
    memset(cython.address(command), 0, cython.sizeof(command))
    command.kind = COMMAND_PLACE_ORDER
    command.account = position.account
    command.instrument = position.instrument
    command.position_side = position.position_side
    command.side = SIDE_SELL if party.side == SIDE_BUY else SIDE_BUY
    command.time_in_force = TIF_GTC
    command.flags = FLAG_ATTACHED | (FLAG_REDUCE_ONLY if position.position_side == POSITION_SIDE_BOTH else 0)
    command.working_type = party.working_type
    command.self_trade_prevention = party.self_trade_prevention
    command.quantity_lots = lots
    children[0] = 0
    children[1] = 0
    for i in range(2):
        if not party.prices[i]:
            continue
        command.order_type = TYPE_STOP_MARKET if i else TYPE_TAKE_PROFIT_MARKET
        command.trigger_ticks = party.prices[i]
        command.linked_order_id = 0
        if both:
            command.linked_order_id = first if i else first + 1
        children[i] = state.last_order_id + 1
        admit(state, instrument, cython.address(command), lots)
    slot = state.orders.find(party.order_id)
    if slot:
        state.waiting.at[state.orders.origin[slot].terms].children = children


def closes_leg(position, side):
    """Whether an order of this side would make the leg smaller."""
    return position.position_lots > 0 if side == SIDE_SELL else position.position_lots < 0


def close_orphans(state, index):
    """[ORD-010] The leg is flat or changed its sign: what waits to close what is gone is canceled by order_id."""
    position: cython.pointer[Position] = state.accounts.positions + index
    slot: uint32_t = position.oldest
    order: cython.pointer[Order]
    younger: uint32_t
    while slot and position.waiting_orders:
        order = state.orders.at + slot
        younger = order.younger
        if (
            order.flags & WAITS
            and order.flags & (FLAG_CLOSE_POSITION | FLAG_ATTACHED)
            and not closes_leg(position, order.side)
        ):
            state.close_order(slot, EVENT_ORDER_CANCELED, STATUS_CANCELED, END_POSITION_CLOSED)
            # Its sibling may have been the next one: begin anew.
            younger = position.oldest
        slot = younger
