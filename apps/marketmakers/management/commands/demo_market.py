"""`manage.py demo_market`: demo liquidity as an ordinary client of the public API."""

from __future__ import annotations

import asyncio
import json
import signal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.common.readiness import mark_ready, mark_starting
from apps.instruments.selectors import get_instruments
from apps.instruments.types import InstrumentSpec
from apps.marketmakers.demo import run_demo


class Command(BaseCommand):
    help = "Quotes and trades on the demo instruments through the public API until stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--base-url", required=True, help="where the gateway listens, e.g. http://127.0.0.1:8000")
        parser.add_argument("--seed", type=int, default=11, help="seed of prices and sizes (default 11)")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.EXCHANGE_DEMO:
            raise CommandError("demo liquidity needs EXCHANGE_DEMO=1; it is never part of production")
        mark_starting("demo")
        path = Path(settings.EXCHANGE_SECRETS) / "demo.json"
        if not path.exists():
            raise CommandError(f"{path} is missing: run `manage.py seed_demo` first")
        demo = json.loads(path.read_text())
        keys = [(maker["api_key"], maker["api_secret"]) for maker in demo["makers"]]
        specs = [
            spec for spec in get_instruments() if spec.symbol in demo["symbols"] and spec.symbol != demo["quiet_symbol"]
        ]
        asyncio.run(serve(options["base_url"], keys, specs, options["seed"]))


async def serve(base_url: str, keys: list[tuple[str, str]], specs: list[InstrumentSpec], seed: int) -> None:
    """Run until SIGTERM or SIGINT; ready once the first ladder stands."""
    stop, live = asyncio.Event(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    work = asyncio.create_task(run_demo(base_url, keys, specs, seed=seed, stop=stop, live=live))
    first = asyncio.create_task(live.wait())
    await asyncio.wait({work, first}, return_when=asyncio.FIRST_COMPLETED)
    first.cancel()
    mark_ready("demo")
    await work
