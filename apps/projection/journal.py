"""Reads the matcher's journal over a connection of its own, and proves what it read.

Knows the table's columns and the digest chain (docs/wiring.md); never writes, never imports the matcher.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, Protocol
from urllib.parse import unquote, urlsplit

import psycopg

from apps.projection.errors import JournalDamagedError, JournalGapError
from matcher.protocol.commands import Command
from matcher.protocol.events import Event

JOURNAL_VERSION = 1
CHAIN_START = bytes(32)
_SELECT = "SELECT first_seq, last_seq, time_ns, version, commands, events, digest FROM matcher_journal"


class JournalRow(NamedTuple):
    """One committed batch: commands `first_seq`..`last_seq` and all their events, packed."""

    first_seq: int
    last_seq: int
    time_ns: int
    version: int
    commands: bytes
    events: bytes
    digest: bytes


class Journal(Protocol):
    """A journal to read. No table yet means no rows yet."""

    def read_after(self, seq: int, limit: int) -> list[JournalRow]:
        """At most `limit` rows with first_seq > `seq`, in order. Raises OSError when the store is out of reach."""

    def row_ending_at(self, seq: int) -> JournalRow | None:
        """The row whose last command is `seq`."""

    def close(self) -> None:
        """Give the connection back; the next read opens another."""


class PostgresJournal:
    """The journal in PostgreSQL."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection: psycopg.Connection[tuple[object, ...]] | None = None

    def _query(self, sql: str, *parameters: int) -> list[JournalRow]:
        try:
            if self._connection is None:
                self._connection = psycopg.connect(self._url, autocommit=True, connect_timeout=5)
            # Bytes travel as they are, not as text of twice the size.
            rows = self._connection.execute(sql, parameters, binary=True).fetchall()
        except psycopg.errors.UndefinedTable:
            return []
        except psycopg.Error as error:
            self.close()
            raise OSError(f"journal: {error}") from error
        return [JournalRow(*row) for row in rows]  # type: ignore[arg-type]

    def read_after(self, seq: int, limit: int) -> list[JournalRow]:
        return self._query(f"{_SELECT} WHERE first_seq > %s ORDER BY first_seq LIMIT %s", seq, limit)

    def row_ending_at(self, seq: int) -> JournalRow | None:
        rows = self._query(f"{_SELECT} WHERE first_seq <= %s ORDER BY first_seq DESC LIMIT 1", seq)
        return rows[0] if rows and rows[0].last_seq == seq else None

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class SqliteJournal:
    """The journal in an SQLite file, opened for reading only."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None

    def _query(self, sql: str, *parameters: int) -> list[JournalRow]:
        if self._connection is None and not self._path.exists():
            return []
        try:
            if self._connection is None:
                uri = f"{self._path.absolute().as_uri()}?mode=ro"
                self._connection = sqlite3.connect(uri, uri=True, timeout=5, isolation_level=None)
            return [JournalRow(*row) for row in self._connection.execute(sql, parameters).fetchall()]
        except sqlite3.OperationalError as error:
            self.close()
            if "no such table" in str(error):
                return []
            raise OSError(f"journal: {error}") from error
        except sqlite3.DatabaseError as error:
            self.close()
            raise JournalDamagedError(f"the journal's file is damaged: {error}") from error

    def read_after(self, seq: int, limit: int) -> list[JournalRow]:
        return self._query(f"{_SELECT} WHERE first_seq > ? ORDER BY first_seq LIMIT ?", seq, limit)

    def row_ending_at(self, seq: int) -> JournalRow | None:
        rows = self._query(f"{_SELECT} WHERE first_seq <= ? ORDER BY first_seq DESC LIMIT 1", seq)
        return rows[0] if rows and rows[0].last_seq == seq else None

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def open_journal(url: str) -> Journal:
    """The journal behind `postgresql://...` or `sqlite:////abs/path`. Raises ValueError for anything else."""
    parts = urlsplit(url)
    if parts.scheme in {"postgresql", "postgres"}:
        return PostgresJournal(url)
    if parts.scheme == "sqlite" and parts.path:
        return SqliteJournal(Path(unquote(parts.path[1:])))
    raise ValueError(f"JOURNAL_URL has no known scheme: {parts.scheme}")


def verify_rows(rows: Sequence[JournalRow], seq: int, chain: bytes) -> bytes:
    """Digest after `rows`, which must follow `seq` whose digest is `chain` without a gap.

    Raises JournalGapError or JournalDamagedError naming the sequence number.
    """
    for row in rows:
        if row.first_seq != seq + 1:
            raise JournalGapError(f"expected command {seq + 1} in the journal, found {row.first_seq}")
        if row.version != JOURNAL_VERSION:
            raise JournalDamagedError(f"batch at {row.first_seq}: unknown version {row.version}")
        count = row.last_seq - row.first_seq + 1
        if count < 1 or len(row.commands) != count * Command.WIDTH or not row.events or len(row.events) % Event.WIDTH:
            raise JournalDamagedError(f"batch at {row.first_seq}: lengths do not fit {count} commands")
        chain = hashlib.blake2b(chain + row.commands + row.events, digest_size=32).digest()
        if chain != bytes(row.digest):
            raise JournalDamagedError(f"batch at {row.first_seq}: digest differs")
        seq = row.last_seq
    return chain
