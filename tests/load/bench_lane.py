"""What the gateway's surroundings cost the trading lane: the full form beside a thin one, and the limiter alone.

    python -m tests.load.bench_lane [--runs 24] [--seconds 1]

Two gateways of one family answer the same signed POST /fapi/v1/order (IOC far from the market) at 32 connections,
in turns of a second. Full: the product, started as the family starts it. Thin: tests/load/thin_gateway.py, the
same lane, signature, matcher and answer without limits, replay cache, pressure, request log, guarded parser, answer
headers and proxies. CPU is that of the gateway's process alone, so it holds on a busy machine too. A decision of the
limiter is all it counts for one order (address, key, user, two order windows), leased from the family's own Valkey.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvloop

from deploy.ports import choose_port
from tests.load.bench_http import Account, Requests, Run, closed_loop, percentile, probe, read_accounts
from tests.support.family import ROOT, Family

HOST, SYMBOL, CONNECTIONS = "127.0.0.1", "LTCUSDT", 32
READY_SECONDS_MAX = 60.0
DECISIONS = 20_000
FULL, THIN, LOST = "full", "thin", "lost, percent"
INSTEAD = {
    "exchange.asgi:application": "tests.load.thin_gateway:application",
    "apps.gateway.guarded_http:GuardedHttp": "httptools",
}


class Gateway:
    """A gateway of the family beside its own, on a port of its own: the same command line, all of it or the thin one."""

    def __init__(self, family: Family, form: str, log: Path) -> None:
        folder = Path(f"/proc/{family.pid('gateway')}")
        argv = (folder / "cmdline").read_text().split("\0")[:-1]
        pairs = (pair.partition("=") for pair in (folder / "environ").read_text().split("\0") if pair)
        environ = {name: value for name, _, value in pairs}
        self.port = choose_port(HOST, 0)[0]
        argv[argv.index("--port") + 1] = str(self.port)
        if form == THIN:
            argv = [INSTEAD.get(word, word) for word in argv]
        with log.open("ab") as out:
            self.process = subprocess.Popen(
                argv, cwd=ROOT, env=environ, stdin=subprocess.DEVNULL, stdout=out, stderr=out
            )
        self.redis_url = environ["REDIS_URL"]
        self._clock = ~self.process.pid << 3 | 2  # the CPU clock of another process, as clock_getcpuclockid(3) has it

    def wait_ready(self) -> None:
        end = time.monotonic() + READY_SECONDS_MAX
        while True:
            try:
                urllib.request.urlopen(f"http://{HOST}:{self.port}/fapi/v1/depth?symbol={SYMBOL}&limit=5").close()
            except (OSError, urllib.error.HTTPError):
                assert self.process.poll() is None, f"a gateway ended with {self.process.returncode}"
                assert time.monotonic() < end, "a gateway is not ready"
                time.sleep(0.05)
            else:
                return

    def cpu_s(self) -> float:
        """CPU seconds its process used so far, all threads."""
        return time.clock_gettime(self._clock)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=30)


@contextmanager
def gateways(family: Family, folder: Path) -> Iterator[dict[str, Gateway]]:
    found: dict[str, Gateway] = {}
    try:
        for form in (FULL, THIN):
            found[form] = Gateway(family, form, folder / f"{form}.log")
        for one in found.values():
            one.wait_ready()
        yield found
    finally:
        for one in found.values():
            one.stop()


async def rounds(forms: dict[str, Gateway], accounts: list[Account], runs: int, seconds: float) -> dict[str, Any]:
    """Medians over interleaved rounds: requests a second and CPU microseconds of one, by form, and what is lost."""
    price, quantity = await probe(HOST, forms[FULL].port, accounts[0], SYMBOL)
    rates: dict[str, list[float]] = {form: [] for form in forms}
    costs: dict[str, list[float]] = {form: [] for form in forms}

    async def drive(gateway: Gateway, length_s: float) -> Run:
        makers: list[Any] = [
            Requests(f"{HOST}:{gateway.port}", accounts[number % len(accounts)], SYMBOL, price, quantity).order
            for number in range(CONNECTIONS)
        ]
        run = await closed_loop(HOST, gateway.port, makers, length_s)
        if run.refused:
            raise RuntimeError(f"refused: {run.refused}")
        return run

    for gateway in forms.values():
        await drive(gateway, min(1.0, seconds))
    for number in range(runs):
        for form in (FULL, THIN) if number % 2 else (THIN, FULL):
            before = forms[form].cpu_s()
            run = await drive(forms[form], seconds)
            costs[form].append((forms[form].cpu_s() - before) / len(run.latencies) * 1e6)
            rates[form].append(len(run.latencies) / run.elapsed_s)
    found: dict[str, dict[str, float]] = {
        form: {"per_second": statistics.median(rates[form]), "cpu_us": statistics.median(costs[form])} for form in forms
    }
    # Neighbors in time saw the same machine, so it is they who are compared.
    pairs = list(zip(rates[FULL], rates[THIN], costs[FULL], costs[THIN], strict=True))
    found[LOST] = {
        "per_second": 100 * (1 - statistics.median(full / thin for full, thin, _, _ in pairs)),
        "cpu_us": 100 * (1 - statistics.median(thin / full for _, _, full, thin in pairs)),
    }
    return found


async def decide(redis_url: str, count: int) -> tuple[list[float], list[float]]:
    """Seconds of decisions, ascending: those of a caller in the flow, and first ones, whose five windows are leased."""
    from apps.common.lane import Caller
    from apps.gateway.limits import Limits, LimitTerms
    from apps.gateway.shared_store import SharedStore

    store = SharedStore(redis_url)
    limits = Limits(LimitTerms(6_000_000, 1_000_000, 6_000_000, 6_000_000, 6_000_000), store=store)

    async def decision(caller: Caller, address: str) -> float:
        began = time.perf_counter()
        await limits.spend_weight(address, 1)
        await limits.spend_caller(caller, 1)
        await limits.spend_orders(caller.account_id, 1, 1)
        return time.perf_counter() - began

    def stranger(number: int) -> tuple[Caller, str]:
        return Caller(-number, -number, f"bench-{os.getpid()}-{number}", frozenset()), f"bench-{number}"

    warm = [await decision(*stranger(1)) for _ in range(count)]
    first = [await decision(*stranger(number)) for number in range(2, count // 20)]
    await store.close()
    return sorted(warm), sorted(first)


def set_up(family: Family) -> None:
    """This process as one of the family's, so that it may make a limiter."""
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "exchange.settings.local",
        "EXCHANGE_DATA": str(family.data),
        "EXCHANGE_SECRETS": str(family.data / "secrets"),
    }
    import django

    django.setup()


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=24, help="rounds of each form")
    parser.add_argument("--seconds", type=float, default=1.0, help="of one round")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="bench-lane-") as scratch:
        folder = Path(scratch)
        with Family(folder / "data") as family, gateways(family, folder) as forms:
            found = uvloop.run(rounds(forms, read_accounts(family.run_json), options.runs, options.seconds))
            set_up(family)
            warm, first = uvloop.run(decide(forms[FULL].redis_url, DECISIONS))
    print("| form | requests/s | CPU of the gateway, us a request |\n|---|---|---|")
    for form, row in found.items():
        print(f"| {form} | {row['per_second']:.1f} | {row['cpu_us']:.1f} |")
    print("\nAt most 10 percent may be lost, and a decision of the limiter may take 200 us (p50).\n")
    print("| the limiter's decision | p50, us | p99, us |\n|---|---|---|")
    for name, times in (("in the flow", warm), ("all five windows leased", first)):
        print(f"| {name} | {percentile(times, 0.5) * 1e6:.1f} | {percentile(times, 0.99) * 1e6:.1f} |")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
