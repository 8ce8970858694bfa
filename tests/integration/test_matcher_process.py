"""The real `python -m matcher` on real SQLite and a real PostgreSQL, spoken to by the real bridge."""

import asyncio
import resource
import signal
import subprocess
import sys
import urllib.request
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from apps.bridge.client import AsyncMatcherClient
from apps.bridge.errors import OutcomeUnknown
from apps.bridge.sync import MatcherClient
from matcher.protocol.commands import OpenAccount
from matcher.protocol.enums import Side
from matcher.protocol.events import OrderAccepted, OrderFilled
from matcher.protocol.views import Query, QueryKind, StateView
from matcher.runtime.errors import ConfigurationRefused, Fenced, JournalLost
from matcher.runtime.journal import PostgresJournal, open_journal
from matcher.runtime.replay import recover
from matcher.runtime.snapshot import open_snapshots
from tests.reference.engine import ReferenceEngine
from tests.support.market import opening, order
from tests.support.matcher_process import ROOT, MatcherProcess
from tests.support.pace import PATIENCE_S
from tests.support.rows import chained_rows

pytestmark = pytest.mark.stores


@pytest.fixture(params=["sqlite", "postgresql"])
def journal_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/j.sqlite3"
    return str(request.getfixturevalue("private_postgres"))


async def trade(url: str, orders: int) -> list[int]:
    """Make the market, send so many orders at once; the order_ids."""
    client = AsyncMatcherClient(url, "test")
    await client.start()
    await asyncio.gather(*(client.send(command) for command in opening(4)))
    answers = await asyncio.gather(
        *(client.send(order(n % 4 + 1, Side.BUY if n % 2 else Side.SELL)) for n in range(orders))
    )
    await client.close()
    assert any(isinstance(e, OrderFilled) for events in answers for e in events)
    return [events[0].order_id for events in answers if isinstance(events[0], OrderAccepted)]


async def test_a_life_a_restart_and_the_proof(tmp_path: Path, journal_url: str) -> None:
    """The compiled engine's history, replayed by the naive twin, gives the same events and the same state."""
    matcher = MatcherProcess(tmp_path / "m", journal_url)
    matcher.start()
    assert len(await trade(matcher.url, 500)) == 500
    assert matcher.stop() == 0, matcher.tail()
    assert matcher.run("snapshot") == 0
    assert "snapshot at 512" in matcher.tail()
    assert matcher.run("snapshot") == 0
    assert "nothing new" in matcher.tail()
    matcher.start()
    assert matcher.wait_ready() == 512
    assert "snapshot at 512, 0 rows replayed" in matcher.tail()
    await trade(matcher.url, 50)
    assert matcher.stop() == 0
    assert matcher.run("verify") == 0, matcher.tail()
    journal, snapshots = open_journal(journal_url), open_snapshots(journal_url)
    (kept,) = snapshots.kept()
    saved = snapshots.load(kept[0])
    assert saved is not None
    twin = ReferenceEngine()
    for row in journal.rows(0):
        assert twin.process(row.commands) == row.events
        if row.last_seq == saved.seq:
            assert twin.digest() == saved.digest
    journal.close()
    snapshots.close()


def test_the_blocking_client_and_the_queries(tmp_path: Path, journal_url: str) -> None:
    with MatcherProcess(tmp_path / "m", journal_url) as matcher:
        client = MatcherClient(matcher.url, "test")
        client.start()
        client.send_many(opening(2))
        client.send(order(1, Side.BUY, quantity_lots=3))
        header, bids, asks = client.query(Query(kind=QueryKind.DEPTH, instrument=1))
        assert (header.seq, [level.quantity_lots for level in bids], asks) == (9, [3], [])  # type: ignore[attr-defined]
        _, (state,), _ = client.query(Query(kind=QueryKind.STATS))
        assert isinstance(state, StateView)
        assert (state.accounts, state.open_orders) == (2, 1)
        client.close()


async def test_snapshots_are_written_while_trading_goes_on(tmp_path: Path, journal_url: str) -> None:
    matcher = MatcherProcess(tmp_path / "m", journal_url, MATCHER_SNAPSHOT_COMMANDS="1", MATCHER_WATCH_MS="10")
    matcher.start()
    snapshots = open_snapshots(journal_url)
    client = AsyncMatcherClient(matcher.url, "test")
    await client.start()
    while len(snapshots.kept()) < 3:
        await client.send(OpenAccount(account=1))
    await client.close()
    snapshots.close()
    assert matcher.stop() == 0
    assert matcher.run("verify") == 0, matcher.tail()


async def test_the_second_writer_ends_the_first(tmp_path: Path, journal_url: str) -> None:
    matcher = MatcherProcess(tmp_path / "m", journal_url, MATCHER_WATCH_MS="60000")
    matcher.start()
    client = AsyncMatcherClient(matcher.url, "test")
    await client.start()
    other = open_journal(journal_url)
    other.append(chained_rows(1)[0])
    other.close()
    with pytest.raises(OutcomeUnknown):
        await client.send(OpenAccount(account=1))
    assert await asyncio.to_thread(matcher.wait) == Fenced.exit_status
    assert "another matcher has written sequence 1; this one is deposed" in matcher.tail()
    await client.close()


