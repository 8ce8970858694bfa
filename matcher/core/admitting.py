"""How an order comes to be: its records from what was asked, its key, its place among those that wait.

Asked for by a PlaceOrder that passed every check, or by a rule that makes orders without any.
"""

import cython
from cython.cimports.libc.stdint import int64_t, uint8_t, uint32_t
from cython.cimports.libc.string import memcpy
from cython.cimports.matcher.core.client_ids import fingerprint_of
from cython.cimports.matcher.core.orders import CLOSES, HAS_TERMS, WAITS, Order, Origin, is_closing
from cython.cimports.matcher.core.records import (
    COMMAND_PLACE_ORDER,
    EVENT_ORDER_ACCEPTED,
    FLAG_PRICE_PROTECT,
    REJECT_NONE,
    STATUS_NEW,
    TYPE_TRAILING_STOP_MARKET,
    WORKING_MARK_PRICE,
)
from cython.cimports.matcher.core.shapes import is_conditional
from cython.cimports.matcher.core.terms import Terms
from cython.cimports.matcher.core.waiting import line_of


def admit(state, instrument, command, lots):
    """A new open order of so many lots, in no book yet: OrderAccepted, and OrderTerms when it has any. Its slot."""
    state.last_order_id += 1
    slot: uint32_t = state.orders.acquire(state.last_order_id)
    order: cython.pointer[Order] = state.orders.at + slot
    origin: cython.pointer[Origin] = state.orders.origin + slot
    order.leaves_lots = lots
    order.quantity_lots = lots
    order.filled_quote_units = 0
    order.price_ticks = cython.cast(uint32_t, command.price_ticks)
    order.account = command.account
    order.position = state.accounts.touch_position(
        command.account, command.instrument, command.position_side, instrument.settlement_asset
    )
    order.side = command.side
    order.flags = command.flags
    if is_closing(command.position_side, command.side, command.flags):
        order.flags |= CLOSES
    order.time_in_force = command.time_in_force
    order.self_trade_prevention = command.self_trade_prevention
    origin.created_ns = state.time_ns
    origin.updated_ns = state.time_ns
    origin.order_type = command.order_type
    origin.working_type = command.working_type
    origin.key = 0
    origin.terms = 0
    memcpy(origin.client_order_id, command.client_order_id, 36)
    if command.client_order_id[0]:
        origin.key = state.client_ids.add(
            command.account, COMMAND_PLACE_ORDER, command.client_order_id, fingerprint_of(command)
        )
        state.client_ids.at[origin.key].order_id = state.last_order_id
        state.client_ids.at[origin.key].slot = slot
    # [ORD-013] Everything an image does not show.
    if (
        command.trigger_ticks
        | command.good_till_ns
        | cython.cast(int64_t, command.linked_order_id)
        | command.callback_ppm
        | command.take_profit_ticks
        | command.stop_loss_ticks
    ):
        _give_terms(state, instrument, slot, command)
    state.open_order(slot)
    state.emit_image(EVENT_ORDER_ACCEPTED, slot, STATUS_NEW, REJECT_NONE)
    if order.flags & HAS_TERMS:
        state.emit_terms(slot)
    return slot


def _give_terms(state, instrument, slot, command):
    order: cython.pointer[Order] = state.orders.at + slot
    index: uint32_t = state.terms_of(slot)
    terms: cython.pointer[Terms] = state.waiting.at + index
    terms.good_till_ns = command.good_till_ns
    terms.linked_order_id = command.linked_order_id
    terms.trigger_ticks = cython.cast(uint32_t, command.trigger_ticks)
    terms.callback_ppm = command.callback_ppm
    terms.take_profit_ticks = command.take_profit_ticks
    terms.stop_loss_ticks = command.stop_loss_ticks
    if terms.good_till_ns:
        state.waiting.start_timer(index)
    if not is_conditional(command.order_type):
        return
    order.flags |= WAITS
    terms.line = cython.cast(uint8_t, line_of(command.order_type, command.side, command.working_type))
    terms.is_protected = (command.flags & FLAG_PRICE_PROTECT) != 0
    terms.is_trailing = command.order_type == TYPE_TRAILING_STOP_MARKET
    state.waiting.enter(index, instrument.number)


def link_sibling(state, slot, order_id):
    """[ORD-013] The older of two orders names the younger one too, and says so."""
    index: uint32_t = state.terms_of(slot)
    state.waiting.at[index].linked_order_id = order_id
    state.emit_terms(slot)


def working_ticks(instrument, working_type):
    """[ORD-004] The price that triggers are compared with."""
    if working_type == WORKING_MARK_PRICE or instrument.last_price_ticks == 0:
        return instrument.mark_ticks
    return instrument.last_price_ticks
