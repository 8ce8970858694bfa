"""The newest batches, kept in memory as far as a bound allows, and older ones from the journal when asked for.

What a reader missed is read from here: by whoever was away for a moment from memory, after a restart of this
process from the journal, once for all who come back.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Protocol

import structlog

from apps.feeds.batches import Batch

KEPT_BYTES = 24 * 1024 * 1024
GAP_BYTES = 8 * 1024 * 1024
ROWS_A_QUESTION = 512  # at most: the first question is for one, and each that follows for four times as many
_log = structlog.get_logger("feeds.archive")


class JournalRows(Protocol):
    """What is needed of the stored rows."""

    async def read_journal(self, seq: int, limit: int) -> list[tuple[int, int, bytes]]:
        """(first_seq, last_seq, events) of the batches behind `seq`. Raises OSError when out of reach."""


class Archive:
    """Every batch behind `start_seq` up to the newest applied one."""

    def __init__(self, rows: JournalRows) -> None:
        self.start_seq = 0
        self._rows = rows
        self._batches: deque[Batch] = deque()
        self._bytes = 0
        self._too_far = -1  # from here on back there is more than is ever loaded
        self._loading = asyncio.Lock()

    def restart(self, seq: int) -> None:
        """Nothing is at hand; the next batch begins behind `seq`."""
        self.start_seq = seq
        self._batches.clear()
        self._bytes = 0

    def add(self, batch: Batch) -> None:
        """The next batch."""
        self._batches.append(batch)
        self._bytes += batch.size
        while self._bytes > KEPT_BYTES:
            oldest = self._batches.popleft()
            self._bytes -= oldest.size
            self.start_seq = oldest.last_seq

    def after(self, seq: int) -> list[Batch] | None:
        """The batches behind `seq`; None when it is too old, in the future, or not the end of a batch."""
        newest = self._batches[-1].last_seq if self._batches else self.start_seq
        if not self.start_seq <= seq <= newest:
            return None
        found = []
        for batch in reversed(self._batches):
            if batch.last_seq <= seq:
                break
            found.append(batch)
        found.reverse()
        return found if not found or found[0].first_seq == seq + 1 else None

    async def reach(self, seq: int) -> bool:
        """Have everything behind `seq` at hand, from the journal where need be; False when that cannot be."""
        if seq >= self.start_seq:
            return True
        async with self._loading:
            if self._too_far < seq < self.start_seq:
                try:
                    await self._load(seq)
                except OSError as error:
                    _log.warning("journal_unreadable", error=str(error))
        return seq >= self.start_seq

    async def _load(self, seq: int) -> None:
        """Put what the journal has behind `seq` before what is at hand."""
        found: list[Batch] = []
        size, last, asked = 0, seq, 1
        while last < self.start_seq:
            rows = await self._rows.read_journal(last, asked)
            asked = min(4 * asked, ROWS_A_QUESTION)
            if not rows or rows[0][0] != last + 1:
                return
            for first_seq, last_seq, events in rows:
                if first_seq > self.start_seq:
                    break
                found.append(Batch(first_seq, last_seq, events, None))
                size += found[-1].size
                last = last_seq
            if size > GAP_BYTES:
                self._too_far = max(self._too_far, seq)
                return
        if last != self.start_seq:
            return
        self._batches.extendleft(reversed(found))
        self._bytes += size
        self.start_seq = seq
