"""Starting and recovering are one path: newest good snapshot, then the journal's tail, compared.

Corrupt data is worse than no data: a row is cut only when it is the last one and nothing shows that
it was ever whole; damage anywhere else refuses to start and names the sequence.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from matcher.runtime.errors import JournalDamaged, ReplayMismatch
from matcher.runtime.journal import FIRST_CHAIN, Journal, JournalRow, chain_digest, damage_of
from matcher.runtime.ports import EngineClass, MatchingEngine
from matcher.runtime.snapshot import SNAPSHOT_VERSION, Snapshot, SnapshotStore

log = logging.getLogger("matcher")

GROUP_BYTES = 1 << 20  # of rows whose digests are checked in one go


@dataclass(slots=True)
class Recovered:
    """An engine as the journal left it, the digest chained so far, and how it came about."""

    engine: MatchingEngine
    chain: bytes
    snapshot_seq: int = 0
    replayed_rows: int = 0


def recover(journal: Journal, snapshots: SnapshotStore, engine_class: EngineClass) -> Recovered:
    """The engine at the end of the journal.

    Checks the chained digest of every row since the oldest kept snapshot and makes the events of
    every row since the newest again. Raises JournalDamaged, ReplayMismatch.
    """
    started = time.monotonic()
    good, anchor = _restore_newest(journal, snapshots, engine_class)
    seq, chain = anchor
    whole_seq = max((seq for seq, _ in snapshots.kept()), default=0)
    for (row, why), is_last in _with_last(checked(journal.rows(seq), chain, seq)):
        if why:
            if not is_last or row.first_seq <= whole_seq:
                raise JournalDamaged(seq + 1, why)
            log.critical("LAST JOURNAL ROW CUT: sequence %d on, %s; kept in matcher_set_aside", row.first_seq, why)
            journal.cut(row, why=why, time_ns=time.time_ns())
            break
        seq, chain = row.last_seq, row.digest
        if row.first_seq > good.engine.seq:
            apply_row(good.engine, row)
            good.replayed_rows += 1
    if seq < whole_seq:
        raise JournalDamaged(seq + 1, f"it ends before the snapshot at {whole_seq}")
    good.chain = chain
    log.info(
        "recovered sequence %d: snapshot at %d, %d rows replayed, %.2f s",
        good.engine.seq,
        good.snapshot_seq,
        good.replayed_rows,
        time.monotonic() - started,
    )
    return good


def checked(rows: Iterator[JournalRow], chain: bytes, seq: int) -> Iterator[tuple[JournalRow, str]]:
    """Each row that should follow `chain` and `seq`, and what is wrong with it (damage_of; empty when nothing is).

    A second thread reckons the digests of the rows to come while the caller applies those it was given.
    """
    with ThreadPoolExecutor(1, thread_name_prefix="digests") as pool:
        held: list[JournalRow] = []
        answers: Future[list[str]] | None = None
        for group in _groups(rows):
            asked = pool.submit(_damages, group, chain, seq)
            chain, seq = group[-1].digest, group[-1].last_seq
            if answers is not None:
                yield from zip(held, answers.result(), strict=True)
            held, answers = group, asked
        if answers is not None:
            yield from zip(held, answers.result(), strict=True)


def _groups(rows: Iterator[JournalRow]) -> Iterator[list[JournalRow]]:
    group: list[JournalRow] = []
    size = 0
    for row in rows:
        group.append(row)
        size += len(row.commands) + len(row.events)
        if size >= GROUP_BYTES:
            yield group
            group, size = [], 0
    if group:
        yield group


def _damages(group: list[JournalRow], chain: bytes, seq: int) -> list[str]:
    answers = []
    for row in group:
        answers.append(damage_of(row, chain, seq + 1))
        chain, seq = row.digest, row.last_seq
    return answers


def apply_row(engine: MatchingEngine, row: JournalRow) -> None:
    """Apply one whole row again. Raises ReplayMismatch when its events come out differently."""
    try:
        events = engine.process(row.commands)
    except Exception as error:
        raise ReplayMismatch(row.first_seq, f"the engine failed: {error!r}") from error
    if events != row.events:
        raise ReplayMismatch(row.first_seq, f"{len(events)} bytes of events, {len(row.events)} in the journal")


def write_snapshot(journal: Journal, snapshots: SnapshotStore, engine_class: EngineClass) -> Snapshot | None:
    """Follow the journal to its end and save the state there; None when that one is saved already.

    Reads what is committed and cuts nothing: a damaged last row is left to the matcher's next start.
    """
    good, _ = _restore_newest(journal, snapshots, engine_class)
    for row, why in checked(journal.rows(good.engine.seq), good.chain, good.engine.seq):
        if why:
            raise JournalDamaged(row.first_seq, why)
        apply_row(good.engine, row)
        good.chain = row.digest
    engine = good.engine
    if engine.seq == good.snapshot_seq:
        return None
    engine.check()
    snapshot = Snapshot(engine.seq, engine.time_ns, SNAPSHOT_VERSION, engine.snapshot(), engine.digest(), good.chain)
    snapshots.save(snapshot)
    return snapshot


def verify_journal(journal: Journal, snapshots: SnapshotStore, engine_class: EngineClass) -> Iterator[JournalRow]:
    """Replay everything from zero, yielding each row once it is proven.

    Compares chained digests, events and, where a snapshot was taken, the state digest.
    Raises JournalDamaged, ReplayMismatch.
    """
    engine, chain, seq = engine_class(), FIRST_CHAIN, 0
    saved = {seq for seq, _ in snapshots.kept()}
    for row, why in checked(journal.rows(0), chain, seq):
        if why:
            raise JournalDamaged(seq + 1, why)
        apply_row(engine, row)
        seq, chain = row.last_seq, row.digest
        snapshot = snapshots.load(seq) if seq in saved else None
        if snapshot is not None and (snapshot.digest, snapshot.chain) != (engine.digest(), chain):
            raise ReplayMismatch(seq, "the snapshot taken there has another digest")
        yield row
    engine.check()
    if saved and seq < max(saved):
        raise JournalDamaged(seq + 1, f"it ends before the snapshot at {max(saved)}")


def next_row(first_seq: int, time_ns: int, commands: bytes, events: bytes, chain: bytes) -> JournalRow:
    """The row to append after `chain` for one processed batch."""
    count = len(commands) // 128
    return JournalRow(
        first_seq, first_seq + count - 1, time_ns, 1, commands, events, chain_digest(chain, commands, events)
    )


def _restore_newest(
    journal: Journal, snapshots: SnapshotStore, engine_class: EngineClass
) -> tuple[Recovered, tuple[int, bytes]]:
    """The newest snapshot that proves itself (or an empty engine), and where the chain check starts."""
    kept = snapshots.kept()
    proven = [(seq, chain) for seq, chain in kept if journal.digest_at(seq) == chain]
    for seq, chain in kept:
        snapshot = snapshots.load(seq)
        engine = _restore(snapshot, (seq, chain) in proven, engine_class) if snapshot else None
        if engine is not None:
            return Recovered(engine, chain, seq), proven[-1]
    return Recovered(engine_class(), FIRST_CHAIN), (0, FIRST_CHAIN)


def _restore(snapshot: Snapshot, in_journal: bool, engine_class: EngineClass) -> MatchingEngine | None:
    """The engine in `snapshot`, or None (and a loud line) when it does not prove itself."""
    if snapshot.version != SNAPSHOT_VERSION:
        why = f"version {snapshot.version}"
    elif not in_journal:
        why = "the journal has no such sequence and digest"
    else:
        try:
            engine = engine_class.restore(snapshot.state)
            if (engine.seq, engine.digest()) == (snapshot.seq, snapshot.digest):
                return engine
            why = "the restored state has another digest"
        except Exception as error:  # noqa: BLE001  # a private format may fail in any way; the next one is tried
            why = repr(error)
    log.critical("SNAPSHOT at sequence %d NOT USED: %s", snapshot.seq, why)
    return None


def _with_last(rows: Iterator[tuple[JournalRow, str]]) -> Iterator[tuple[tuple[JournalRow, str], bool]]:
    held: tuple[JournalRow, str] | None = None
    for row in rows:
        if held is not None:
            yield held, False
        held = row
    if held is not None:
        yield held, True