async def test_a_full_disk_acknowledges_nothing_and_loses_nothing(tmp_path: Path) -> None:
    matcher = MatcherProcess(tmp_path / "m", f"sqlite:///{tmp_path}/j.sqlite3")
    matcher.start()
    client = AsyncMatcherClient(matcher.url, "test")
    await client.start()
    acknowledged = 0
    resource.prlimit(matcher.pid, resource.RLIMIT_FSIZE, (300_000, 300_000))
    with suppress(OutcomeUnknown):
        while True:
            await client.send(OpenAccount(account=acknowledged + 1))
            acknowledged += 1
    assert await asyncio.to_thread(matcher.wait) == JournalLost.exit_status
    assert "was not confirmed" in matcher.tail()
    await asyncio.to_thread(matcher.start)
    assert matcher.wait_ready() == acknowledged > 10
    await client.close()
    assert matcher.stop() == 0


def test_rows_on_postgresql_are_stored_as_they_are(private_postgres: str) -> None:
    journal = open_journal(private_postgres)
    assert isinstance(journal, PostgresJournal)
    for row in chained_rows(4):
        journal.append(row)
    assert list(journal.rows(0)) == chained_rows(4)
    with pytest.raises(Fenced):
        journal.append(chained_rows(1)[0])
    journal.cut(chained_rows(4)[3], why="bent", time_ns=5)
    journal.set_aside(seq=1, why="poison", time_ns=6, commands=b"c")
    with psycopg.connect(private_postgres) as connection:
        storage = connection.execute(
            "SELECT attname, attstorage FROM pg_attribute WHERE attrelid = 'matcher_journal'::regclass"
            " AND attname IN ('commands', 'events') ORDER BY attname"
        ).fetchall()
        assert storage == [("commands", "e"), ("events", "e")]
        assert connection.execute("SELECT seq, why FROM matcher_set_aside ORDER BY id").fetchall() == [
            (chained_rows(4)[3].first_seq, "bent"),
            (1, "poison"),
        ]
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'matcher'")
    again = open_journal(private_postgres)
    assert again.last_seq() == 6
    with pytest.raises(JournalLost):
        journal.last_seq()
    with pytest.raises(JournalLost):
        journal.append(chained_rows(4)[3])
    journal.close()
    again.close()


def test_metrics_and_a_stop_by_ctrl_c(tmp_path: Path, unused_tcp_port: int) -> None:
    matcher = MatcherProcess(
        tmp_path / "m", f"sqlite:///{tmp_path}/j.sqlite3", MATCHER_METRICS_PORT=str(unused_tcp_port)
    )
    with matcher:
        with urllib.request.urlopen(f"http://127.0.0.1:{unused_tcp_port}/metrics") as answer:
            assert b"matcher_last_seq 0" in answer.read()
        assert matcher.end(signal.SIGINT) == 0


def test_a_tcp_address_works_too(tmp_path: Path, unused_tcp_port: int) -> None:
    url = f"tcp://127.0.0.1:{unused_tcp_port}"
    matcher = MatcherProcess(tmp_path / "m", f"sqlite:///{tmp_path}/j.sqlite3", MATCHER_URL=url)
    matcher.process = matcher.spawn()
    client = MatcherClient(url, "test")
    client.start(timeout_s=20)
    assert client.send(OpenAccount(account=1))[0].seq == 1
    client.close()
    assert matcher.stop() == 0


def run(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )


def test_it_refuses_to_run_without_its_assertions() -> None:
    done = run("-O", "-m", "matcher")
    assert done.returncode == ConfigurationRefused.exit_status
    assert "assertions must stay on" in done.stderr


def test_help_names_every_action_and_setting() -> None:
    said = run("-m", "matcher", "--help").stdout
    for word in ("verify", "snapshot", "JOURNAL_URL", "MATCHER_METRICS_PORT", "exit status"):
        assert word in said


def test_wrong_settings_end_at_once_with_their_name(tmp_path: Path) -> None:
    done = run("-m", "matcher", JOURNAL_URL="mysql://root:secret@host/x")
    assert done.returncode == ConfigurationRefused.exit_status
    assert "JOURNAL_URL" in done.stderr
    assert "secret" not in done.stderr


def test_the_naive_twin_recovers_what_the_compiled_engine_wrote(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/j.sqlite3"
    with MatcherProcess(tmp_path / "m", url) as matcher:
        asyncio.run(trade(matcher.url, 200))
    journal, snapshots = open_journal(url), open_snapshots(url)
    assert recover(journal, snapshots, ReferenceEngine).engine.seq == 212
    journal.close()
    snapshots.close()
