"""The WebSocket door of market and user streams: plain ASGI, one coroutine a socket, no work per message.

A refusal is a close code with its reason: 1008 policy, 1003 binary, 1009 too long, 1013 try again later,
1012 updates were missed, 1001 the 24 hours are over.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import structlog

from apps.feeds.addresses import Address, parse_address
from apps.feeds.errors import FeedsUnavailableError
from apps.feeds.hub import FeedHub, get_hub
from apps.feeds.listening import listen
from apps.feeds.session import POLICY, TRY_LATER, Session
from apps.feeds.user_stream import event_filter
from apps.feeds.wire import open_wire

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

LIFETIME_S = 24 * 3600
READY_WAIT_S = 5.0
_GOING_AWAY = 1001
_log = structlog.get_logger("feeds.sockets")


async def websocket(scope: Scope, receive: Receive, send: Send) -> None:
    """Serve one socket until it is closed. A path that is none of ours is refused at the handshake."""
    await receive()
    address = parse_address(scope["path"], scope.get("query_string", b""))
    if address is None:
        await send({"type": "websocket.close", "code": POLICY, "reason": "no such path"})
        return
    hub = get_hub()
    session = Session(hub, combined=address.combined, events=event_filter(address.events))
    lifetime = asyncio.get_running_loop().call_later(
        LIFETIME_S, session.close, _GOING_AWAY, "24 hours are over: connect again"
    )
    try:
        refusal = await _open(hub, session, address)
        await send({"type": "websocket.accept"})
        if refusal is not None:
            code, reason = refusal
            await send({"type": "websocket.close", "code": code, "reason": reason})
            return
        session.attach(open_wire(send))
        await listen(session, receive)
    except OSError:
        # The peer went away while it was being answered.
        _log.debug("peer_gone", path=scope["path"])
    finally:
        lifetime.cancel()
        session.leave()


async def _open(hub: FeedHub, session: Session, address: Address) -> tuple[int, str] | None:
    """Everything the address asks for, before the handshake is answered; the close code when it cannot be had."""
    try:
        await hub.wait_ready(READY_WAIT_S)
    except FeedsUnavailableError:
        return TRY_LATER, "the market data are being loaded: connect again"
    problem = session.problem_with(address.streams, address.listen_keys)
    if problem:
        return POLICY, problem
    session.open_streams(address.streams)
    await session.open_keys(address.listen_keys)
    return session.refusal
