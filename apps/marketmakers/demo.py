"""Demo liquidity: makers that keep a ladder alive and a trader who crosses it, all through the public API.

Quotes follow the mark by amending their orders; nothing here has a privilege an outside client lacks.
"""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import aiohttp
import structlog

from apps.instruments.types import InstrumentSpec
from apps.marketmakers.client import RefusedError, TradingClient
from apps.marketmakers.quoting import Ladder, Quote, ladder_quotes

log = structlog.get_logger(__name__)

GONE = {-2011, -2013}  # the order was filled or canceled meanwhile
UNCHANGED = {-5027}
WORN = {-5026}  # amended as often as an order may be
LEVEL_VALUE = 4_000  # whole quote units resting on the first level
INVENTORY_VALUE = 120_000


def ladder_for(spec: InstrumentSpec, mark: Decimal, number: int) -> Ladder:
    """A ladder worth about the same money on every instrument; makers differ a little."""
    lot = Decimal(spec.lot_step).scaleb(-spec.quantity_decimals)
    lots = max(spec.min_quantity_lots, int(LEVEL_VALUE / mark / lot))
    return Ladder(
        half_spread_ppm=60 + 50 * number,
        step_ppm=120 + 60 * number,
        levels=6,
        level_lots=lots,
        inventory_lots=max(1, int(INVENTORY_VALUE / mark / lot)),
    )


@dataclass(slots=True)
class Maker:
    """One account's ladder on one instrument; `orders` maps a ladder slot to its open order."""

    client: TradingClient
    spec: InstrumentSpec
    number: int
    rng: random.Random
    orders: dict[int, tuple[int, int, int]] = field(default_factory=dict)

    async def round(self, fair: Decimal) -> None:
        """Bring every slot to where the ladder wants it."""
        tick = Decimal(self.spec.tick_step).scaleb(-self.spec.price_decimals)
        position = self.spec.quantity_lots(await self.client.position(self.spec.symbol))
        shape = ladder_for(self.spec, fair, self.number)
        quotes = ladder_quotes(shape, fair_ticks=int(fair / tick), position_lots=position, rng=self.rng)
        for quote in sorted(quotes, key=lambda q: q.slot)[: 4 if self.orders else None]:
            await self._bring(quote)
        outer = self.rng.choice(quotes)
        await self._bring(outer)

    async def _bring(self, quote: Quote) -> None:
        held = self.orders.get(quote.slot)
        if held and abs(held[1] - quote.price_ticks) * 50_000 < quote.price_ticks:
            return
        spec = self.spec
        terms: dict[str, Any] = {
            "symbol": spec.symbol,
            "side": quote.side,
            "quantity": spec.quantity_text(held[2] if held else quote.quantity_lots),
            "price": spec.price_text(quote.price_ticks),
        }
        try:
            if held:
                await self.client.amend(orderId=held[0], **terms)
                self.orders[quote.slot] = (held[0], quote.price_ticks, held[2])
            else:
                answer = await self.client.place(type="LIMIT", timeInForce="GTX", **terms)
                self.orders[quote.slot] = (int(answer["orderId"]), quote.price_ticks, quote.quantity_lots)
        except RefusedError as error:
            if held and error.code in GONE:
                del self.orders[quote.slot]
            elif held and error.code in WORN:
                del self.orders[quote.slot]
                await self.client.cancel(symbol=spec.symbol, orderId=held[0])
            elif error.code not in UNCHANGED:
                log.debug("quote refused", symbol=spec.symbol, error=str(error))


async def make_market(maker: Maker, stop: asyncio.Event, live: asyncio.Event) -> None:
    """Clear what an earlier life left, then quote about once a second until `stop`."""
    fresh = False
    while not stop.is_set():
        try:
            if not fresh:
                await maker.client.cancel_all(maker.spec.symbol)
                maker.orders.clear()
                fresh = True
            premium = await maker.client.call("GET", "/fapi/v1/premiumIndex", signed=False, symbol=maker.spec.symbol)
            index = Decimal(premium["indexPrice"])  # not the mark, which follows the book that is quoted here
            if index > 0:
                await maker.round(index)
                live.set()
        except (RefusedError, aiohttp.ClientError, TimeoutError) as error:
            log.info("maker waits", symbol=maker.spec.symbol, error=str(error))
            fresh = False
        await _pause(stop, maker.rng.uniform(0.8, 1.3))


async def trade_at_random(
    client: TradingClient, specs: list[InstrumentSpec], rng: random.Random, stop: asyncio.Event
) -> None:
    """Small market orders on both sides, so that trades print and candles move."""
    while not stop.is_set():
        spec = rng.choice(specs)
        try:
            premium = await client.call("GET", "/fapi/v1/premiumIndex", signed=False, symbol=spec.symbol)
            mark = Decimal(premium["markPrice"])
            if mark > 0:
                lots = max(spec.min_quantity_lots, ladder_for(spec, mark, 0).level_lots * rng.randrange(3, 60) // 100)
                position = Decimal(await client.position(spec.symbol))
                long_bias = 0.5 - 0.3 * max(-1.0, min(1.0, float(position * mark) / INVENTORY_VALUE))
                side = "BUY" if rng.random() < long_bias else "SELL"
                await client.place(symbol=spec.symbol, side=side, type="MARKET", quantity=spec.quantity_text(lots))
        except (RefusedError, aiohttp.ClientError, TimeoutError) as error:
            log.info("demo trader waits", symbol=spec.symbol, error=str(error))
        await _pause(stop, rng.expovariate(1.6) + 0.1)


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return


async def run_demo(
    base_url: str,
    keys: list[tuple[str, str]],
    specs: list[InstrumentSpec],
    *,
    seed: int,
    stop: asyncio.Event,
    live: asyncio.Event,
) -> None:
    """All but the last account make markets on every instrument, the last one trades."""
    timeout = aiohttp.ClientTimeout(total=5)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        clients = [TradingClient(session, base_url, key, secret) for key, secret in keys]
        makers = [
            Maker(client, spec, number, random.Random(f"{seed}:{number}:{spec.symbol}"))
            for number, client in enumerate(clients[:-1])
            for spec in specs
        ]
        async with asyncio.TaskGroup() as group:
            for maker in makers:
                group.create_task(make_market(maker, stop, live))
            group.create_task(trade_at_random(clients[-1], specs, random.Random(f"{seed}:trader"), stop))
