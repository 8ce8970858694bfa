"""The store all gateways share, asked with a short patience: when it does not answer, they go on alone for a while.

A failure is remembered for `PAUSE_S`, so that a dead store costs one request in a second its patience and no other.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

PATIENCE_S = 0.25
PAUSE_S = 1.0
R = TypeVar("R")
_log = structlog.get_logger("gateway.shared_store")


class StoreDownError(Exception):
    """The shared store does not answer; nothing is known of what others counted."""


class SharedStore:
    """One Redis client of a gateway for counting and claiming; `url` empty means there is none."""

    def __init__(self, url: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._down_until = 0.0
        self.redis = Redis.from_url(url, socket_timeout=PATIENCE_S, socket_connect_timeout=PATIENCE_S)

    @property
    def is_up(self) -> bool:
        """False while a recent failure is still believed."""
        return self._clock() >= self._down_until

    async def ask(self, question: Callable[[], Awaitable[R]]) -> R:
        """The store's answer. Raises StoreDownError, at once while it is believed down."""
        if not self.is_up:
            raise StoreDownError
        try:
            return await question()
        except (RedisError, OSError, TimeoutError) as error:
            self._down_until = self._clock() + PAUSE_S
            _log.warning("shared_store_down", error=type(error).__name__)
            raise StoreDownError from None

    async def close(self) -> None:
        await self.redis.aclose()
