"""Sends a command over the bridge and speaks of its failures in the words every door knows."""

from __future__ import annotations

from collections.abc import Sequence

from apps.bridge import services as bridge
from apps.bridge.errors import MatcherUnavailable, OutcomeUnknown
from apps.common.errors import OutcomeUnclear, ServiceUnavailable
from matcher.protocol.commands import Command
from matcher.protocol.events import CommandRejected, Event
from matcher.protocol.rejects import RejectReason


def send(command: Command) -> Sequence[Event]:
    """The command's own events. Raises ServiceUnavailable (nothing was done) or OutcomeUnclear."""
    try:
        return bridge.send(command)
    except MatcherUnavailable:
        raise ServiceUnavailable("The matching engine does not answer. Try again.") from None
    except OutcomeUnknown:
        raise OutcomeUnclear from None


def refusal(events: Sequence[Event]) -> str | None:
    """The name of the RejectReason when the command was refused."""
    for event in events:
        if isinstance(event, CommandRejected):
            return RejectReason(event.reason).name
    return None
