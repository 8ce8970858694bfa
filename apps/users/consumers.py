"""The session socket `/ws/v1/session`: what happened to the signed-in person, told as it happens.

Its words, limits and close codes stand in docs/wiring.md. It carries no market data and takes no orders; a
socket belongs to one session and ends with it.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import deque
from enum import IntEnum
from typing import Any

import msgspec
import structlog
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from django.db import DatabaseError
from redis.exceptions import RedisError

from apps.common.error_responses import refusal_body
from apps.common.rows import ask_first
from apps.notifications.services import notices_group
from apps.notifications.types import NoticeKind
from apps.users.errors import InvalidToken
from apps.users.services import authenticate_token
from apps.users.session_watch import SOCKETS_A_USER, watch
from apps.users.types import TokenIdentity

AUTH_WAIT_S = 10.0
IDLE_S = 300.0
LIFETIME_S = 24 * 3600.0
MESSAGE_BYTES_MAX = 4096
MESSAGES_MAX = 10
MESSAGES_WINDOW_S = 1.0
_log = structlog.get_logger("users.session_socket")


class Close(IntEnum):
    """Why the server hangs up; an error message or `session_ended` goes before it."""

    GOING_AWAY = 1001
    TEXT_ONLY = 1003
    POLICY = 1008
    TOO_LONG = 1009
    TRY_LATER = 1013
    NOT_AUTHENTICATED = 4401
    SESSION_ENDED = 4403
    IDLE = 4408


class Request(msgspec.Struct, forbid_unknown_fields=True):
    """All a client may say."""

    method: str
    token: str = ""


_decode = msgspec.json.Decoder(Request).decode


class SessionConsumer(AsyncJsonWebsocketConsumer):  # type: ignore[misc]
    """One socket: silent until it has proved whose it is."""

    def __init__(self) -> None:
        super().__init__()
        self._identity: TokenIdentity | None = None
        self._is_accepted = self._is_over = False
        self._heard_at = 0.0
        self._messages: deque[float] = deque(maxlen=MESSAGES_MAX)
        self._tasks: set[asyncio.Task[None]] = set()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve until it is closed. A lost channel layer closes it too: the client comes again."""
        self.base_send = send
        try:
            await super().__call__(scope, receive, send)
        except OSError:
            _log.debug("peer_gone")
        except (RedisError, DatabaseError) as error:
            _log.warning("session_socket_lost_its_store", error=str(error))
            if not self._is_accepted:
                await self.accept()
            await self._refuse("SERVICE_UNAVAILABLE", "Notices cannot be sent now: connect again.", Close.TRY_LATER)
        finally:
            self._is_over = True
            self._leave()
            for task in self._tasks:
                task.cancel()

    async def connect(self) -> None:
        await self.accept()
        self._is_accepted = True
        self._start(self._keep_time())

    async def disconnect(self, code: int) -> None:  # noqa: ARG002 - Channels' signature
        self._is_over = True
        if self._identity is not None:
            await self.channel_layer.group_discard(notices_group(self._identity.user_id), self.channel_name)

    # what the client says

    async def receive(self, text_data: str | None = None, **_: Any) -> None:
        """One frame: limits first, then its meaning."""
        if self._is_over:
            return
        self._heard_at = time.monotonic()
        if text_data is None:
            await self._refuse("TEXT_ONLY", "Send text messages.", Close.TEXT_ONLY)
        elif len(text_data) > MESSAGE_BYTES_MAX or len(text_data.encode()) > MESSAGE_BYTES_MAX:
            await self._refuse("MESSAGE_TOO_LONG", f"A message has at most {MESSAGE_BYTES_MAX} bytes.", Close.TOO_LONG)
        elif self._is_too_fast():
            await self._refuse("TOO_MANY_REQUESTS", f"At most {MESSAGES_MAX} messages a second.", Close.POLICY)
        else:
            await self._answer(text_data)

    def _is_too_fast(self) -> bool:
        messages, now = self._messages, self._heard_at
        if len(messages) == MESSAGES_MAX and now - messages[0] < MESSAGES_WINDOW_S:
            return True
        messages.append(now)
        return False

    async def _answer(self, text: str) -> None:
        try:
            request = _decode(text)
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            await self.send_json(refusal_body("MALFORMED_REQUEST", "The message is no request."))
            return
        if request.method == "auth":
            await self._authenticate(request.token)
        elif self._identity is None:
            await self._refuse("NOT_AUTHENTICATED", "The first message must be auth.", Close.NOT_AUTHENTICATED)
        elif request.method == "ping":
            await self.send_json({"event": "pong", "time_ms": _now_ms()})
        else:
            await self.send_json(refusal_body("UNKNOWN_METHOD", "There are the methods auth and ping."))

    async def _authenticate(self, token: str) -> None:
        """Bind the socket to the token's session. What ended meanwhile is found by the watch."""
        if self._identity is not None:
            await self.send_json(refusal_body("ALREADY_AUTHENTICATED", "This socket belongs to a session already."))
            return
        identity = await ask_first(authenticate_token, token)
        if self._is_over:
            return
        if identity is None:
            await self._refuse(InvalidToken.code, InvalidToken.message, Close.NOT_AUTHENTICATED)
            return
        if not watch.join(self, session_id=identity.session_id, user_id=identity.user_id):
            await self._refuse("TOO_MANY_SOCKETS", f"At most {SOCKETS_A_USER} sockets a user.", Close.POLICY)
            return
        self._identity = identity
        await self.channel_layer.group_add(notices_group(identity.user_id), self.channel_name)
        await self.send_json(
            {
                "event": "authenticated",
                "time_ms": _now_ms(),
                "user_id": identity.user_id,
                "account_id": identity.account_id,
                "session_id": identity.session_id,
            }
        )

    # what happened

    async def session_notice(self, message: dict[str, Any]) -> None:
        """From the channel layer: pass it on; the end of this socket's own session is its last word."""
        notice, identity = message["notice"], self._identity
        if self._is_over or identity is None:
            return
        if notice["event"] != NoticeKind.SESSION_ENDED:
            await self.send_json(notice)
        elif notice["session_id"] != identity.session_id:
            await self.send_json({**notice, "current": False})
        else:
            await self._end(notice)

    def session_over(self, reason: str) -> None:
        """From the watch, whose rows say what no notice said."""
        assert self._identity is not None, "only a socket with an identity is watched"
        notice = {"event": NoticeKind.SESSION_ENDED.value, "time_ms": _now_ms()}
        self._start(self._end({**notice, "session_id": self._identity.session_id, "reason": reason}))

    async def _end(self, notice: dict[str, Any]) -> None:
        await self._hang_up({**notice, "current": True}, Close.SESSION_ENDED, "the session has ended")

    # ends

    async def _keep_time(self) -> None:
        """Close the socket that does not say whose it is, that is silent too long, or that is a day old."""
        begun = self._heard_at = time.monotonic()
        await asyncio.sleep(AUTH_WAIT_S)
        if self._identity is None:
            text = f"No auth within {AUTH_WAIT_S:g} seconds."
            await self._refuse("NOT_AUTHENTICATED", text, Close.NOT_AUTHENTICATED)
            return
        while (left := self._heard_at + IDLE_S - time.monotonic()) > 0:
            if time.monotonic() - begun > LIFETIME_S:
                await self._refuse("CONNECTION_EXPIRED", "A day is over: connect again.", Close.GOING_AWAY)
                return
            await asyncio.sleep(left)
        await self._refuse("IDLE", f"Nothing was heard for {IDLE_S:g} seconds: send ping.", Close.IDLE)

    async def _refuse(self, code: str, text: str, close: Close) -> None:
        await self._hang_up(refusal_body(code, text), close, text)

    async def _hang_up(self, last_word: dict[str, Any], code: Close, reason: str) -> None:
        """Once; a peer that is gone already needs no goodbye."""
        if self._is_over:
            return
        self._is_over = True
        self._leave()
        with contextlib.suppress(OSError, RuntimeError):
            await self.send_json(last_word)
            await self.close(code=int(code), reason=reason)

    def _leave(self) -> None:
        if self._identity is not None:
            watch.leave(self, session_id=self._identity.session_id, user_id=self._identity.user_id)

    def _start(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
