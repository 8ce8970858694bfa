"""The matcher process, wired on one page: journal -> recovery -> sequencer -> transport -> stop."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

import uvloop

from matcher.runtime.errors import Fenced, JournalLost, MatcherStopped
from matcher.runtime.journal import Journal, open_journal
from matcher.runtime.memory import keep_freed_memory
from matcher.runtime.metrics import Metrics
from matcher.runtime.ports import EngineClass
from matcher.runtime.replay import Recovered, recover
from matcher.runtime.sequencer import Sequencer
from matcher.runtime.settings import Settings
from matcher.runtime.snapshot import SnapshotStore, open_snapshots
from matcher.runtime.transport import Server, serve_metrics

log = logging.getLogger("matcher")

BACKOFF_SECONDS = (0.1, 0.2, 0.5, 1.0, 2.0)
_Opened = TypeVar("_Opened")


def run(settings: Settings, engine_class: EngineClass) -> int:
    """Run until SIGTERM or SIGINT. Returns the exit status; every other end has a reason in the log."""
    keep_freed_memory()
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(_serve(settings, engine_class))
    except MatcherStopped as stop:
        log.critical("STOPPED: %s", stop)
        return stop.exit_status
    return 0


async def _serve(settings: Settings, engine_class: EngineClass) -> None:
    loop = asyncio.get_running_loop()
    ended: asyncio.Future[None] = loop.create_future()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, _end, ended, None)
    journal = await wait_for(open_journal, settings.journal_url, ended)
    snapshots = await wait_for(open_snapshots, settings.journal_url, ended)
    if journal is None or snapshots is None:
        return
    try:
        await _work(settings, engine_class, journal, snapshots, ended)
    finally:
        snapshots.close()
        journal.close()


async def _work(
    settings: Settings,
    engine_class: EngineClass,
    journal: Journal,
    snapshots: SnapshotStore,
    ended: asyncio.Future[None],
) -> None:
    metrics = Metrics()
    started = time.monotonic()

    def rebuild() -> Recovered:
        found = recover(journal, snapshots, engine_class)
        found.engine.prepare()
        return found

    recovered = rebuild()
    metrics.recovery_seconds = time.monotonic() - started
    server = Server(settings, metrics, lambda error: _end(ended, error))
    sequencer = Sequencer(
        recovered,
        journal,
        rebuild=rebuild,
        release=server.release,
        metrics=metrics,
        batch_commands_max=settings.batch_commands_max,
    )
    snapshotter = Snapshotter(settings, metrics, recovered)
    gc.collect()
    gc.freeze()
    gc.disable()  # the engine makes no cycles; the collector would only stop orders
    side = await serve_metrics(settings.metrics_port, metrics) if settings.metrics_port else None
    await server.start(sequencer)
    log.info("ready at %s, sequence %d, process %d", settings.matcher_url, sequencer.seq, os.getpid())
    watch = asyncio.create_task(_watch(settings, journal, sequencer, snapshotter, ended))
    try:
        await ended
        log.info("stopping: no new commands, %d waiting are finished", sequencer.waiting)
        await server.stop()
        log.info("stopped at sequence %d", sequencer.seq)
    finally:
        server.abort()
        watch.cancel()
        snapshotter.stop()
        if side is not None:
            side.close()


async def wait_for(opener: Callable[[str], _Opened], url: str, ended: asyncio.Future[None]) -> _Opened | None:
    """Open a store, with backoff for as long as it is not there; None when told to stop meanwhile."""
    attempt = 0
    while not ended.done():
        try:
            return opener(url)
        except JournalLost as error:
            pause = BACKOFF_SECONDS[min(attempt, len(BACKOFF_SECONDS) - 1)]
            attempt += 1
            log.warning("waiting for the journal (attempt %d, next in %.1f s): %s", attempt, pause, error)
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await asyncio.shield(ended)
    return None


async def _watch(
    settings: Settings,
    journal: Journal,
    sequencer: Sequencer,
    snapshotter: Snapshotter,
    ended: asyncio.Future[None],
) -> None:
    """Once a second: an idle matcher notices that it was deposed or its store is gone; snapshots are due."""
    idle_seq = -1
    while not ended.done():
        await asyncio.sleep(settings.watch_seconds)
        if sequencer.seq == idle_seq:
            try:
                stored = journal.last_seq()
                if stored != idle_seq:
                    _end(ended, Fenced(f"the journal is at sequence {stored}, this matcher at {idle_seq}"))
            except JournalLost as error:
                _end(ended, error)
        idle_seq = sequencer.seq
        snapshotter.tend()


def _end(ended: asyncio.Future[None], error: BaseException | None) -> None:
    if ended.done():
        return
    if error is None:
        ended.set_result(None)
    else:
        ended.set_exception(error)


class Snapshotter:
    """Starts `python -m matcher snapshot` when enough has happened since the last one; one at a time."""

    def __init__(self, settings: Settings, metrics: Metrics, recovered: Recovered) -> None:
        self._settings = settings
        self._metrics = metrics
        self._seq = recovered.snapshot_seq
        self._batches_before = -recovered.replayed_rows
        self._child: subprocess.Popen[bytes] | None = None

    def tend(self) -> None:
        """Collect a finished writer; start one when it is due."""
        if self._child is not None:
            status = self._child.poll()
            if status is None:
                return
            self._child = None
            self._metrics.snapshots += status == 0
            self._metrics.snapshot_failures += status != 0
            if status:
                log.error("the snapshot writer ended with status %d", status)
        commands = self._metrics.last_seq - self._seq
        batches = sum(self._metrics.batch_commands.counts) - self._batches_before
        due = 0 < self._settings.snapshot_commands <= commands or 0 < self._settings.snapshot_batches <= batches
        if due:
            self._seq = self._metrics.last_seq
            self._batches_before += batches
            self._child = subprocess.Popen([sys.executable, "-m", "matcher", "snapshot"], stdin=subprocess.DEVNULL)

    def stop(self) -> None:
        """End a writer that is still at work; it saves whole snapshots or nothing."""
        if self._child is not None:
            self._child.terminate()
            self._child.wait()
