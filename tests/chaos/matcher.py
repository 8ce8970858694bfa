"""Faults of a real matcher process: `python -m tests.chaos.matcher --kills 20`.

R1 SIGKILL under load, R3 damaged journal, R7 one order per client_order_id, R8 unknown is final
within a second, R13 a stale writer is refused, and a store that goes away. Prints a line a case and
`N passed, N failed` at the end; every wait is for a condition and bounded.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import signal
import sqlite3
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from apps.bridge.client import AsyncMatcherClient
from apps.bridge.errors import OutcomeUnknown
from matcher.protocol.enums import Side
from matcher.protocol.events import OrderAccepted, OrderRejected, OrderReplayed
from matcher.protocol.rejects import RejectReason
from matcher.protocol.views import Query, QueryKind
from matcher.runtime.errors import Fenced, JournalDamaged, JournalLost
from matcher.runtime.settings import sqlite_path
from tests.chaos.ledger import read_ledger
from tests.chaos.load import Traders
from tests.chaos.storm import Storm, Witness
from tests.support.market import opening, order
from tests.support.matcher_process import MatcherProcess
from tests.support.pace import PATIENCE_S, bar
from tests.support.postgres_server import PostgresServer

READY_SECONDS_MAX = bar(5.0)
FINAL_SECONDS_MAX = bar(1.0)
RATE_MIN = 1000 / bar(1.0)  # orders a second
LONG_KILLS = 10  # from so many on a storm goes on until it has met everything, for so many times the kills asked for
PATIENCE = 5
STORMY_EVENTS = {
    "OrderTriggered", "OrderTerms", "LiquidationStarted", "LiquidationStep", "PositionMoved", "FundingSampled",
    "FundingPaid", "FundingSettled", "SweepDone", "CountdownChanged", "InsuranceChanged", "IsolatedMarginChanged",
}  # fmt: skip


@dataclass
class Place:
    """Where one case runs: a folder and an empty journal of its own; the server behind it, if any."""

    folder: Path
    journal_url: str
    server: PostgresServer | None
    kills: int = 20
    seed: int = 1
    started: list[MatcherProcess] = field(default_factory=list)

    def matcher(self, name: str = "m", **environ: str) -> MatcherProcess:
        self.started.append(MatcherProcess(self.folder / name, self.journal_url, **environ))
        return self.started[-1]

    def clear(self) -> None:
        """Leave no process behind, whatever happened."""
        for matcher in self.started:
            if matcher.process is not None and matcher.process.poll() is None:
                matcher.kill()

    def sql(self, statement: str, *values: object) -> list[tuple[object, ...]]:
        """Run one statement on the journal, `?` for values."""
        if self.server is None:
            with sqlite3.connect(sqlite_path(self.journal_url)) as connection:
                rows = connection.execute(statement, values).fetchall()
            connection.close()
            return rows
        with psycopg.connect(self.journal_url) as server:
            cursor = server.execute(statement.replace("?", "%s").encode(), values, binary=True)
            return cursor.fetchall() if cursor.description else []


async def r1_kill_under_load(place: Place) -> str:
    """SIGKILL at random points, snapshots being written all the time: nothing acknowledged is lost or doubled."""
    dice = random.Random(place.seed)
    matcher = place.matcher(MATCHER_SNAPSHOT_BATCHES="50", MATCHER_WATCH_MS="20")
    slowest = matcher.start()
    traders = Traders(matcher.url)
    started = time.monotonic()
    await traders.start()
    down = 0.0
    for _ in range(place.kills):
        await traders.wait_acknowledged(dice.randint(1, 1500))
        matcher.kill()
        took = await asyncio.to_thread(matcher.start)
        slowest, down = max(slowest, took), down + took
        assert took <= READY_SECONDS_MAX, f"ready after {took:.2f} s"
    await traders.wait_acknowledged(500)
    rate = len(traders.acknowledged) / (time.monotonic() - started - down)
    await traders.stop()
    missing = await traders.missing()
    await traders.client.close()
    assert matcher.stop() == 0, matcher.tail()
    assert not missing, f"{len(missing)} acknowledged orders lost: {missing[:5]}"
    ledger = read_ledger(place.journal_url)
    assert not ledger.doubled(), f"doubled: {ledger.doubled()[:5]}"
    assert set(ledger.imbalance().values()) == {0}, ledger.imbalance()
    assert traders.acknowledged.keys() <= ledger.accepted.keys()
    assert matcher.run("verify") == 0, matcher.tail()
    assert rate >= RATE_MIN, f"only {rate:.0f} orders/s: no load to speak of"
    return (
        f"{place.kills} kills, {len(traders.acknowledged)} acknowledged at {rate:,.0f}/s, "
        f"{len(traders.unknown)} unknown, slowest start {slowest:.2f} s"
    )


async def r1_kill_in_a_storm(place: Place) -> str:
    """The same with orders that wait, liquidations, funding: after each SIGKILL the recovered state is the full replay's."""
    dice = random.Random(place.seed)
    matcher = place.matcher(MATCHER_SNAPSHOT_BATCHES="30", MATCHER_WATCH_MS="20")
    slowest = matcher.start()
    storm, witness = Storm(matcher.url, place.seed), Witness(place.journal_url)
    await storm.start()
    seqs: list[int] = []

    def wanting() -> bool:
        met_all = place.kills < LONG_KILLS or witness.kinds >= STORMY_EVENTS
        return len(seqs) < place.kills or (not met_all and len(seqs) < PATIENCE * place.kills)

    while wanting():
        await storm.wait_acknowledged(dice.randint(100, 1500))
        matcher.kill()
        seqs.append(await asyncio.to_thread(witness.compare))
        took = await asyncio.to_thread(matcher.start)
        slowest = max(slowest, took)
        assert took <= READY_SECONDS_MAX, f"ready after {took:.2f} s"
    await storm.wait_acknowledged(300)
    await storm.stop()
    missing = await storm.missing()
    await storm.client.close()
    assert matcher.stop() == 0, matcher.tail()
    assert not missing, f"{len(missing)} acknowledged orders lost: {missing[:5]}"
    seqs.append(witness.compare())
    assert seqs == sorted(set(seqs))
    lacking = STORMY_EVENTS - witness.kinds
    assert not lacking or place.kills < LONG_KILLS, f"never happened: {lacking}"
    assert matcher.run("verify") == 0, matcher.tail()
    return (
        f"{len(seqs) - 1} kills, {len(storm.acknowledged)} acknowledged, {seqs[-1]} commands with "
        f"{len(witness.kinds)} kinds of events, every recovery as the full replay, slowest start {slowest:.2f} s"
    )


