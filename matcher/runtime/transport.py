"""Frames over a Unix socket or TCP: takes commands and queries in, gives events, heads, answers out.

Owns every socket of the matcher. Refuses what it cannot read, what carries another client's
session, and more than the queue may hold; drops a reader that lets too much pile up.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import socket
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import cast

from matcher.protocol.codec import COMMAND_BYTES
from matcher.protocol.frames import (
    ANSWER_HEAD,
    EVENTS_HEAD,
    FRAME_VERSION,
    HEAD,
    HELLO_HEAD,
    QUERY_HEAD,
    REFUSED_HEAD,
    WELCOME,
    Frame,
    Mode,
    frame,
)
from matcher.protocol.framing import FrameError, FrameReader
from matcher.protocol.views import Query
from matcher.runtime.errors import ConfigurationRefused
from matcher.runtime.metrics import Metrics
from matcher.runtime.sequencer import Batch, Sequencer, command_ids
from matcher.runtime.settings import Settings

log = logging.getLogger("matcher")

FRAME_BYTES_MAX = 4 * 1024 * 1024
_SESSION_AT, _SESSION_STEP = 5, COMMAND_BYTES // 4  # upper half of command_id, counted in u32


class Connection(asyncio.Protocol):
    """One client: gateway, projector, job. Until its HELLO it may say nothing else."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._reader = FrameReader(FRAME_BYTES_MAX)
        self._transport: asyncio.Transport | None = None
        self.session = 0
        self.mode = Mode.REPLIES
        self.name = "?"

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._server.connections.add(self)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        self._transport = None
        self._server.forget(self)

    def data_received(self, data: bytes) -> None:
        try:
            for kind, payload in self._reader.feed(data):
                if kind == Frame.COMMANDS and self.session:
                    self._server.commands(self, payload)
                elif kind == Frame.QUERY and self.session:
                    self._server.query(self, payload)
                elif kind == Frame.HELLO and not self.session:
                    self._server.hello(self, payload)
                else:
                    self.drop(f"frame {kind} out of place")
                    return
        except FrameError as error:
            self.drop(str(error))

    def write(self, data: bytes) -> None:
        """Queue bytes for this client, or drop it when it has stopped reading."""
        transport = self._transport
        if transport is None:
            return
        transport.write(data)
        if transport.get_write_buffer_size() > self._server.settings.backlog_bytes_max:
            self.drop("it does not read what it asked for")

    def answer(self, query_id: int, answer: bytes) -> None:
        self.write(frame(Frame.ANSWER, ANSWER_HEAD.pack(query_id), answer))

    def refuse(self, ids: list[int], why: str) -> None:
        """Tell the client that these commands (or this query) were not taken and never will be."""
        self._server.metrics.refused += len(ids)
        text = why.encode()[:1000]
        self.write(b"".join([frame(Frame.REFUSED, REFUSED_HEAD.pack(i), text) for i in ids]))

    def drop(self, why: str) -> None:
        """Cut the link at once; what was taken from it is still done."""
        log.warning("client %s (session %d) dropped: %s", self.name, self.session, why)
        self._server.metrics.clients_dropped += 1
        if self._transport is not None:
            self._transport.abort()

    def finish(self) -> None:
        """Close after what is queued has been written."""
        if self._transport is not None:
            self._transport.close()


