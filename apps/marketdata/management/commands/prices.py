"""`manage.py prices`: the price worker process."""

from __future__ import annotations

import asyncio
import signal
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from apps.bridge.client import AsyncMatcherClient
from apps.common.readiness import mark_ready, mark_starting
from apps.marketdata.alerts import tell_index_state
from apps.marketdata.price_feed import Feed, Keeper
from apps.marketdata.prices import PriceWorker


class Command(BaseCommand):
    help = "Reads index sources every second and sends mark prices to the matcher."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--seed", type=int, default=7, help="seed of the simulated sources (default 7)")

    def handle(self, *args: Any, **options: Any) -> None:
        mark_starting("prices")
        asyncio.run(serve(options["seed"]))


async def serve(seed: int) -> None:
    """Connect, run until SIGTERM or SIGINT, say ready after the first marks."""
    stop, first = asyncio.Event(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    client = AsyncMatcherClient(settings.MATCHER_URL, name="prices")
    await client.start()
    feed, keeper = Feed(seed), Keeper()
    await feed.renew()
    prices = PriceWorker(client, feed.instruments, keep=keeper.take, on_stale=tell_index_state)
    worker = asyncio.create_task(prices.run(stop, first))
    beside = [asyncio.create_task(feed.renew_for_ever()), asyncio.create_task(keeper.run())]
    waiter = asyncio.create_task(first.wait())
    try:
        await asyncio.wait({worker, waiter}, return_when=asyncio.FIRST_COMPLETED)
        mark_ready("prices")
        await worker
    finally:
        for task in (waiter, *beside):
            task.cancel()
        await keeper.close()
        await feed.close()
        await client.close()
