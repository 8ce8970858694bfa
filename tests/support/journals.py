"""Writes journals as docs/wiring.md describes them, without the matcher: what a projector must be able to read."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any

import psycopg

from tests.support.story import Batch

TABLE = (
    "CREATE TABLE IF NOT EXISTS matcher_journal (first_seq BIGINT PRIMARY KEY, last_seq BIGINT, time_ns BIGINT,"
    " version SMALLINT, commands {blob}, events {blob}, digest {blob})"
)


class JournalWriter:
    """Appends chained rows to the journal behind `url`; creates the table."""

    def __init__(self, url: str) -> None:
        self.chain = bytes(32)
        self.connection: Any
        if url.startswith("sqlite"):
            self.connection = sqlite3.connect(
                url.removeprefix("sqlite:///"), isolation_level=None, check_same_thread=False
            )
            self.connection.execute("PRAGMA journal_mode=WAL")
            self._mark, blob = "?", "BLOB"
        else:
            self.connection = psycopg.connect(url, autocommit=True)
            self._mark, blob = "%s", "BYTEA"
        self.connection.execute(TABLE.format(blob=blob))

    def append(self, batches: Iterable[Batch], *, version: int = 1) -> None:
        for batch in batches:
            self.chain = hashlib.blake2b(self.chain + batch.commands + batch.events, digest_size=32).digest()
            row = (batch.first_seq, batch.last_seq, batch.time_ns, version, batch.commands, batch.events, self.chain)
            self.execute(f"INSERT INTO matcher_journal VALUES ({', '.join([self._mark] * 7)})", row)

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> None:
        self.connection.execute(sql.replace("?", self._mark), parameters)

    def close(self) -> None:
        self.connection.close()
