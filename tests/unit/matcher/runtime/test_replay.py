"""Recovery (R3): snapshot and tail equal a full replay; a broken tail is cut, broken history refuses."""

import logging
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from matcher.protocol.enums import Side
from matcher.runtime.errors import JournalDamaged, ReplayMismatch
from matcher.runtime.journal import FIRST_CHAIN, Journal, JournalRow, chain_digest, open_journal
from matcher.runtime.replay import next_row, recover, verify_journal, write_snapshot
from matcher.runtime.snapshot import SnapshotStore, open_snapshots
from tests.reference.engine import ReferenceEngine
from tests.support.market import opening, order


@dataclass
class Store:
    """A journal of 40 trading batches, and the means to damage it."""

    path: Path
    journal: Journal
    snapshots: SnapshotStore
    engine: ReferenceEngine
    chain: bytes = FIRST_CHAIN

    def trade(self, batches: int) -> None:
        for _ in range(batches):
            seq = self.engine.seq
            commands = opening(2) if not seq else [order(1, Side.BUY), order(2, Side.SELL), order(1, Side.SELL)]
            packed = b"".join(c.replace(seq=seq + i, time_ns=seq + 1).pack() for i, c in enumerate(commands, 1))
            row = next_row(seq + 1, seq + 1, packed, self.engine.process(packed), self.chain)
            self.journal.append(row)
            self.chain = row.digest

    def snapshot(self) -> int:
        saved = write_snapshot(self.journal, self.snapshots, ReferenceEngine)
        assert saved is not None
        return saved.seq

    def rows(self) -> list[JournalRow]:
        return list(self.journal.rows(0))

    def change(self, row: JournalRow, **columns: object) -> None:
        sets = ", ".join(f"{name} = ?" for name in columns)
        with sqlite3.connect(self.path) as other:
            other.execute(f"UPDATE matcher_journal SET {sets} WHERE first_seq = ?", (*columns.values(), row.first_seq))
        other.close()

    def forget(self, row: JournalRow) -> None:
        with sqlite3.connect(self.path) as other:
            other.execute("DELETE FROM matcher_journal WHERE first_seq = ?", (row.first_seq,))
        other.close()

    def recovered_seq(self) -> int:
        return recover(self.journal, self.snapshots, ReferenceEngine).engine.seq

    def verify(self) -> int:
        return sum(1 for _ in verify_journal(self.journal, self.snapshots, ReferenceEngine))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    url = f"sqlite:///{tmp_path}/j.sqlite3"
    made = Store(tmp_path / "j.sqlite3", open_journal(url), open_snapshots(url), ReferenceEngine())
    made.trade(40)
    yield made
    made.journal.close()
    made.snapshots.close()


def flipped(data: bytes, at: int = 70) -> bytes:
    return data[:at] + bytes((data[at] ^ 1,)) + data[at + 1 :]


def test_a_start_is_a_recovery_from_nothing(tmp_path: Path) -> None:
    journal, snapshots = (
        open_journal(f"sqlite:///{tmp_path}/e.sqlite3"),
        open_snapshots(f"sqlite:///{tmp_path}/e.sqlite3"),
    )
    recovered = recover(journal, snapshots, ReferenceEngine)
    assert (recovered.engine.seq, recovered.chain, recovered.snapshot_seq) == (0, FIRST_CHAIN, 0)
    journal.close()
    snapshots.close()


def test_replay_equals_history(store: Store) -> None:
    recovered = recover(store.journal, store.snapshots, ReferenceEngine)
    assert recovered.engine.digest() == store.engine.digest()
    assert recovered.chain == store.chain
    assert (recovered.snapshot_seq, recovered.replayed_rows) == (0, 40)


def test_snapshot_and_tail_equal_a_full_replay(store: Store) -> None:
    seq = store.snapshot()
    store.trade(3)
    recovered = recover(store.journal, store.snapshots, ReferenceEngine)
    assert recovered.engine.digest() == store.engine.digest()
    assert recovered.chain == store.chain
    assert (recovered.snapshot_seq, recovered.replayed_rows) == (seq, 3)
    assert store.verify() == 43


def test_the_last_three_snapshots_are_kept_and_none_is_written_twice(store: Store) -> None:
    seqs = []
    for _ in range(5):
        store.trade(1)
        seqs.append(store.snapshot())
    assert write_snapshot(store.journal, store.snapshots, ReferenceEngine) is None
    assert [seq for seq, _ in store.snapshots.kept()] == seqs[:1:-1]


