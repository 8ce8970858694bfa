"""The one place where order is made: stamps sequence and time, applies, commits, then releases.

Nothing leaves before its row is committed. A command the engine fails on is never journaled: the
engine is rebuilt from the journal, the batch is tried again command by command, and the one that
fails is refused and set aside while the matcher lives on.
"""

from __future__ import annotations

import logging
import time
from array import array
from bisect import bisect_left
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from matcher.protocol.codec import COMMAND_BYTES, EVENT_BYTES
from matcher.runtime.errors import EngineUntrusted
from matcher.runtime.journal import Journal
from matcher.runtime.metrics import Metrics
from matcher.runtime.ports import MatchingEngine
from matcher.runtime.replay import Recovered, next_row

log = logging.getLogger("matcher")

QUARANTINED_MAX = 8
_WORDS = COMMAND_BYTES // 8
_ASKED_AT = 24  # a command from `account` on: what it asks, without stamps and command_id
_QUARANTINED = "quarantined: the engine cannot apply this command"


def command_ids(commands: bytes) -> list[int]:
    """The command_id of each packed command."""
    return memoryview(commands).cast("Q")[2::_WORDS].tolist()


class Asker(Protocol):
    """Where a command or query came from, and where its answer goes."""

    def answer(self, query_id: int, answer: bytes) -> None: ...
    def refuse(self, ids: list[int], why: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Batch:
    """One committed batch. `chunks` say whose commands they were, in order: (asker, count)."""

    first_seq: int
    last_seq: int
    events: bytes
    levels: bytes
    chunks: list[tuple[Asker, int]]

    def own_events(self) -> Iterator[tuple[Asker, memoryview]]:
        """Each chunk's asker with the events of exactly its commands."""
        view = memoryview(self.events)
        seqs = view.cast("Q")[:: EVENT_BYTES // 8]
        start, seq = 0, self.first_seq
        for asker, count in self.chunks:
            seq += count
            end = len(seqs) if seq > self.last_seq else bisect_left(seqs, seq, start)
            yield asker, view[start * EVENT_BYTES : end * EVENT_BYTES]
            start = end


class Sequencer:
    """Takes commands and queries as they come; `turn` does one batch of them."""

    def __init__(
        self,
        recovered: Recovered,
        journal: Journal,
        *,
        rebuild: Callable[[], Recovered],
        release: Callable[[Batch], None],
        metrics: Metrics,
        batch_commands_max: int,
        clock_ns: Callable[[], int] = time.time_ns,
    ) -> None:
        self._engine: MatchingEngine = recovered.engine
        self._chain = recovered.chain
        self._seq = metrics.last_seq = recovered.engine.seq
        self._journal = journal
        self._rebuild = rebuild
        self._release = release
        self._metrics = metrics
        self._batch_commands_max = batch_commands_max
        self._clock_ns = clock_ns
        self._chunks: deque[tuple[Asker, bytes]] = deque()
        self._queries: deque[tuple[int, Asker, int, bytes]] = deque()
        self._received = 0
        self._done = 0
        self._quarantined: set[bytes] = set()

    @property
    def seq(self) -> int:
        """The last committed sequence."""
        return self._seq

    @property
    def waiting(self) -> int:
        """Commands taken and not yet applied."""
        return self._received - self._done

    @property
    def has_work(self) -> bool:
        return bool(self._chunks or self._queries)

    def take(self, asker: Asker, commands: bytes) -> None:
        """Queue packed commands; their number is a whole one and their command_ids are the asker's."""
        self._chunks.append((asker, commands))
        self._received += len(commands) // COMMAND_BYTES

    def ask(self, asker: Asker, query_id: int, query: bytes) -> None:
        """Queue a query; it sees every command that was taken before it."""
        self._queries.append((self._received, asker, query_id, query))

    def turn(self) -> None:
        """Apply and commit the waiting batch, release it, answer the queries that waited for it.

        Raises MatcherStopped when nothing may be released and the process has to end.
        """
        if self._chunks:
            self._apply(self._gather())
        queries = self._queries
        while queries and queries[0][0] <= self._done:
            _, asker, query_id, query = queries.popleft()
            try:
                answer = self._engine.query(query)
            except Exception as error:  # noqa: BLE001  # a query changes no state, so the engine stays trusted
                log.error("query refused: %s: %r", query.hex(), error)  # noqa: TRY400
                asker.refuse([query_id], f"query failed: {error!r}")
                continue
            asker.answer(query_id, answer)
            self._metrics.queries += 1

    def _gather(self) -> list[tuple[Asker, bytes]]:
        waiting = self._chunks
        taken, count = [waiting.popleft()], 0
        count = len(taken[0][1])
        most = self._batch_commands_max * COMMAND_BYTES
        while waiting and count + len(waiting[0][1]) <= most:
            taken.append(waiting.popleft())
            count += len(taken[-1][1])
        return taken

    def _apply(self, chunks: list[tuple[Asker, bytes]]) -> None:
        if self._quarantined:
            chunks = list(self._without_quarantined(chunks))
            if not chunks:
                return
        try:
            self._commit(chunks)
        except _EngineFailedError as failure:
            self._isolate(chunks, failure)

    def _commit(self, chunks: list[tuple[Asker, bytes]]) -> None:
        """One batch through the engine and the journal to its readers. Raises _EngineFailedError."""
        engine, metrics = self._engine, self._metrics
        commands, time_ns = self._stamp(b"".join([c for _, c in chunks]))
        count = len(commands) // COMMAND_BYTES
        first_seq = engine.seq + 1
        started = time.perf_counter()
        try:
            events = engine.process(commands)
            levels = engine.levels()
        except Exception as error:
            raise _EngineFailedError(f"{error!r} at time_ns {time_ns}") from error
        processed = time.perf_counter()
        row = next_row(first_seq, time_ns, commands, events, self._chain)
        self._journal.append(row)
        committed = time.perf_counter()
        self._chain = row.digest
        self._done += count
        metrics.commands += count
        metrics.event_bytes += len(events)
        self._seq = metrics.last_seq = row.last_seq
        metrics.batch_commands.observe(count)
        metrics.process_seconds.observe(processed - started)
        metrics.commit_seconds.observe(committed - processed)
        sizes = [(asker, len(c) // COMMAND_BYTES) for asker, c in chunks]
        self._release(Batch(first_seq, row.last_seq, events, levels, sizes))

    def _stamp(self, commands: bytes) -> tuple[bytes, int]:
        """`commands` with consecutive seq and one time, which never runs backwards."""
        stamped = bytearray(commands)
        count = len(stamped) // COMMAND_BYTES
        first, time_ns = self._engine.seq + 1, max(self._clock_ns(), self._engine.time_ns)
        view = memoryview(stamped)
        view.cast("Q")[0::_WORDS] = memoryview(array("Q", range(first, first + count)))
        view.cast("q")[1::_WORDS] = memoryview(array("q", [time_ns]) * count)
        return bytes(stamped), time_ns

    def _isolate(self, chunks: list[tuple[Asker, bytes]], failure: Exception) -> None:
        """Find the command the engine failed on: rebuild, then each command as a batch of its own."""
        log.critical("the engine failed on a batch, which was not journaled: %s", failure, exc_info=failure)
        self._restart_engine()
        for asker, commands in chunks:
            for at in range(0, len(commands), COMMAND_BYTES):
                command = commands[at : at + COMMAND_BYTES]
                try:
                    self._commit([(asker, command)])
                except _EngineFailedError as error:
                    self._quarantine(asker, command, error)

    def _quarantine(self, asker: Asker, command: bytes, failure: Exception) -> None:
        self._metrics.quarantined += 1
        self._done += 1
        log.critical("COMMAND QUARANTINED after sequence %d: %s %s", self.seq, command.hex(), failure)
        self._journal.set_aside(
            seq=self._seq, why=f"quarantined: {failure}", time_ns=self._clock_ns(), commands=command
        )
        self._quarantined.add(command[_ASKED_AT:])
        asker.refuse(command_ids(command), _QUARANTINED)
        if self._metrics.quarantined >= QUARANTINED_MAX:
            raise EngineUntrusted(f"the engine failed on {QUARANTINED_MAX} commands; the last: {failure}")
        self._restart_engine()

    def _restart_engine(self) -> None:
        recovered = self._rebuild()
        self._engine, self._chain = recovered.engine, recovered.chain

    def _without_quarantined(self, chunks: list[tuple[Asker, bytes]]) -> Iterator[tuple[Asker, bytes]]:
        """The chunks without exact repetitions of quarantined commands, which are refused at the door."""
        for asker, commands in chunks:
            kept = []
            for at in range(0, len(commands), COMMAND_BYTES):
                command = commands[at : at + COMMAND_BYTES]
                if command[_ASKED_AT:] in self._quarantined:
                    self._done += 1
                    asker.refuse(command_ids(command), _QUARANTINED)
                else:
                    kept.append(command)
            if kept:
                yield asker, b"".join(kept)


class _EngineFailedError(Exception):
    """The engine raised; its state is not to be trusted any more."""
