"""The journal: one row per batch, chained by digest, on PostgreSQL or SQLite.

Owns the tables `matcher_journal` and `matcher_set_aside` and every SQL statement on them. Refuses
a second history: the primary key is the first sequence, so a deposed writer's next row fails.
"""

from __future__ import annotations

import hashlib
import sqlite3
import struct
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg.pq import DiagnosticField, ExecStatus

from matcher.protocol.codec import COMMAND_BYTES, EVENT_BYTES
from matcher.runtime.errors import Fenced, JournalDamaged, JournalLost
from matcher.runtime.settings import sqlite_path

JOURNAL_VERSION = 1
FIRST_CHAIN = bytes(32)
PAGE_BYTES = 32 * 1024 * 1024
PAGE_ROWS_MAX = 2048
SQLITE_PAGE_BYTES = 16_384  # of a new file: rows are long; a quarter of the pages to look after
CHECKPOINT_BYTES = 1024 * 1024  # a commit pays for it: little and often keeps the slowest commit short
_STAMP = struct.Struct("<Qq")  # seq and time_ns lead every command
_COLUMNS = "first_seq, last_seq, time_ns, version, commands, events, digest"
_UNIQUE_VIOLATION = b"23505"
_FENCED = "another matcher has written sequence {}; this one is deposed and stops"


@dataclass(frozen=True, slots=True)
class JournalRow:
    """One batch as it was committed: stamped commands, their events, the digest chained so far."""

    first_seq: int
    last_seq: int
    time_ns: int
    version: int
    commands: bytes
    events: bytes
    digest: bytes


def chain_digest(chain: bytes, commands: bytes, events: bytes) -> bytes:
    """blake2b-256 of the previous digest, the commands and the events."""
    digest = hashlib.blake2b(chain, digest_size=32)
    digest.update(commands)
    digest.update(events)
    return digest.digest()


def damage_of(row: JournalRow, chain: bytes, first_seq: int) -> str:
    """Why `row` is not the whole row that should follow `chain` at `first_seq`; empty when it is."""
    if row.version != JOURNAL_VERSION:
        return f"version {row.version}, this matcher writes {JOURNAL_VERSION}"
    if row.first_seq != first_seq:
        return f"sequence {first_seq} is missing, the next row starts at {row.first_seq}"
    count = row.last_seq - row.first_seq + 1
    if count < 1 or len(row.commands) != count * COMMAND_BYTES or len(row.events) % EVENT_BYTES:
        return f"{len(row.commands)} bytes of commands and {len(row.events)} of events for {count} commands"
    if _STAMP.unpack_from(row.commands, len(row.commands) - COMMAND_BYTES) != (row.last_seq, row.time_ns):
        return "the last command's stamp is not the row's"
    if chain_digest(chain, row.commands, row.events) != row.digest:
        return "the chained digest does not match"
    return ""


