"""Records a running family and compares it with its engine: `python -m tests.recorder --seconds 600`.

A family of its own with the demo's flow. For every instrument: the compatible book in real time and folded, the
native book in both forms, every stream there is; and a crowd of plain sockets. At random moments the engine is
asked for a book, and the rebuilt ones must have been the same at that sequence. Two customers order all the time.
In between the gateway, Valkey and PostgreSQL die by SIGKILL in turn: no reader may see a hole on a socket that was
not closed, all are whole again and all books moved on within 5 s of the return, the whole crowd is back within 30 s
of the kill. At the end every order that was acknowledged is asked for: none lost, none doubled.
R12 whole: `--seconds 300 --gateway 0 --valkey 20 --postgres 20`. Prints `N passed, N failed`.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import random
import resource
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple, cast

import aiohttp

from apps.bridge.client import AsyncMatcherClient
from apps.bridge.errors import BridgeError
from deploy.probes import http_ok, postmaster_ready, redis_pong
from matcher.protocol.views import InstrumentView, LevelView, Query, QueryKind
from tests.chaos.customers import Customers
from tests.chaos.ledger import read_ledger
from tests.recorder.books import Book, Both, Tally
from tests.recorder.readers import CompatibleBook, Crowd, Everything, NativeReader, Reader
from tests.support.family import Family
from tests.support.pace import PATIENCE_S, bar

RESYNC_S, CROWD_S = bar(5.0), bar(30.0)
ORDERS_BETWEEN = 5
VICTIMS = ("gateway", "valkey", "postgres")


class Instrument:
    """One instrument: how the engine's integers are written, and who reads its book."""

    def __init__(self, number: int, rules: Any, tally: Tally, base: str) -> None:
        self.number, self.symbol = number, rules["symbol"]
        filters = {one["filterType"]: one for one in rules["filters"]}
        self._tick = Decimal(filters["PRICE_FILTER"]["tickSize"])
        self._lot = Decimal(filters["LOT_SIZE"]["stepSize"])
        self.fast = CompatibleBook(tally, base, self.symbol, "0ms")
        self.native = NativeReader(tally, base, self.symbol)
        slow = [CompatibleBook(tally, base, self.symbol, speed, self.fast) for speed in ("100ms", "250ms", "500ms")]
        self.readers: list[Reader] = [self.fast, self.native, *slow, Everything(tally, base, self.symbol)]

    def side(self, views: Sequence[Any]) -> dict[str, str]:
        levels = cast("Sequence[LevelView]", views)
        return {str(self._tick * view.price_ticks): str(self._lot * view.quantity_lots) for view in levels}


class Death(NamedTuple):
    """One kill: seconds until the process was back, from there until all books moved on, and until the crowd was back."""

    name: str
    away_s: float
    resync_s: float
    crowd_s: float


