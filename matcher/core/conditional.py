"""What a new order that waits for a price is checked for [ORD-003], and the order that a new one may be linked to."""

import cython
from cython.cimports.libc.stdint import int64_t, uint32_t
from cython.cimports.matcher.core.accounts import Position
from cython.cimports.matcher.core.admitting import working_ticks
from cython.cimports.matcher.core.limits import check_open_orders
from cython.cimports.matcher.core.links import closes_leg
from cython.cimports.matcher.core.machine import int128
from cython.cimports.matcher.core.orders import HAS_TERMS, Order, is_closing
from cython.cimports.matcher.core.records import (
    FLAG_CLOSE_POSITION,
    REJECT_CAPACITY_REACHED,
    REJECT_NONE,
    REJECT_NOTIONAL_TOO_SMALL,
    REJECT_PRICE_NOT_POSITIVE,
    REJECT_PRICE_TOO_HIGH,
    REJECT_QUANTITY_NOT_POSITIVE,
    REJECT_QUANTITY_TOO_LARGE,
    REJECT_QUANTITY_TOO_SMALL,
    REJECT_REDUCE_ONLY_REJECTED,
    REJECT_TOO_MANY_CONDITIONAL_ORDERS,
    REJECT_WOULD_TRIGGER,
    SIDE_BUY,
    TYPE_MARKET,
    TYPE_TRAILING_STOP_MARKET,
)
from cython.cimports.matcher.core.shapes import is_market_type
from cython.cimports.matcher.core.state import waiting_orders_of
from cython.cimports.matcher.core.terms import Terms
from cython.cimports.matcher.core.waiting import line_of


def check_waiting(state, instrument, command):
    """Price, quantity, notional, the leg, how many wait, and whether its price was reached already."""
    index: uint32_t = state.accounts.draft_position(
        command.account, command.instrument, command.position_side, instrument.settlement_asset
    )
    position: cython.pointer[Position] = state.accounts.positions + index
    reason: cython.int = _check_terms(instrument, command)
    if reason:
        return reason
    if command.flags & FLAG_CLOSE_POSITION and not closes_leg(position, command.side):
        return REJECT_REDUCE_ONLY_REJECTED
    if waiting_orders_of(state, position) >= state.instruments.rules[instrument.number].max_conditional_orders:
        return REJECT_TOO_MANY_CONDITIONAL_ORDERS
    if command.order_type != TYPE_TRAILING_STOP_MARKET and _would_trigger(instrument, command):
        return REJECT_WOULD_TRIGGER
    if state.accounts.at[command.account].is_limited and not is_closing(
        command.position_side, command.side, command.flags
    ):
        reason = check_open_orders(state, position, False)
        if reason:
            return reason
    if state.orders.open_orders >= state.orders.capacity:
        return REJECT_CAPACITY_REACHED
    return REJECT_NONE


def _check_terms(instrument, command):
    """As for LIMIT and MARKET, without the band: the market may be elsewhere when it fires."""
    is_market: cython.bint = is_market_type(command.order_type)
    lots: int64_t = command.quantity_lots
    ticks: int64_t = command.price_ticks or command.trigger_ticks or instrument.mark_ticks
    if is_market:
        if command.price_ticks:
            return REJECT_PRICE_TOO_HIGH
    elif command.price_ticks <= 0:
        return REJECT_PRICE_NOT_POSITIVE
    elif command.price_ticks > instrument.max_price_ticks:
        return REJECT_PRICE_TOO_HIGH
    if command.flags & FLAG_CLOSE_POSITION:
        return REJECT_NONE
    if lots <= 0:
        return REJECT_QUANTITY_NOT_POSITIVE
    if lots < instrument.min_quantity_lots:
        return REJECT_QUANTITY_TOO_SMALL
    if lots > (instrument.max_market_quantity_lots if is_market else instrument.max_quantity_lots):
        return REJECT_QUANTITY_TOO_LARGE
    if (
        not is_closing(command.position_side, command.side, command.flags)
        and cython.cast(int128, ticks) * lots * instrument.tick_lot_units < instrument.min_notional_units
    ):
        return REJECT_NOTIONAL_TOO_SMALL
    return REJECT_NONE


def _would_trigger(instrument, command):
    ticks: int64_t = working_ticks(instrument, command.working_type)
    if line_of(command.order_type, command.side, command.working_type) & 1:
        return ticks <= command.trigger_ticks
    return ticks >= command.trigger_ticks


def child_would_trigger(instrument, side, entry_ticks, working_type, take_profit_ticks, stop_loss_ticks):
    """[ORD-017] Whether a child would be due where its entry fills: at the working price, or at its limit if that is better.

    An entry of 0 is a MARKET order's.
    """
    ticks: int64_t = working_ticks(instrument, working_type)
    if side == SIDE_BUY:
        if entry_ticks:
            ticks = min(ticks, entry_ticks)
        return (take_profit_ticks and ticks >= take_profit_ticks) or (stop_loss_ticks and ticks <= stop_loss_ticks)
    ticks = max(ticks, entry_ticks)
    return (take_profit_ticks and ticks <= take_profit_ticks) or (stop_loss_ticks and ticks >= stop_loss_ticks)


def find_sibling(state, command):
    """[ORD-002] Slot of the order that the new one is linked to, or 0 where that may not be."""
    slot: uint32_t = state.orders.find(command.linked_order_id)
    order: cython.pointer[Order] = state.orders.at + slot
    position: cython.pointer[Position] = state.accounts.positions + order.position
    terms: cython.pointer[Terms]
    if command.order_type == TYPE_MARKET or not slot or order.account != command.account:
        return 0
    if position.instrument != command.instrument or position.position_side != command.position_side:
        return 0
    if order.flags & HAS_TERMS:
        terms = state.waiting.at + state.orders.origin[slot].terms
        if terms.linked_order_id or terms.take_profit_ticks or terms.stop_loss_ticks:
            return 0
    return slot
