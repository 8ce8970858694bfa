"""CancelOrder, CancelAllOrders and AmendOrder: what may happen to an order that rests.

Rules: [ORD-105], [ORD-106].
"""

import cython
from cython.cimports.libc.stdint import int64_t, uint32_t, uint64_t
from cython.cimports.matcher.core.accounts import Position
from cython.cimports.matcher.core.book import remove, take
from cython.cimports.matcher.core.conditional import child_would_trigger
from cython.cimports.matcher.core.groups import solvent_ticks
from cython.cimports.matcher.core.instruments import Instrument
from cython.cimports.matcher.core.margin import Holding, check_margin, holding_of, order_alone
from cython.cimports.matcher.core.matching import crosses, execute, reducible
from cython.cimports.matcher.core.orders import CLOSES, HAS_TERMS, WAITS, Order
from cython.cimports.matcher.core.placing import check_prices, check_terms
from cython.cimports.matcher.core.records import (
    ACCOUNT_FROZEN,
    ACCOUNT_REDUCE_ONLY,
    END_AMENDED_BELOW_FILLED,
    EVENT_ORDER_AMENDED,
    EVENT_ORDERS_CANCELED,
    REJECT_ACCOUNT_FROZEN,
    REJECT_MARGIN_INSUFFICIENT,
    REJECT_NO_MARK_PRICE,
    REJECT_NONE,
    REJECT_NOTHING_TO_AMEND,
    REJECT_ONLY_REDUCE_ONLY,
    REJECT_ORDER_NOT_AMENDABLE,
    REJECT_POST_ONLY_WOULD_CROSS,
    REJECT_REDUCE_ONLY_REJECTED,
    REJECT_TRADING_NOT_OPEN,
    REJECT_UNKNOWN_ACCOUNT,
    REJECT_UNKNOWN_INSTRUMENT,
    REJECT_UNKNOWN_ORDER,
    REJECT_WOULD_TRIGGER,
    TIF_GTX,
    TRADING_ACTIVE,
    TRADING_REDUCE_ONLY,
    OrdersCanceled,
)
from cython.cimports.matcher.core.state import status_of
from cython.cimports.matcher.core.terms import Terms


def cancel_order(state, command):
    """End one open order; a RejectReason. Works in any trading state, for frozen accounts too."""
    if not state.accounts.is_open(command.account):
        return REJECT_UNKNOWN_ACCOUNT
    if state.instruments.find(command.instrument) == cython.NULL:
        return REJECT_UNKNOWN_INSTRUMENT
    slot: uint32_t = state.find_order(command.account, command.instrument, command.order_id, command.client_order_id)
    if not slot:
        return REJECT_UNKNOWN_ORDER
    state.cancel(slot, REJECT_NONE)
    return REJECT_NONE


def cancel_all(state, command):
    """End the account's open orders by instrument and order_id; a RejectReason."""
    if not state.accounts.is_open(command.account):
        return REJECT_UNKNOWN_ACCOUNT
    if command.instrument and state.instruments.find(command.instrument) == cython.NULL:
        return REJECT_UNKNOWN_INSTRUMENT
    count: uint64_t = state.cancel_orders(command.account, command.instrument, 0, REJECT_NONE)
    event: cython.pointer[OrdersCanceled] = cython.cast(
        cython.pointer[OrdersCanceled], state.emit(EVENT_ORDERS_CANCELED, command.account, command.instrument)
    )
    event.count = count
    return REJECT_NONE


def amend(state, command):
    """New price and total quantity of a resting order; a RejectReason, and then the order is as it was."""
    if not state.accounts.is_open(command.account):
        return REJECT_UNKNOWN_ACCOUNT
    if state.accounts.at[command.account].state == ACCOUNT_FROZEN:
        return REJECT_ACCOUNT_FROZEN
    instrument: cython.pointer[Instrument] = state.instruments.find(command.instrument)
    if instrument == cython.NULL:
        return REJECT_UNKNOWN_INSTRUMENT
    slot: uint32_t = state.find_order(command.account, command.instrument, command.order_id, command.client_order_id)
    if not slot:
        return REJECT_UNKNOWN_ORDER
    order: cython.pointer[Order] = state.orders.at + slot
    if order.flags & WAITS:
        return REJECT_ORDER_NOT_AMENDABLE  # [ORD-014]
    closes: cython.bint = order.flags & CLOSES
    reason: cython.int = _check_market(state, state.accounts.at + command.account, instrument, closes)
    if reason:
        return reason
    reason = check_terms(
        instrument,
        order.side,
        command.price_ticks,
        command.quantity_lots,
        instrument.max_quantity_lots,
        closes,
    )
    if reason:
        return reason
    if command.price_ticks == order.price_ticks and command.quantity_lots == order.quantity_lots:
        return REJECT_NOTHING_TO_AMEND
    if command.quantity_lots <= order.quantity_lots - order.leaves_lots:
        state.cancel(slot, END_AMENDED_BELOW_FILLED)
        return REJECT_NONE
    reason = _check_change(state, instrument, slot, command)
    if reason:
        return reason
    _change(state, instrument, slot, command)
    return REJECT_NONE


