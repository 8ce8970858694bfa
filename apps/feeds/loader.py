"""Keeps the hub's picture whole: one task that loads what is missing and repeats until it has worked."""

from __future__ import annotations

import asyncio
from typing import Protocol

import structlog
from django.db import DatabaseError

from apps.bridge.errors import BridgeError
from apps.feeds.book import Head
from apps.feeds.loading import RETRY_S, ROWS_WAIT_S, Matcher, Rows, load_funds, load_histories, load_markets, load_rules
from apps.feeds.market import Market
from apps.feeds.price_streams import PriceKlineStream
from apps.instruments.types import InstrumentSpec

_log = structlog.get_logger("feeds.loader")


class Picture(Protocol):
    """What the loader fills."""

    head: Head
    markets: dict[int, Market]
    symbols: dict[str, Market]
    assets: dict[int, str]
    funds: dict[int, int]

    @property
    def matcher(self) -> Matcher: ...

    def announce(self, market: Market) -> None: ...

    def hold(self) -> None: ...

    def release(self, seq: int | None, time_ns: int) -> bool: ...


class Loader:
    """Loads everything (`load_all`: at start, after a hole) or only markets not known yet (`load_new`)."""

    def __init__(self, picture: Picture, rows: Rows) -> None:
        self._picture, self._rows = picture, rows
        self._everything = self._wanted = False
        self._task: asyncio.Task[None] | None = None
        self._history: asyncio.Task[None] | None = None
        self._rules: set[asyncio.Task[None]] = set()

    def load_all(self) -> None:
        self._everything = True
        self.load_new()

    def load_new(self) -> None:
        self._wanted = True
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._run())

    def load_rules(self, market: Market) -> None:
        """Ask anew what the engine predicts of the market's funding."""
        task = asyncio.get_running_loop().create_task(self._load_rules(market))
        self._rules.add(task)
        task.add_done_callback(self._rules.discard)

    def load_price_candle(self, stream: PriceKlineStream) -> None:
        """Put what the rows hold of the open candle under the stream's own."""
        task = asyncio.get_running_loop().create_task(self._load_price_candle(stream))
        self._rules.add(task)
        task.add_done_callback(self._rules.discard)

    async def _load_price_candle(self, stream: PriceKlineStream) -> None:
        """It waits for its rows as long as it takes."""
        seq = self._picture.head.seq
        while True:
            try:
                if await self._rows.await_seq(seq, ROWS_WAIT_S):
                    stream.load(await self._rows.get_newest_prices(stream.market.id, stream.price, stream.interval))
                    return
            except DatabaseError as error:
                _log.warning("prices_not_read", error=str(error))
                await asyncio.sleep(RETRY_S)

    async def _load_rules(self, market: Market) -> None:
        try:
            await load_rules(self._picture.matcher, {market.id: market}, market.id)
        except BridgeError as error:
            _log.info("rules_not_read", error=str(error))  # the next sample tells the rate

    async def stop(self) -> None:
        tasks = [task for task in (self._task, self._history, *self._rules) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _run(self) -> None:
        while self._wanted:
            everything, self._wanted, self._everything = self._everything, False, False
            try:
                done = await self._load(everything)
            except BridgeError as error:
                _log.info("matcher_not_there", error=str(error))
                done = False
            except Exception:  # noqa: BLE001  # whatever it was, the picture is not whole until it is repeated
                _log.exception("load_failed")
                done = False
            if not done:
                self._wanted, self._everything = True, self._everything or everything
                await asyncio.sleep(RETRY_S)

    async def _load(self, everything: bool) -> bool:
        """One attempt; False when it has to be repeated."""
        picture = self._picture
        picture.assets.update(await self._rows.get_assets())
        self._describe(await self._rows.get_instruments())
        markets = [market for market in picture.markets.values() if everything or not market.book.loaded_seq]
        if not everything and not markets:
            return self._everything or self._release(None, 0)
        picture.hold()
        for market in markets:
            market.await_history()
        if everything:
            picture.funds.update(await load_funds(picture.matcher))
        seq, time_ns = await load_markets(picture.matcher, markets)
        if self._history is not None:
            self._history.cancel()
        waiting = [market for market in picture.markets.values() if market.since_load is not None]
        self._history = asyncio.create_task(load_histories(self._rows, waiting, seq))
        await asyncio.wait([self._history], timeout=ROWS_WAIT_S)
        if self._everything:
            return True
        return self._release(seq if everything else None, time_ns)

    def _release(self, seq: int | None, time_ns: int) -> bool:
        """Let the picture go on; where batches are missing it has to be loaded whole."""
        if not self._picture.release(seq, time_ns):
            self._everything = True
            return False
        _log.info("ready", seq=self._picture.head.seq, instruments=len(self._picture.markets))
        return True

    def _describe(self, specs: list[InstrumentSpec]) -> None:
        """Take the instruments' terms, known ones' and new ones'."""
        picture = self._picture
        for spec in specs:
            market = picture.markets.get(spec.id)
            if market is None:
                market = picture.markets[spec.id] = Market(spec, picture.head)
                picture.announce(market)
            elif market.spec != spec:
                market.describe(spec)
                picture.announce(market)
            picture.symbols[spec.symbol.lower()] = market
