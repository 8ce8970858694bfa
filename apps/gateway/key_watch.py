"""Sockets that came in by an API key, and their end with it: at once by notice, within `CHECK_EVERY_S` without.

A key that was changed ends its sockets too: what they were let in for may not hold any more.
"""

from __future__ import annotations

import asyncio
from typing import Protocol

import structlog
from django.db import DatabaseError

from apps.common.rows import ask_first
from apps.users.selectors import get_ended_keys

CHECK_EVERY_S = 2.0
KEYS_A_QUESTION = 500
_log = structlog.get_logger("gateway.key_watch")


class KeySocket(Protocol):
    """What a socket must be able to hear."""

    def key_over(self) -> None:
        """Its API key was revoked, changed or has expired; does not wait."""


class KeyWatch:
    """Sockets of one gateway by API key; without any, nothing runs."""

    def __init__(self) -> None:
        self._sockets: dict[str, set[KeySocket]] = {}
        self._task: asyncio.Task[None] | None = None

    def join(self, socket: KeySocket, key: str) -> None:
        """Watch the key for the socket; again is harmless."""
        self._sockets.setdefault(key, set()).add(socket)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run(), name="key watch")

    def leave(self, socket: KeySocket) -> None:
        """Forget a socket, whatever keys it came in by."""
        for key in [key for key, sockets in self._sockets.items() if socket in sockets]:
            self._sockets[key].discard(socket)
            if not self._sockets[key]:
                del self._sockets[key]

    def hear(self, kind: str, name: str, _: int = 0) -> None:
        """A notice of channel `identity`."""
        if kind == "api_key":
            self._end(name)

    def _end(self, key: str) -> None:
        for socket in self._sockets.pop(key, ()):
            socket.key_over()

    async def _run(self) -> None:
        while self._sockets:
            await asyncio.sleep(CHECK_EVERY_S)
            keys = list(self._sockets)
            try:
                for start in range(0, len(keys), KEYS_A_QUESTION):
                    for key in await ask_first(get_ended_keys, keys[start : start + KEYS_A_QUESTION]):
                        self._end(key)
            except DatabaseError:
                _log.warning("keys_unreadable", exc_info=True)
