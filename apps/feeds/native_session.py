"""One native socket's side of the protocol (docs/asyncapi.yaml): commands, answers, limits. Knows no ASGI.

An answer carries the command's id unchanged and goes before the data it announces. Everything leaves through
one wire in order; a reader that is too slow is closed.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable
from typing import Any, Protocol

import msgspec
import structlog
from django.db import DatabaseError

from apps.bridge.errors import BridgeError
from apps.common.lane import Caller, LaneError
from apps.common.refusals import CommandRefused
from apps.feeds.hub import FeedHub
from apps.feeds.messages import Message, message_of
from apps.feeds.native_accounts import ACCOUNT, ADL
from apps.feeds.native_feeds import PRIVATE
from apps.feeds.wire import Wire

CHANNELS_MAX = 200
COMMANDS_MAX, COMMANDS_WINDOW_S = 10, 1.0
TEXT_MAX = 64 * 1024
AUTH_FAILURES_MAX = 3
TIMEOUT_MS = (5_000, 300_000)
CLOSES = {
    1001: "24 hours are over, or the process is stopping",
    1003: "a binary message came",
    1008: "too many messages a second, too slow a reader, or more sockets than allowed",
    1009: "a message was too long",
    1011: "our ping was not answered",
    1012: "updates were missed: connect again and resume",
    1013: "the market data are being loaded, or the account cannot be read: connect again",
    4401: "authentication failed three times",
    4403: "the session or API key has ended",
    4408: "nothing was heard for a minute",
}
ERRORS = {
    "MALFORMED_REQUEST": "the message is no command; details.problem says why",
    "UNKNOWN_METHOD": "no such method",
    "UNKNOWN_CHANNEL": "no such channel or instrument; details.channel names it",
    "TOO_MANY_CHANNELS": "more channels than one socket may read",
    "NOT_AUTHENTICATED": "the channel or method needs auth first, or the proof is wrong",
    "ALREADY_AUTHENTICATED": "the socket has proved whose it is",
    "FORBIDDEN": "the API key lacks the right to trade everywhere",
    "INVALID_AMOUNT": "timeout_ms is 0 or between 5,000 and 300,000",
    "REFUSED": "the engine refused the command; details.reason names why",
    "SERVICE_UNAVAILABLE": "the engine or a store does not answer now; the command may be repeated",
}
_ID_STARTS = (b'"', b"-", b"n", *(b"%d" % digit for digit in range(10)))
_NO_ID = msgspec.Raw(b"null")
_log = structlog.get_logger("feeds.native_session")


class Command(msgspec.Struct, forbid_unknown_fields=True, rename={"resume": "from"}):
    """All a client may say; `from` holds the last `seq` seen of a channel."""

    method: str
    id: msgspec.Raw = _NO_ID
    channels: list[str] = []
    resume: dict[str, int] = {}
    token: str = ""
    api_key: str = ""
    timestamp: int = 0
    recv_window: int | None = None
    signature: str = ""
    timeout_ms: int | None = None


class _Named(msgspec.Struct):
    id: msgspec.Raw = _NO_ID


_decode = msgspec.json.Decoder(Command).decode
_decode_id = msgspec.json.Decoder(_Named).decode


class Refusal(Exception):
    """A command that is answered with an error."""

    def __init__(self, code: str, message: str, **details: Any) -> None:
        super().__init__(message)
        self.code, self.message, self.details = code, message, details


class Door(Protocol):
    """What a session needs of the world beyond the hub."""

    async def prove(self, command: Command, session: NativeSession) -> Caller:
        """Whose the socket is. Raises LaneError."""

    async def set_timeout(self, session: NativeSession, timeout_ms: int) -> None:
        """Cancel the account's orders when this socket is lost; 0 takes it back. Raises BridgeError, Refusal."""

    def gone(self, session: NativeSession) -> None:
        """The session is over."""


