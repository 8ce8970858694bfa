"""A native session without processes: a hub on an engine in this process, a wire that remembers, keys by number."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from apps.bridge.errors import MatcherUnavailable
from apps.common.lane import Caller, LaneError
from apps.feeds.hub import FeedHub
from apps.feeds.messages import Message
from apps.feeds.native_channels import checksum_of
from apps.feeds.native_session import Command, NativeSession

Levels = dict[str, dict[str, str]]


class Wire:
    """What a session writes to."""

    def __init__(self) -> None:
        self.sent: list[Any] = []
        self.closed: tuple[int, str] | None = None
        self.is_full = False

    def write(self, message: Message) -> bool:
        if self.is_full:
            return False
        self.sent.append(json.loads(message.payload))
        return True

    def write_all(self, messages: Sequence[Message]) -> bool:
        return all(self.write(message) for message in messages)

    def idle_fd(self) -> int:
        return -1

    def close(self, code: int, reason: str) -> None:
        self.closed = self.closed or (code, reason)

    def take(self) -> list[Any]:
        taken, self.sent = self.sent, []
        return taken


class NumberedDoor:
    """API keys are account numbers; key 9 may not trade."""

    def __init__(self) -> None:
        self.timeouts: list[int] = []
        self.left: list[NativeSession] = []
        self.broken = False

    async def prove(self, command: Command, session: NativeSession) -> Caller:
        if not command.api_key.isdigit():
            raise LaneError(-2015, "Invalid API-key, IP, or permissions for action", 401)
        rights = ("read",) if command.api_key == "9" else ("read", "trade")
        return Caller(int(command.api_key), 1, command.api_key, frozenset(rights))

    async def set_timeout(self, session: NativeSession, timeout_ms: int) -> None:
        if self.broken:
            raise MatcherUnavailable("not there")
        self.timeouts.append(timeout_ms)

    def gone(self, session: NativeSession) -> None:
        self.left.append(session)


class Client:
    """One session and what it heard."""

    def __init__(self, hub: FeedHub) -> None:
        self.wire, self.door = Wire(), NumberedDoor()
        self.session = NativeSession(hub, self.door, self.wire)

    async def say(self, **words: Any) -> list[Any]:
        await self.session.handle(json.dumps(words))
        return self.wire.take()

    async def subscribe(self, *channels: str, **resume: int) -> list[Any]:
        """The messages behind the answer."""
        words: dict[str, Any] = {"method": "subscribe", "id": 1, "channels": list(channels)}
        if resume:
            words["from"] = {name.replace("__", "."): seq for name, seq in resume.items()}
        answer, *rest = await self.say(**words)
        assert "result" in answer, answer
        return rest


class BookReader:
    """A client's book: the chain of `prev` and `seq` and every checksum are asserted."""

    def __init__(self) -> None:
        self.book: Levels = {"bids": {}, "asks": {}}
        self.seq: int | None = None

    def read(self, message: Any) -> None:
        data = message["data"]
        if message["type"] == "snapshot":
            self.book = {"bids": {}, "asks": {}}
        else:
            assert message["prev"] == self.seq, ("a hole", message, self.seq)
        self.seq = message["seq"]
        if data is None:
            return
        for side, levels in self.book.items():
            for price, quantity in data[side]:
                if float(quantity):
                    levels[price] = quantity
                else:
                    levels.pop(price, None)
        assert data["checksum"] == self.checksum(), message

    def checksum(self) -> int:
        bids = sorted(self.book["bids"].items(), key=lambda level: -float(level[0]))
        asks = sorted(self.book["asks"].items(), key=lambda level: float(level[0]))
        return checksum_of(bids, asks)