class Server:
    """All connections, and the loop's turn: one batch whenever something waits."""

    def __init__(self, settings: Settings, metrics: Metrics, on_fatal: Callable[[BaseException], None]) -> None:
        self.settings = settings
        self.metrics = metrics
        self.connections: set[Connection] = set()
        self._readers: dict[Mode, set[Connection]] = {mode: set() for mode in Mode}
        self._on_fatal = on_fatal
        self._sequencer: Sequencer
        self._server: asyncio.Server | None = None
        self._socket_inode = 0
        self._turn_planned = False
        self._stopping = False
        self._empty = asyncio.Event()
        self._dead = False
        self._next_session = int.from_bytes(os.urandom(4), "little") % 0xFFFF_0000 + 1

    async def start(self, sequencer: Sequencer) -> None:
        """Listen at the settings' address. Raises ConfigurationRefused when it cannot be had."""
        self._sequencer = sequencer
        loop = asyncio.get_running_loop()
        try:
            listener, self._socket_inode = _listen(self.settings.matcher_url)
            self._server = await loop.create_server(lambda: Connection(self), sock=listener)
        except OSError as error:
            raise ConfigurationRefused(f"cannot listen at {self.settings.matcher_url}: {error}") from error

    async def stop(self) -> None:
        """Take nothing new, finish and commit what waits, tell it, close every link."""
        self._stopping = True
        if self._server is not None:
            _forget_socket(self.settings.matcher_url, self._socket_inode)  # while the inode is still held
            self._server.close()
        while not self._dead and self._sequencer.has_work:
            self._turn()
        for connection in list(self.connections):
            connection.finish()
        if not self.connections:
            self._empty.set()
        with suppress(TimeoutError):
            async with asyncio.timeout(2.0):
                await self._empty.wait()

    def abort(self) -> None:
        """Cut everything at once: the end of a matcher that may not say another word."""
        self._dead = True
        if self._server is not None:
            _forget_socket(self.settings.matcher_url, self._socket_inode)
            self._server.close()
        for connection in list(self.connections):
            connection.drop("the matcher ends")

    def hello(self, connection: Connection, payload: bytes) -> None:
        """Give the client a session and the last committed sequence; from here on it is told of all that follows."""
        if len(payload) < HELLO_HEAD.size:
            connection.drop("a HELLO cut short")
            return
        version, mode, _ = HELLO_HEAD.unpack_from(payload)
        if version != FRAME_VERSION or mode not in set(Mode):
            connection.refuse([0], f"version {version}, mode {mode}: this matcher speaks version {FRAME_VERSION}")
            connection.finish()
            return
        connection.mode = Mode(mode)
        connection.name = payload[HELLO_HEAD.size :].decode("utf-8", "replace")[:60]
        connection.session = self._next_session
        self._next_session = self._next_session % 0xFFFF_FFFF + 1
        self._readers[connection.mode].add(connection)
        self.metrics.clients += 1
        connection.write(frame(Frame.WELCOME, WELCOME.pack(FRAME_VERSION, connection.session, self._sequencer.seq)))

    def commands(self, connection: Connection, payload: bytes) -> None:
        """Queue a frame's commands, or refuse them all."""
        count, rest = divmod(len(payload), COMMAND_BYTES)
        if rest or not count:
            connection.drop(f"{len(payload)} bytes are no commands")
            return
        sessions = memoryview(payload).cast("I")[_SESSION_AT::_SESSION_STEP].tolist()
        if sessions.count(connection.session) != count:
            connection.refuse(command_ids(payload), "malformed: command_id of another session")
        elif self._stopping:
            connection.refuse(command_ids(payload), "stopping")
        elif self._sequencer.waiting + count > self.settings.waiting_commands_max:
            connection.refuse(command_ids(payload), "overloaded")
        else:
            self._sequencer.take(connection, payload)
            self._plan_turn()

    def query(self, connection: Connection, payload: bytes) -> None:
        if len(payload) != QUERY_HEAD.size + Query.WIDTH:
            connection.drop(f"{len(payload)} bytes are no query")
            return
        (query_id,) = QUERY_HEAD.unpack_from(payload)
        self._sequencer.ask(connection, query_id, payload[QUERY_HEAD.size :])
        self._plan_turn()

    def release(self, batch: Batch) -> None:
        """Send a committed batch to everybody who is to know of it."""
        if self._readers[Mode.EVENTS]:
            head = EVENTS_HEAD.pack(batch.first_seq, batch.last_seq, len(batch.events))
            whole = frame(Frame.EVENTS, head, batch.events, batch.levels)
            for connection in tuple(self._readers[Mode.EVENTS]):
                connection.write(whole)
        if self._readers[Mode.REPLIES]:
            own: dict[Connection, list[memoryview]] = {}
            for asker, events in batch.own_events():
                if isinstance(asker, Connection) and asker.mode is Mode.REPLIES:
                    own.setdefault(asker, []).append(events)
            for connection, parts in own.items():
                size = sum(len(p) for p in parts)
                head = EVENTS_HEAD.pack(batch.first_seq, batch.last_seq, size)
                connection.write(frame(Frame.EVENTS, head, *parts))
        if self._readers[Mode.HEADS]:
            whole = frame(Frame.HEAD, HEAD.pack(batch.last_seq))
            for connection in tuple(self._readers[Mode.HEADS]):
                connection.write(whole)

    def forget(self, connection: Connection) -> None:
        self.connections.discard(connection)
        if self._stopping and not self.connections:
            self._empty.set()
        if connection.session:
            self._readers[connection.mode].discard(connection)
            self.metrics.clients -= 1
        if not gc.isenabled():
            gc.collect()  # the state is frozen out of sight of the collector, so this is short

    def _plan_turn(self) -> None:
        if not self._turn_planned and not self._dead:
            self._turn_planned = True
            asyncio.get_running_loop().call_soon(self._turn)

    def _turn(self) -> None:
        self._turn_planned = False
        if self._dead:
            return
        try:
            self._sequencer.turn()
        except BaseException as error:  # noqa: BLE001  # whatever it is, nothing may be released after it
            self._dead = True
            self._on_fatal(error)
            return
        self.metrics.waiting_commands = self._sequencer.waiting
        if self._sequencer.has_work:
            self._plan_turn()


