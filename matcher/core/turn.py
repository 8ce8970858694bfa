"""What happens by itself around a command: before it whatever time has brought, after it whatever prices have."""

import cython
from cython.cimports.matcher.core.records import EVENT_FLAG_ANSWER
from cython.cimports.matcher.core.safety import resume_trading
from cython.cimports.matcher.core.timers import run_timers
from cython.cimports.matcher.core.triggers import fire_all


def begin_turn(state):
    """[TIME-001] Before every command, after forgetting; the command's own events follow."""
    state.is_settled = False
    state.judged = -1
    if (state.waiting.timers.count or state.countdowns.armed.count) and (
        state.waiting.due(state.time_ns) or state.countdowns.due(state.time_ns)
    ):
        run_timers(state)
    if state.instruments.resume_ns and state.time_ns >= state.instruments.resume_ns:
        resume_trading(state)


def end_turn(state):
    """After a command of a later version than 1, a refused one too: its first event says so, what waits for a price may fire."""
    state.is_settled = True
    state.events[state.first_own].flags |= EVENT_FLAG_ANSWER
    count: cython.size_t = state.count
    if state.waiting.flagged_words:
        fire_all(state)
    if state.count != count:
        state.judged = -1
