"""Reads of market data over HTTP, keep-alive, 32 connections: requests a second, latency, and the gateway's CPU time of each.

    python -m tests.load.bench_reads --base-url http://127.0.0.1:8000 --accounts run.json

Book, ticker, price and recent candles come from the gateway's memory, older candles and trades of the past from rows. Closed loop; the
load generator, stores and the demo's own trading share the cores, so the CPU time is what compares best.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import time
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import uvloop

from tests.load.bench_http import closed_loop

CONNECTIONS = 32
TICKS = os.sysconf("SC_CLK_TCK")


def paths(symbol: str) -> dict[str, str]:
    """What is read, and where."""
    hour_ago = time.time_ns() // 1_000_000 - 3_600_000
    return {
        "depth, 20 levels": f"/fapi/v1/depth?symbol={symbol}&limit=20",
        "depth, 1000 levels": f"/fapi/v1/depth?symbol={symbol}&limit=1000",
        "best prices": f"/fapi/v1/ticker/bookTicker?symbol={symbol}",
        "ticker of the day": f"/fapi/v1/ticker/24hr?symbol={symbol}",
        "mark and funding": f"/fapi/v1/premiumIndex?symbol={symbol}",
        "klines, newest 100": f"/fapi/v1/klines?symbol={symbol}&interval=1m&limit=100",
        "klines, newest 500": f"/fapi/v1/klines?symbol={symbol}&interval=1m&limit=500",
        "klines, 100 of 1h": f"/fapi/v1/klines?symbol={symbol}&interval=1h&limit=100",
        "klines from a start": f"/fapi/v1/klines?symbol={symbol}&interval=1m&limit=100&startTime={hour_ago}",
        "newest 100 trades": f"/fapi/v1/trades?symbol={symbol}&limit=100",
        "aggregates, newest 100": f"/fapi/v1/aggTrades?symbol={symbol}&limit=100",
        "exchangeInfo": "/fapi/v1/exchangeInfo",
    }


def gateway_pid(run_json: Path) -> int:
    """The gateway's process; 0 when the file names none."""
    found = json.loads(run_json.read_text(encoding="utf-8")).get("processes", [])
    return next((int(entry["pid"]) for entry in found if entry["name"] == "gateway"), 0)


def cpu_seconds(pid: int) -> float:
    """User and system time of a process so far; 0 of none."""
    if not pid:
        return 0.0
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


async def measure(options: argparse.Namespace) -> int:
    parts = urlsplit(options.base_url)
    host, port, pid = parts.hostname or "127.0.0.1", parts.port or 80, gateway_pid(options.accounts)
    print("| read | requests/s | p50 ms | p99 ms | gateway CPU us each |\n|---|---:|---:|---:|---:|", flush=True)
    refused = 0
    for name, path in paths(options.symbol).items():
        request = f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode()
        makers = [partial(bytes, request)] * CONNECTIONS
        await closed_loop(host, port, makers, min(0.5, options.seconds))
        lines = []
        for _ in range(options.runs):
            before = cpu_seconds(pid)
            run = await closed_loop(host, port, makers, options.seconds)
            line = run.line() | {"cpu_us": (cpu_seconds(pid) - before) * 1e6 / max(1, len(run.latencies))}
            lines.append(line)
            refused += sum(run.refused.values())
        row = {key: statistics.median(line[key] for line in lines) for key in lines[0]}
        numbers = f"{row['per_second']:,.0f} | {row['p50_ms']:.2f} | {row['p99_ms']:.2f} | {row['cpu_us']:.0f}"
        print(f"| {name} | {numbers} |", flush=True)
    if refused:
        print(f"refused: {refused}")
    return 1 if refused else 0


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base-url", required=True)
    parser.add_argument("--accounts", type=Path, required=True, help="run.json")
    parser.add_argument("--symbol", default="BTCUSDT")
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--runs", type=int, default=5)
    return uvloop.run(measure(parser.parse_args(arguments)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
