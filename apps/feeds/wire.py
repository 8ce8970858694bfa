"""The way out to one socket: straight to the server's transport where it shows one, else through ASGI.

Both ways are bounded: what does not fit marks the socket as overflowed and is not kept. Frames are
never compressed, so the same bytes go to every socket.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any, Protocol, runtime_checkable

from apps.feeds.messages import Message, close_frame

Send = Callable[[dict[str, Any]], Awaitable[None]]
BACKLOG_BYTES = 512 * 1024
LINGER_S = 2.0


class Wire(Protocol):
    """`write` never waits; False says that the reader is too slow. `close` never waits either."""

    def write(self, message: Message) -> bool: ...

    def close(self, code: int, reason: str) -> None: ...


@runtime_checkable
class Transport(Protocol):
    """What is used of an asyncio transport; uvloop's is one without inheriting from it."""

    def write(self, data: bytes) -> None: ...

    def get_write_buffer_size(self) -> int: ...

    def is_closing(self) -> bool: ...

    def abort(self) -> None: ...


class TransportWire:
    """Ready frames to the transport beneath uvicorn's sans-IO WebSocket protocol."""

    __slots__ = ("_closed", "_loop", "_transport")

    def __init__(self, transport: Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport, self._loop = transport, loop
        self._closed = False

    def write(self, message: Message) -> bool:
        transport = self._transport
        if self._closed or transport.is_closing():
            return True
        if transport.get_write_buffer_size() > BACKLOG_BYTES:
            return False
        transport.write(message.frame)
        return True

    def close(self, code: int, reason: str) -> None:
        """Say why; a peer that does not answer, or reads nothing, is cut off after a moment."""
        if self._closed or self._transport.is_closing():
            return
        self._closed = True
        self._transport.write(close_frame(code, reason))
        self._loop.call_later(LINGER_S, self._transport.abort)


class AsgiWire:
    """Any ASGI server: a queue and one task that sends. A transport, where one is seen, is for cutting off only."""

    __slots__ = ("_closing", "_loop", "_queue", "_queued_bytes", "_send", "_task", "_transport")

    def __init__(self, send: Send, loop: asyncio.AbstractEventLoop, transport: Transport | None) -> None:
        self._send, self._loop, self._transport = send, loop, transport
        self._queue: deque[Message] = deque()
        self._queued_bytes = 0
        self._task: asyncio.Task[None] | None = None
        self._closing: tuple[int, str] | None = None

    def write(self, message: Message) -> bool:
        if self._closing:
            return True
        if self._queued_bytes > BACKLOG_BYTES:
            return False
        self._queue.append(message)
        self._queued_bytes += len(message.payload)
        self._start()
        return True

    def close(self, code: int, reason: str) -> None:
        if not self._closing:
            self._closing = (code, reason)
            self._queue.clear()
            self._queued_bytes = 0
            self._start()
            if self._transport is not None:
                self._loop.call_later(LINGER_S, self._transport.abort)

    def _start(self) -> None:
        if self._task is None:
            self._task = self._loop.create_task(self._drain())

    async def _drain(self) -> None:
        try:
            while self._queue:
                message = self._queue.popleft()
                self._queued_bytes -= len(message.payload)
                await self._send({"type": "websocket.send", "text": message.text})
            if self._closing:
                code, reason = self._closing
                await self._send({"type": "websocket.close", "code": code, "reason": reason})
        except (OSError, RuntimeError):
            # The peer is gone; the endpoint's receive loop hears of it and cleans up.
            self._queue.clear()
            self._queued_bytes = 0
        finally:
            self._task = None


def open_wire(send: Send) -> Wire:
    """The best way for this server. Call after the handshake was accepted."""
    loop = asyncio.get_running_loop()
    server = getattr(send, "__self__", None)
    transport = getattr(server, "transport", None)
    if not isinstance(transport, Transport):
        return AsgiWire(send, loop, None)
    if type(server).__name__ == "WebSocketsSansIOProtocol":
        return TransportWire(transport, loop)
    return AsgiWire(send, loop, transport)
