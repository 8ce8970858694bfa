"""Two accounts that order through the public API whatever dies, and remember what was acknowledged."""

from __future__ import annotations

import asyncio
import itertools
import time
from typing import Any

import aiohttp

from apps.marketmakers.client import RefusedError, TradingClient
from tests.support.pace import PATIENCE_S

ASKED_AT_ONCE = 8


class Customers:
    """Two accounts that order on the quiet instrument; `acknowledged` holds client_order_id -> orderId."""

    def __init__(self, session: aiohttp.ClientSession, facts: dict[str, Any]) -> None:
        self.symbol: str = facts["quiet_symbol"]
        self.people = [
            TradingClient(session, facts["base_url"], person["api_key"], person["api_secret"])
            for person in facts["accounts"][:2]
        ]
        self.acknowledged: list[dict[str, int]] = [{}, {}]
        self.unanswered = 0
        self._numbers = itertools.count(1)
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def count(self) -> int:
        return sum(len(orders) for orders in self.acknowledged)

    def start(self) -> None:
        self._tasks = [asyncio.create_task(self._order(number)) for number in (0, 1)]

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _order(self, number: int) -> None:
        """Both sides at the mark, so that some rest, some trade; small enough never to run out of margin."""
        while True:
            name = f"chaos-{number}-{next(self._numbers)}"
            try:
                price = await self._price(number)
                answer = await self.people[number].place(
                    symbol=self.symbol, side="BUY" if number == 0 else "SELL", type="LIMIT", timeInForce="IOC",
                    quantity="1", price=price, newClientOrderId=name,
                )  # fmt: skip
                self.acknowledged[number][name] = int(answer["orderId"])
                await asyncio.sleep(0.02)
            except (RefusedError, aiohttp.ClientError, TimeoutError, ValueError):
                self.unanswered += 1
                await asyncio.sleep(0.1)

    async def _price(self, number: int) -> str:
        info = await self.people[number].call("GET", "/fapi/v1/premiumIndex", signed=False, symbol=self.symbol)
        mark = float(info["markPrice"])
        return f"{mark * (1.01 if number == 0 else 0.99):.2f}"

    async def more(self, orders: int, seconds: float = PATIENCE_S) -> None:
        """Return once so many further orders were acknowledged. Raises TimeoutError."""
        goal = self.count + orders
        async with asyncio.timeout(seconds):
            while self.count < goal:
                await asyncio.sleep(0.02)

    async def missing(self) -> list[str]:
        """Acknowledged orders that the exchange does not know by that name and number.

        What was just killed may be busy or behind for a while: a refusal counts when patience is at its end.
        """
        give_up = time.monotonic() + PATIENCE_S
        left = [
            (client, name, order_id)
            for client, orders in zip(self.people, self.acknowledged, strict=True)
            for name, order_id in orders.items()
        ]
        lost: list[str] = []

        async def ask() -> None:
            while left:
                client, name, order_id = one = left.pop()
                try:
                    found = await client.call("GET", "/fapi/v1/order", symbol=self.symbol, origClientOrderId=name)
                except (RefusedError, aiohttp.ClientError, TimeoutError, ValueError) as error:
                    if time.monotonic() > give_up:
                        lost.append(f"{name}: {error!r}")
                    else:
                        await asyncio.sleep(0.1)
                        left.append(one)
                else:
                    if int(found["orderId"]) != order_id:
                        lost.append(f"{name}: {order_id} became {found['orderId']}")

        await asyncio.gather(*(ask() for _ in range(ASKED_AT_ONCE)))
        return lost
