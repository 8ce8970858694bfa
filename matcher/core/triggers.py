"""Looks for waiting orders whose price was reached, and fires them one by one [ORD-004] to [ORD-008]."""

import cython
from cython.cimports.libc.stdint import int64_t, uint32_t
from cython.cimports.libc.string import memset
from cython.cimports.matcher.core.accounts import Account, Position
from cython.cimports.matcher.core.instruments import PPM, Instrument
from cython.cimports.matcher.core.matching import execute
from cython.cimports.matcher.core.orders import SHOWN_FLAGS, WAITS, Order
from cython.cimports.matcher.core.placing import Entry, check_band, check_entry, check_market, may_rest
from cython.cimports.matcher.core.records import (
    COMMAND_PLACE_ORDER,
    END_SIBLING_ENDED,
    EVENT_ORDER_EXPIRED,
    EVENT_ORDER_TRIGGERED,
    PROTOCOL_VERSION,
    REJECT_NONE,
    STATUS_EXPIRED,
    STATUS_NEW,
    TRADING_ACTIVE,
    TRADING_REDUCE_ONLY,
    TYPE_LIMIT,
    PlaceOrder,
)
from cython.cimports.matcher.core.shapes import type_becomes


def fire_all(state):
    """After a command: fire what its changes let fire, and what that lets fire, until nothing does."""
    number: uint32_t
    index: uint32_t
    while state.waiting.flagged_words:
        number = state.waiting.first_flagged()
        index = next_to_fire(state, number)
        if index:
            _fire(state, index)
        else:
            state.waiting.unflag(number)


def next_to_fire(state, number):
    """Terms of the instrument's order that fires next, or 0; moves watermarks. Only where orders match."""
    instrument: cython.pointer[Instrument] = state.instruments.at + number
    mark: int64_t = instrument.mark_ticks
    last: int64_t = instrument.last_price_ticks or mark
    apart: int64_t = last - mark if last > mark else mark - last
    million: int64_t = PPM
    if state.waiting.watches[number].count == 0:
        return 0
    if instrument.trading_state not in (TRADING_ACTIVE, TRADING_REDUCE_ONLY):
        return 0
    # [ORD-006] Without a trade the two prices are the same one.
    return state.waiting.first_fired(
        number, mark, last, apart * million <= mark * state.instruments.rules[number].price_protect_ppm
    )


def _fire(state, index):
    """[ORD-007] It waits no longer, its sibling goes, then it is checked and executed like a new order.

    [ORD-016] A sibling that waits goes only when the fired one trades.
    """
    slot: uint32_t = state.waiting.at[index].slot
    order: cython.pointer[Order] = state.orders.at + slot
    position: cython.pointer[Position] = state.accounts.positions + order.position
    account: cython.pointer[Account] = state.accounts.at + order.account
    instrument: cython.pointer[Instrument] = state.instruments.at + position.instrument
    command: PlaceOrder
    entry: Entry
    sibling: uint32_t
    reason: cython.int
    state.wake(slot)
    if not (state.is_third and _has_waiting_sibling(state, index)):
        sibling = state.unlink(slot)
        if sibling:
            state.cancel(sibling, END_SIBLING_ENDED)
    _describe(state, slot, cython.address(command))
    reason = check_market(state, account, instrument, cython.address(command))
    if reason == REJECT_NONE and command.order_type == TYPE_LIMIT:
        reason = check_band(instrument, command.side, command.price_ticks)
    if reason == REJECT_NONE:
        reason = check_entry(state, instrument, cython.address(command), cython.address(entry), True)
    state.orders.origin[slot].updated_ns = state.time_ns
    if reason:
        state.emit_image(EVENT_ORDER_TRIGGERED, slot, STATUS_NEW, REJECT_NONE)
        state.unlink(slot)
        state.finish_order(slot, EVENT_ORDER_EXPIRED, STATUS_EXPIRED, reason)
        return
    order.quantity_lots = entry.lots
    order.leaves_lots = entry.lots
    state.emit_image(EVENT_ORDER_TRIGGERED, slot, STATUS_NEW, REJECT_NONE)
    execute(state, slot, entry.limit_ticks, may_rest(cython.address(command)))


def _has_waiting_sibling(state, index):
    """[ORD-016] One that waits like it may be needed yet; one that rests holds what the fired one needs."""
    slot: uint32_t = state.orders.find(state.waiting.at[index].linked_order_id)
    return slot and state.orders.at[slot].flags & WAITS


def _describe(state, slot, command):
    """The new order that a fired one is checked as: of the type it becomes, the rest as it was."""
    order: cython.pointer[Order] = state.orders.at + slot
    position: cython.pointer[Position] = state.accounts.positions + order.position
    memset(command, 0, cython.sizeof(command[0]))
    command.kind = COMMAND_PLACE_ORDER
    command.version = PROTOCOL_VERSION
    command.account = order.account
    command.instrument = position.instrument
    command.position_side = position.position_side
    command.side = order.side
    command.order_type = type_becomes(state.orders.origin[slot].order_type)
    command.time_in_force = order.time_in_force
    command.flags = order.flags & SHOWN_FLAGS
    command.self_trade_prevention = order.self_trade_prevention
    command.price_ticks = order.price_ticks
    command.quantity_lots = order.quantity_lots
