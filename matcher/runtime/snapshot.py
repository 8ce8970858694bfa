"""Saved engine states, so that a start replays only the journal's tail.

Who writes them: a process of its own (`python -m matcher snapshot`), which replays the journal from
the last snapshot, compares every event again and saves what it got. The matcher only starts it, so
its thread never stalls and the journal is audited on the way. On SQLite the table lives in a file
beside the journal, because a file has one writer at a time. The last three are kept.
"""

from __future__ import annotations

import sqlite3
from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path

import psycopg

from matcher.runtime.errors import JournalLost
from matcher.runtime.journal import open_postgres, open_sqlite
from matcher.runtime.settings import sqlite_path

SNAPSHOT_VERSION = 1
SNAPSHOTS_KEPT = 3
_COLUMNS = "seq, time_ns, version, state, digest, chain"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """`digest` is the engine's state digest, `chain` the journal's digest at `seq`."""

    seq: int
    time_ns: int
    version: int
    state: bytes
    digest: bytes
    chain: bytes


class SnapshotStore(ABC):
    """One open connection to the saved states. Every method raises JournalLost when the store is gone."""

    @abstractmethod
    def kept(self) -> list[tuple[int, bytes]]:
        """(sequence, journal digest there) of the kept snapshots, newest first."""

    @abstractmethod
    def load(self, seq: int) -> Snapshot | None: ...

    @abstractmethod
    def save(self, snapshot: Snapshot) -> None:
        """Store one whole snapshot, or nothing, and forget all but the newest three."""

    @abstractmethod
    def close(self) -> None: ...


def open_snapshots(journal_url: str) -> SnapshotStore:
    """The snapshots that belong to the journal at `journal_url`. Raises JournalLost."""
    if journal_url.startswith("sqlite:"):
        path = Path(sqlite_path(journal_url))
        return SqliteSnapshots(str(path.with_name(f"{path.stem}-snapshots{path.suffix}")))
    return PostgresSnapshots(journal_url)


class SqliteSnapshots(SnapshotStore):
    def __init__(self, path: str) -> None:
        self._connection = open_sqlite(path)
        self._run(
            "CREATE TABLE IF NOT EXISTS matcher_snapshot (seq INTEGER PRIMARY KEY, time_ns INTEGER NOT NULL,"
            " version INTEGER NOT NULL, state BLOB NOT NULL, digest BLOB NOT NULL, chain BLOB NOT NULL)"
        )

    def kept(self) -> list[tuple[int, bytes]]:
        return self._run("SELECT seq, chain FROM matcher_snapshot ORDER BY seq DESC").fetchall()

    def load(self, seq: int) -> Snapshot | None:
        statement = f"SELECT {_COLUMNS} FROM matcher_snapshot WHERE seq = ?"  # noqa: S608
        found = self._run(statement, (seq,)).fetchone()
        return Snapshot(*found) if found else None

    def save(self, snapshot: Snapshot) -> None:
        s = snapshot
        self._run("BEGIN IMMEDIATE")
        self._run(
            f"INSERT OR REPLACE INTO matcher_snapshot ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)",  # noqa: S608
            (s.seq, s.time_ns, s.version, s.state, s.digest, s.chain),
        )
        self._run(
            "DELETE FROM matcher_snapshot WHERE seq NOT IN"
            " (SELECT seq FROM matcher_snapshot ORDER BY seq DESC LIMIT ?)",
            (SNAPSHOTS_KEPT,),
        )
        self._run("COMMIT")

    def close(self) -> None:
        self._connection.close()

    def _run(self, statement: str, values: tuple[object, ...] = ()) -> sqlite3.Cursor:
        try:
            return self._connection.execute(statement, values)
        except sqlite3.Error as error:
            raise JournalLost(f"the snapshots' database refused: {error}") from error


class PostgresSnapshots(SnapshotStore):
    def __init__(self, url: str) -> None:
        self._connection = open_postgres(url)
        try:
            if not self._connection.execute(
                "SELECT 1 FROM pg_class WHERE oid = to_regclass('matcher_snapshot')"
            ).fetchone():
                self._connection.execute(
                    "CREATE TABLE IF NOT EXISTS matcher_snapshot (seq BIGINT PRIMARY KEY, time_ns BIGINT NOT NULL,"
                    " version SMALLINT NOT NULL, state BYTEA NOT NULL, digest BYTEA NOT NULL, chain BYTEA NOT NULL)"
                )
                self._connection.execute("ALTER TABLE matcher_snapshot ALTER COLUMN state SET STORAGE EXTERNAL")
        except psycopg.Error as error:
            raise JournalLost(f"the snapshots' database refused: {error}") from error

    def kept(self) -> list[tuple[int, bytes]]:
        try:
            found = self._connection.execute("SELECT seq, chain FROM matcher_snapshot ORDER BY seq DESC").fetchall()
        except psycopg.Error as error:
            raise JournalLost(f"the snapshots' database refused: {error}") from error
        return found  # type: ignore[return-value]

    def load(self, seq: int) -> Snapshot | None:
        try:
            found = self._connection.execute(
                "SELECT seq, time_ns, version, state, digest, chain FROM matcher_snapshot WHERE seq = %s",
                (seq,),
                binary=True,
            ).fetchone()
        except psycopg.Error as error:
            raise JournalLost(f"the snapshots' database refused: {error}") from error
        return Snapshot(*found) if found else None  # type: ignore[arg-type]

    def save(self, snapshot: Snapshot) -> None:
        s = snapshot
        try:
            with self._connection.transaction():
                self._connection.execute(
                    "INSERT INTO matcher_snapshot (seq, time_ns, version, state, digest, chain)"
                    " VALUES (%s, %s, %s, %b, %b, %b) ON CONFLICT (seq) DO UPDATE SET state = excluded.state,"
                    " digest = excluded.digest, chain = excluded.chain",
                    (s.seq, s.time_ns, s.version, s.state, s.digest, s.chain),
                )
                self._connection.execute(
                    "DELETE FROM matcher_snapshot WHERE seq NOT IN"
                    " (SELECT seq FROM matcher_snapshot ORDER BY seq DESC LIMIT %s)",
                    (SNAPSHOTS_KEPT,),
                )
        except psycopg.Error as error:
            raise JournalLost(f"cannot save a snapshot: {error}") from error

    def close(self) -> None:
        self._connection.close()
