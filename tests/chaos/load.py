"""Traders that keep ordering whatever happens to the matcher, and remember what they were told."""

from __future__ import annotations

import asyncio
import itertools

from apps.bridge.client import AsyncMatcherClient
from apps.bridge.errors import MatcherUnavailable, OutcomeUnknown
from matcher.protocol.commands import PlaceOrder
from matcher.protocol.enums import Side
from matcher.protocol.events import OrderAccepted, OrderRejected
from matcher.protocol.views import ClientIdView, Query, QueryKind
from tests.support.market import MARK_TICKS, opening, order
from tests.support.pace import PATIENCE_S

TRADERS = 64
ANSWER_SECONDS_MAX = 10.0


class Traders:
    """`acknowledged` maps (account, client_order_id) to the order_id that was confirmed."""

    def __init__(self, url: str) -> None:
        self.client = AsyncMatcherClient(url, "chaos")
        self.acknowledged: dict[tuple[int, bytes], int] = {}
        self.unknown: set[tuple[int, bytes]] = set()
        self.rejected = 0
        self._numbers = itertools.count(1)
        self._tasks: list[asyncio.Task[None]] = []
        self._heard = asyncio.Condition()

    async def start(self) -> None:
        """Make the market and begin to order."""
        await self.client.start(PATIENCE_S)
        await asyncio.gather(*(self.client.submit(command.pack(), PATIENCE_S) for command in opening(TRADERS)))
        self._tasks = [asyncio.create_task(self._trade(account)) for account in range(1, TRADERS + 1)]

    async def wait_acknowledged(self, more: int) -> None:
        """Return once so many further orders were confirmed."""
        goal = len(self.acknowledged) + more
        async with asyncio.timeout(PATIENCE_S), self._heard:
            await self._heard.wait_for(lambda: len(self.acknowledged) >= goal)

    async def stop(self) -> None:
        """Let every trader finish the order at hand."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def missing(self) -> list[tuple[int, bytes]]:
        """Confirmed orders that the engine does not know under the same order_id."""
        await self.client.wait_connected(PATIENCE_S)
        found = await asyncio.gather(*(self._is_known(*key) for key in self.acknowledged))
        return [key for key, known in zip(self.acknowledged, found, strict=True) if not known]

    async def _is_known(self, account: int, client_order_id: bytes) -> bool:
        ask = Query(kind=QueryKind.ORDER, account=account, instrument=1, client_order_id=client_order_id)
        _, _, remembered = await self.client.query(ask, PATIENCE_S)
        order_id = self.acknowledged[account, client_order_id]
        return [r.order_id for r in remembered if isinstance(r, ClientIdView)] == [order_id]

    def order_of(self, account: int, number: int, client_order_id: bytes) -> PlaceOrder:
        """What the trader asks for with that number."""
        side = Side.BUY if number % 2 else Side.SELL
        return order(account, side, price_ticks=MARK_TICKS + number % 7 - 3, client_order_id=client_order_id)

    async def _trade(self, account: int) -> None:
        while True:
            number = next(self._numbers)
            key = account, b"chaos-%d" % number
            command = self.order_of(account, number, key[1])
            try:
                events = await self.client.send(command, ANSWER_SECONDS_MAX)
            except OutcomeUnknown:
                self.unknown.add(key)
                continue
            except MatcherUnavailable:
                await self._link()
                continue
            first = events[0]
            if isinstance(first, OrderAccepted):
                self.acknowledged[key] = first.order_id
            elif isinstance(first, OrderRejected):
                self.rejected += 1
            async with self._heard:
                self._heard.notify_all()

    async def _link(self) -> None:
        try:
            await self.client.wait_connected(ANSWER_SECONDS_MAX)
        except MatcherUnavailable:
            return
