"""One row per batch, chained, with one history only. SQLite here; PostgreSQL in the integration tests."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from matcher.runtime import journal as module
from matcher.runtime.errors import Fenced, JournalDamaged, JournalLost
from matcher.runtime.journal import FIRST_CHAIN, Journal, JournalRow, chain_digest, damage_of, open_journal
from matcher.runtime.replay import next_row
from tests.support.rows import chained_rows, stamped


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    opened = open_journal(f"sqlite:///{tmp_path}/j.sqlite3")
    yield opened
    opened.close()


def test_rows_come_back_as_they_were_written(journal: Journal) -> None:
    rows = chained_rows(5)
    for row in rows:
        journal.append(row)
    assert list(journal.rows(0)) == rows
    assert list(journal.rows(rows[1].last_seq)) == rows[2:]
    assert journal.last_seq() == rows[-1].last_seq
    assert journal.digest_at(rows[2].last_seq) == rows[2].digest
    assert journal.digest_at(rows[2].last_seq - 1) is None


def test_an_empty_journal_ends_at_zero(journal: Journal) -> None:
    assert journal.last_seq() == 0
    assert list(journal.rows(0)) == []
    assert journal.digest_at(0) is None


def test_every_commit_is_on_the_disk_and_readers_never_block(journal: Journal, tmp_path: Path) -> None:
    assert journal._connection.execute("PRAGMA synchronous").fetchone() == (2,)  # type: ignore[attr-defined]
    assert journal._connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)  # type: ignore[attr-defined]


def test_the_second_writer_of_a_sequence_is_fenced(journal: Journal) -> None:
    first, *_ = chained_rows(1)
    journal.append(first)
    with pytest.raises(Fenced, match="sequence 1;"):
        journal.append(replace(first, commands=b"other"))
    assert list(journal.rows(0)) == [first]


def test_pages_join_without_a_seam(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = chained_rows(150)
    for row in rows:
        journal.append(row)
    monkeypatch.setattr(module, "PAGE_BYTES", 3000)  # so that the later pages hold the least, eight rows
    assert list(journal.rows(0)) == rows


def test_a_cut_row_is_set_aside_with_its_bytes(journal: Journal, tmp_path: Path) -> None:
    rows = chained_rows(2)
    for row in rows:
        journal.append(row)
    journal.cut(rows[1], why="bent", time_ns=9)
    assert list(journal.rows(0)) == rows[:1]
    with sqlite3.connect(tmp_path / "j.sqlite3") as other:
        kept = other.execute("SELECT time_ns, seq, why, commands, events, digest FROM matcher_set_aside").fetchall()
    other.close()
    assert kept == [(9, rows[1].first_seq, "bent", rows[1].commands, rows[1].events, rows[1].digest)]


def test_a_store_that_is_gone_is_said_to_be_lost(tmp_path: Path) -> None:
    with pytest.raises(JournalLost, match="cannot open"):
        open_journal(f"sqlite:///{tmp_path}")
    closed = open_journal(f"sqlite:///{tmp_path}/j.sqlite3")
    closed.close()
    row, *_ = chained_rows(1)
    for act in (lambda: closed.append(row), closed.last_seq, lambda: closed.cut(row, why="", time_ns=0)):
        with pytest.raises(JournalLost):
            act()


def test_a_full_disk_is_lost_not_fenced(journal: Journal) -> None:
    journal._connection.execute("PRAGMA max_page_count = 8")  # type: ignore[attr-defined]
    row, *_ = chained_rows(1)
    with pytest.raises(JournalLost, match="full"):
        journal.append(replace(row, events=bytes(128 * 4096)))
    assert journal.last_seq() == 0


def test_a_file_of_garbage_refuses(tmp_path: Path) -> None:
    opened = open_journal(f"sqlite:///{tmp_path}/j.sqlite3")
    for row in chained_rows(40):
        opened.append(row)
    opened._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # type: ignore[attr-defined]
    opened.close()
    file = tmp_path / "j.sqlite3"
    data = bytearray(file.read_bytes())
    data[4096 * 4 :] = b"\xa5" * (len(data) - 4096 * 4)
    file.write_bytes(data)
    again = open_journal(f"sqlite:///{file}")
    with pytest.raises(JournalDamaged):
        list(again.rows(0))
    again.close()


def test_the_digest_chains_commands_and_events() -> None:
    assert chain_digest(FIRST_CHAIN, b"ab", b"c") == chain_digest(FIRST_CHAIN, b"a", b"bc")  # bytes, not fields
    assert chain_digest(FIRST_CHAIN, b"ab", b"c") != chain_digest(bytes([1] * 32), b"ab", b"c")


def _bend(row: JournalRow, **changes: object) -> JournalRow:
    return replace(row, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"version": 2}, "version 2"),
        ({"first_seq": 5}, "missing"),
        ({"last_seq": 9}, "bytes of commands"),
        ({"commands": b""}, "bytes of commands"),
        ({"commands": stamped(2, 1, 7)[:-1]}, "bytes of commands"),
        ({"events": bytes(100)}, "bytes of commands"),
        ({"time_ns": 8}, "stamp"),
        ({"events": bytes(128)}, "digest"),
        ({"digest": bytes(32)}, "digest"),
    ],
)
def test_damage_is_named(changes: dict[str, object], why: str) -> None:
    row = next_row(1, 7, stamped(2, 1, 7), bytes(256), FIRST_CHAIN)
    assert damage_of(row, FIRST_CHAIN, 1) == ""
    assert why in damage_of(_bend(row, **changes), FIRST_CHAIN, 1)


@pytest.mark.parametrize("page_bytes", [4096, 16_384])
def test_a_checkpoint_is_due_after_a_mebibyte_whatever_the_page(tmp_path: Path, page_bytes: int) -> None:
    """Files from before keep their 4 KiB pages; what a commit may have to copy is the same for both."""
    with sqlite3.connect(tmp_path / "j.sqlite3") as older:
        older.execute(f"PRAGMA page_size={page_bytes}")
        older.execute("CREATE TABLE made_before (id INTEGER)")
    older.close()
    opened = open_journal(f"sqlite:///{tmp_path}/j.sqlite3")
    pages = opened._connection.execute("PRAGMA wal_autocheckpoint").fetchone()[0]  # type: ignore[attr-defined]
    assert opened._connection.execute("PRAGMA page_size").fetchone()[0] == page_bytes  # type: ignore[attr-defined]
    opened.close()
    assert pages * page_bytes == 1024 * 1024
