"""Kill -9 of every process of a running family: `python -m tests.chaos.family [--rounds 1] [--seed 1]`.

Two accounts keep ordering through the public API, whatever happens, and remember each order that was
acknowledged. Every process in turn dies by SIGKILL and must run again; then the supervisor itself dies
and nothing may survive it; then the family opens on the same data. At the end every acknowledged order
is asked for by its client_order_id, and the journal's sums must be zero. Prints `N passed, N failed`.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Awaitable, Callable
from pathlib import Path

import aiohttp

from tests.chaos.customers import Customers
from tests.chaos.ledger import read_ledger
from tests.support.family import Family, processes_of
from tests.support.pace import PATIENCE_S
from tests.support.ports import free_port

VICTIMS = ("matcher", "gateway", "projector", "postgres", "valkey", "worker", "beat", "prices", "demo")
ORDERS_BETWEEN = 40


async def runs_again(family: Family, name: str, old: int) -> float:
    """Seconds until the killed process is replaced and the whole family is ready."""
    begun = time.monotonic()
    async with asyncio.timeout(PATIENCE_S):
        while family.pid(name) == old:
            await asyncio.sleep(0.02)
    return time.monotonic() - begun


async def kill_each(family: Family, customers: Customers, name: str) -> str:
    """One process dies; it runs again and orders are acknowledged again."""
    async with asyncio.timeout(PATIENCE_S):  # it may have died of an earlier kill and not be back yet
        while (old := family.pid(name)) not in processes_of(family.data):
            await asyncio.sleep(0.05)
    os.kill(old, signal.SIGKILL)
    seconds = await runs_again(family, name, old)
    await customers.more(ORDERS_BETWEEN)
    return f"{name} again after {seconds:.1f} s"


async def kill_supervisor(family: Family) -> str:
    """The supervisor dies; nothing of the family may live on."""
    assert family.process is not None
    os.kill(family.process.pid, signal.SIGKILL)
    family.process.wait()
    begun = time.monotonic()
    while left := processes_of(family.data):
        assert time.monotonic() - begun < PATIENCE_S, f"still there: {left}"
        await asyncio.sleep(0.05)
    family.run_json.unlink()
    return f"nothing left after {time.monotonic() - begun:.1f} s"


async def nothing_lost(family: Family, customers: Customers) -> str:
    """Every acknowledged order is known, none was doubled, the journal's sums are zero."""
    lost = await customers.missing()
    assert lost == [], lost[:5]
    ledger = read_ledger(family.facts["database_url"])
    assert ledger.doubled() == []
    assert set(ledger.imbalance().values()) == {0}, ledger.imbalance()
    return f"{customers.count} acknowledged orders, {customers.unanswered} attempts without an answer"


class Tally:
    def __init__(self) -> None:
        self.passed = self.failed = 0

    async def case(self, name: str, work: Callable[[], Awaitable[str]]) -> None:
        try:
            print(f"PASS {name}: {await work()}", flush=True)
            self.passed += 1
        except Exception:  # noqa: BLE001  # whatever broke is told, and the other cases still run
            self.failed += 1
            print(f"FAIL {name}\n{traceback.format_exc()}", flush=True)


async def story(family: Family, rounds: int, seed: int) -> Tally:
    tally, chance = Tally(), random.Random(seed)
    timeout = aiohttp.ClientTimeout(total=6)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        customers = Customers(session, family.facts)
        customers.start()
        await customers.more(ORDERS_BETWEEN)
        for _ in range(rounds):
            for name in chance.sample(VICTIMS, len(VICTIMS)):
                await tally.case(f"kill {name}", lambda name=name: kill_each(family, customers, name))  # type: ignore[misc]
        await customers.stop()
        await tally.case("nothing lost", lambda: nothing_lost(family, customers))
        await tally.case("kill the supervisor", lambda: kill_supervisor(family))
        family.start()
        await tally.case("nothing lost on the same data", lambda: nothing_lost(family, customers))
    return tally


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos.family")
    parser.add_argument("--rounds", type=int, default=1, help="how often each process dies")
    parser.add_argument("--seed", type=int, default=1, help="order of the deaths")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="chaos-") as scratch:
        data = Path(scratch) / "data"
        with Family(data, free_port(), EXCHANGE_LIMITS="100000000,100000000,100000000") as family:
            tally = asyncio.run(story(family, options.rounds, options.seed))
            family.stop()
        left = processes_of(data)
        print(f"{'FAIL' if left else 'PASS'} nothing left after the stop {left or ''}")
        tally.failed += bool(left)
        tally.passed += not left
    print(f"{tally.passed} passed, {tally.failed} failed")
    return 1 if tally.failed else 0


if __name__ == "__main__":
    sys.exit(main())
