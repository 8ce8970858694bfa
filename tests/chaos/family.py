"""Kill -9 of every process of a running family: `python -m tests.chaos.family [--rounds 1] [--seed 1]`.

Two accounts keep ordering through the public API, whatever happens, and remember each order that was
acknowledged. Every process in turn dies by SIGKILL and must run again; then the supervisor itself dies
and nothing may survive it; then the family opens on the same data. At the end every acknowledged order
is asked for by its client_order_id, and the journal's sums must be zero. Prints `N passed, N failed`.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import os
import random
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp

from apps.marketmakers.client import RefusedError, TradingClient
from tests.chaos.ledger import read_ledger
from tests.support.family import Family, processes_of

VICTIMS = ("matcher", "gateway", "projector", "postgres", "valkey", "worker", "beat", "prices", "demo")
AGAIN_SECONDS_MAX = 40.0
ALONE_SECONDS_MAX = 15.0
ORDERS_BETWEEN = 40


class Customers:
    """Two accounts that order on the quiet instrument; `acknowledged` holds client_order_id -> orderId."""

    def __init__(self, session: aiohttp.ClientSession, facts: dict[str, Any]) -> None:
        self.symbol: str = facts["quiet_symbol"]
        self.people = [
            TradingClient(session, facts["base_url"], person["api_key"], person["api_secret"])
            for person in facts["accounts"][:2]
        ]
        self.acknowledged: list[dict[str, int]] = [{}, {}]
        self.unanswered = 0
        self._numbers = itertools.count(1)
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def count(self) -> int:
        return sum(len(orders) for orders in self.acknowledged)

    def start(self) -> None:
        self._tasks = [asyncio.create_task(self._order(number)) for number in (0, 1)]

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _order(self, number: int) -> None:
        """Both sides at the mark, so that some rest, some trade; small enough never to run out of margin."""
        while True:
            name = f"chaos-{number}-{next(self._numbers)}"
            try:
                price = await self._price(number)
                answer = await self.people[number].place(
                    symbol=self.symbol, side="BUY" if number == 0 else "SELL", type="LIMIT", timeInForce="IOC",
                    quantity="1", price=price, newClientOrderId=name,
                )  # fmt: skip
                self.acknowledged[number][name] = int(answer["orderId"])
                await asyncio.sleep(0.02)
            except (RefusedError, aiohttp.ClientError, TimeoutError, ValueError):
                self.unanswered += 1
                await asyncio.sleep(0.1)

    async def _price(self, number: int) -> str:
        info = await self.people[number].call("GET", "/fapi/v1/premiumIndex", signed=False, symbol=self.symbol)
        mark = float(info["markPrice"])
        return f"{mark * (1.01 if number == 0 else 0.99):.2f}"

    async def more(self, orders: int) -> None:
        goal = self.count + orders
        async with asyncio.timeout(AGAIN_SECONDS_MAX):
            while self.count < goal:
                await asyncio.sleep(0.02)

    async def missing(self) -> list[str]:
        """Acknowledged orders that the exchange does not know by that name and number."""
        lost = []
        for client, orders in zip(self.people, self.acknowledged, strict=True):
            for name, order_id in orders.items():
                try:
                    found = await client.call("GET", "/fapi/v1/order", symbol=self.symbol, origClientOrderId=name)
                except RefusedError as error:
                    lost.append(f"{name}: {error}")
                else:
                    if int(found["orderId"]) != order_id:
                        lost.append(f"{name}: {order_id} became {found['orderId']}")
        return lost


async def runs_again(family: Family, name: str, old: int) -> float:
    """Seconds until the killed process is replaced and the whole family is ready."""
    begun = time.monotonic()
    async with asyncio.timeout(AGAIN_SECONDS_MAX):
        while family.pid(name) == old:
            await asyncio.sleep(0.02)
    return time.monotonic() - begun


async def kill_each(family: Family, customers: Customers, name: str) -> str:
    """One process dies; it runs again and orders are acknowledged again."""
    old = family.pid(name)
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
        assert time.monotonic() - begun < ALONE_SECONDS_MAX, f"still there: {left}"
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
        with Family(data, EXCHANGE_LIMITS="100000000,100000000,100000000") as family:
            family.port = int(family.facts["base_url"].rpartition(":")[2])
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
