"""HTTP order entry measured from outside: signed POST /fapi/v1/order round trips and reads, keep-alive.

    python tests/load/bench_http.py --base-url http://127.0.0.1:8000 --accounts run.json

Closed loop at 1, 32 and 64 connections, then offered rates; medians of several runs. The orders are IOC
far from the market: each is accepted, journaled and expired before its answer. The latency excludes the
network and includes this client, which runs on the same cores: it is a process of its own, niced by
nobody. The gateway's order limits must be above the load: start it with EXCHANGE_LIMITS=100000000,100000000,100000000.
"""

from __future__ import annotations

import argparse
import asyncio
import hmac
import json
import statistics
import sys
import time
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import uvloop

END = b"\r\n\r\n"


@dataclass
class Account:
    api_key: str
    api_secret: bytes


@dataclass
class Run:
    """Latencies in seconds of one run, and what else was answered."""

    latencies: list[float] = field(default_factory=list)
    refused: dict[str, int] = field(default_factory=dict)
    elapsed_s: float = 0.0

    def line(self) -> dict[str, float]:
        ordered = sorted(self.latencies)
        return {
            "per_second": len(ordered) / self.elapsed_s,
            "p50_ms": percentile(ordered, 0.50) * 1000,
            "p99_ms": percentile(ordered, 0.99) * 1000,
            "p999_ms": percentile(ordered, 0.999) * 1000,
        }


