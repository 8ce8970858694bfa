"""Order is made here: stamps, one row a batch, release after the commit, poison set aside (R18)."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from matcher.protocol.codec import decode_answer, decode_commands, decode_events
from matcher.protocol.commands import Command, OpenAccount
from matcher.protocol.enums import Side
from matcher.protocol.events import AccountOpened, OrderFilled
from matcher.protocol.views import Query, QueryKind
from matcher.runtime import sequencer as module
from matcher.runtime.errors import EngineUntrusted, JournalLost
from matcher.runtime.journal import Journal, JournalRow, open_journal
from matcher.runtime.metrics import Metrics
from matcher.runtime.ports import EngineClass
from matcher.runtime.replay import recover
from matcher.runtime.sequencer import Batch, Sequencer, command_ids
from matcher.runtime.snapshot import open_snapshots
from tests.reference.engine import ReferenceEngine
from tests.support.market import opening, order

POISON = 666


class Poisoned(ReferenceEngine):
    """Fails in the middle of a batch on any command of account 666, having changed its state already."""

    def process(self, commands: bytes) -> bytes:
        events = super().process(commands)
        assert all(c.account != POISON for c in decode_commands(commands)), "poison"
        return events

    def query(self, request: bytes) -> bytes:
        assert Query.unpack(request).account != POISON, "poison"
        return super().query(request)


class Caller:
    """Remembers what it was told."""

    def __init__(self) -> None:
        self.answers: dict[int, bytes] = {}
        self.refused: list[tuple[list[int], str]] = []

    def answer(self, query_id: int, answer: bytes) -> None:
        self.answers[query_id] = answer

    def refuse(self, ids: list[int], why: str) -> None:
        self.refused.append((ids, why))


class Desk:
    """A sequencer over a SQLite journal, and what it released."""

    def __init__(self, folder: Path, engine_class: EngineClass, **options: int) -> None:
        url = f"sqlite:///{folder}/j.sqlite3"
        self.journal: Journal = open_journal(url)
        self.snapshots = open_snapshots(url)
        self.released: list[Batch] = []
        self.metrics = Metrics()
        self.clock = itertools.count(1000)
        self.sequencer = Sequencer(
            recover(self.journal, self.snapshots, engine_class),
            self.journal,
            rebuild=lambda: recover(self.journal, self.snapshots, engine_class),
            release=self.released.append,
            metrics=self.metrics,
            batch_commands_max=options.get("batch_commands_max", 4096),
            clock_ns=lambda: next(self.clock),
        )

    def rows(self) -> list[JournalRow]:
        return list(self.journal.rows(0))

    def close(self) -> None:
        self.journal.close()
        self.snapshots.close()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path, Poisoned)
    yield made
    made.close()


def packed(*commands: Command) -> bytes:
    return b"".join(c.pack() for c in commands)


def account(number: int, command_id: int = 0) -> OpenAccount:
    return OpenAccount(account=number, command_id=command_id)


def test_the_whole_waiting_batch_is_one_row_in_order_of_arrival(desk: Desk) -> None:
    alice, bob = Caller(), Caller()
    desk.sequencer.take(alice, packed(account(1), account(2)))
    desk.sequencer.take(bob, packed(account(3)))
    assert desk.sequencer.waiting == 3
    desk.sequencer.turn()
    (row,) = desk.rows()
    assert [(c.seq, c.account) for c in decode_commands(row.commands)] == [(1, 1), (2, 2), (3, 3)]
    assert {c.time_ns for c in decode_commands(row.commands)} == {row.time_ns}
    (batch,) = desk.released
    assert (batch.first_seq, batch.last_seq, batch.events) == (1, 3, row.events)
    assert not desk.sequencer.has_work
    assert (desk.sequencer.waiting, desk.sequencer.seq, desk.metrics.last_seq) == (0, 3, 3)


def test_each_caller_gets_the_events_of_exactly_its_commands(desk: Desk) -> None:
    alice, bob, maker = Caller(), Caller(), Caller()
    desk.sequencer.take(maker, packed(*opening(3)))
    desk.sequencer.turn()
    desk.sequencer.take(maker, packed(order(3, Side.SELL, quantity_lots=2), account(9)))
    desk.sequencer.take(alice, packed(order(1, Side.BUY)))
    desk.sequencer.take(bob, packed(account(8)))
    desk.sequencer.turn()
    own = [(asker, decode_events(bytes(events))) for asker, events in desk.released[-1].own_events()]
    assert [asker for asker, _ in own] == [maker, alice, bob]
    assert [len(events) for _, events in own] == [2, 3, 1]
    assert [type(e) for e in own[1][1]][1:] == [OrderFilled, OrderFilled]
    assert isinstance(own[2][1][0], AccountOpened)
    assert b"".join(bytes(events) for _, events in desk.released[-1].own_events()) == desk.released[-1].events


def test_a_batch_ends_at_the_cap_and_never_splits_a_frame(tmp_path: Path) -> None:
    desk = Desk(tmp_path, ReferenceEngine, batch_commands_max=3)
    for number in (1, 3, 5):
        desk.sequencer.take(Caller(), packed(account(number), account(number + 1)))
    desk.sequencer.take(Caller(), packed(*(account(n) for n in range(7, 12))))
    while desk.sequencer.has_work:
        desk.sequencer.turn()
    assert [row.last_seq - row.first_seq + 1 for row in desk.rows()] == [2, 2, 2, 5]
    desk.close()


def test_time_never_runs_backwards(desk: Desk) -> None:
    for now in (5000, 4000, 6000):
        desk.clock = itertools.count(now)
        desk.sequencer.take(Caller(), packed(account(1)))
        desk.sequencer.turn()
    assert [row.time_ns for row in desk.rows()] == [5000, 5000, 6000]


def test_a_query_sees_everything_taken_before_it(tmp_path: Path) -> None:
    """R8: after the answer "no such order" no earlier command may still make it."""
    desk, caller = Desk(tmp_path, ReferenceEngine, batch_commands_max=40), Caller()
    for number in range(1, 4):
        desk.sequencer.take(caller, packed(*(account(n) for n in range(1, 41))))
        desk.sequencer.ask(caller, number, Query(kind=QueryKind.STATS).pack())
    desk.sequencer.turn()
    assert list(caller.answers) == [1]
    desk.sequencer.turn()
    desk.sequencer.turn()
    assert [decode_answer(answer)[0].seq for answer in caller.answers.values()] == [40, 80, 120]
    desk.close()


def test_a_query_the_engine_cannot_read_is_refused_and_nothing_else(desk: Desk) -> None:
    caller = Caller()
    desk.sequencer.ask(caller, 5, Query(kind=QueryKind.ACCOUNT, account=POISON).pack())
    desk.sequencer.ask(caller, 6, Query(kind=QueryKind.STATS).pack())
    desk.sequencer.turn()
    assert [ids for ids, _ in caller.refused] == [[5]]
    assert list(caller.answers) == [6]


def test_nothing_is_released_when_the_commit_is_not_confirmed(desk: Desk) -> None:
    desk.sequencer.take(Caller(), packed(account(1)))
    desk.journal.close()
    with pytest.raises(JournalLost):
        desk.sequencer.turn()
    assert desk.released == []
    assert desk.sequencer.seq == 0


def test_a_poison_command_is_set_aside_and_its_neighbors_live(desk: Desk) -> None:
    alice, mallory = Caller(), Caller()
    desk.sequencer.take(alice, packed(account(1, 10), account(2, 11)))
    desk.sequencer.take(mallory, packed(account(3, 20), account(POISON, 21), account(4, 22)))
    desk.sequencer.take(alice, packed(account(5, 12)))
    desk.sequencer.turn()
    applied = [c for row in desk.rows() for c in decode_commands(row.commands)]
    assert [(c.seq, c.command_id) for c in applied] == [(1, 10), (2, 11), (3, 20), (4, 22), (5, 12)]
    assert [ids for ids, _ in mallory.refused] == [[21]]
    assert alice.refused == []
    assert [b.last_seq for b in desk.released] == [1, 2, 3, 4, 5]
    assert desk.sequencer.waiting == 0
    assert recover(desk.journal, desk.snapshots, ReferenceEngine).engine.seq == 5


def test_the_same_poison_again_is_refused_at_the_door_without_a_rebuild(desk: Desk) -> None:
    mallory = Caller()
    for command_id in (21, 22):
        desk.sequencer.take(mallory, packed(account(POISON, command_id), account(7, 30)))
        desk.sequencer.turn()
    desk.sequencer.take(mallory, packed(account(POISON, 23)))
    desk.sequencer.turn()
    assert [ids for ids, _ in mallory.refused] == [[21], [22], [23]]
    assert desk.metrics.quarantined == 1
    assert (desk.sequencer.seq, desk.sequencer.waiting) == (2, 0)


def test_an_engine_that_fails_again_and_again_is_not_trusted(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "QUARANTINED_MAX", 3)
    desk.sequencer.take(Caller(), packed(*(OpenAccount(account=POISON, group=n) for n in range(5))))
    with pytest.raises(EngineUntrusted):
        desk.sequencer.turn()
    assert desk.rows() == []


def test_command_ids_are_read_in_place() -> None:
    assert command_ids(packed(account(1, 2**63 + 5), account(2, 7))) == [2**63 + 5, 7]