class Journal(ABC):
    """One open connection to a journal. Every method raises JournalLost when the store is gone."""

    @abstractmethod
    def append(self, row: JournalRow) -> None:
        """Commit one row durably. Raises Fenced when another matcher already wrote that sequence."""

    @abstractmethod
    def last_seq(self) -> int:
        """The last committed sequence, 0 in an empty journal."""

    @abstractmethod
    def digest_at(self, seq: int) -> bytes | None:
        """The chained digest of the row that ends at `seq`, None when no row does."""

    @abstractmethod
    def set_aside(self, *, seq: int, why: str, time_ns: int, commands: bytes) -> None:
        """Keep a quarantined command for people to look at."""

    @abstractmethod
    def cut(self, row: JournalRow, *, why: str, time_ns: int) -> None:
        """Take the damaged last row out of the history; its bytes stay in `matcher_set_aside`."""

    @abstractmethod
    def close(self) -> None: ...

    @abstractmethod
    def _page(self, after_seq: int, limit: int) -> list[JournalRow]: ...

    def rows(self, after_seq: int) -> Iterator[JournalRow]:
        """Every row that starts behind `after_seq`, in order, read in pages without a long transaction."""
        limit = 64
        while page := self._page(after_seq, limit):
            yield from page
            after_seq = page[-1].first_seq
            if len(page) < limit:
                return
            row_bytes = sum(len(r.commands) + len(r.events) for r in page) // len(page) + 1
            limit = max(8, min(PAGE_ROWS_MAX, PAGE_BYTES // row_bytes))


def open_journal(url: str) -> Journal:
    """Connect to the journal at `url`, making its tables. Raises JournalLost when that fails."""
    return SqliteJournal(sqlite_path(url)) if url.startswith("sqlite:") else PostgresJournal(url)


def open_sqlite(path: str) -> sqlite3.Connection:
    """A connection whose every commit is on the disk when it returns. Raises JournalLost."""
    try:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, isolation_level=None, timeout=5.0, cached_statements=32)
        connection.execute(f"PRAGMA page_size={SQLITE_PAGE_BYTES}")
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
    except (sqlite3.Error, OSError) as error:
        raise JournalLost(f"cannot open {path}: {error}") from error
    return connection


def open_postgres(url: str) -> psycopg.Connection[tuple[object, ...]]:
    """A connection whose every commit is durable, whatever the server's default. Raises JournalLost."""
    try:
        connection = psycopg.connect(url, autocommit=True, application_name="matcher", connect_timeout=5)
        connection.execute("SET synchronous_commit = on")
        connection.execute("SET client_min_messages = warning")
    except psycopg.Error as error:
        raise JournalLost(f"cannot reach the journal's database: {error}") from error
    return connection


class SqliteJournal(Journal):
    """A journal in one SQLite file: WAL, synchronous=FULL, one writer."""

    _TABLES = """
        CREATE TABLE IF NOT EXISTS matcher_journal (first_seq INTEGER PRIMARY KEY, last_seq INTEGER NOT NULL,
            time_ns INTEGER NOT NULL, version INTEGER NOT NULL, commands BLOB NOT NULL, events BLOB NOT NULL,
            digest BLOB NOT NULL);
        CREATE TABLE IF NOT EXISTS matcher_set_aside (id INTEGER PRIMARY KEY, time_ns INTEGER NOT NULL,
            seq INTEGER NOT NULL, why TEXT NOT NULL, commands BLOB NOT NULL, events BLOB NOT NULL, digest BLOB NOT NULL)
    """
    _APPEND = "INSERT INTO matcher_journal VALUES (?, ?, ?, ?, ?, ?, ?)"
    _ASIDE = "INSERT INTO matcher_set_aside (time_ns, seq, why, commands, events, digest) VALUES (?, ?, ?, ?, ?, ?)"

    def __init__(self, path: str) -> None:
        self._connection = open_sqlite(path)
        page_bytes = int(self._execute("PRAGMA page_size")[0][0])
        self._execute(f"PRAGMA wal_autocheckpoint={CHECKPOINT_BYTES // page_bytes}")
        for statement in self._TABLES.split(";"):
            self._execute(statement)

    def append(self, row: JournalRow) -> None:
        try:
            self._connection.execute(
                self._APPEND,
                (row.first_seq, row.last_seq, row.time_ns, row.version, row.commands, row.events, row.digest),
            )
        except sqlite3.IntegrityError as error:
            raise Fenced(_FENCED.format(row.first_seq)) from error
        except sqlite3.Error as error:
            raise JournalLost(f"the commit of sequence {row.first_seq} was not confirmed: {error}") from error

    def last_seq(self) -> int:
        found = self._execute("SELECT last_seq FROM matcher_journal ORDER BY first_seq DESC LIMIT 1")
        return int(found[0][0]) if found else 0

    def digest_at(self, seq: int) -> bytes | None:
        found = self._execute(
            "SELECT last_seq, digest FROM matcher_journal WHERE first_seq <= ? ORDER BY first_seq DESC LIMIT 1", (seq,)
        )
        return bytes(found[0][1]) if found and found[0][0] == seq else None

    def set_aside(self, *, seq: int, why: str, time_ns: int, commands: bytes) -> None:
        self._execute(self._ASIDE, (time_ns, seq, why, commands, b"", b""))

    def cut(self, row: JournalRow, *, why: str, time_ns: int) -> None:
        try:
            with self._connection:
                self._connection.execute("BEGIN IMMEDIATE")
                self._connection.execute(
                    self._ASIDE, (time_ns, row.first_seq, why, row.commands, row.events, row.digest)
                )
                self._connection.execute("DELETE FROM matcher_journal WHERE first_seq = ?", (row.first_seq,))
        except sqlite3.Error as error:
            raise JournalLost(f"cannot cut the last row: {error}") from error

    def close(self) -> None:
        self._connection.close()

    def _page(self, after_seq: int, limit: int) -> list[JournalRow]:
        try:
            found = self._connection.execute(
                f"SELECT {_COLUMNS} FROM matcher_journal WHERE first_seq > ? ORDER BY first_seq LIMIT ?",  # noqa: S608
                (after_seq, limit),
            ).fetchall()
        except sqlite3.OperationalError as error:
            raise JournalLost(f"cannot read the journal: {error}") from error
        except sqlite3.DatabaseError as error:
            raise JournalDamaged(after_seq + 1, f"the file itself is damaged: {error}") from error
        return [JournalRow(*columns) for columns in found]

    def _execute(self, statement: str, values: tuple[object, ...] = ()) -> list[tuple[Any, ...]]:
        try:
            return self._connection.execute(statement, values).fetchall()
        except sqlite3.Error as error:
            raise JournalLost(f"the journal's database refused: {error}") from error


class PostgresJournal(Journal):
    """A journal in PostgreSQL. Appending goes straight through libpq: one prepared insert, binary."""

    _TABLES = """
        CREATE TABLE IF NOT EXISTS matcher_journal (first_seq BIGINT PRIMARY KEY, last_seq BIGINT NOT NULL,
            time_ns BIGINT NOT NULL, version SMALLINT NOT NULL, commands BYTEA NOT NULL, events BYTEA NOT NULL,
            digest BYTEA NOT NULL);
        ALTER TABLE matcher_journal ALTER COLUMN commands SET STORAGE EXTERNAL,
            ALTER COLUMN events SET STORAGE EXTERNAL;
        CREATE TABLE IF NOT EXISTS matcher_set_aside (id BIGSERIAL PRIMARY KEY, time_ns BIGINT NOT NULL,
            seq BIGINT NOT NULL, why TEXT NOT NULL, commands BYTEA NOT NULL, events BYTEA NOT NULL,
            digest BYTEA NOT NULL)
    """
    _APPEND = b"INSERT INTO matcher_journal VALUES ($1, $2, $3, $4, $5, $6, $7)"
    _ASIDE = (
        "INSERT INTO matcher_set_aside (time_ns, seq, why, commands, events, digest) VALUES (%s, %s, %s, %s, %s, %s)"
    )
    _OIDS = (20, 20, 20, 21, 17, 17, 17)  # int8, int8, int8, int2, bytea x 3
    _BINARY = (1,) * 7

    def __init__(self, url: str) -> None:
        self._connection = open_postgres(url)
        if not self._execute("SELECT 1 FROM pg_class WHERE oid = to_regclass('matcher_set_aside')"):
            for statement in self._TABLES.split(";"):
                self._execute(statement)
        prepared = self._connection.pgconn.prepare(b"append", self._APPEND, self._OIDS)
        if prepared.status != ExecStatus.COMMAND_OK:
            raise JournalLost(f"cannot prepare the append: {prepared.get_error_message()}")

    def append(self, row: JournalRow) -> None:
        pack = struct.pack
        values = (
            pack(">q", row.first_seq),
            pack(">q", row.last_seq),
            pack(">q", row.time_ns),
            pack(">h", row.version),
            row.commands,
            row.events,
            row.digest,
        )
        try:
            result = self._connection.pgconn.exec_prepared(b"append", values, self._BINARY)
        except psycopg.Error as error:
            raise JournalLost(f"the commit of sequence {row.first_seq} was not confirmed: {error}") from error
        if result.status == ExecStatus.COMMAND_OK:
            return
        if result.error_field(DiagnosticField.SQLSTATE) == _UNIQUE_VIOLATION:
            raise Fenced(_FENCED.format(row.first_seq))
        raise JournalLost(f"the commit of sequence {row.first_seq} was not confirmed: {result.get_error_message()}")

    def last_seq(self) -> int:
        found = self._execute("SELECT last_seq FROM matcher_journal ORDER BY first_seq DESC LIMIT 1")
        return int(found[0][0]) if found else 0

    def digest_at(self, seq: int) -> bytes | None:
        found = self._execute(
            "SELECT last_seq, digest FROM matcher_journal WHERE first_seq <= %s ORDER BY first_seq DESC LIMIT 1", (seq,)
        )
        return bytes(found[0][1]) if found and found[0][0] == seq else None

    def set_aside(self, *, seq: int, why: str, time_ns: int, commands: bytes) -> None:
        self._execute(self._ASIDE, (time_ns, seq, why, commands, b"", b""))

    def cut(self, row: JournalRow, *, why: str, time_ns: int) -> None:
        try:
            with self._connection.transaction():
                self._connection.execute(
                    self._ASIDE, (time_ns, row.first_seq, why, row.commands, row.events, row.digest)
                )
                self._connection.execute("DELETE FROM matcher_journal WHERE first_seq = %s", (row.first_seq,))
        except psycopg.Error as error:
            raise JournalLost(f"cannot cut the last row: {error}") from error

    def close(self) -> None:
        self._connection.close()

    def _page(self, after_seq: int, limit: int) -> list[JournalRow]:
        found = self._execute(
            f"SELECT {_COLUMNS} FROM matcher_journal WHERE first_seq > %s ORDER BY first_seq LIMIT %s",  # noqa: S608
            (after_seq, limit),
        )
        return [JournalRow(*columns) for columns in found]

    def _execute(self, statement: str, values: tuple[object, ...] = ()) -> list[tuple[Any, ...]]:
        try:
            cursor = self._connection.execute(statement.encode(), values, binary=True)
            return cursor.fetchall() if cursor.description else []
        except psycopg.Error as error:
            raise JournalLost(f"the journal's database refused: {error}") from error
