"""What time does before a command: keys are forgotten, GTD orders end, countdowns run out, halts end [TIME-001]."""

from __future__ import annotations

from matcher.protocol.commands import SetCountdown
from matcher.protocol.enums import OrderStatus, TimeInForce, TradingState
from matcher.protocol.events import CountdownChanged, OrdersCanceled, TradingStateChanged
from matcher.protocol.rejects import EndReason, RejectReason
from tests.reference import keys, lifecycle
from tests.reference.state import RefusedError, State
from tests.reference.turn import Turn

COUNTDOWN_MAX_NS = 10**15


def before_command(turn: Turn) -> None:
    """[TIME-001] In this order, before a command of any version."""
    keys.forget(turn.state)
    _end_good_till(turn)
    _run_out(turn)
    _resume(turn)


def _end_good_till(turn: Turn) -> None:
    """[ORD-009] GTD orders whose time has come."""
    state = turn.state
    due = [
        order
        for order in state.open_orders()
        if order.time_in_force == TimeInForce.GTD and order.good_till_ns <= state.time_ns
    ]
    for order in sorted(due, key=lambda o: (o.good_till_ns, o.order_id)):
        if lifecycle.find_open(state, order.order_id) is not None:
            instrument = state.instruments[order.instrument]
            lifecycle.expire(turn, instrument, order, OrderStatus.EXPIRED, EndReason.GOOD_TILL_PASSED)


def _run_out(turn: Turn) -> None:
    """[ORD-015] Countdowns whose deadline has come cancel what they were set for."""
    state = turn.state
    due = sorted((deadline, key) for key, deadline in state.countdowns.items() if deadline <= state.time_ns)
    for _, (account, instrument) in due:
        del state.countdowns[account, instrument]
        count = cancel_everything(turn, account, instrument, EndReason.COUNTDOWN)
        turn.emit(OrdersCanceled, account, instrument, reason=EndReason.COUNTDOWN, count=count)


def cancel_everything(turn: Turn, account: int, instrument: int, reason: int = 0) -> int:
    """[ORD-014] Every open order of the account (instrument 0: anywhere), by instrument, then order_id; how many."""
    orders = turn.state.open_orders_of(account, instrument)
    lifecycle.cancel_each(turn, sorted(orders, key=lambda o: (o.instrument, o.order_id)), reason)
    return len(orders)


def _resume(turn: Turn) -> None:
    """[TIME-001] Markets that the circuit breaker halted for a time open again."""
    for _, instrument in sorted(turn.state.instruments.items()):
        if 0 < instrument.resume_ns <= turn.state.time_ns:
            before, instrument.trading_state = instrument.trading_state, TradingState.ACTIVE
            instrument.resume_ns = 0
            turn.emit(
                TradingStateChanged,
                0,
                instrument.number,
                reason=EndReason.CIRCUIT_BREAKER,
                detail=before,
                trading_state=TradingState.ACTIVE,
            )


def set_countdown(turn: Turn, command: SetCountdown) -> None:
    """[ORD-015] Arm, set again or (0) disarm."""
    state: State = turn.state
    state.account(command.account)
    if command.instrument:
        state.instrument(command.instrument)
    if not 0 <= command.countdown_ns <= COUNTDOWN_MAX_NS:
        raise RefusedError(RejectReason.INVALID_AMOUNT)
    state.countdowns.pop((command.account, command.instrument), None)
    deadline = 0
    if command.countdown_ns:
        deadline = state.time_ns + command.countdown_ns
        state.countdowns[command.account, command.instrument] = deadline
    turn.emit(CountdownChanged, deadline_ns=deadline)
