"""One socket's side of the stream protocol: subscriptions, commands, limits. Knows no ASGI.

Everything it sends leaves through one wire in order, an acknowledgement before the data it announces.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable, Sequence
from typing import Any, Protocol

import msgspec
import structlog

from apps.feeds.addresses import is_listen_key
from apps.feeds.messages import Message, message_of
from apps.feeds.topics import Listener
from apps.feeds.user_stream import Reader, UserListener
from apps.feeds.wire import Wire

MAX_STREAMS = 200
MAX_COMMANDS = 10
COMMANDS_WINDOW_S = 1.0
MAX_TEXT = 64 * 1024
KEPT_MESSAGES = 10_000
INVALID_REQUEST, INVALID_JSON = 2, 3
POLICY, TOO_BIG, TRY_LATER = 1008, 1009, 1013
UNKNOWN_KEY = "This listenKey does not exist."
_ID_STARTS = (b'"', b"-", b"n", *(b"%d" % digit for digit in range(10)))
_ID_BYTES = 200
_log = structlog.get_logger("feeds.session")


class Command(msgspec.Struct):
    """What a client sends; `id` is kept as written and echoed unchanged."""

    method: str
    params: list[str] | None = None
    id: msgspec.Raw = msgspec.Raw(b"null")


class _Named(msgspec.Struct):
    id: msgspec.Raw = msgspec.Raw(b"null")


_decode_command = msgspec.json.Decoder(Command).decode
_decode_id = msgspec.json.Decoder(_Named).decode


class Users(Protocol):
    async def open(self, listener: UserListener, reader: Reader) -> bool: ...

    def leave(self, listener: UserListener, listen_key: str) -> None: ...


class Source(Protocol):
    """What a session needs of the hub."""

    @property
    def users(self) -> Users: ...

    def has_stream(self, name: str) -> bool: ...

    def subscribe(self, name: str, listener: Listener, *, combined: bool) -> bool: ...

    def unsubscribe(self, name: str, listener: Listener) -> None: ...


class Session:
    """The subscriptions of one socket. Until `attach` its messages are kept back."""

    def __init__(self, source: Source, *, combined: bool, events: frozenset[str] | None = None) -> None:
        self.names: dict[str, None] = {}
        self.is_closed = False
        self.refusal: tuple[int, str] | None = None
        self._source, self._combined, self._events = source, combined, events
        self._keys: set[str] = set()
        self._wire: Wire | None = None
        self._kept: list[Message] | None = []
        self._commands: deque[float] = deque(maxlen=MAX_COMMANDS)

    # outwards

    def attach(self, wire: Wire) -> None:
        """The handshake is done: send from now on."""
        self._wire = wire
        self._send_kept()

    def push(self, message: Message) -> None:
        """Send, or keep while something has to go first. A reader that is too slow is closed."""
        if self.is_closed:
            return
        if self._kept is not None or self._wire is None:
            self._kept = self._kept or []
            self._kept.append(message)
            if len(self._kept) > KEPT_MESSAGES:
                self.close(POLICY, "too slow: messages would be skipped")
        elif not self._wire.write(message):
            self.close(POLICY, "too slow: messages would be skipped")

    def push_all(self, messages: Sequence[Message]) -> None:
        """Several of one cause, in one piece: a client that waits for the last does not see the first alone."""
        if self.is_closed or self._kept is not None or self._wire is None:
            for message in messages:
                self.push(message)
        elif not self._wire.write_all(messages):
            self.close(POLICY, "too slow: messages would be skipped")

    def idle_fd(self) -> int:
        if self.is_closed or self._kept is not None or self._wire is None:
            return -1
        return self._wire.idle_fd()

    def close(self, code: int, reason: str) -> None:
        """End all subscriptions and close the socket."""
        if self.is_closed:
            return
        self.refusal = (code, reason)
        self.leave()
        if self._wire is not None:
            self._wire.close(code, reason)

    def leave(self) -> None:
        """End all subscriptions; the socket is gone or going."""
        self.is_closed = True
        for name in self.names:
            self._drop(name)
        self.names.clear()

    def _send_kept(self) -> None:
        kept, self._kept = self._kept, None
        for message in kept or ():
            self.push(message)

    # inwards

    async def handle(self, text: str) -> None:
        """Carry out one command. Closes the socket for too many or too long ones and for an unknown listen key."""
        now = time.monotonic()
        if len(self._commands) == MAX_COMMANDS and now - self._commands[0] < COMMANDS_WINDOW_S:
            self.close(POLICY, f"more than {MAX_COMMANDS} messages a second")
            return
        self._commands.append(now)
        if len(text) > MAX_TEXT:
            self.close(TOO_BIG, "message too long")
            return
        try:
            command = _decode_command(text)
        except msgspec.ValidationError as error:
            self._refuse(INVALID_REQUEST, f"Invalid request: {error}", _id_of(text))
        except (msgspec.DecodeError, ValueError, RecursionError) as error:
            self._refuse(INVALID_JSON, f"Invalid JSON: {error}", msgspec.Raw(b"null"))
        else:
            if not _is_id(command.id):
                self._refuse(INVALID_REQUEST, "Invalid request: id must be a number or a text", msgspec.Raw(b"null"))
                return
            await self._carry_out(command)

    async def _carry_out(self, command: Command) -> None:
        params = command.params
        match command.method:
            case "LIST_SUBSCRIPTIONS":
                self._answer(list(self.names), command.id)
            case "SUBSCRIBE" | "UNSUBSCRIBE" if not params:
                self._refuse(INVALID_REQUEST, "Invalid request: params must name at least one stream", command.id)
            case "SUBSCRIBE":
                await self._subscribe(params or [], command.id)
            case "UNSUBSCRIBE":
                for name in params or ():
                    if name in self.names:
                        del self.names[name]
                        self._drop(name)
                self._answer(None, command.id)
            case method:
                self._refuse(INVALID_REQUEST, f"Invalid request: unknown method {method[:40]!r}", command.id)

    async def _subscribe(self, params: list[str], command_id: msgspec.Raw) -> None:
        wanted = [name for name in dict.fromkeys(params) if name not in self.names]
        keys = [name for name in wanted if is_listen_key(name)]
        streams = [name for name in wanted if not is_listen_key(name)]
        problem = self.problem_with(streams, keys)
        if problem:
            self._refuse(INVALID_REQUEST, f"Invalid request: {problem}", command_id)
            return
        self._kept = []
        if not await self.open_keys(keys):
            return
        kept, self._kept = self._kept, None
        self._answer(None, command_id)
        self._kept = kept
        self._send_kept()
        self.open_streams(streams)

    # subscriptions

    def problem_with(self, streams: Sequence[str], keys: Sequence[str]) -> str | None:
        """Why these cannot be added; None when they can, listen keys as far as one can see."""
        if len(self.names) + len(streams) + len(keys) > MAX_STREAMS:
            return f"more than {MAX_STREAMS} streams on one connection"
        for name in streams:
            if not self._source.has_stream(name):
                return f"unknown stream {name[:80]!r}"
        return None

    async def open_keys(self, keys: Iterable[str]) -> bool:
        """Read these user streams; False, and the socket closed, when one of the keys is unknown."""
        for key in keys:
            self.names[key] = None
            self._keys.add(key)
            try:
                is_open = await self._source.users.open(self, Reader(key, self._combined, self._events))
            except Exception:  # noqa: BLE001  # of engine or key store: the client is told and may try again
                _log.warning("user_stream_unavailable", exc_info=True)
                self.close(TRY_LATER, "the account cannot be read now: connect again")
                return False
            if self.is_closed:
                self._source.users.leave(self, key)
                return False
            if not is_open:
                self.close(POLICY, UNKNOWN_KEY)
                return False
        return True

    def open_streams(self, names: Iterable[str]) -> None:
        for name in names:
            if not self.is_closed and self._source.subscribe(name, self, combined=self._combined):
                self.names[name] = None

    def _drop(self, name: str) -> None:
        if name in self._keys:
            self._keys.discard(name)
            self._source.users.leave(self, name)
        else:
            self._source.unsubscribe(name, self)

    def _answer(self, result: Any, command_id: msgspec.Raw) -> None:
        self.push(message_of({"result": result, "id": command_id}))

    def _refuse(self, code: int, text: str, command_id: msgspec.Raw) -> None:
        self.push(message_of({"error": {"code": code, "msg": text}, "id": command_id}))


def _is_id(raw: msgspec.Raw) -> bool:
    text = bytes(raw)
    return len(text) <= _ID_BYTES and text[:1] in _ID_STARTS


def _id_of(text: str) -> msgspec.Raw:
    """The id of a command that could not be read whole; null when there is none."""
    try:
        raw = _decode_id(text).id
    except (msgspec.DecodeError, RecursionError):
        return msgspec.Raw(b"null")
    return raw if _is_id(raw) else msgspec.Raw(b"null")
