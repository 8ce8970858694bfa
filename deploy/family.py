"""`python -m deploy.family`: the whole exchange on one machine, until a signal stops it.

Options come from the command line or from PORT, DATA and EXCHANGE_HOST; DATABASE_URL and REDIS_URL
name outside stores. Exit codes: 0 after a stop, 1 when the family could not start, 2 for bad options.
"""

import argparse
import asyncio
import os
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from deploy import contract
from deploy.console import Console
from deploy.layout import DataFolderError, Layout, open_layout, take_lock
from deploy.outside import StoreUnreachableError, check_stores
from deploy.plan import Plan, make_plan
from deploy.ports import PortTakenError, choose_port
from deploy.postgres import PostgresError
from deploy.stamps import ROOT
from deploy.supervisor import StartFailedError, Supervisor
from deploy.valkey import ValkeyError

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
SAME_SIGNAL_SECONDS = 1.0
PORT_PATIENCE_SECONDS = 2.0


@dataclass(frozen=True)
class Options:
    """What was asked for. `port` None means the usual one or any free one, 0 any free one."""

    host: str
    port: int | None
    data: Path


def read_options(argv: Sequence[str], environ: Mapping[str, str]) -> Options:
    """Exits with code 2 and a sentence when an option is malformed."""
    parser = argparse.ArgumentParser(prog="python -m deploy.family", description="Run the whole exchange.")
    parser.add_argument("--port", default=environ.get("PORT", ""), help="0 for any free one (default 8000)")
    parser.add_argument("--host", default=environ.get("EXCHANGE_HOST") or "127.0.0.1")
    parser.add_argument("--data", default=environ.get("DATA") or ".data", help="folder of everything it makes")
    found = parser.parse_args(argv)
    text = str(found.port).strip()
    if text and not (text.isascii() and text.isdigit() and int(text) < 65_536):
        parser.error(f"PORT must be a number from 0 to 65535, not {text!r}")
    data = Path(found.data).expanduser()
    return Options(host=found.host, port=int(text) if text else None, data=data if data.is_absolute() else ROOT / data)


def take_port(options: Options) -> tuple[int, str]:
    """A port that was asked for may still belong to a family that is just ending: have some patience."""
    give_up = time.monotonic() + PORT_PATIENCE_SECONDS
    while True:
        try:
            return choose_port(options.host, options.port)
        except PortTakenError:
            if time.monotonic() > give_up:
                raise
            time.sleep(0.1)


class StopRequests:
    """The first signal asks for an orderly stop; one that comes later makes haste.

    make passes on what its whole group was sent anyway, so the same signal may come twice at once.
    """

    def __init__(self, hasten: asyncio.Event) -> None:
        self.asked = asyncio.Event()
        self._hasten = hasten
        self._first = 0.0

    def take(self) -> None:
        if not self.asked.is_set():
            self._first = time.monotonic()
            self.asked.set()
        elif time.monotonic() - self._first > SAME_SIGNAL_SECONDS:
            self._hasten.set()


async def run(plan: Plan, layout: Layout, options: Options, port: int, console: Console) -> int:
    """Start, hold and stop the family; the exit code."""
    opened = False

    def changed() -> None:
        if opened:
            contract.write(layout.run_json, describe())

    def describe() -> dict[str, object]:
        return contract.facts(
            host=options.host, port=port, demo=contract.read_demo(layout.secrets), processes=supervisor.pids,
            database=plan.database_url, redis=plan.redis_url,
        )  # fmt: skip

    supervisor = Supervisor(plan.nodes, console, changed)
    requests = StopRequests(supervisor.hasten)
    for number in STOP_SIGNALS:
        asyncio.get_running_loop().add_signal_handler(number, requests.take)
    stop = asyncio.create_task(requests.asked.wait())
    start = asyncio.create_task(supervisor.start())
    code = 0
    try:
        await asyncio.wait({stop, start}, return_when=asyncio.FIRST_COMPLETED)
        if start.done():
            await start
            opened = True
            content = describe()
            contract.write(layout.run_json, content)
            console.banner(content, str(layout.logs), str(layout.root / "mail"))
            await requests.asked.wait()
    except (StartFailedError, OSError, ValueError, KeyError, TypeError) as error:
        console.trouble(f"\nThe family could not start: {error}")
        code = 1
    finally:
        opened = False
        layout.run_json.unlink(missing_ok=True)
        start.cancel()
        stop.cancel()
        console.line("family", "stopping")
        await supervisor.stop()
        console.line("family", "stopped, nothing is left running")
    return code


def main(argv: Sequence[str] | None = None) -> int:
    options = read_options(sys.argv[1:] if argv is None else argv, os.environ)
    console = Console()
    os.umask(0o077)
    try:
        layout = open_layout(options.data)
        lock = take_lock(layout)
        layout.run_json.unlink(missing_ok=True)
        console.line("data", str(layout.root))
        port, remark = take_port(options)
        if remark:
            console.line("port", remark)
        check_stores(os.environ)
        plan = make_plan(layout, options.host, port, os.environ)
    except (DataFolderError, PortTakenError, PostgresError, StoreUnreachableError, ValkeyError) as error:
        console.trouble(f"The family cannot start: {error}")
        return 1
    try:
        return asyncio.run(run(plan, layout, options, port, console))
    finally:
        os.close(lock)


if __name__ == "__main__":
    sys.exit(main())
