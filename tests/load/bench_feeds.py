"""Measures pushes to many sockets: `python -m tests.load.bench_feeds`.

A real matcher (journal on SQLite), the feeds behind uvicorn as one process of their own, and receivers in up to
two processes. Every command changes one level of the book, so every command is one `depth@0ms` event, encoded
once, to every socket. Latency runs from the engine's time stamp of the command, which is before it is applied and
committed, to the moment the receiver's kernel has the event (its own time stamp on the packet, so that a receiver
which is slow to read is not what is measured); "first" and "last" are the first and the last of all sockets to
have an event, "each" is over all of them. Everything shares the machine.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing as mp
import os
import re
import resource
import select
import socket
import statistics
import struct
import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import uvloop

from apps.bridge.client import AsyncMatcherClient
from matcher.protocol.commands import CancelAllOrders, Command
from matcher.protocol.enums import Side
from tests.support.feed_server import FeedServer
from tests.support.market import INSTRUMENT, MARK_TICKS, opening, order
from tests.support.matcher_process import MatcherProcess

STREAM = "btcusdt@depth@0ms"
PATHS = {"bare": f"/ws/{STREAM}", "combined": f"/stream?streams={STREAM}"}
SO_TIMESTAMPNS = 35  # Linux; the module socket does not name it
STAMP = struct.Struct("qq")
_UPDATE = re.compile(rb'"u":(\d+)')
_HANDSHAKE = (
    "GET {path} HTTP/1.1\r\nHost: bench\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
)
_TICKS_PER_S = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Case:
    """So many sockets, so many changes a second offered, for so long."""

    sockets: int
    per_second: int
    seconds: float


CASES = [Case(1, 100, 2), Case(100, 100, 2), Case(1000, 10, 3), Case(1000, 60, 2), Case(5000, 4, 3)]
SOCKETS_A_RECEIVER = 2500
OPEN_FILES = 20_000


class Receiver:
    """Sockets of one case in one process: plain non-blocking reads under epoll, decoded only at the end."""

    def __init__(self, port: int, sockets: int, path: str) -> None:
        self.buffer = bytearray(1 << 18)
        self.links = [self._open(port, path) for _ in range(sockets)]
        self.reads: list[tuple[int, int, bytes]] = []

    @staticmethod
    def _open(port: int, path: str) -> socket.socket:
        link = socket.create_connection(("127.0.0.1", port), 20)
        link.sendall(_HANDSHAKE.format(path=path).encode())
        answer = b""
        while b"\r\n\r\n" not in answer:
            part = link.recv(4096)
            assert part, answer
            answer += part
        assert answer.startswith(b"HTTP/1.1 101"), answer
        link.setblocking(False)
        link.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        return link

    def run(self, control: Connection) -> None:
        """Read until told to stop, then send back what was seen of each update."""
        epoll = select.epoll()
        by_fd = {link.fileno(): link for link in self.links}
        for fd in by_fd:
            epoll.register(fd, select.EPOLLIN)
        epoll.register(control.fileno(), select.EPOLLIN)
        control.send("ready")
        while True:
            for fd, _ in epoll.poll():
                if fd == control.fileno():
                    control.recv()
                    control.send(self.seen())
                    return
                size, notes, _, _ = by_fd[fd].recvmsg_into([self.buffer], 64)
                at = time.time_ns()
                for level, kind, stamp in notes:
                    if level == socket.SOL_SOCKET and kind == SO_TIMESTAMPNS:
                        seconds, rest = STAMP.unpack(stamp)
                        at = seconds * 1_000_000_000 + rest
                self.reads.append((at, fd, bytes(self.buffer[:size])))

    def seen(self) -> dict[int, list[int]]:
        """update id -> when each socket read it. An update is dated by the read that completed it."""
        times: dict[int, list[int]] = defaultdict(list)
        rest: dict[int, bytes] = defaultdict(bytes)
        for at, fd, data in self.reads:
            text = rest[fd] + data
            end = 0
            for match in _UPDATE.finditer(text):
                times[int(match[1])].append(at)
                end = match.end()
            rest[fd] = text[max(end, len(text) - 24) :] if end < len(text) else b""
        return times


def receive(control: Connection, port: int, sockets: int, path: str) -> None:
    """The receiver process."""
    Receiver(port, sockets, path).run(control)


async def change_levels(url: str, case: Case) -> dict[int, int]:
    """Offer changes at an even pace: seq -> the engine's time of each."""
    client = AsyncMatcherClient(url, "bench feeds")
    await client.start()
    times: dict[int, int] = {}
    futures = []
    started = time.perf_counter()
    for number in range(int(case.per_second * case.seconds)):
        wait = started + number / case.per_second - time.perf_counter()
        if wait > 0:
            await asyncio.sleep(wait)
        futures.append(client.submit(_change(number).pack()))
    for future in futures:
        event = (await future)[0]
        times[event.seq] = event.time_ns
    await client.close()
    return times


