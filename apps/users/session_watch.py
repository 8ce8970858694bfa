"""The session sockets of this process, and proof that their sessions live: rows are asked every few seconds.

A notice ends a socket at once; this ends it when the notice was lost, or the session ran out by time.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Protocol

import structlog
from django.db import DatabaseError

from apps.common.rows import ask_first
from apps.users.selectors import get_ended_sessions

CHECK_EVERY_S = 2.0
SESSIONS_A_QUESTION = 500
SOCKETS_A_USER = 20
_log = structlog.get_logger("users.session_watch")


class Socket(Protocol):
    """What a socket must be able to hear."""

    def session_over(self, reason: str) -> None:
        """Its session is known to have ended; does not wait."""


class SessionWatch:
    """Sockets by session; without any, nothing runs."""

    def __init__(self) -> None:
        self._sockets: dict[str, set[Socket]] = {}
        self._of_user: Counter[int] = Counter()
        self._task: asyncio.Task[None] | None = None

    def join(self, socket: Socket, *, session_id: str, user_id: int) -> bool:
        """Watch the socket's session; False when the user has as many sockets here as anyone may."""
        if self._of_user[user_id] >= SOCKETS_A_USER:
            return False
        self._of_user[user_id] += 1
        self._sockets.setdefault(session_id, set()).add(socket)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run(), name="session watch")
        return True

    def leave(self, socket: Socket, *, session_id: str, user_id: int) -> None:
        """Forget a socket that joined."""
        sockets = self._sockets.get(session_id, set())
        if socket not in sockets:
            return
        sockets.discard(socket)
        if not sockets:
            del self._sockets[session_id]
        self._of_user[user_id] -= 1
        if not self._of_user[user_id]:
            del self._of_user[user_id]

    async def _run(self) -> None:
        while self._sockets:
            await asyncio.sleep(CHECK_EVERY_S)
            try:
                await self._check()
            except DatabaseError:
                _log.warning("sessions_unreadable", exc_info=True)

    async def _check(self) -> None:
        ids = list(self._sockets)
        for start in range(0, len(ids), SESSIONS_A_QUESTION):
            ended = await ask_first(get_ended_sessions, ids[start : start + SESSIONS_A_QUESTION])
            for session_id, reason in ended.items():
                for socket in tuple(self._sockets.get(session_id, ())):
                    socket.session_over(reason)


watch = SessionWatch()
