"""The asyncio side of the wire: pipelined sends, queries, pushed batches, reconnecting for ever.

Owns one link of one process. Never repeats a command by itself and never calls a lost answer a failure.
"""

from __future__ import annotations

import asyncio
import logging
import struct
from collections.abc import Callable
from contextlib import suppress
from typing import Any, cast

from apps.bridge.address import connect
from apps.bridge.errors import MatcherUnavailable
from apps.bridge.replies import Replies
from matcher.protocol.codec import COMMAND_BYTES, decode_answer
from matcher.protocol.commands import Command
from matcher.protocol.events import Event
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
from matcher.protocol.records import Record
from matcher.protocol.views import AnswerHeader, Query

log = logging.getLogger("bridge")

TIMEOUT_SECONDS = 5.0
BACKOFF_SECONDS = (0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
FRAME_COMMANDS_MAX = 1024
_SWEEP_SECONDS = 0.05
_COMMAND_ID_AT = 16
_BODY_AT = 24
_COMMAND_ID = struct.Struct("<Q")

Answer = tuple[AnswerHeader, list[Record], list[Record]]
BatchCallback = Callable[[int, int, bytes, bytes], None]
SeqCallback = Callable[[int], None]


class AsyncMatcherClient:
    """One link to the matcher, used from one event loop.

    `mode` 0 hears only its own replies, 1 every committed batch, 2 only the head's sequence.
    Callbacks run on the loop and must not block; an exception in one is logged and nothing else.
    """

    def __init__(self, url: str, name: str, mode: int = Mode.REPLIES) -> None:
        self._url, self._name, self._mode = url, name, Mode(mode)
        self._replies = Replies()
        self._link: _Link | None = None
        self._session = 0
        self._counter = 0
        self._outgoing: list[bytes] = []
        self._unsent: set[int] = set()
        self._flush_planned = False
        self._sweep: asyncio.TimerHandle | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._welcomed: asyncio.Event = asyncio.Event()
        self._lost: asyncio.Event = asyncio.Event()
        self._seen_seq: int | None = None
        self._on_batch: list[BatchCallback] = []
        self._on_head: list[SeqCallback] = []
        self._on_gap: list[SeqCallback] = []
        self._on_reconnect: list[SeqCallback] = []

    @property
    def last_seq(self) -> int:
        """The last committed sequence this client knows of (exact in modes 1 and 2), 0 before the first WELCOME."""
        return self._seen_seq or 0

    @property
    def connected(self) -> bool:
        return self._welcomed.is_set()

    @property
    def waiting(self) -> int:
        """Answers awaited."""
        return len(self._replies)

    def longest_wait_s(self) -> float:
        """How long the oldest awaited answer has been awaited, if it was asked for with the usual timeout."""
        due = self._replies.first_due()
        return 0.0 if due is None else max(0.0, TIMEOUT_SECONDS - (due - asyncio.get_running_loop().time()))

    def on_batch(self, callback: BatchCallback) -> None:
        """Mode 1: `callback(first_seq, last_seq, events, levels)` for every committed batch, raw bytes."""
        self._on_batch.append(callback)

    def on_head(self, callback: SeqCallback) -> None:
        """Mode 2: `callback(last_seq)` after every commit."""
        self._on_head.append(callback)

    def on_gap(self, callback: SeqCallback) -> None:
        """Mode 1: `callback(seen_seq)` when batches behind `seen_seq` were missed; fetch them from the journal."""
        self._on_gap.append(callback)

    def on_reconnect(self, callback: SeqCallback) -> None:
        """`callback(last_seq)` after every later WELCOME, with the matcher's last committed sequence."""
        self._on_reconnect.append(callback)

    async def start(self, timeout_s: float | None = TIMEOUT_SECONDS) -> None:
        """Connect and keep connected. Raises MatcherUnavailable when no matcher answers in time.

        With `timeout_s` None it returns at once and the link comes up whenever a matcher is there.
        """
        self.begin()
        if timeout_s is not None:
            await self.wait_connected(timeout_s)

    def begin(self) -> None:
        """Start connecting in the background of the running loop."""
        if self._keeper is None:
            self._keeper = asyncio.create_task(self._keep(), name=f"bridge {self._name}")

    async def wait_connected(self, timeout_s: float) -> None:
        """Raises MatcherUnavailable when the link is not up in time."""
        try:
            async with asyncio.timeout(timeout_s):
                await self._welcomed.wait()
        except TimeoutError:
            raise MatcherUnavailable(f"no matcher answers at {self._url}") from None

    async def close(self) -> None:
        """Flush what was sent, close the link, fail what is still awaited. The client is done for."""
        self._flush()
        if self._keeper is not None:
            self._keeper.cancel()
            with suppress(asyncio.CancelledError):
                await self._keeper
            self._keeper = None
        if self._sweep is not None:
            self._sweep.cancel()
            self._sweep = None

    async def send(self, command: Command, timeout_s: float = TIMEOUT_SECONDS) -> list[Event]:
        """The command's own events, the one flagged LAST included. Raises MatcherUnavailable, OutcomeUnknown."""
        return await self.submit(command.pack(), timeout_s)

    def submit(self, packed: bytes, timeout_s: float = TIMEOUT_SECONDS) -> asyncio.Future[list[Event]]:
        """Like `send` for a packed command, without a coroutine: many in flight cost one write a loop turn."""
        if len(packed) != COMMAND_BYTES:
            raise ValueError(f"a command has {COMMAND_BYTES} bytes, not {len(packed)}")
        counter, future = self._expect(timeout_s)
        if counter:
            command_id = _COMMAND_ID.pack(self._session << 32 | counter)
            self._outgoing.append(packed[:_COMMAND_ID_AT] + command_id + packed[_BODY_AT:])
            self._unsent.add(counter)
            if not self._flush_planned:
                self._flush_planned = True
                asyncio.get_running_loop().call_soon(self._flush)
        return future

    async def query(self, query: Query, timeout_s: float = TIMEOUT_SECONDS) -> Answer:
        """(header, first views, second views), after everything sent before. Raises MatcherUnavailable, OutcomeUnknown."""
        counter, future = self._expect(timeout_s)
        if counter:
            self._flush()
            cast("_Link", self._link).write(frame(Frame.QUERY, QUERY_HEAD.pack(counter), query.pack()))
        return decode_answer(await future)

    def _expect(self, timeout_s: float) -> tuple[int, asyncio.Future[Any]]:
        """A new counter and its future; counter 0 and a failed future while there is no link."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Any] = loop.create_future()
        if not self._welcomed.is_set():
            future.set_exception(MatcherUnavailable(f"no link to the matcher at {self._url}"))
            return 0, future
        counter = self._counter = self._counter % 0xFFFF_FFFF + 1
        self._replies.expect(counter, future, loop.time() + timeout_s)
        if self._sweep is None:
            self._sweep = loop.call_later(_SWEEP_SECONDS, self._expire)
        return counter, future

    def _flush(self) -> None:
        self._flush_planned = False
        outgoing = self._outgoing
        if not outgoing or self._link is None:
            return
        for at in range(0, len(outgoing), FRAME_COMMANDS_MAX):
            self._link.write(frame(Frame.COMMANDS, *outgoing[at : at + FRAME_COMMANDS_MAX]))
        outgoing.clear()
        self._unsent.clear()

    def _expire(self) -> None:
        loop = asyncio.get_running_loop()
        self._replies.expire(loop.time())
        self._sweep = loop.call_later(_SWEEP_SECONDS, self._expire) if len(self._replies) else None

    async def _keep(self) -> None:
        """Connect, stay, and connect again, until cancelled."""
        attempt = 0
        try:
            while True:
                try:
                    self._lost.clear()
                    self._link = await connect(self._url, lambda: _Link(self))
                    hello = HELLO_HEAD.pack(FRAME_VERSION, self._mode, 0) + self._name.encode()
                    self._link.write(frame(Frame.HELLO, hello))
                    async with asyncio.timeout(TIMEOUT_SECONDS):  # wait_for may swallow the cancellation of close()
                        await self._welcomed.wait()
                    attempt = 0
                    await self._lost.wait()
                    log.warning("%s: the link to the matcher is lost", self._name)
                except (OSError, TimeoutError) as error:
                    log.debug("%s: no matcher at %s: %r", self._name, self._url, error)
                self._drop()
                await asyncio.sleep(BACKOFF_SECONDS[min(attempt, len(BACKOFF_SECONDS) - 1)])
                attempt += 1
        finally:
            self._drop()

    def _drop(self) -> None:
        link, self._link = self._link, None
        if link is not None:
            link.close()
        self.link_lost()

    def link_lost(self) -> None:
        """Called by the link: everything awaited is settled now."""
        self._welcomed.clear()
        self._lost.set()
        unsent = set(self._unsent)
        self._outgoing.clear()
        self._unsent.clear()
        self._replies.lose(unsent)

    def frame_received(self, kind: int, payload: bytes) -> None:
        """Called by the link for every frame. Raises FrameError for one a matcher never sends."""
        if kind == Frame.EVENTS:
            first_seq, last_seq, size = EVENTS_HEAD.unpack_from(payload)
            events = payload[EVENTS_HEAD.size : EVENTS_HEAD.size + size]
            if self._mode is Mode.EVENTS:
                self._push(first_seq, last_seq, events, payload[EVENTS_HEAD.size + size :])
            else:
                self._seen_seq = last_seq
            self._replies.take_events(events, self._session)
        elif kind == Frame.ANSWER:
            self._replies.take_answer(ANSWER_HEAD.unpack_from(payload)[0], payload[ANSWER_HEAD.size :])
        elif kind == Frame.HEAD:
            (self._seen_seq,) = HEAD.unpack(payload)
            _tell(self._on_head, self._seen_seq)
        elif kind == Frame.REFUSED:
            why = payload[REFUSED_HEAD.size :].decode("utf-8", "replace")
            self._replies.refuse(REFUSED_HEAD.unpack_from(payload)[0] & 0xFFFF_FFFF, why)
        elif kind == Frame.WELCOME:
            self._welcome(*WELCOME.unpack(payload))
        else:
            raise FrameError(f"frame {kind} is none of a matcher's")

    def _welcome(self, version: int, session: int, last_seq: int) -> None:
        if version != FRAME_VERSION:
            raise FrameError(f"the matcher speaks version {version}, not {FRAME_VERSION}")
        seen_seq, self._seen_seq, self._session = self._seen_seq, last_seq, session
        self._welcomed.set()
        if seen_seq is not None:
            if self._mode is Mode.EVENTS and seen_seq != last_seq:
                _tell(self._on_gap, min(seen_seq, last_seq))
            _tell(self._on_reconnect, last_seq)

    def _push(self, first_seq: int, last_seq: int, events: bytes, levels: bytes) -> None:
        seen_seq, self._seen_seq = self._seen_seq, last_seq
        if seen_seq is not None and first_seq != seen_seq + 1:
            _tell(self._on_gap, seen_seq)
        _tell(self._on_batch, first_seq, last_seq, events, levels)


def _tell(callbacks: list[Callable[..., None]], *values: object) -> None:
    for callback in callbacks:
        try:
            callback(*values)
        except Exception:
            log.exception("a callback of the bridge failed")


class _Link(asyncio.Protocol):
    """One connection: bytes to frames and back."""

    def __init__(self, client: AsyncMatcherClient) -> None:
        self._client: AsyncMatcherClient | None = client
        self._reader = FrameReader()
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        try:
            for kind, payload in self._reader.feed(data):
                if self._client is not None:
                    self._client.frame_received(kind, payload)
        except (FrameError, struct.error, ValueError, KeyError) as error:
            log.error("cut the link to the matcher: %r", error)  # noqa: TRY400
            if self._transport is not None:
                self._transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        self._transport = None
        if self._client is not None:
            self._client.link_lost()

    def write(self, data: bytes) -> None:
        if self._transport is not None:
            self._transport.write(data)

    def close(self) -> None:
        self._client = None
        if self._transport is not None:
            self._transport.close()
