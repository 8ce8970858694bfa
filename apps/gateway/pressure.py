"""How much this gateway can take right now, and who is sent away first when it is less than what comes.

Level 1 refuses what reads rows, 2 new orders as well, 3 everything that trades. Cancels and orders that only reduce
are refused last; who is refused hears 503 -1008 with Retry-After: nothing was done, repeating is safe.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Protocol

import msgspec
import structlog

from apps.common.lane import LaneRequest, Route

LOOK_EVERY_S = 0.1
BROKEN_S = 2.0  # after an answer that did not come, new orders wait this long, or until one comes
# (loop lag, oldest answer awaited in seconds, answers awaited) from which on a level holds
LEVELS = ((0.25, 0.5, 1_000), (1.0, 1.5, 5_000), (5.0, 60.0, 20_000))
TROUBLE_S = 1.0  # a level is entered when its signs have held so long: one late moment sends nobody away
CALM_LOOKS = 5  # a level is left after this many looks below it
_CANCELS = frozenset(("/api/v1/order-batches/cancel", "/api/v1/countdown", "/fapi/v1/countdownCancelAll"))
_log = structlog.get_logger("gateway.pressure")


class Link(Protocol):
    """What is asked of the link to the matcher."""

    @property
    def waiting(self) -> int: ...

    def longest_wait_s(self) -> float: ...


class Pressure:
    """The level of one gateway, looked at again and again while `run` runs."""

    def __init__(
        self,
        link: Callable[[], Link | None],
        shed: Callable[[bool], None] = lambda _: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`shed` hears whether rows are to be left unread."""
        self._link, self._shed, self._clock = link, shed, clock
        self._broken_until = 0.0
        self._trouble_since: float | None = None
        self._calm = 0
        self.level = 0

    async def run(self) -> None:
        """Look until canceled."""
        while True:
            due = self._clock() + LOOK_EVERY_S
            await asyncio.sleep(LOOK_EVERY_S)
            self.look(max(0.0, self._clock() - due))

    def look(self, lag_s: float) -> None:
        """Judge the lag of the loop and the backlog of the link."""
        link = self._link()
        oldest_s, waiting = (link.longest_wait_s(), link.waiting) if link is not None else (0.0, 0)
        level = sum(lag_s >= lag or oldest_s >= oldest or waiting >= count for lag, oldest, count in LEVELS)
        if self._broken_until > self._clock():
            level = max(level, 2)
        self._calm = self._calm + 1 if level < self.level else 0
        now = self._clock()
        if level <= self.level:
            self._trouble_since = None
        elif self._trouble_since is None:
            self._trouble_since = now - max(lag_s, oldest_s)
        lasted = self._trouble_since is not None and now - self._trouble_since >= TROUBLE_S
        if lasted or self._calm >= CALM_LOOKS:
            _log.warning("pressure", level=level, before=self.level, lag_s=lag_s, oldest_s=oldest_s, waiting=waiting)
            self.level, self._calm, self._trouble_since = level, 0, None
            self._shed(level >= 1)

    def answer_missed(self) -> None:
        """The matcher did not answer in time: new orders would only join the unknown ones."""
        self._broken_until = self._clock() + BROKEN_S
        if self.level < 2:
            self.level = 2
            self._shed(True)

    def answer_came(self) -> None:
        """A command was answered: the link works."""
        self._broken_until = 0.0

    def refuses(self, route: Route, request: LaneRequest) -> bool:
        """Whether this request is sent away at the present level."""
        if self.level < 2 or route.permission != "trade":
            return False
        if self.level >= 3:
            return True
        return not (is_cancel(request) or is_reducing(request))


def is_cancel(request: LaneRequest) -> bool:
    return request.method == "DELETE" or request.path in _CANCELS


def is_reducing(request: LaneRequest) -> bool:
    """An order that can only make a position smaller."""
    if request.path.startswith("/api/"):
        try:
            body = msgspec.json.decode(request.body)
        except (msgspec.DecodeError, RecursionError):
            return False
        return isinstance(body, dict) and (body.get("reduce_only") is True or body.get("close_position") is True)
    return any(request.params.get(name, "").lower() == "true" for name in ("reduceOnly", "closePosition"))
