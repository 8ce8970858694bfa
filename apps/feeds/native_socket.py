"""The door of the native socket `/ws/v1`: plain ASGI, one coroutine a socket; who may come in, and how long.

A token's socket ends with its session, an API key's with its key, both within a few seconds.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

import structlog

from apps.common.lane import Caller, LaneError
from apps.common.rows import ask_first
from apps.feeds.dead_man import DeadMan
from apps.feeds.errors import FeedsUnavailableError
from apps.feeds.hub import get_hub
from apps.feeds.listening import listen
from apps.feeds.native_session import Command, NativeSession
from apps.feeds.wire import open_wire
from apps.gateway.key_watch import KeyWatch
from apps.gateway.request import address_of, own_proxies
from apps.gateway.signature import ProofKey, check_window, verify_sorted
from apps.users.services import authenticate_token
from apps.users.session_watch import watch
from apps.users.types import TokenIdentity

NATIVE_PATH = "/ws/v1"
LIFETIME_S = 24 * 3600.0
READY_WAIT_S = 5.0
HEARTBEAT_S, IDLE_S = 15.0, 60.0
Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
_log = structlog.get_logger("feeds.native_socket")


class Identities(Protocol):
    """What is needed of the gateway's."""

    async def of_key(self, raw: bytes | None, address: str) -> tuple[Caller, ProofKey]: ...


class _Holder:
    """A session in the eyes of those who watch over tokens and keys."""

    def __init__(self, session: NativeSession, identity: TokenIdentity | None = None) -> None:
        self.session, self.identity = session, identity

    def session_over(self, reason: str) -> None:
        self.session.close(4403, f"the session has ended: {reason}")

    def key_over(self) -> None:
        self.session.close(4403, "the API key has ended")


class NativeSocket:
    """Serves the native sockets of one process."""

    def __init__(self, identities: Identities, key_watch: KeyWatch) -> None:
        self._identities, self._key_watch = identities, key_watch
        self._proxies = own_proxies()
        self._holders: dict[NativeSession, _Holder] = {}
        self._dead_men: dict[NativeSession, DeadMan] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One socket until it is closed."""
        await receive()
        hub = get_hub()
        await send({"type": "websocket.accept"})
        try:
            await hub.wait_ready(READY_WAIT_S)
        except FeedsUnavailableError:
            reason = "the market data are being loaded: connect again"
            await send({"type": "websocket.close", "code": 1013, "reason": reason})
            return
        session = NativeSession(hub, self, open_wire(send), address_of(scope, self._proxies))
        keeper = asyncio.create_task(_keep_time(session), name="native heartbeat")
        try:
            session.beat()
            await listen(session, receive)
        except OSError:
            _log.debug("peer_gone")
        finally:
            keeper.cancel()
            session.leave()

    # native_session.Door

    async def prove(self, command: Command, session: NativeSession) -> Caller:
        """By access token, or by API key and a signature over api_key, recv_window and timestamp."""
        if command.token:
            return await self._prove_token(command.token, session)
        raw = command.api_key.encode("utf-8", "replace")
        caller, key = await self._identities.of_key(raw, session.address)
        window = None if command.recv_window is None else str(command.recv_window)
        signed = {"api_key": command.api_key, "timestamp": str(command.timestamp), "signature": command.signature}
        verify_sorted(key, signed if window is None else signed | {"recv_window": window})
        check_window(str(command.timestamp), window, time.time_ns() // 1_000_000)
        if "read" not in caller.permissions or not caller.account_id:
            raise LaneError(-2015, "Invalid API-key, IP, or permissions for action", 401)
        if not session.is_closed:
            holder = self._holders[session] = _Holder(session)
            self._key_watch.join(holder, command.api_key)
        return caller

    async def _prove_token(self, token: str, session: NativeSession) -> Caller:
        identity = await ask_first(authenticate_token, token)
        if identity is None or identity.account_id is None:
            raise LaneError(-2015, "The token is not good, or its holder has no account.", 401)
        holder = _Holder(session, identity)
        if not session.is_closed:
            if not watch.join(holder, session_id=identity.session_id, user_id=identity.user_id):
                session.close(1008, "too many sockets of one user")
                raise LaneError(-1003, "Too many sockets.", 429)
            self._holders[session] = holder
        return Caller(identity.account_id, identity.user_id, "", frozenset(("read", "trade")))

    async def set_timeout(self, session: NativeSession, timeout_ms: int) -> None:
        """Raises BridgeError."""
        assert session.caller is not None, "asked before"
        if not timeout_ms:
            man = self._dead_men.pop(session, None)
            if man is not None:
                await man.disarm()
            return
        man = self._dead_men.get(session)
        if man is None:
            man = DeadMan(session.caller.account_id)
            await man.arm(timeout_ms)
            if session.is_closed:
                man.fire()
            else:
                self._dead_men[session] = man
        else:
            await man.arm(timeout_ms)

    def gone(self, session: NativeSession) -> None:
        holder = self._holders.pop(session, None)
        if holder is not None and holder.identity is not None:
            watch.leave(holder, session_id=holder.identity.session_id, user_id=holder.identity.user_id)
        elif holder is not None:
            self._key_watch.leave(holder)
        man = self._dead_men.pop(session, None)
        if man is not None:
            man.fire()


async def _keep_time(session: NativeSession) -> None:
    """Heartbeats; the end of a socket that is not heard of, or a day old."""
    begun = time.monotonic()
    while not session.is_closed:
        await asyncio.sleep(HEARTBEAT_S)
        now = time.monotonic()
        if now - session.heard_at > IDLE_S:
            session.close(4408, f"nothing was heard for {IDLE_S:g} seconds: send heartbeat")
        elif now - begun > LIFETIME_S:
            session.close(1001, "24 hours are over: connect again")
        else:
            session.beat()