def percentile(ordered: list[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else float("nan")


class Connection(asyncio.Protocol):
    """One keep-alive connection with one request in flight."""

    def __init__(self) -> None:
        self._buffer = b""
        self._waiter: asyncio.Future[tuple[int, bytes]] | None = None
        self._transport: Any = None

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def connection_lost(self, error: Exception | None) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_exception(ConnectionError(f"the gateway hung up: {error}"))

    def data_received(self, data: bytes) -> None:
        self._buffer = self._buffer + data if self._buffer else data
        head_end = self._buffer.find(END)
        if head_end < 0:
            return
        head = self._buffer[:head_end].lower()
        at = head.find(b"content-length: ") + 16
        stop = head.find(b"\r", at)
        length = int(head[at : stop if stop > 0 else None])
        if len(self._buffer) < head_end + 4 + length:
            return
        body, self._buffer = self._buffer[head_end + 4 : head_end + 4 + length], b""
        waiter, self._waiter = self._waiter, None
        if waiter is not None and not waiter.done():
            waiter.set_result((int(head[9:12]), body))

    def ask(self, request: bytes) -> asyncio.Future[tuple[int, bytes]]:
        self._waiter = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return self._waiter

    def close(self) -> None:
        self._transport.close()


class Requests:
    """Builds signed requests of one account."""

    def __init__(self, host: str, account: Account, symbol: str, price: str, quantity: str) -> None:
        self._tail = f" HTTP/1.1\r\nHost: {host}\r\nX-MBX-APIKEY: {account.api_key}\r\n".encode()
        self._secret = account.api_secret
        self._order = (
            f"symbol={symbol}&side=BUY&type=LIMIT&timeInForce=IOC&quantity={quantity}&price={price}&newClientOrderId="
        ).encode()
        self._stem, self._count = f"b{id(self) & 0xFFFFFF:x}-{time.time_ns() % 10**12}-".encode(), 0

    def _signed(self, verb: bytes, path: bytes, query: bytes) -> bytes:
        query += b"&timestamp=%d" % (time.time_ns() // 1_000_000)
        signature = hmac.digest(self._secret, query, "sha256").hex().encode()
        length = b"" if verb == b"GET" else b"Content-Length: 0\r\n"
        return b"%b %b?%b&signature=%b%b%b\r\n" % (verb, path, query, signature, self._tail, length)

    def order(self) -> bytes:
        self._count += 1
        return self._signed(b"POST", b"/fapi/v1/order", self._order + self._stem + b"%d" % self._count)

    def account(self) -> bytes:
        return self._signed(b"GET", b"/fapi/v3/account", b"recvWindow=5000")

    def public(self, path: str) -> bytes:
        return b"GET " + path.encode() + self._tail + b"\r\n"


async def connect(host: str, port: int) -> Connection:
    loop = asyncio.get_running_loop()
    return (await loop.create_connection(Connection, host, port))[1]


def note(run: Run, status: int, body: bytes) -> None:
    if status >= 400:
        text = body[:100].decode("utf-8", "replace")
        run.refused[text] = run.refused.get(text, 0) + 1


async def closed_loop(host: str, port: int, makers: list[Any], seconds: float) -> Run:
    """Every connection sends its next request when the last one is answered."""
    run, links = Run(), [await connect(host, port) for _ in makers]
    end = time.perf_counter() + seconds

    async def drive(link: Connection, make: Any) -> None:
        while time.perf_counter() < end:
            request = make()
            sent = time.perf_counter()
            status, body = await link.ask(request)
            run.latencies.append(time.perf_counter() - sent)
            note(run, status, body)

    began = time.perf_counter()
    await asyncio.gather(*(drive(link, make) for link, make in zip(links, makers, strict=True)))
    run.elapsed_s = time.perf_counter() - began
    for link in links:
        link.close()
    return run


async def offered(host: str, port: int, makers: list[Any], seconds: float, rate: float) -> Run:
    """Requests start on a fixed grid of time, whoever is free sends; late starts count as latency."""
    run, free = Run(), asyncio.Queue[tuple[Connection, Any]]()
    for make in makers:
        free.put_nowait((await connect(host, port), make))
    tasks: set[asyncio.Task[None]] = set()

    async def one(due: float) -> None:
        link, make = await free.get()
        status, body = await link.ask(make())
        run.latencies.append(time.perf_counter() - due)
        note(run, status, body)
        free.put_nowait((link, make))

    began = time.perf_counter()
    for number in range(int(seconds * rate)):
        due = began + number / rate
        wait = due - time.perf_counter()
        if wait > 0:
            await asyncio.sleep(wait)
        task = asyncio.create_task(one(due))
        tasks.add(task)
        task.add_done_callback(tasks.discard)
    await asyncio.gather(*tasks)
    run.elapsed_s = time.perf_counter() - began
    while not free.empty():
        free.get_nowait()[0].close()
    return run


async def probe(host: str, port: int, account: Account, symbol: str) -> tuple[str, str]:
    """A price and quantity that pass every check and meet nobody: 2 % under the mark, the smallest order."""
    link = await connect(host, port)
    ask = Requests(f"{host}:{port}", account, symbol, "1", "1")
    mark = json.loads((await link.ask(ask.public(f"/fapi/v1/premiumIndex?symbol={symbol}")))[1])
    info = json.loads((await link.ask(ask.public("/fapi/v1/exchangeInfo")))[1])
    link.close()
    terms = next(one for one in info["symbols"] if one["symbol"] == symbol)
    filters = {one["filterType"]: one for one in terms["filters"]}
    tick, step = float(filters["PRICE_FILTER"]["tickSize"]), float(filters["LOT_SIZE"]["stepSize"])
    price = int(float(mark["markPrice"]) * 0.98 / tick) * tick
    least = max(float(filters["LOT_SIZE"]["minQty"]), float(filters["MIN_NOTIONAL"]["notional"]) * 1.1 / price)
    quantity = (int(least / step) + 1) * step
    return f"{price:.{terms['pricePrecision']}f}", f"{quantity:.{terms['quantityPrecision']}f}"


def read_accounts(path: Path) -> list[Account]:
    """The accounts of run.json, or of any JSON with `accounts` of api_key and api_secret."""
    found = json.loads(path.read_text())["accounts"]
    return [Account(one["api_key"], one["api_secret"].encode()) for one in found]


async def measure(options: argparse.Namespace) -> list[dict[str, Any]]:
    parts = urlsplit(options.base_url)
    host, port = parts.hostname or "127.0.0.1", parts.port or 80
    accounts = read_accounts(options.accounts)
    price, quantity = await probe(host, port, accounts[0], options.symbol)

    depth = f"/fapi/v1/depth?symbol={options.symbol}&limit=20"

    def makers(count: int, kind: str) -> list[Any]:
        made = []
        for number in range(count):
            asks = Requests(f"{host}:{port}", accounts[number % len(accounts)], options.symbol, price, quantity)
            made.append({"order": asks.order, "account": asks.account}.get(kind) or partial(asks.public, depth))
        return made

    rows = []
    plans = [("order", count, 0) for count in options.connections]
    plans += [("order", 32, rate) for rate in options.rates]
    plans += [(kind, 32, 0) for kind in options.reads]
    for kind, count, rate in plans:
        await closed_loop(host, port, makers(count, kind), min(1.0, options.seconds))
        lines, refused = [], {}
        for _ in range(options.runs):
            drive = makers(count, kind)
            work = (
                offered(host, port, drive, options.seconds, rate)
                if rate
                else closed_loop(host, port, drive, options.seconds)
            )
            run = await work
            lines.append(run.line())
            refused.update(run.refused)
        row = {name: round(statistics.median(line[name] for line in lines), 3) for name in lines[0]}
        rows.append({"what": kind, "connections": count, "offered_per_second": rate, **row, "refused": refused})
        shown = f"{kind:8} {count:3} connections, offered {rate or 'max':>6}: {row['per_second']:9.0f}/s"
        print(f"{shown}  p50 {row['p50_ms']:7.2f} ms  p99 {row['p99_ms']:7.2f} ms", *refused.items(), flush=True)
    return rows


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base-url", required=True)
    parser.add_argument("--accounts", type=Path, required=True, help="run.json, or a file like it")
    parser.add_argument("--symbol", default="LTCUSDT")
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--connections", type=int, nargs="*", default=[1, 32, 64])
    parser.add_argument("--rates", type=float, nargs="*", default=[1000.0, 4000.0])
    parser.add_argument("--reads", nargs="*", default=["account", "depth"])
    parser.add_argument("--json", type=Path, help="write the rows there too")
    options = parser.parse_args(arguments)
    rows = uvloop.run(measure(options))
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1))
    return 1 if any(row["refused"] for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
