"""The way out to one socket: straight to the server's transport where it shows one, else through ASGI.

Both ways are bounded: what does not fit marks the socket as overflowed and is not kept. Frames are
never compressed, so the same bytes go to every socket.
"""

from __future__ import annotations

import asyncio
import os
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol, runtime_checkable

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from apps.feeds.messages import Message, close_reason

Send = Callable[[dict[str, Any]], Awaitable[None]]
BACKLOG_BYTES = 512 * 1024
LINGER_S = 2.0


class Wire(Protocol):
    """`write` never waits; False says that the reader is too slow. `close` never waits either.

    `write_all` is for messages of one cause: they leave in one piece where the transport shows.

    `idle_fd` is where a ready frame may be written past it right now, -1 when it may not.
    """

    def idle_fd(self) -> int: ...

    def write(self, message: Message) -> bool: ...

    def write_all(self, messages: Sequence[Message]) -> bool: ...

    def close(self, code: int, reason: str) -> None: ...


@runtime_checkable
class Transport(Protocol):
    """What is used of an asyncio transport; uvloop's is one without inheriting from it."""

    def write(self, data: bytes) -> None: ...

    def get_write_buffer_size(self) -> int: ...

    def is_closing(self) -> bool: ...

    def abort(self) -> None: ...

    def get_extra_info(self, name: str, default: Any = None) -> Any: ...


class TransportWire:
    """Ready frames to the transport beneath uvicorn's sans-IO WebSocket protocol.

    While nothing waits there a frame goes to the kernel at once, so that the first of many sockets has it
    before the last one is written; the transport keeps what the kernel does not take.
    The goodbye goes through the protocol, which would answer the peer's with a second one if it knew of none.
    """

    __slots__ = ("_closed", "_fd", "_loop", "_protocol", "_transport")

    def __init__(
        self, protocol: WebSocketsSansIOProtocol, transport: Transport, loop: asyncio.AbstractEventLoop
    ) -> None:
        self._protocol, self._transport, self._loop = protocol, transport, loop
        self._closed = False
        raw = transport.get_extra_info("socket") if transport.get_extra_info("sslcontext") is None else None
        self._fd: int = raw.fileno() if raw is not None else -1

    def idle_fd(self) -> int:
        transport = self._transport
        if self._closed or transport.is_closing() or transport.get_write_buffer_size():
            return -1
        return self._fd

    def write(self, message: Message) -> bool:
        return self._put(message.frame)

    def write_all(self, messages: Sequence[Message]) -> bool:
        return self._put(b"".join(message.frame for message in messages))

    def _put(self, frame: bytes) -> bool:
        transport = self._transport
        if self._closed or transport.is_closing():
            return True
        waiting = transport.get_write_buffer_size()
        if not waiting and self._fd >= 0:
            try:
                taken = os.write(self._fd, frame)
            except BlockingIOError:
                taken = 0
            except OSError:  # the peer is gone; the transport hears of it by itself
                return True
            if taken < len(frame):
                transport.write(frame[taken:])
            return True
        if waiting > BACKLOG_BYTES:
            return False
        transport.write(frame)
        return True

    def close(self, code: int, reason: str) -> None:
        """Say why and wait for the peer's answer; one that gives none, or reads nothing, is cut off after a moment."""
        protocol, transport = self._protocol, self._transport
        if self._closed or protocol.close_sent or transport.is_closing():
            return
        self._closed = protocol.close_sent = True
        protocol.stop_keepalive()
        protocol.conn.send_close(code, close_reason(reason))
        transport.write(b"".join(protocol.conn.data_to_send()))
        protocol.close_timer = self._loop.call_later(LINGER_S, transport.abort)  # until the peer's answer ends it
        self._loop.call_later(LINGER_S, transport.abort)  # for one that answers but reads nothing


class AsgiWire:
    """Any ASGI server: a queue and one task that sends. A transport, where one is seen, is for cutting off only."""

    __slots__ = ("_closing", "_loop", "_queue", "_queued_bytes", "_send", "_task", "_transport")

    def __init__(self, send: Send, loop: asyncio.AbstractEventLoop, transport: Transport | None) -> None:
        self._send, self._loop, self._transport = send, loop, transport
        self._queue: deque[Message] = deque()
        self._queued_bytes = 0
        self._task: asyncio.Task[None] | None = None
        self._closing: tuple[int, str] | None = None

    def idle_fd(self) -> int:
        return -1

    def write(self, message: Message) -> bool:
        if self._closing:
            return True
        if self._queued_bytes > BACKLOG_BYTES:
            return False
        self._queue.append(message)
        self._queued_bytes += len(message.payload)
        self._start()
        return True

    def write_all(self, messages: Sequence[Message]) -> bool:
        return all(self.write(message) for message in messages)

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
                await self._send({"type": "websocket.close", "code": code, "reason": close_reason(reason)})
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
    if isinstance(server, WebSocketsSansIOProtocol):
        return TransportWire(server, transport, loop)
    return AsgiWire(send, loop, transport)
