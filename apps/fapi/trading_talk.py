"""What one trading socket remembers between requests: whose session it is (session.logon), and how it ends."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable
from typing import Any

LIFETIME_S = 24 * 3600.0
GOING_AWAY, KEY_ENDED = 1001, 4403
_STEM_BYTES = 12

Close = Callable[[int, str], Awaitable[None]]


class Talk:
    """One socket's conversation. `api_key` is that of its session, None before logon and after logout."""

    def __init__(self, address: str, close: Close | None = None) -> None:
        self.address = address
        self.connected_ms = time.time_ns() // 1_000_000
        self.api_key: str | None = None
        self.authorized_ms: int | None = None
        self._close = close
        self._stem = secrets.token_hex(_STEM_BYTES)
        self._count = 0
        self._closing: asyncio.Task[None] | None = None

    def log_on(self, api_key: str) -> None:
        self.api_key, self.authorized_ms = api_key, time.time_ns() // 1_000_000

    def log_out(self) -> None:
        self.api_key = self.authorized_ms = None

    def next_nonce(self) -> str:
        """A request of a session has no signature; what stands for it was never there before: 64 hex digits."""
        self._count += 1
        return f"{self._stem}{self._count:0{64 - 2 * _STEM_BYTES}x}"

    def status(self, *, tells_limits: bool) -> dict[str, Any]:
        """The answer to every session request."""
        return {
            "apiKey": self.api_key,
            "authorizedSince": self.authorized_ms,
            "connectedSince": self.connected_ms,
            "returnRateLimits": tells_limits,
            "serverTime": time.time_ns() // 1_000_000,
        }

    def key_over(self) -> None:
        """From the key watch: the session's API key was revoked or changed."""
        self.log_out()
        self.end(KEY_ENDED, "the API key has ended")

    def end(self, code: int, reason: str) -> None:
        """Close the socket, without waiting."""
        if self._close is not None and self._closing is None:
            self._closing = asyncio.ensure_future(self._close(code, reason))
