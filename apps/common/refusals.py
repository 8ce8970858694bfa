"""The engine's no, as the services of the trading lane raise it."""

from __future__ import annotations

from matcher.protocol.rejects import RejectReason


class CommandRefused(Exception):
    """A command was refused and changed nothing; `reason` says why."""

    def __init__(self, reason: int) -> None:
        self.reason = RejectReason(reason)
        super().__init__(self.reason.name)