@pytest.mark.parametrize(
    "damage",
    [
        lambda row: {"commands": row.commands[:-40]},
        lambda row: {"events": row.events[:200]},
        lambda row: {"events": b""},
        lambda row: {"commands": flipped(row.commands)},
        lambda row: {"events": flipped(row.events)},
        lambda row: {"digest": flipped(row.digest, 3)},
        lambda row: {"last_seq": row.last_seq + 1},
    ],
)
def test_a_damaged_last_row_is_cut_loudly_and_kept_aside(
    store: Store, damage: Callable[[JournalRow], dict[str, object]], caplog: pytest.LogCaptureFixture
) -> None:
    *_, before, last = store.rows()
    store.change(last, **damage(last))
    with caplog.at_level(logging.CRITICAL):
        assert store.recovered_seq() == before.last_seq
    assert "LAST JOURNAL ROW CUT" in caplog.text
    assert len(store.rows()) == 39
    with sqlite3.connect(store.path) as other:
        assert other.execute("SELECT seq FROM matcher_set_aside").fetchall() == [(last.first_seq,)]
    other.close()
    assert store.recovered_seq() == before.last_seq


@pytest.mark.parametrize("field", ["commands", "events", "digest"])
def test_middle_damage_refuses_and_names_the_sequence(store: Store, field: str) -> None:
    row = store.rows()[20]
    store.change(row, **{field: flipped(getattr(row, field), 5)})
    for act in (store.recovered_seq, store.verify, store.snapshot):
        with pytest.raises(JournalDamaged, match=f"at sequence {row.first_seq}:") as damaged:
            act()
        assert damaged.value.seq == row.first_seq
    assert len(store.rows()) == 40


def test_a_missing_row_refuses(store: Store) -> None:
    row = store.rows()[20]
    store.forget(row)
    with pytest.raises(JournalDamaged, match=f"at sequence {row.first_seq}: sequence {row.first_seq} is missing"):
        store.recovered_seq()


def test_a_last_row_that_a_snapshot_has_seen_was_whole_and_is_not_cut(store: Store) -> None:
    store.snapshot()
    last = store.rows()[-1]
    store.change(last, events=flipped(last.events), digest=flipped(last.digest, 3))
    with pytest.raises(JournalDamaged, match=f"at sequence {last.first_seq}:"):
        store.recovered_seq()
    assert len(store.rows()) == 40


def test_a_journal_that_ends_before_a_snapshot_refuses(store: Store) -> None:
    seq = store.snapshot()
    last = store.rows()[-1]
    store.forget(last)
    for act in (store.recovered_seq, store.verify):
        with pytest.raises(JournalDamaged, match=f"at sequence {last.first_seq}: it ends before the snapshot at {seq}"):
            act()


def test_damage_since_the_oldest_snapshot_refuses_though_the_newest_would_do(store: Store) -> None:
    for _ in range(3):
        store.trade(2)
        store.snapshot()
    row = store.rows()[43]
    store.change(row, events=flipped(row.events))
    with pytest.raises(JournalDamaged, match=f"at sequence {row.first_seq}:"):
        store.recovered_seq()


@pytest.mark.parametrize("field", ["state", "digest", "version", "chain"])
def test_a_damaged_snapshot_is_passed_over_for_an_older_one(
    store: Store, field: str, caplog: pytest.LogCaptureFixture
) -> None:
    older = store.snapshot()
    store.trade(1)
    newest = store.snapshots.load(store.snapshot())
    assert newest is not None
    value = 9 if field == "version" else flipped(getattr(newest, field), 9)
    store.snapshots.save(replace(newest, **{field: value}))
    recovered = recover(store.journal, store.snapshots, ReferenceEngine)
    assert recovered.snapshot_seq == older
    assert recovered.engine.digest() == store.engine.digest()
    assert f"SNAPSHOT at sequence {newest.seq} NOT USED" in caplog.text


def test_without_any_good_snapshot_everything_is_replayed(store: Store) -> None:
    saved = store.snapshots.load(store.snapshot())
    assert saved is not None
    store.snapshots.save(replace(saved, state=b"nonsense"))
    recovered = recover(store.journal, store.snapshots, ReferenceEngine)
    assert (recovered.snapshot_seq, recovered.replayed_rows) == (0, 40)
    assert recovered.engine.digest() == store.engine.digest()


def test_an_engine_that_makes_other_events_is_refused(store: Store) -> None:
    last = store.rows()[-1]
    chain = store.rows()[-2].digest
    events = flipped(last.events, 100)
    store.change(last, events=events, digest=chain_digest(chain, last.commands, events))
    for act in (store.recovered_seq, store.verify):
        with pytest.raises(ReplayMismatch, match=f"at sequence {last.first_seq}:"):
            act()


def test_an_engine_that_fails_on_history_is_refused(store: Store) -> None:
    class Failing(ReferenceEngine):
        def process(self, commands: bytes) -> bytes:
            raise AssertionError("level total")

    with pytest.raises(ReplayMismatch, match="level total"):
        recover(store.journal, store.snapshots, Failing)


def test_verify_compares_the_state_at_snapshots(store: Store) -> None:
    saved = store.snapshots.load(store.snapshot())
    assert saved is not None
    store.snapshots.save(replace(saved, digest=bytes(32)))
    store.trade(1)
    with pytest.raises(ReplayMismatch, match=f"at sequence {saved.seq}: the snapshot"):
        store.verify()
