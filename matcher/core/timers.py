"""What time alone does, at the start of every command [TIME-001]; and the command that sets a countdown."""

import cython
from cython.cimports.libc.stdint import int64_t, uint16_t, uint32_t, uint64_t
from cython.cimports.matcher.core.records import (
    END_COUNTDOWN,
    END_GOOD_TILL_PASSED,
    EVENT_COUNTDOWN_CHANGED,
    EVENT_ORDER_EXPIRED,
    EVENT_ORDERS_CANCELED,
    REJECT_INVALID_AMOUNT,
    REJECT_NONE,
    REJECT_UNKNOWN_ACCOUNT,
    REJECT_UNKNOWN_INSTRUMENT,
    STATUS_EXPIRED,
    CountdownChanged,
    OrdersCanceled,
)


def run_timers(state):
    """Good-till times first, then countdowns; each by its time, ties by their numbers."""
    index: uint32_t = state.waiting.due(state.time_ns)
    while index:  # [ORD-009]
        state.close_order(state.waiting.at[index].slot, EVENT_ORDER_EXPIRED, STATUS_EXPIRED, END_GOOD_TILL_PASSED)
        index = state.waiting.due(state.time_ns)
    index = state.countdowns.due(state.time_ns)
    while index:
        _run_countdown(state, index)
        index = state.countdowns.due(state.time_ns)


def _run_countdown(state, index):
    """[ORD-015] Nobody set it again in time: the orders go, and the countdown with them."""
    account: uint32_t = state.countdowns.at[index].account
    instrument: uint16_t = state.countdowns.at[index].instrument
    count: uint64_t
    event: cython.pointer[OrdersCanceled]
    state.countdowns.set(account, instrument, 0)
    count = state.cancel_orders(account, instrument, 0, END_COUNTDOWN)
    event = cython.cast(cython.pointer[OrdersCanceled], state.emit(EVENT_ORDERS_CANCELED, account, instrument))
    event.reason = END_COUNTDOWN
    event.count = count


def set_countdown(state, command):
    """[ORD-015] Arm, arm anew or disarm; a RejectReason. Frozen accounts may."""
    deadline: int64_t = 0
    event: cython.pointer[CountdownChanged]
    if not state.accounts.is_open(command.account):
        return REJECT_UNKNOWN_ACCOUNT
    if command.instrument and state.instruments.find(command.instrument) == cython.NULL:
        return REJECT_UNKNOWN_INSTRUMENT
    if command.countdown_ns < 0 or command.countdown_ns > COUNTDOWN_MAX_NS:
        return REJECT_INVALID_AMOUNT
    if command.countdown_ns:
        deadline = state.time_ns + command.countdown_ns
    state.countdowns.set(command.account, command.instrument, deadline)
    event = cython.cast(
        cython.pointer[CountdownChanged],
        state.emit(EVENT_COUNTDOWN_CHANGED, command.account, command.instrument),
    )
    event.deadline_ns = deadline
    return REJECT_NONE
