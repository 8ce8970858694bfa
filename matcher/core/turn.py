"""What happens by itself around a command: before it whatever time has brought, after it whatever prices have."""

from cython.cimports.matcher.core.safety import resume_trading


def begin_turn(state):
    """[TIME-001] Before every command, after forgetting; the command's own events follow."""
    if state.instruments.resume_ns and state.time_ns >= state.instruments.resume_ns:
        resume_trading(state)


def end_turn(state):
    """After a command of version 2, a refused one too."""
