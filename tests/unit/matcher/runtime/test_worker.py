"""The wiring: waiting for a store, starting snapshot writers, ending with the right status."""

import asyncio
import gc
import os
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from matcher.runtime import worker
from matcher.runtime.errors import ConfigurationRefused, Fenced, JournalLost
from matcher.runtime.journal import FIRST_CHAIN, Journal, open_journal
from matcher.runtime.metrics import Metrics
from matcher.runtime.replay import Recovered
from matcher.runtime.settings import Settings
from tests.reference.engine import ReferenceEngine
from tests.support.matcher_process import hello
from tests.support.pace import PATIENCE_S
from tests.support.rows import chained_rows


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(f"sqlite:///{tmp_path}/j.sqlite3", f"unix://{tmp_path}/m.sock", watch_seconds=0.01)


@pytest.fixture(autouse=True)
def collector() -> Iterator[None]:
    """A matcher turns the garbage collector off for its process, which here is the test's."""
    yield
    gc.unfreeze()
    gc.enable()


async def life(settings: Settings) -> asyncio.Task[None]:
    """A whole matcher on the test's loop, ready."""
    task = asyncio.create_task(worker._serve(settings, ReferenceEngine))
    async with asyncio.timeout(PATIENCE_S):
        while not Path(settings.matcher_url.removeprefix("unix://")).exists():
            await asyncio.sleep(0)
    assert await asyncio.to_thread(hello, settings.matcher_url) == 0
    return task


async def test_it_waits_for_its_store_with_backoff(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "BACKOFF_SECONDS", (0.001, 0.002))
    tries = iter([JournalLost("not yet"), JournalLost("not yet"), JournalLost("not yet")])

    def opener(url: str) -> str:
        if (error := next(tries, None)) is not None:
            raise error
        return url

    ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    assert await worker.wait_for(opener, "store", ended) == "store"


async def test_a_stop_ends_the_waiting() -> None:
    ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def opener(_: str) -> str:
        asyncio.get_running_loop().call_soon(worker._end, ended, None)
        raise JournalLost("gone")

    assert await worker.wait_for(opener, "store", ended) is None


class Child:
    def __init__(self, status: int | None) -> None:
        self.status = status
        self.ended = False

    def poll(self) -> int | None:
        return self.status

    def terminate(self) -> None:
        self.ended = True

    def wait(self) -> None:
        assert self.ended


@pytest.fixture
def children(monkeypatch: pytest.MonkeyPatch) -> list[Child]:
    started: list[Child] = []

    def popen(arguments: list[str], **_: object) -> Child:
        assert arguments[1:] == ["-m", "matcher", "snapshot"]
        started.append(Child(None))
        return started[-1]

    monkeypatch.setattr(subprocess, "Popen", popen)
    return started


def test_a_snapshot_is_due_by_commands_or_by_batches_one_at_a_time(settings: Settings, children: list[Child]) -> None:
    metrics = Metrics()
    settings = replace(settings, snapshot_commands=100, snapshot_batches=10)
    writer = worker.Snapshotter(settings, metrics, Recovered(ReferenceEngine(), FIRST_CHAIN))
    writer.tend()
    assert not children
    metrics.last_seq = 100
    writer.tend()
    writer.tend()
    assert len(children) == 1
    children[0].status = 0
    writer.tend()
    assert metrics.snapshots == 1
    for _ in range(10):
        metrics.batch_commands.observe(1)
    writer.tend()
    assert len(children) == 2
    children[1].status = 5
    writer.tend()
    assert metrics.snapshot_failures == 1
    assert len(children) == 2


def test_a_replayed_tail_counts_towards_the_next_snapshot(settings: Settings, children: list[Child]) -> None:
    recovered = Recovered(ReferenceEngine(), FIRST_CHAIN, replayed_rows=10)
    writer = worker.Snapshotter(replace(settings, snapshot_batches=10), Metrics(), recovered)
    writer.tend()
    assert len(children) == 1
    writer.stop()
    assert children[0].ended


def test_zero_means_never(settings: Settings, children: list[Child]) -> None:
    metrics = Metrics(last_seq=10**9)
    off = replace(settings, snapshot_commands=0, snapshot_batches=0)
    worker.Snapshotter(off, metrics, Recovered(ReferenceEngine(), FIRST_CHAIN, replayed_rows=10**9)).tend()
    assert not children


async def test_a_whole_life_ends_when_asked(settings: Settings, tmp_path: Path) -> None:
    task = await life(settings)
    assert not gc.isenabled()
    os.kill(os.getpid(), signal.SIGTERM)
    async with asyncio.timeout(PATIENCE_S):
        await task
    assert not (tmp_path / "m.sock").exists()


async def test_an_idle_matcher_that_was_deposed_ends(settings: Settings) -> None:
    task = await life(settings)
    other: Journal = open_journal(settings.journal_url)
    other.append(chained_rows(1)[0])
    other.close()
    async with asyncio.timeout(PATIENCE_S):
        with pytest.raises(Fenced, match="the journal is at sequence 1, this matcher at 0"):
            await task


def test_every_reason_has_its_own_exit_status(settings: Settings) -> None:
    taken = replace(settings, matcher_url=f"unix://{'x' * 300}")
    assert worker.run(taken, ReferenceEngine) == ConfigurationRefused.exit_status