class NativeSession:
    """The channels of one socket."""

    def __init__(self, hub: FeedHub, door: Door, wire: Wire, address: str = "local") -> None:
        self.address = address
        self.names: dict[str, None] = {}
        self.caller: Caller | None = None
        self.is_closed = False
        self.heard_at = time.monotonic()
        self._hub, self._door, self._wire = hub, door, wire
        self._commands: deque[float] = deque(maxlen=COMMANDS_MAX)
        self._failures = 0

    # outwards

    def push(self, message: Message) -> None:
        """Send; a reader that is too slow is closed."""
        if not self.is_closed and not self._wire.write(message):
            self.close(1008, "too slow: messages would be skipped")

    def idle_fd(self) -> int:
        return -1 if self.is_closed else self._wire.idle_fd()

    def beat(self) -> None:
        """The server's heartbeat."""
        self.push(message_of({"event": "heartbeat", "time_ms": _now_ms(), "seq": self._hub.head.seq}))

    def has_ended(self) -> bool:
        """Asked anew after every wait."""
        return self.is_closed

    def close(self, code: int, reason: str) -> None:
        """End all subscriptions and close the socket."""
        if not self.is_closed:
            self.leave()
            self._wire.close(code, reason)

    def leave(self) -> None:
        """End all subscriptions; the socket is gone or going."""
        if self.is_closed:
            return
        self.is_closed = True
        self._drop(list(self.names))
        self._door.gone(self)

    # inwards

    async def handle(self, text: str) -> None:
        """Carry out one command. Closes the socket for too many or too long ones."""
        now = self.heard_at = time.monotonic()
        if len(self._commands) == COMMANDS_MAX and now - self._commands[0] < COMMANDS_WINDOW_S:
            self.close(1008, f"more than {COMMANDS_MAX} messages a second")
            return
        self._commands.append(now)
        if len(text) > TEXT_MAX:
            self.close(1009, "message too long")
            return
        try:
            command = _read(text)
        except (msgspec.DecodeError, ValueError, RecursionError) as error:
            self._refuse(_id_of(text), Refusal("MALFORMED_REQUEST", "The message is no command.", problem=str(error)))
            return
        try:
            await self._carry_out(command)
        except Refusal as refusal:
            self._refuse(command.id, refusal)
        except (BridgeError, DatabaseError, OSError):
            self._refuse(command.id, Refusal("SERVICE_UNAVAILABLE", "The engine or a store does not answer now."))
        except CommandRefused as refused:
            self._refuse(command.id, Refusal("REFUSED", ERRORS["REFUSED"], reason=refused.reason.name))

    async def _carry_out(self, command: Command) -> None:
        match command.method:
            case "subscribe":
                await self._subscribe(command)
            case "unsubscribe":
                self._drop(name for name in dict.fromkeys(command.channels) if name in self.names)
                self._answer(command, {"channels": list(self.names)})
            case "list":
                self._answer(command, {"channels": list(self.names)})
            case "ping":
                self._answer(command, {"time_ms": _now_ms(), "seq": self._hub.head.seq})
            case "heartbeat":
                pass  # to be heard is all it is for
            case "auth":
                await self._authenticate(command)
            case "cancel_on_disconnect":
                await self._set_timeout(command)
            case method:
                raise Refusal("UNKNOWN_METHOD", "There is no such method.", method=method[:40])

    async def _authenticate(self, command: Command) -> None:
        if self.caller is not None:
            raise Refusal("ALREADY_AUTHENTICATED", "This socket has proved whose it is.")
        try:
            caller = await self._door.prove(command, self)
        except LaneError as error:
            if error.status >= 500:
                raise Refusal("SERVICE_UNAVAILABLE", "Who is asking cannot be looked up now.") from None
            self._failures += 1
            self._refuse(command.id, Refusal("NOT_AUTHENTICATED", error.message, reason=error.code))
            if self._failures >= AUTH_FAILURES_MAX:
                self.close(4401, "authentication failed")
            return
        if not self.is_closed:
            self.caller = caller
            self._answer(command, {"account_id": caller.account_id, "permissions": sorted(caller.permissions)})

    def _owner(self) -> Caller:
        if self.caller is None:
            raise Refusal("NOT_AUTHENTICATED", "Send auth first.")
        return self.caller

    async def _set_timeout(self, command: Command) -> None:
        """Cancel-on-disconnect: 0 switches it off."""
        owner = self._owner()
        if "trade" not in owner.permissions or owner.instruments:
            raise Refusal("FORBIDDEN", "The key has no right to cancel all of the account's orders.")
        timeout_ms = command.timeout_ms
        if timeout_ms is None or (timeout_ms and not TIMEOUT_MS[0] <= timeout_ms <= TIMEOUT_MS[1]):
            raise Refusal("INVALID_AMOUNT", ERRORS["INVALID_AMOUNT"], parameter="timeout_ms")
        await self._door.set_timeout(self, timeout_ms)
        self._answer(command, {"timeout_ms": timeout_ms})

    # channels

    async def _subscribe(self, command: Command) -> None:
        names = [name for name in dict.fromkeys(command.channels) if name not in self.names]
        if not command.channels:
            raise Refusal("MALFORMED_REQUEST", "Name at least one channel.", problem="channels is empty")
        if len(self.names) + len(names) > CHANNELS_MAX:
            raise Refusal("TOO_MANY_CHANNELS", f"At most {CHANNELS_MAX} channels a socket.", limit=CHANNELS_MAX)
        for name in names:
            if name in PRIVATE:
                self._owner()
            elif not self._hub.native.knows(name):
                raise Refusal("UNKNOWN_CHANNEL", "There is no such channel.", channel=name[:80])
        await self._hub.native.reach(seq for name, seq in command.resume.items() if name in names)
        seq, snapshot = command.resume.get(ACCOUNT), None
        if ACCOUNT in names:
            accounts, account_id = self._hub.native.accounts, self._owner().account_id
            if seq is None or not accounts.can_replay(account_id, seq):
                seq, snapshot = await accounts.snapshot(account_id)
        if self.has_ended():
            return
        self._answer(command, {"channels": [*self.names, *names]})
        for name in names:
            self.names[name] = None
            if name == ACCOUNT:
                self._join_account(seq or 0, snapshot, command.resume.get(name))
            elif name not in PRIVATE:
                joined = self._hub.native.join(name, self, command.resume.get(name))
                self._tell_all(joined.messages, name, joined.gap_from)
        if ADL in names and not self.is_closed:
            self.push(await self._hub.native.accounts.join_adl(self._owner().account_id, self))
            if self.has_ended():
                self._hub.native.accounts.leave(self._owner().account_id, self)

    def _join_account(self, seq: int, snapshot: dict[str, Any] | None, resume_from: int | None) -> None:
        messages = self._hub.native.accounts.join(self._owner().account_id, self, seq, snapshot)
        if messages is None:
            self.close(1012, "updates were missed: connect again and resume")
        else:
            self._tell_all(messages, ACCOUNT, resume_from if snapshot is not None else None)

    def _tell_all(self, messages: Iterable[Message], channel: str, gap_from: int | None) -> None:
        """A gap that cannot be filled is said before the snapshot that stands in for it."""
        if gap_from is not None:
            self.push(message_of({"event": "gap_too_old", "channel": channel, "from": gap_from}))
        for message in messages:
            self.push(message)

    def _drop(self, names: Iterable[str]) -> None:
        for name in list(names):
            del self.names[name]
            if name not in PRIVATE:
                self._hub.native.leave(name, self)
            elif self.caller is not None:
                self._hub.native.accounts.leave(self.caller.account_id, self, name)

    # answers

    def _answer(self, command: Command, result: Any) -> None:
        self.push(message_of({"id": command.id, "result": result}))

    def _refuse(self, command_id: msgspec.Raw, refusal: Refusal) -> None:
        error = {"code": refusal.code, "message": refusal.message, "details": refusal.details}
        self.push(message_of({"id": command_id, "error": error}))


def _read(text: str) -> Command:
    """Raises DecodeError, ValueError, RecursionError."""
    command = _decode(text)
    if not _is_id(command.id):
        raise ValueError("id must be a number or a text of at most 200 bytes")
    return command


def _is_id(raw: msgspec.Raw) -> bool:
    text = bytes(raw)
    return len(text) <= 200 and text[:1] in _ID_STARTS


def _id_of(text: str) -> msgspec.Raw:
    try:
        raw = _decode_id(text).id
    except (msgspec.DecodeError, ValueError, RecursionError):
        return _NO_ID
    return raw if _is_id(raw) else _NO_ID


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