class Recording:
    """The readers, the engine they are compared with, and what is killed."""

    def __init__(self, family: Family, dice: random.Random, sockets: int) -> None:
        self.family, self.dice, self.sockets = family, dice, sockets
        self.base: str = family.facts["base_url"].replace("localhost", "127.0.0.1")
        self.tally = Tally()
        self.instruments: list[Instrument] = []
        self.deaths: list[Death] = []
        self.lost: list[str] = []
        self.failures: list[str] = []
        self.trades = 0

    async def open(self) -> None:
        words = Path(f"/proc/{self.family.pid('gateway')}/environ").read_bytes().decode().split("\0")
        variables = dict(word.split("=", 1) for word in words if word)
        self.engine = AsyncMatcherClient(variables["MATCHER_URL"], "recorder")
        self.backs = {
            "gateway": http_ok("127.0.0.1", int(self.base.rpartition(":")[2]), "/health/live"),
            "valkey": redis_pong(Path(variables.get("REDIS_URL", "").removeprefix("unix://").partition("?")[0])),
            "postgres": postmaster_ready(self.family.data / "postgres"),
        }
        await self.engine.start()
        self.session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=6))
        self.customers = Customers(self.session, self.family.facts)
        self.customers.start()
        async with aiohttp.ClientSession() as session, session.get(f"{self.base}/fapi/v1/exchangeInfo") as answer:
            rules = (await answer.json())["symbols"]
        _, views, _ = await self.engine.query(Query(kind=QueryKind.INSTRUMENTS))
        numbers = [view.instrument for view in cast("list[InstrumentView]", views)]
        moving = [
            Instrument(number, rule, self.tally, self.base)
            for number, rule in zip(numbers, rules, strict=True)
            if rule["symbol"] != self.family.facts["quiet_symbol"]
        ]
        self.instruments = moving
        self.crowd = Crowd(self.base, self.sockets, moving[0].symbol)
        self.readers = [reader for one in moving for reader in one.readers]
        await self.wait("start", lambda: self.whole(0.0) and len(self.crowd.connected) == self.sockets, PATIENCE_S)

    def whole(self, since: float) -> bool:
        return all(reader.synced_at > since for reader in self.readers)

    async def wait(self, what: str, condition: Callable[[], bool], seconds: float) -> float:
        """Seconds until it holds; a failure is noted when it does not in time."""
        begun = time.monotonic()
        while not condition():
            if time.monotonic() - begun > seconds:
                late = [reader.name for reader in self.readers if not reader.synced_at]
                self.failures.append(f"{what}: not within {seconds:g} s; {late[:5]}, crowd {len(self.crowd.connected)}")
                break
            await asyncio.sleep(0.01)
        return time.monotonic() - begun

    async def compare(self) -> None:
        """One instrument's book, as the engine has it now, with what its readers had at that sequence."""
        one = self.dice.choice(self.instruments)
        try:
            header, bids, asks = await self.engine.query(Query(kind=QueryKind.DEPTH, instrument=one.number))
        except BridgeError:
            return
        expected: Both = (one.side(bids), one.side(asks))
        books = {one.fast.name: one.fast.book, one.native.name: one.native.books[f"book.{one.symbol}"]}
        end = time.monotonic() + PATIENCE_S
        while any(book.seq < header.seq for book in books.values()) and time.monotonic() < end:
            await asyncio.sleep(0.01)
        for name, book in books.items():
            self.tally.compare(name, header.seq, book.as_of(header.seq), expected)

    async def compare_trades(self) -> None:
        """The newest trades of the rows must all have been heard, once each, whatever died meanwhile."""
        async with aiohttp.ClientSession() as session:
            for one in self.instruments:
                async with session.get(f"{self.base}/api/v1/markets/{one.symbol}/trades?limit=500") as answer:
                    stored = [int(row["trade_id"]) for row in (await answer.json())["trades"]]
                heard = one.native.trades
                if stored:
                    await self.wait("trades", partial(_has_reached, heard, stored[-1]), PATIENCE_S)
                missed = {number for number in stored if heard and number >= heard[0]} - set(heard)
                self.trades += len(stored)
                if missed:
                    self.failures.append(f"{one.symbol}: trades {sorted(missed)[:5]} were not heard")

    async def compare_on(self, until: float) -> None:
        while time.monotonic() < until:
            await asyncio.sleep(self.dice.uniform(0.02, 0.2))
            await self.compare()

    async def kill(self, name: str) -> None:
        """The process dies; orders are taken, readers are whole and their books move on soon after it is back."""
        old, killed = self.family.pid(name), time.monotonic()
        os.kill(old, signal.SIGKILL)
        await self.wait(f"{name} back", partial(self.is_back, name, old), CROWD_S)
        returned = time.monotonic()
        since = killed if name == "gateway" else 0.0
        await self.wait(f"resync after {name}", lambda: self.whole(since), RESYNC_S)
        await self.move_on(name, returned + RESYNC_S)
        resynced = time.monotonic()
        await self.wait("crowd", lambda: len(self.crowd.connected) == self.sockets, CROWD_S - (resynced - killed))
        self.deaths.append(Death(name, returned - killed, resynced - returned, time.monotonic() - killed))
        await self.wait(f"{name} in run.json", lambda: self.family.pid(name) != old, CROWD_S)

    def is_back(self, name: str, old: int) -> bool:
        """Whether another process of that name answers."""
        pid = old
        if name == "postgres":
            with contextlib.suppress(OSError, ValueError, IndexError):
                pid = int((self.family.data / "postgres" / "postmaster.pid").read_text().splitlines()[0])
            return pid != old and self.backs[name](pid)
        return self.backs[name](pid)

    async def move_on(self, name: str, until: float) -> None:
        """Orders are acknowledged again, and every book has heard of something after them."""
        try:
            await self.customers.more(ORDERS_BETWEEN, max(0.0, until - time.monotonic()))
            header, _, _ = await self.engine.query(Query(kind=QueryKind.INSTRUMENTS))
        except (TimeoutError, BridgeError) as error:
            self.failures.append(f"no orders in time after {name}: {error!r}")
            return
        books = [one.fast.book for one in self.instruments]
        books += [book for one in self.instruments for book in one.native.books.values()]
        reached = partial(_all_beyond, books, header.seq)
        await self.wait(f"books after {name}", reached, max(0.0, until - time.monotonic()))

    async def ask_for_orders(self) -> None:
        """What was acknowledged must be known under its name and number, once."""
        await self.customers.stop()
        self.lost = await self.customers.missing()
        doubled = read_ledger(self.family.facts["database_url"]).doubled()
        self.lost += [f"{name.decode()} of account {account} was made twice" for account, name in doubled]
        await self.session.close()

    async def run(self, seconds: float, kills: dict[str, int]) -> None:
        await self.open()
        running = {entry["name"] for entry in self.family.facts["processes"]}
        victims = [name for name, times in kills.items() for _ in range(times) if name in running]
        self.dice.shuffle(victims)
        begun = time.monotonic()
        for number, name in enumerate(victims, 1):
            await self.compare_on(begun + seconds * number / (len(victims) + 1))
            await self.kill(name)
        await self.compare_on(max(begun + seconds, time.monotonic() + 2))
        await self.compare_trades()
        await self.ask_for_orders()
        for reader in self.readers:
            await reader.stop()
        await self.crowd.stop()
        await self.engine.close()

    def report(self) -> int:
        """Print it all; the number of failures."""
        tally = self.tally
        for kind, count in sorted(tally.messages.items()):
            print(f"  {kind:24} {count:9,}")
        for name in sorted({death.name for death in self.deaths}):
            deaths = [death for death in self.deaths if death.name == name]
            away, resync, crowd = (sorted(each) for each in list(zip(*deaths, strict=True))[1:])
            print(
                f"  killed {name} {len(deaths)} times: back after {away[-1]:.2f} s at most; books moved on "
                f"{median(resync):.2f} s after that, {resync[-1]:.2f} s at most; all sockets {crowd[-1]:.2f} s after a kill"
            )
        print(
            f"  {self.customers.count:,} acknowledged orders, {len(self.lost)} lost or doubled; "
            f"{self.customers.unanswered} attempts without an answer"
        )
        print(
            f"  {tally.compared:,} comparisons, {tally.mismatches} mismatches, {tally.skipped} beyond what was kept; "
            f"{tally.reconnects} reconnects, {tally.replays} replayed messages, "
            f"{tally.snapshots_after_gap} snapshots in place of a gap; {self.trades:,} stored trades asked after; "
            f"{self.sockets} sockets in the crowd"
        )
        checks = {
            "books equal the engine's": tally.compared > 0 and not tally.mismatches,
            "no silent gap": not tally.holes,
            "everything back in time": not self.failures,
            "no acknowledged order lost or doubled": self.customers.count > 0 and not self.lost,
        }
        for what in (*tally.differences[:10], *tally.holes[:10], *self.failures, *self.lost[:10]):
            print(f"  {what}")
        failed = [name for name, held in checks.items() if not held]
        print(f"{', '.join(failed) or 'none'} failed\n{len(checks) - len(failed)} passed, {len(failed)} failed")
        return len(failed)


def _all_beyond(books: list[Book], seq: int) -> bool:
    return all(book.seq > seq for book in books)


def _has_reached(heard: list[int], number: int) -> bool:
    return bool(heard) and heard[-1] >= number


def main(arguments: list[str]) -> int:
    """Exit status 0 when nothing failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.recorder", description=__doc__)
    parser.add_argument("--seconds", type=float, default=600)
    for name in VICTIMS:
        parser.add_argument(f"--{name}", type=int, default=3, metavar="TIMES", help=f"kill {name} so often")
    parser.add_argument("--sockets", type=int, default=1000, help="in the crowd")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 20_000), hard))
    with tempfile.TemporaryDirectory(prefix="recorder-") as scratch, Family(Path(scratch) / "data") as family:
        recording = Recording(family, random.Random(options.seed), options.sockets)
        asyncio.run(recording.run(options.seconds, {name: getattr(options, name) for name in VICTIMS}))
        return 1 if recording.report() else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
