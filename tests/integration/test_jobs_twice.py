"""R17: funding and the sweep, from two workers at once, again and late: once per instrument and period.

The real `python -m matcher` with the compiled core, the beat's own Celery tasks in two processes, and then the
same commands by hand from many threads; what happened is read from the journal.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from apps.bridge.sync import MatcherClient
from matcher.protocol.codec import decode_events
from matcher.protocol.commands import DefineMarketRules, SampleFunding, SetMarkPrice, SettleFunding, Sweep, Withdraw
from matcher.protocol.enums import Side
from matcher.protocol.events import CommandRejected, FundingPaid, FundingSettled, LiquidationStarted, SweepDone
from matcher.protocol.rejects import RejectReason
from matcher.runtime.journal import open_journal
from tests.support.market import FUNDS_UNITS, INSTRUMENT, MARK_TICKS, USDT, opening, order
from tests.support.matcher_process import ROOT, MatcherProcess
from tests.support.pace import PATIENCE_S

pytestmark = pytest.mark.stores
HOUR_NS = 3_600 * 10**9
WORKERS = 2
CALLS = 5


@pytest.fixture
def matcher(tmp_path: Path) -> Iterator[MatcherProcess]:
    with MatcherProcess(tmp_path / "m", f"sqlite:///{tmp_path}/j.sqlite3") as started:
        yield started


@pytest.fixture
def client(matcher: MatcherProcess) -> Iterator[MatcherClient]:
    """A market with hourly funding in which account 1 holds 50 lots against account 2."""
    link = MatcherClient(matcher.url, "test")
    link.start()
    rules = DefineMarketRules(instrument=INSTRUMENT, funding_hours=1, funding_floor_ppb=1_000, funding_cap_ppb=500_000)
    for command in (*opening(3), rules):
        link.send(command)
    link.send(order(1, Side.BUY, quantity_lots=50))
    link.send(order(2, Side.SELL, quantity_lots=50))
    yield link
    link.close()


def work(matcher: MatcherProcess, name: str, first_sample_ns: int) -> list[int]:
    """The task so many times in each of two workers that begin together; what all calls returned."""
    argv = [sys.executable, "-m", "tests.support.job_worker", name, str(CALLS), str(first_sample_ns)]
    workers = [
        subprocess.Popen(argv, cwd=ROOT, env=matcher.environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(WORKERS)
    ]
    returned: list[int] = []
    for worker in workers:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "ready\n"
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write("go\n")
        worker.stdin.flush()
    for worker in workers:
        out, _ = worker.communicate(timeout=PATIENCE_S)
        assert worker.returncode == 0
        returned += json.loads(out.splitlines()[-1])
    return returned


def history(matcher: MatcherProcess) -> list[Any]:
    journal = open_journal(matcher.environ["JOURNAL_URL"])
    events = [event for row in journal.rows(0) for event in decode_events(row.events)]
    journal.close()
    return events


@pytest.mark.rule("FUND-003", "FUND-001")
def test_two_workers_settle_an_interval_once(matcher: MatcherProcess, client: MatcherClient) -> None:
    due = time.time_ns() // HOUR_NS * HOUR_NS
    returned = work(matcher, "funding", due - 60 * 10**9)
    returned += work(matcher, "funding", due - 60 * 10**9)  # late, and again
    assert len(returned) == 2 * WORKERS * CALLS
    periods = Counter((e.instrument, e.funding_ns) for e in history(matcher) if isinstance(e, FundingSettled))
    paid = Counter((e.account, e.funding_ns) for e in history(matcher) if isinstance(e, FundingPaid))
    assert periods[INSTRUMENT, due] == 1
    assert set(periods.values()) == {1}, "a period was settled twice"
    assert set(paid.values()) == {1}, "an account paid twice"
    assert sum(returned) == len(periods)
    samples = [e.sample_ns for e in history(matcher) if type(e).__name__ == "FundingSampled"]
    assert len(samples) == len(set(samples))
    assert sum(e.amount_units for e in history(matcher) if isinstance(e, FundingPaid)) == 0


@pytest.mark.rule("FUND-003")
def test_the_same_moment_from_many_threads_is_settled_once(matcher: MatcherProcess, client: MatcherClient) -> None:
    due = time.time_ns() - 10**9
    settle = SettleFunding(instrument=INSTRUMENT, funding_ns=due, next_funding_ns=due + HOUR_NS)
    sample = SampleFunding(instrument=INSTRUMENT, sample_ns=due)
    with ThreadPoolExecutor(16) as pool:
        sampled = list(pool.map(client.send, [sample] * 64))
        settled = list(pool.map(client.send, [settle] * 64))
    for answers in (sampled, settled):
        kinds = Counter(type(events[0]) is CommandRejected for events in answers)
        assert kinds[False] == 1
        assert {e[0].reason for e in answers if e[0].reason} == {RejectReason.FUNDING_TIME_INVALID}
    (late,) = client.send(settle.replace(funding_ns=due - HOUR_NS))
    assert late.reason == RejectReason.FUNDING_TIME_INVALID
    (early,) = client.send(settle.replace(funding_ns=time.time_ns() + HOUR_NS, next_funding_ns=due + 9 * HOUR_NS))
    assert early.reason == RejectReason.FUNDING_TIME_INVALID


@pytest.mark.rule("LIQ-001")
def test_two_workers_sweep_what_is_due_once(matcher: MatcherProcess, client: MatcherClient) -> None:
    """A mark that liquidates nobody by itself (version 1) leaves the sweep two who are due; each is liquidated once."""
    for account in (1, 2):
        left = Withdraw(account=account, asset=USDT, amount_units=FUNDS_UNITS - 2 * 10**12, reference=b"most")
        assert not client.send(left)[0].reason
    client.send(order(3, Side.SELL, quantity_lots=40_000, price_ticks=MARK_TICKS + 9))
    for account in (1, 2):
        client.send(order(account, Side.BUY, quantity_lots=15_000, price_ticks=MARK_TICKS + 9))
    client.send(SetMarkPrice(instrument=INSTRUMENT, mark_ticks=MARK_TICKS // 9, index_ticks=MARK_TICKS // 9, version=1))
    returned = work(matcher, "sweep", 0)
    events = history(matcher)
    started = Counter(e.account for e in events if isinstance(e, LiquidationStarted))
    assert started, "nobody was due"
    assert set(started.values()) == {1}
    assert sum(returned) == sum(started.values()) == sum(e.liquidated for e in events if isinstance(e, SweepDone))
    assert sum(isinstance(event, SweepDone) for event in events) == WORKERS * CALLS
    again = client.send(Sweep())
    assert again[-1].liquidated == 0
