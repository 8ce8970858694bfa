"""The one timer of the feeds: a tick every 50 ms on the wall clock's grid."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

TICK_S = 0.05
_LEAST_S = 0.001


class Pulse:
    """Calls `on_tick(tick, now_ms)`; ticks that were slept through are left out."""

    def __init__(self, on_tick: Callable[[int, int], None]) -> None:
        self._on_tick = on_tick
        self._timer: asyncio.TimerHandle | None = None
        self._last_tick = 0

    def start(self) -> None:
        """Begin on the running loop."""
        self._plan(asyncio.get_running_loop())

    def stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _plan(self, loop: asyncio.AbstractEventLoop) -> None:
        now = time.time()
        wait = (int(now / TICK_S) + 1) * TICK_S - now
        self._timer = loop.call_later(max(_LEAST_S, wait), self._beat, loop)

    def _beat(self, loop: asyncio.AbstractEventLoop) -> None:
        self._plan(loop)
        now = time.time()
        tick = round(now / TICK_S)
        if tick != self._last_tick:
            self._last_tick = tick
            self._on_tick(tick, int(now * 1000))
