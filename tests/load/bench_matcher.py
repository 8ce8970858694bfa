"""Measures the matcher process with its durable journal: `python -m tests.load.bench_matcher`.

A real `python -m matcher` on real SQLite and on a private PostgreSQL; half the orders rest, half
trade. Times are from handing the frame to the socket to the last event of its last command. The
load generator shares the machine. Every figure is the median of the runs.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import uvloop

from apps.bridge.client import AsyncMatcherClient
from matcher.protocol.codec import EVENT_BYTES
from matcher.protocol.commands import Command
from matcher.protocol.enums import EventFlag, Side
from matcher.protocol.events import Event
from matcher.protocol.frames import EVENTS_HEAD, FRAME_VERSION, HELLO_HEAD, WELCOME, Frame, Mode, frame
from matcher.protocol.framing import FrameReader
from matcher.runtime.memory import keep_freed_memory
from tests.support.market import opening, order
from tests.support.matcher_process import MatcherProcess
from tests.support.postgres_server import PostgresServer

ACCOUNTS = 64
FLAGS_AT = next(f.offset for f in Event.LAYOUT.fields if f.name == "flags")
IS_LAST = bytes(flags & EventFlag.LAST for flags in range(256))
Row = tuple[float, float, float]  # commands/s, p50 ms, p99 ms


class RawClient(asyncio.Protocol):
    """Sends ready-made frames and counts finished commands: as little Python as can be."""

    def __init__(self, account: int) -> None:
        self.account = account
        self.latencies_s: list[float] = []
        self.done = 0
        self.goal = 0
        self.refused = 0
        self._sent: list[tuple[int, float]] = []
        self._sent_count = 0
        self._pipeline = 0
        self._reader = FrameReader()
        self._session = 0
        self.ready = asyncio.get_running_loop().create_future()
        self.finished: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: asyncio.Transport = transport  # type: ignore[assignment]
        hello = HELLO_HEAD.pack(FRAME_VERSION, Mode.REPLIES, 0) + b"bench"
        self._transport.write(frame(Frame.HELLO, hello))

    def data_received(self, data: bytes) -> None:
        done = 0
        for kind, payload in self._reader.feed(data):
            if kind == Frame.EVENTS:
                size = EVENTS_HEAD.unpack_from(payload)[2]
                at = EVENTS_HEAD.size + FLAGS_AT
                done += payload[at : EVENTS_HEAD.size + size : EVENT_BYTES].translate(IS_LAST).count(1)
            elif kind == Frame.WELCOME:
                self._session = WELCOME.unpack(payload)[1]
                self.ready.set_result(None)
            else:
                self.refused += 1
        if done:
            self._took(done)

    def _took(self, done: int) -> None:
        self.done += done
        now = time.perf_counter()
        while self._sent and self._sent[0][0] <= self.done:
            self.latencies_s.append(now - self._sent.pop(0)[1])
        if self._sent_count < self.goal:
            if self._pipeline:
                self.send(min(done, self.goal - self._sent_count))
        elif self.done >= self.goal and not self.finished.done():
            self.finished.set_result(None)

    def run(self, goal: int, pipeline: int, frame_commands: int) -> asyncio.Future[None]:
        """Send `goal` commands, at most `pipeline` in flight, each answered part replaced at once."""
        self.begin(goal)
        self._pipeline = pipeline
        while self._sent_count < min(pipeline, goal):
            self.send(min(frame_commands, goal - self._sent_count))
        return self.finished

    def begin(self, goal: int) -> None:
        self.done = self._sent_count = self._pipeline = 0
        self.latencies_s, self._sent, self.goal = [], [], goal
        self.finished = asyncio.get_running_loop().create_future()

    def send(self, count: int) -> None:
        self._sent_count += count
        self._sent.append((self._sent_count, time.perf_counter()))
        self._transport.write(frame(Frame.COMMANDS, self._commands(count)))

    def _commands(self, count: int) -> bytes:
        key = count, self._sent_count & 1
        ready = self._made.get(key)
        if ready is None:
            sides = [Side.BUY, Side.SELL] if key[1] else [Side.SELL, Side.BUY]
            ready = self._made[key] = b"".join(
                order(self.account, sides[i % 2]).replace(command_id=self._session << 32 | i + 1).pack()
                for i in range(count)
            )
        return ready

    @property
    def _made(self) -> dict[tuple[int, int], bytes]:
        return self.__dict__.setdefault("_made_commands", {})

    def close(self) -> None:
        self._transport.close()


async def raw(url: str, *, clients: int, pipeline: int, frame_commands: int, total: int) -> Row:
    """`clients` connections, each with `pipeline` commands in flight in frames of `frame_commands`."""
    links = await _open(url, clients)
    started = time.perf_counter()
    await asyncio.gather(*(link.run(total // clients, pipeline, frame_commands) for link in links))
    return _row(links, total // clients * clients, time.perf_counter() - started)


async def paced(url: str, *, clients: int, per_second: int, total: int) -> Row:
    """An offered rate, spread over the clients, whatever the answers do."""
    links = await _open(url, clients)
    for link in links:
        link.begin(total // clients)
    started, sent = time.perf_counter(), 0
    while sent < total // clients * clients:
        due = min(total // clients * clients, int((time.perf_counter() - started) * per_second))
        for number in range(sent, due):
            links[number % clients].send(1)
        sent = due
        await asyncio.sleep(0.001)  # uvloop counts in milliseconds: less would spin on one of the cores
    await asyncio.gather(*(link.finished for link in links))
    return _row(links, sent, time.perf_counter() - started)


async def bridge(url: str, *, in_flight: int, total: int) -> Row:
    """The bridge's own client, one process, so many senders at once: what a gateway does."""
    client = AsyncMatcherClient(url, "bench")
    await client.start()
    latencies_s: list[float] = []

    async def sender(number: int) -> None:
        account = number % ACCOUNTS + 1
        commands: list[Command] = [order(account, Side.BUY), order(account, Side.SELL)]
        for index in range(total // in_flight):
            begun = time.perf_counter()
            await client.send(commands[index % 2], 30.0)
            latencies_s.append(time.perf_counter() - begun)

    started = time.perf_counter()
    await asyncio.gather(*(sender(number) for number in range(in_flight)))
    elapsed = time.perf_counter() - started
    await client.close()
    return _figures(latencies_s, total // in_flight * in_flight, elapsed)


async def _open(url: str, clients: int) -> list[RawClient]:
    loop = asyncio.get_running_loop()
    path = url.removeprefix("unix://")
    links = []
    for number in range(clients):
        _, link = await loop.create_unix_connection(lambda n=number: RawClient(n % ACCOUNTS + 1), path)  # type: ignore[misc]
        await link.ready
        links.append(link)
    return links


def _row(links: list[RawClient], commands: int, elapsed_s: float) -> Row:
    assert not any(link.refused for link in links), "the matcher refused; the figures would be of nothing"
    for link in links:
        link.close()
    return _figures([latency for link in links for latency in link.latencies_s], commands, elapsed_s)


def _figures(latencies_s: list[float], commands: int, elapsed_s: float) -> Row:
    ordered = sorted(latencies_s)
    return commands / elapsed_s, ordered[len(ordered) // 2] * 1e3, ordered[len(ordered) * 99 // 100] * 1e3


CASES: list[tuple[str, Callable[[str, float], Awaitable[Row]]]] = [
    ("1 client, 1 in flight", lambda u, s: raw(u, clients=1, pipeline=1, frame_commands=1, total=int(2000 * s))),
    ("1 client, frames of 16", lambda u, s: raw(u, clients=1, pipeline=16, frame_commands=16, total=int(32_000 * s))),
    (
        "1 client, frames of 256",
        lambda u, s: raw(u, clients=1, pipeline=256, frame_commands=256, total=int(256_000 * s)),
    ),
    (
        "1 client, 8 frames of 256 in flight",
        lambda u, s: raw(u, clients=1, pipeline=2048, frame_commands=256, total=int(512_000 * s)),
    ),
    (
        "64 clients, 1 in flight each",
        lambda u, s: raw(u, clients=64, pipeline=1, frame_commands=1, total=int(64_000 * s)),
    ),
    (
        "64 clients, 16 in flight each",
        lambda u, s: raw(u, clients=64, pipeline=16, frame_commands=1, total=int(128_000 * s)),
    ),
    ("64 clients, 30,000/s offered", lambda u, s: paced(u, clients=64, per_second=30_000, total=int(30_000 * s))),
    ("bridge, 1 sender", lambda u, s: bridge(u, in_flight=1, total=int(2000 * s))),
    ("bridge, 64 senders", lambda u, s: bridge(u, in_flight=64, total=int(25_600 * s))),
]


async def _measure(url: str, runs: int, scale: float) -> list[tuple[str, Row]]:
    client = AsyncMatcherClient(url, "bench set-up")
    await client.start()
    await asyncio.gather(*(client.submit(command.pack()) for command in opening(ACCOUNTS)))
    await client.close()
    found: dict[str, list[Row]] = {name: [] for name, _ in CASES}
    for run in range(runs):
        for name, case in CASES:
            print(f"\rrun {run + 1} of {runs}: {name:40}", end="", file=sys.stderr, flush=True)
            found[name].append(await case(url, scale))
    print("\r" + " " * 60 + "\r", end="", file=sys.stderr)
    return [
        (name, (statistics.median(r[0] for r in rows), statistics.median(r[1] for r in rows),
                statistics.median(r[2] for r in rows)))
        for name, rows in found.items()
    ]  # fmt: skip


def main(arguments: list[str]) -> int:
    """Prints one table for each store; exit status 0."""
    parser = argparse.ArgumentParser(prog="python -m tests.load.bench_matcher", description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--scale", type=float, default=1.0, help="commands per run, as a factor")
    parser.add_argument("--store", choices=("sqlite", "postgresql", "both"), default="both")
    options = parser.parse_args(arguments)
    keep_freed_memory()  # as the matcher does: the load generator must not be what is measured
    stores = ("sqlite", "postgresql") if options.store == "both" else (options.store,)
    for store in stores:
        with tempfile.TemporaryDirectory(prefix="bench-") as name:
            folder = Path(name)
            server = PostgresServer(folder / "pg") if store == "postgresql" else None
            try:
                if server is not None:
                    server.start()
                journal_url = server.create("journal") if server else f"sqlite:///{folder}/journal.sqlite3"
                quiet = {"MATCHER_SNAPSHOT_COMMANDS": "0", "MATCHER_SNAPSHOT_BATCHES": "0"}
                with (
                    MatcherProcess(folder / "matcher", journal_url, **quiet) as matcher,
                    asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
                ):
                    rows = runner.run(_measure(matcher.url, options.runs, options.scale))
            finally:
                if server is not None:
                    server.stop()
        print(f"\nmatcher process, journal on {store}, medians of {options.runs} runs")
        print(f"| {'load':37} | commands/s | p50 ms | p99 ms |\n|{'-' * 39}|-----------:|-------:|-------:|")
        for case, (rate, p50, p99) in rows:
            print(f"| {case:37} | {rate:10,.0f} | {p50:6.2f} | {p99:6.2f} |")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