def _check_market(state, account, instrument, closes):
    """Whether this account may change the order there now."""
    if instrument.trading_state != TRADING_ACTIVE and not (closes and instrument.trading_state == TRADING_REDUCE_ONLY):
        return REJECT_TRADING_NOT_OPEN
    if account.state == ACCOUNT_REDUCE_ONLY and not closes:
        return REJECT_ONLY_REDUCE_ONLY
    if instrument.mark_ticks == 0:
        return REJECT_NO_MARK_PRICE
    return REJECT_NONE if closes else check_prices(state, account, instrument)  # [ORD-014]


def _check_change(state, instrument, slot, command):
    """What position, book and margin allow with the old order taken out and the new one put in."""
    order: cython.pointer[Order] = state.orders.at + slot
    position: cython.pointer[Position] = state.accounts.positions + order.position
    leaves: int64_t = command.quantity_lots - (order.quantity_lots - order.leaves_lots)
    closes: cython.bint = order.flags & CLOSES
    if closes and leaves > reducible(position, order.side) + order.leaves_lots:
        return REJECT_REDUCE_ONLY_REJECTED
    if order.time_in_force == TIF_GTX and crosses(instrument, order.side, command.price_ticks):
        return REJECT_POST_ONLY_WOULD_CROSS
    if order.flags & HAS_TERMS and _children_would_trigger(state, instrument, slot, command.price_ticks):
        return REJECT_WOULD_TRIGGER
    if solvent_ticks(state, position, order.side, command.price_ticks) != command.price_ticks:
        return REJECT_MARGIN_INSUFFICIENT  # [MAR-015]
    if closes:
        return REJECT_NONE
    after: Holding = holding_of(position)
    after.lots[order.side] += leaves - order.leaves_lots
    after.value[order.side] += leaves * command.price_ticks - order.leaves_lots * cython.cast(
        int64_t, order.price_ticks
    )
    alone: Holding = order_alone(position, order.side, leaves, command.price_ticks)
    was: Holding = order_alone(position, order.side, order.leaves_lots, order.price_ticks)
    return check_margin(state, position, cython.address(after), cython.address(alone), cython.address(was), order.side)


def _children_would_trigger(state, instrument, slot, price_ticks):
    """[ORD-017] Whether the order, which has terms, would come to another price where its children are due."""
    terms: cython.pointer[Terms] = state.waiting.at + state.orders.origin[slot].terms
    if not state.is_third or price_ticks == state.orders.at[slot].price_ticks:
        return False
    return child_would_trigger(
        instrument,
        state.orders.at[slot].side,
        price_ticks,
        state.orders.origin[slot].working_type,
        terms.take_profit_ticks,
        terms.stop_loss_ticks,
    )


def _change(state, instrument, slot, command):
    """Fewer lots at the same price keep the place in the queue; anything else loses it and may trade."""
    order: cython.pointer[Order] = state.orders.at + slot
    fewer: int64_t = order.quantity_lots - command.quantity_lots
    keeps_place: cython.bint = command.price_ticks == order.price_ticks and fewer > 0
    state.orders.origin[slot].updated_ns = state.time_ns
    if keeps_place:
        state.hold(slot, -fewer)
        take(cython.address(instrument.book), slot, fewer)
        order.quantity_lots = command.quantity_lots
    else:
        remove(cython.address(instrument.book), slot)
        state.hold(slot, -order.leaves_lots)
        order.leaves_lots -= fewer
        order.quantity_lots = command.quantity_lots
        order.price_ticks = cython.cast(uint32_t, command.price_ticks)
    state.emit_image(EVENT_ORDER_AMENDED, slot, status_of(order.leaves_lots, order.quantity_lots), REJECT_NONE)
    if not keeps_place:
        execute(state, slot, command.price_ticks, True)