async def r3_damaged_last_row(place: Place) -> str:
    """A last row truncated or flipped is cut, loudly, and trading goes on from the row before."""
    matcher = place.matcher()
    await _trade(matcher, 30)
    for column, change in (("commands", _truncated), ("events", _flipped), ("digest", _flipped)):
        ((first_seq, data),) = place.sql(
            f"SELECT first_seq, {column} FROM matcher_journal ORDER BY first_seq DESC LIMIT 1"
        )
        place.sql(f"UPDATE matcher_journal SET {column} = ? WHERE first_seq = ?", change(data), first_seq)
        matcher.start()
        assert matcher.wait_ready() == int(str(first_seq)) - 1
        assert "LAST JOURNAL ROW CUT" in matcher.tail()
        assert matcher.stop() == 0
    assert place.sql("SELECT count(*) FROM matcher_set_aside") == [(3,)]
    await _trade(matcher, 5)
    assert matcher.run("verify") == 0, matcher.tail()
    return "3 damages cut, 3 rows set aside"


async def r3_damaged_middle(place: Place) -> str:
    """One flipped byte in the middle: no start, and the sequence is named."""
    matcher = place.matcher()
    await _trade(matcher, 30)
    rows = place.sql("SELECT first_seq, events FROM matcher_journal ORDER BY first_seq")
    first_seq, events = rows[len(rows) // 2]
    place.sql("UPDATE matcher_journal SET events = ? WHERE first_seq = ?", _flipped(events), first_seq)
    for action in ("run", "verify", "snapshot"):
        assert matcher.run(action) == JournalDamaged.exit_status
        assert f"journal damaged at sequence {first_seq}:" in matcher.tail()
    assert len(place.sql("SELECT first_seq FROM matcher_journal")) == len(rows)
    return f"sequence {first_seq} named"


async def r7_one_order_per_client_order_id(place: Place) -> str:
    """The same request 100 times at once, before and after a SIGKILL: one order; another body is refused."""
    matcher = place.matcher()
    matcher.start()
    client = await _market(matcher)
    same = order(1, Side.BUY, client_order_id=b"once")
    ids: set[int] = set()
    kinds: list[type] = []
    for _ in range(2):
        for events in await asyncio.gather(*(client.send(same, PATIENCE_S) for _ in range(100))):
            assert isinstance(events[0], OrderAccepted | OrderReplayed)
            ids.add(events[0].order_id)
            kinds.append(type(events[0]))
        (refused,) = await client.send(same.replace(quantity_lots=2), PATIENCE_S)
        assert isinstance(refused, OrderRejected)
        assert refused.reason == RejectReason.CLIENT_ORDER_ID_REUSED
        matcher.kill()
        await asyncio.to_thread(matcher.start)
        await client.wait_connected(PATIENCE_S)
    assert kinds.count(OrderAccepted) == 1
    assert len(ids) == 1
    _, open_orders, _ = await client.query(Query(kind=QueryKind.OPEN_ORDERS, account=1), PATIENCE_S)
    assert len(open_orders) == 1
    await client.close()
    matcher.stop()
    return "200 requests over 2 lives, 1 order"


async def r8_unknown_is_final(place: Place) -> str:
    """An answer that does not come means unknown; a second after, what a query says is final."""
    matcher = place.matcher()
    matcher.start()
    client = await _market(matcher)
    matcher.freeze()
    sent = [client.send(order(1, Side.BUY, client_order_id=b"late-%d" % n), 0.2) for n in range(20)]
    outcomes = await asyncio.gather(*sent, return_exceptions=True)
    assert {type(o) for o in outcomes} == {OutcomeUnknown}, outcomes
    matcher.process.send_signal(signal.SIGCONT)  # type: ignore[union-attr]
    resumed = time.monotonic()
    first = [await _known(client, b"late-%d" % n) for n in range(20)]
    took = time.monotonic() - resumed
    assert took <= FINAL_SECONDS_MAX, f"answered after {took:.2f} s"
    matcher.kill()
    await asyncio.to_thread(matcher.start)
    await client.wait_connected(PATIENCE_S)
    assert [await _known(client, b"late-%d" % n) for n in range(20)] == first
    await client.close()
    matcher.stop()
    return f"{sum(first)} of 20 done, settled in {took * 1000:.0f} ms"


async def r13_stale_writer(place: Place) -> str:
    """A second matcher takes over while the first is stopped; the first one's next commit is refused."""
    first = place.matcher(MATCHER_WATCH_MS="60000")
    first.start()
    stale = await _market(first)
    first.freeze()
    second = place.matcher()
    took = second.start()
    assert took <= READY_SECONDS_MAX, f"takeover took {took:.2f} s"
    fresh = AsyncMatcherClient(second.url, "fresh")
    await fresh.start(PATIENCE_S)
    assert isinstance((await fresh.send(order(1, Side.BUY, client_order_id=b"new"), PATIENCE_S))[0], OrderAccepted)
    lost = asyncio.create_task(stale.send(order(1, Side.BUY, client_order_id=b"stale"), PATIENCE_S))
    await asyncio.sleep(0)  # the task has to hand its command to the link first
    first.process.send_signal(signal.SIGCONT)  # type: ignore[union-attr]
    outcome = (await asyncio.gather(lost, return_exceptions=True))[0]
    assert isinstance(outcome, OutcomeUnknown), outcome
    assert await asyncio.to_thread(first.wait) == Fenced.exit_status, first.tail()
    assert "deposed" in first.tail()
    assert await _known(fresh, b"new")
    assert not await _known(fresh, b"stale")
    await stale.close()
    await fresh.close()
    assert second.stop() == 0
    assert second.run("verify") == 0, second.tail()
    return f"takeover {took:.2f} s, stale commit refused"


async def r13_idle_stale_matcher(place: Place) -> str:
    """A deposed matcher that nobody writes to notices by itself and ends: it must not answer queries for ever."""
    first = place.matcher("a", MATCHER_WATCH_MS="20")
    first.start()
    second = place.matcher("b")
    second.start()
    client = await _market(second)
    assert await asyncio.to_thread(first.wait) == Fenced.exit_status, first.tail()
    await client.close()
    assert second.stop() == 0
    return "ended by itself"


async def lost_database(place: Place) -> str:
    """The server is killed under load: the matcher ends, waits for it at its next start, and has lost nothing."""
    assert place.server is not None
    matcher = place.matcher()
    matcher.start()
    traders = Traders(matcher.url)
    await traders.start()
    await traders.wait_acknowledged(500)
    place.server.kill()
    try:
        assert await asyncio.to_thread(matcher.wait) == JournalLost.exit_status, matcher.tail()
        matcher.process = matcher.spawn()
        await asyncio.to_thread(_wait_for, lambda: "waiting for the journal" in matcher.tail())
    finally:
        await asyncio.to_thread(place.server.start)
    await asyncio.to_thread(matcher.wait_ready)
    await traders.wait_acknowledged(100)
    await traders.stop()
    missing = await traders.missing()
    await traders.client.close()
    assert matcher.stop() == 0
    assert not missing, f"{len(missing)} acknowledged orders lost"
    assert set(read_ledger(place.journal_url).imbalance().values()) == {0}
    return f"{len(traders.acknowledged)} acknowledged, all found"


Case = Callable[[Place], Coroutine[Any, Any, str]]
CASES: list[Case] = [
    r1_kill_under_load,
    r1_kill_in_a_storm,
    r3_damaged_last_row,
    r3_damaged_middle,
    r7_one_order_per_client_order_id,
    r8_unknown_is_final,
    r13_stale_writer,
    r13_idle_stale_matcher,
    lost_database,
]


async def _market(matcher: MatcherProcess) -> AsyncMatcherClient:
    client = AsyncMatcherClient(matcher.url, "chaos")
    await client.start(PATIENCE_S)
    await asyncio.gather(*(client.submit(command.pack(), PATIENCE_S) for command in opening(4)))
    return client


async def _trade(matcher: MatcherProcess, batches: int) -> None:
    """Start, so many batches of one order each, stop."""
    matcher.start()
    client = await _market(matcher)
    for number in range(batches):
        await client.send(order(number % 4 + 1, Side.BUY if number % 2 else Side.SELL), PATIENCE_S)
    await client.close()
    assert matcher.stop() == 0, matcher.tail()


async def _known(client: AsyncMatcherClient, client_order_id: bytes) -> bool:
    ask = Query(kind=QueryKind.ORDER, account=1, instrument=1, client_order_id=client_order_id)
    return bool((await client.query(ask, PATIENCE_S))[2])


def _truncated(data: object) -> bytes:
    return bytes(data)[:-50]  # type: ignore[call-overload,no-any-return]


def _flipped(data: object) -> bytes:
    whole = bytes(data)  # type: ignore[call-overload]
    return whole[:9] + bytes((whole[9] ^ 16,)) + whole[10:]


def _wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, "the condition did not come"
        time.sleep(0.01)


def main(arguments: list[str]) -> int:
    """Exit status 0 when every case passed."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos.matcher", description=__doc__)
    parser.add_argument("--kills", type=int, default=20, help="SIGKILLs of R1, on each store")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--store", choices=("sqlite", "postgresql", "both"), default="both")
    options = parser.parse_args(arguments)
    print(f"seed {options.seed}")
    passed = failed = 0
    with tempfile.TemporaryDirectory(prefix="chaos-") as name:
        server = PostgresServer(Path(name) / "pg")
        if options.store != "sqlite":
            server.start()
        try:
            for store in ("sqlite", "postgresql") if options.store == "both" else (options.store,):
                for number, case in enumerate(CASES):
                    if case is lost_database and store == "sqlite":
                        continue
                    folder = Path(name) / f"{store}{number}"
                    url = f"sqlite:///{folder}/j.sqlite3" if store == "sqlite" else server.create(f"case{number}")
                    place = Place(folder, url, server if store == "postgresql" else None, options.kills, options.seed)
                    try:
                        said = asyncio.run(case(place))
                        passed += 1
                        print(f"PASS {case.__name__} ({store}): {said}", flush=True)
                    except Exception:  # noqa: BLE001  # the next case runs whatever this one met
                        failed += 1
                        print(f"FAIL {case.__name__} ({store})\n{traceback.format_exc()}", flush=True)
                    finally:
                        place.clear()
        finally:
            server.stop()
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
