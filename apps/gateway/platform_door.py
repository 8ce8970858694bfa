"""What every request of the platform lane passes before Django: whose it is, which number it has, whether there is room.

Behind it the client's address is the connection's, so nobody further in reads a forwarded one; what a peer that is
no proxy of ours claims of scheme and host is dropped.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import Any

import structlog

from apps.gateway import errors
from apps.gateway.request import own_proxies
from apps.gateway.request_log import RequestIds, RequestLog, Trail

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

REQUESTS_MAX = 64  # at once in one gateway: pages and forms are drawn one after the other anyway
CLAIMS = frozenset((b"x-forwarded-proto", b"x-forwarded-host", b"x-forwarded-port", b"x-real-ip", b"forwarded"))


class PlatformDoor:
    """Wraps the platform's ASGI application."""

    def __init__(self, application: Any, log: RequestLog) -> None:
        self._application, self._log = application, log
        self._proxies, self._ids = own_proxies(), RequestIds()
        self._inside = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        trail = Trail("", self._proxies.client_of(scope))
        inner = self._own_scope(scope, trail)
        if scope["type"] != "http":
            await self._application(inner, receive, send)
            return
        began, status = time.perf_counter(), 500

        async def answer(message: dict[str, Any]) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", ()), (b"x-request-id", trail.request_id.encode())]
            await send(message)

        if self._inside >= REQUESTS_MAX:
            await self._send_away(scope["path"], answer)
            trail.code = "UNAVAILABLE"
        else:
            self._inside += 1
            structlog.contextvars.bind_contextvars(request_id=trail.request_id)
            try:
                await self._application(inner, receive, answer)
            finally:
                self._inside -= 1
                structlog.contextvars.unbind_contextvars("request_id")
        self._log.add("platform", scope["method"], scope["path"], status, time.perf_counter() - began, trail)

    def _own_scope(self, scope: Scope, trail: Trail) -> Scope:
        trusted = self._proxies.trusts(scope)
        told = next((value for name, value in scope["headers"] if name == b"x-request-id"), None) if trusted else None
        trail.request_id = self._ids.told(told)
        client = scope.get("client")
        headers = [
            (name, value) for name, value in scope["headers"] if b"_" not in name and (trusted or name not in CLAIMS)
        ]
        return scope | {
            "client": (trail.address, client[1] if client else 0) if trail.address != "local" else client,
            "headers": headers,
            "trail": trail,
        }

    @staticmethod
    async def _send_away(path: str, send: Send) -> None:
        body, status, more = errors.render(errors.unavailable(), path)
        headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body)), *more]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})
