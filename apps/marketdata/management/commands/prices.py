"""`manage.py prices`: the price worker process."""

from __future__ import annotations

import asyncio
import signal
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from apps.bridge.client import AsyncMatcherClient
from apps.common.readiness import mark_ready, mark_starting
from apps.instruments.selectors import get_instruments
from apps.instruments.types import ASSET_DECIMALS, InstrumentSpec
from apps.marketdata.prices import PricedInstrument, PriceWorker
from apps.marketdata.simulator import SimulatedMarket

ANCHORS = {"BTC": 64_000, "ETH": 3_200, "SOL": 150, "LTC": 85}
VOLATILITY_PPB = {"BTC": 55_000, "ETH": 70_000, "SOL": 95_000, "LTC": 20_000}
UNITS = 10**ASSET_DECIMALS


class Command(BaseCommand):
    help = "Samples index sources every second and sends mark prices to the matcher."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--seed", type=int, default=7, help="seed of the simulated sources (default 7)")

    def handle(self, *args: Any, **options: Any) -> None:
        mark_starting("prices")
        markets = [priced(spec, options["seed"]) for spec in get_instruments()]
        asyncio.run(serve(markets))


def priced(spec: InstrumentSpec, seed: int) -> PricedInstrument:
    """An instrument with its simulated source; an unknown base asset starts at 100."""
    anchor = ANCHORS.get(spec.base_asset, 100) * UNITS
    market = SimulatedMarket(spec.symbol, anchor, seed, VOLATILITY_PPB.get(spec.base_asset, 60_000))
    return PricedInstrument(spec, market)


async def serve(markets: list[PricedInstrument]) -> None:
    """Connect, run until SIGTERM or SIGINT, say ready after the first marks."""
    stop, first = asyncio.Event(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    client = AsyncMatcherClient(settings.MATCHER_URL, name="prices")
    await client.start()
    worker = asyncio.create_task(PriceWorker(client, markets).run(stop, first))
    waiter = asyncio.create_task(first.wait())
    try:
        await asyncio.wait({worker, waiter}, return_when=asyncio.FIRST_COMPLETED)
        mark_ready("prices")
        await worker
    finally:
        waiter.cancel()
        await client.close()
