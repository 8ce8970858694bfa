"""Follows the journal: proves what it reads and writes rows and cursor in one transaction.

One follower writes at a time; a second one loses the race for the cursor and starts over, harmlessly.
"""

from __future__ import annotations

from django.db import connection, transaction

from apps.projection.dispatch import PROJECTED_MODELS, dispatch, load_terms
from apps.projection.errors import CursorMovedError, JournalGapError
from apps.projection.journal import CHAIN_START, Journal, JournalRow, verify_rows
from apps.projection.models import Cursor
from apps.projection.writer import get_writer
from matcher.protocol.events import Event

ROWS_A_READ = 64
EVENTS_A_BATCH = 8192


class Follower:
    """Keeps the rows level with the journal. `attach` first, then `step` until it returns 0."""

    def __init__(self, journal: Journal, *, events_a_batch: int = EVENTS_A_BATCH) -> None:
        self._journal = journal
        self._bytes_a_batch = events_a_batch * Event.WIDTH
        self.seq = 0
        self.time_ns = 0
        self._chain = CHAIN_START
        self._terms: dict[int, tuple[int, int]] = {}

    def attach(self) -> None:
        """Take up where the rows stand. Raises JournalGapError when this is not the journal they came from."""
        _relax_commits()
        cursor = Cursor.objects.get_or_create(id=1)[0]
        self.seq, self.time_ns, self._chain = cursor.seq, cursor.time_ns, bytes(cursor.chain)
        self._terms = load_terms()
        if self.seq:
            row = self._journal.row_ending_at(self.seq)
            if row is None:
                raise JournalGapError(f"the rows are at command {self.seq}, where the journal has no batch that ends")
            if bytes(row.digest) != self._chain:
                raise JournalGapError(f"the rows were made from another journal: digests differ at command {self.seq}")

    def step(self) -> int:
        """Write the next batches, if there are any; returns how many events they held.

        Raises JournalError, CursorMovedError, or what the stores raise; then nothing was written.
        """
        batch = self._read()
        if not batch:
            return 0
        chain = verify_rows(batch, self.seq, self._chain)
        last = batch[-1]
        with transaction.atomic():
            moved = Cursor.objects.filter(id=1, seq=self.seq, chain=self._chain).update(
                seq=last.last_seq, time_ns=last.time_ns, chain=chain
            )
            if not moved:
                raise CursorMovedError(f"no longer at {self.seq}")
            terms = dispatch(
                first_seq=batch[0].first_seq,
                commands=[row.commands for row in batch],
                events=(row.events for row in batch),
                known=self._terms,
                rows=get_writer(),
            )
        self.seq, self.time_ns, self._chain, self._terms = last.last_seq, last.time_ns, chain, terms
        return sum(len(row.events) for row in batch) // Event.WIDTH

    def catch_up(self) -> int:
        """Step until the journal has no more; returns how many events that were."""
        total = 0
        while events := self.step():
            total += events
        return total

    def _read(self) -> list[JournalRow]:
        batch: list[JournalRow] = []
        size, seq = 0, self.seq
        while size < self._bytes_a_batch:
            rows = self._journal.read_after(seq, ROWS_A_READ)
            for row in rows:
                batch.append(row)
                size += len(row.events)
                if size >= self._bytes_a_batch:
                    break
            if len(rows) < ROWS_A_READ:
                break
            seq = rows[-1].last_seq
        return batch


def clear_rows() -> None:
    """Empty every projected table and put the cursor back to the beginning, in one transaction."""
    with transaction.atomic(), connection.cursor() as cursor:
        Cursor.objects.update_or_create(id=1, defaults={"seq": 0, "time_ns": 0, "chain": CHAIN_START})
        for model in PROJECTED_MODELS:
            table = connection.ops.quote_name(model._meta.db_table)  # noqa: SLF001  Django's documented _meta
            cursor.execute(f"TRUNCATE {table}" if connection.vendor == "postgresql" else f"DELETE FROM {table}")  # noqa: S608


def _relax_commits() -> None:
    """Rows can be made again from the journal, so their commits need not wait for the disk."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET synchronous_commit = off")
