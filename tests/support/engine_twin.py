"""The reference engine in place of the bridge: services talk to a real engine without a process or a socket."""

from __future__ import annotations

import pytest

from apps.bridge.errors import MatcherUnavailable, OutcomeUnknown
from apps.bridge.replies import own_events
from matcher.protocol.codec import decode_answer, decode_events
from matcher.protocol.commands import Command
from matcher.protocol.events import Event
from matcher.protocol.records import Record
from matcher.protocol.views import AnswerHeader, BalanceView, Query, QueryKind
from tests.reference.engine import ReferenceEngine


class EngineTwin:
    """Set `down` and nothing is done; set `mute` and it is done but nobody hears of it."""

    def __init__(self) -> None:
        self.engine = ReferenceEngine()
        self.down = self.mute = False
        self.now_ns = 1_700_000_000_000_000_000
        self.sent: list[Command] = []

    def send(self, command: Command, timeout_s: float = 0.0) -> list[Event]:
        if self.down:
            raise MatcherUnavailable("down")
        seq = self.engine.seq + 1
        stamped = command.replace(seq=seq, time_ns=self.now_ns + seq)
        events = decode_events(self.engine.process(stamped.pack()))
        self.sent.append(command)
        if self.mute:
            raise OutcomeUnknown("mute")
        return own_events(events)

    def query(self, query: Query, timeout_s: float = 0.0) -> tuple[AnswerHeader, list[Record], list[Record]]:
        if self.down:
            raise MatcherUnavailable("down")
        return self._answer(query)

    def _answer(self, query: Query) -> tuple[AnswerHeader, list[Record], list[Record]]:
        return decode_answer(self.engine.query(query.pack()))

    def kinds(self) -> list[str]:
        return [type(command).__name__ for command in self.sent]

    def wallet_units(self, account_id: int, asset_id: int = 1) -> int:
        _, balances, _ = self._answer(Query(kind=QueryKind.ACCOUNT, account=account_id))
        return next((row.wallet_units for row in balances if isinstance(row, BalanceView) and row.asset == asset_id), 0)


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> EngineTwin:
    twin = EngineTwin()
    monkeypatch.setattr("apps.bridge.services.send", twin.send)
    monkeypatch.setattr("apps.bridge.services.query", twin.query)
    return twin
