"""Filling the picture: books and facts from the engine, history from rows."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Protocol, cast

import structlog
from django.db import DatabaseError

from apps.feeds.market import History, Market
from apps.feeds.price_streams import Price, StoredPrice
from apps.instruments.types import InstrumentSpec
from matcher.protocol.records import Record
from matcher.protocol.views import (
    AnswerHeader,
    AssetView,
    BalanceView,
    InstrumentView,
    LevelView,
    Query,
    QueryKind,
    RulesView,
)

Answer = tuple[AnswerHeader, list[Record], list[Record]]
ROWS_WAIT_S = 2.0
RETRY_S = 0.2
_log = structlog.get_logger("feeds.loading")


class Matcher(Protocol):
    """What the feeds need of the bridge's mode 1 client."""

    def on_batch(self, callback: Callable[[int, int, bytes, bytes], None]) -> None: ...

    def on_gap(self, callback: Callable[[int], None]) -> None: ...

    async def query(self, query: Query) -> Answer: ...


class Rows(Protocol):
    """What the feeds need of the stored rows."""

    async def get_assets(self) -> dict[int, str]: ...

    async def get_instruments(self) -> list[InstrumentSpec]: ...

    async def await_seq(self, seq: int, timeout_s: float) -> bool: ...

    async def get_history(self, instrument_id: int, now_ms: int) -> History: ...

    async def read_journal(self, seq: int, limit: int) -> list[tuple[int, int, bytes]]: ...

    async def get_newest_prices(self, instrument_id: int, price: Price, interval: str) -> list[StoredPrice]: ...


async def load_markets(matcher: Matcher, markets: Collection[Market]) -> tuple[int, int]:
    """Facts and books of these markets from the engine: the lowest sequence answered, and its time.

    A market remembers the sequence of its own answers, so later batches may overlap them. Raises BridgeError.
    """
    header, views, _ = await matcher.query(Query(kind=QueryKind.INSTRUMENTS))
    known = {view.instrument: view for view in cast("list[InstrumentView]", views)}
    seq, time_ns = header.seq, header.time_ns
    await load_rules(matcher, {market.id: market for market in markets})
    for market in markets:
        view = known.get(market.id)
        if view is None:
            market.book.load(header.seq, header.time_ns, [], [])
            market.facts_seq = header.seq
            continue
        market.load_facts(header.seq, view)
        answer, bids, asks = await matcher.query(Query(kind=QueryKind.DEPTH, instrument=market.id))
        market.book.load(answer.seq, answer.time_ns, _levels(bids), _levels(asks))
        market.best_seen = (*market.book.bids.best(), *market.book.asks.best())
    return seq, time_ns


async def load_funds(matcher: Matcher) -> dict[int, int]:
    """The insurance funds' money by asset, in units. Raises BridgeError."""
    _, views, _ = await matcher.query(Query(kind=QueryKind.ASSETS))
    funds: dict[int, int] = {}
    for asset in cast("list[AssetView]", views):
        if asset.fund_account:
            _, balances, _ = await matcher.query(Query(kind=QueryKind.ACCOUNT, account=asset.fund_account))
            held = {view.asset: view.wallet_units for view in cast("list[BalanceView]", balances)}
            funds[asset.asset] = held.get(asset.asset, 0)
    return funds


async def load_rules(matcher: Matcher, markets: Mapping[int, Market], instrument_id: int = 0) -> None:
    """What the engine predicts of funding; instrument 0: of all. Raises BridgeError."""
    header, views, _ = await matcher.query(Query(kind=QueryKind.RULES, instrument=instrument_id))
    for view in cast("list[RulesView]", views):
        market = markets.get(view.instrument)
        if market is not None:
            market.load_rules(header.seq, view)


async def load_histories(rows: Rows, markets: Iterable[Market], seq: int) -> None:
    """Stored trades and candles, as soon as the rows have reached `seq`; waits for that as long as it takes."""
    waiting = list(markets)
    while waiting:
        try:
            if not await rows.await_seq(seq, ROWS_WAIT_S):
                _log.info("rows_behind", seq=seq)
                continue
            while waiting:
                history = await rows.get_history(waiting[-1].id, time.time_ns() // 1_000_000)
                waiting.pop().load_history(history)
        except DatabaseError as error:
            _log.warning("history_not_read", error=str(error))
            await asyncio.sleep(RETRY_S)


def _levels(views: list[Record]) -> list[tuple[int, int]]:
    return [(view.price_ticks, view.quantity_lots) for view in cast("list[LevelView]", views)]