def _listen(url: str) -> tuple[socket.socket, int]:
    """A listening socket at unix:///path or tcp://host:port, and the inode of its file (TCP: 0).

    A socket file that is there already is replaced: it is stale, or its matcher is about to be deposed.
    """
    scheme, _, rest = url.partition("://")
    if scheme == "unix":
        path = Path(rest)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if path.is_socket():
            path.unlink()
        listener = socket.socket(socket.AF_UNIX)
        try:
            listener.bind(rest)
        except OSError:
            listener.close()
            raise
        path.chmod(0o600)
        inode = path.stat().st_ino
    else:
        host, _, port = rest.rpartition(":")
        listener, inode = socket.create_server((host.strip("[]"), int(port))), 0
    listener.listen(1024)
    listener.setblocking(False)
    return listener, inode


def _forget_socket(url: str, inode: int) -> None:
    """Remove our socket file, unless another matcher has put its own there."""
    path = Path(url.partition("://")[2])
    with suppress(OSError):
        if inode and path.stat().st_ino == inode:
            path.unlink()


async def serve_metrics(port: int, metrics: Metrics) -> asyncio.Server:
    """Prometheus text at http://127.0.0.1:port/metrics. Raises ConfigurationRefused when the port is taken."""

    async def respond(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, TimeoutError):
            async with asyncio.timeout(5.0):
                request = await reader.readuntil(b"\r\n\r\n")
                found = request.startswith(b"GET /metrics ")
                body = metrics.render().encode() if found else b"only /metrics\n"
                status = b"200 OK" if found else b"404 Not Found"
                writer.write(
                    b"HTTP/1.1 %b\r\nContent-Type: text/plain; version=0.0.4\r\nContent-Length: %d\r\n"
                    b"Connection: close\r\n\r\n%b" % (status, len(body), body)
                )
                await writer.drain()
        writer.close()

    try:
        return await asyncio.start_server(respond, "127.0.0.1", port)
    except OSError as error:
        raise ConfigurationRefused(f"cannot serve metrics at port {port}: {error}") from error