def _change(number: int) -> Command:
    """A new level far below the mark, or every hundredth time all of them gone."""
    if number % 100 == 99:
        return CancelAllOrders(account=1, instrument=INSTRUMENT)
    return order(1, Side.BUY, price_ticks=MARK_TICKS - 1000 - number % 100)


def cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS_PER_S


def percentiles(values_ns: list[int]) -> tuple[float, float]:
    ordered = sorted(values_ns)
    return ordered[len(ordered) // 2] / 1e6, ordered[min(len(ordered) - 1, len(ordered) * 99 // 100)] / 1e6


def measure(matcher_url: str, server: FeedServer, case: Case, path: str) -> dict[str, Any]:
    """One run of one case."""
    context = mp.get_context("spawn")
    parts = -(-case.sockets // SOCKETS_A_RECEIVER)
    controls, receivers = [], []
    for number in range(parts):
        control, other = context.Pipe()
        own = case.sockets // parts + (number < case.sockets % parts)
        receivers.append(context.Process(target=receive, args=(other, server.port, own, path)))
        receivers[-1].start()
        controls.append(control)
    for control in controls:
        assert control.recv() == "ready"
    time.sleep(0.3)
    cpu, began = cpu_s(server.pid), time.perf_counter()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        made = runner.run(change_levels(matcher_url, case))
    elapsed = time.perf_counter() - began
    time.sleep(0.7)
    cpu = cpu_s(server.pid) - cpu
    seen: dict[int, list[int]] = defaultdict(list)
    for control, receiver in zip(controls, receivers, strict=True):
        control.send("stop")
        for seq, times in control.recv().items():
            seen[seq] += times
        receiver.join(20)
    common = [seq for seq in made if len(seen.get(seq, ())) == case.sockets]
    pushes = sum(len(times) for times in seen.values())
    assert common, "no event reached every socket"
    first = percentiles([min(seen[seq]) - made[seq] for seq in common])
    last = percentiles([max(seen[seq]) - made[seq] for seq in common])
    each = percentiles([at - made[seq] for seq in common for at in seen[seq]])
    return {
        "first_p50": first[0], "first_p99": first[1], "each_p50": each[0], "each_p99": each[1],
        "last_p50": last[0], "last_p99": last[1], "pushes_per_s": pushes / elapsed,
        "cpu_us": cpu / pushes * 1e6, "folded": len(made) - len(common),
    }  # fmt: skip


def main(arguments: list[str]) -> int:
    """Prints one table; exit status 0."""
    parser = argparse.ArgumentParser(prog="python -m tests.load.bench_feeds", description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument(
        "--ws", default="apps.gateway.guarded_websocket:GuardedWebSocket", help="uvicorn's WebSocket implementation"
    )
    parser.add_argument("--form", choices=PATHS, default="bare")
    parser.add_argument("--sockets", type=int, nargs="*", help="only cases with these numbers of sockets")
    parser.add_argument("--json", type=Path, help="write the rows there too")
    options = parser.parse_args(arguments)
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, OPEN_FILES), hard))
    rows = []
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        with MatcherProcess(folder / "m", f"sqlite:///{folder}/journal.sqlite3") as matcher:
            asyncio.run(_open_market(matcher.url))
            with FeedServer(matcher.url, folder / "feeds.log", options.ws) as server:
                for case in CASES:
                    if options.sockets and case.sockets not in options.sockets:
                        continue
                    runs = [measure(matcher.url, server, case, PATHS[options.form]) for _ in range(options.runs)]
                    row = {key: statistics.median(run[key] for run in runs) for key in runs[0]}
                    rows.append({"sockets": case.sockets, "per_second": case.per_second, **row})
    print(f"\npushes of {STREAM} ({options.form}, uvicorn {options.ws}), medians of {options.runs} runs, ms")
    print(
        "| sockets x changes/s | first p50 / p99 | each p50 / p99 | last p50 / p99 | pushes/s | CPU us a push "
        "| pushes/s a core | folded |"
    )
    print(
        "|--------------------:|----------------:|---------------:|---------------:|---------:|--------------:"
        "|----------------:|--------:|"
    )
    for row in rows:
        print(
            f"| {row['sockets']:11} x {row['per_second']:5} | {row['first_p50']:6.2f} / {row['first_p99']:6.2f} "
            f"| {row['each_p50']:5.2f} / {row['each_p99']:6.2f} | {row['last_p50']:5.2f} / {row['last_p99']:6.2f} "
            f"| {row['pushes_per_s']:8,.0f} | {row['cpu_us']:13.1f} | {1e6 / row['cpu_us']:15,.0f} | {row['folded']:6.0f} |"
        )
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1))
    return 0


async def _open_market(url: str) -> None:
    client = AsyncMatcherClient(url, "bench set-up")
    await client.start()
    for command in opening(4):
        await client.send(command)
    await client.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
