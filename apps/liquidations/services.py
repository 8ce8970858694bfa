"""Verbs of liquidations: ask the engine to look at every account again."""

from __future__ import annotations

from apps.accounts.engine import refusal, send
from apps.common.errors import DomainError
from apps.liquidations.types import SweepResult
from matcher.protocol.commands import Sweep
from matcher.protocol.events import SweepDone


class SweepRefused(DomainError):
    """Details: `reason`, a RejectReason's name."""

    code = "SWEEP_REFUSED"
    status = 409
    message = "The engine refused the sweep."


def sweep(*, instrument_id: int = 0) -> SweepResult:
    """Liquidate, repay and unwind what is due [LIQ-001], among the holders of one instrument or (0) all; repeatable.

    Raises SweepRefused, ServiceUnavailable, OutcomeUnclear.
    """
    events = send(Sweep(instrument=instrument_id))
    reason = refusal(events)
    if reason:
        raise SweepRefused(f"The engine refused the sweep: {reason}.", reason=reason)
    done = next(event for event in events if isinstance(event, SweepDone))
    return SweepResult(done.liquidated, done.converted, done.unwound_lots)
