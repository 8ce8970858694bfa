"""Tells an account that is being read when one of its margin groups has little left: MARGIN_CALL.

The engine is asked of accounts with open positions in turn, so many a second at most. A group is told of
when its ratio (maintenance / equity) reaches the limit, again after a while above it, and again when it
has been well below. Guidance only: the engine's events are the record.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Mapping
from typing import Protocol, cast

import structlog

from apps.accounts.margin import cross_equity, cross_ratios, isolated_ratio
from apps.bridge.errors import BridgeError
from apps.feeds import user_payloads
from apps.feeds.loading import Matcher
from apps.feeds.market import Market
from apps.feeds.user_stream import UserStream
from matcher.protocol.enums import MarginMode
from matcher.protocol.views import AccountView, AssetView, BalanceView, PositionView, Query, QueryKind

ROUND_S = 2.0
QUESTIONS_A_ROUND = 100
CALL_PPB, CALM_PPB = 800_000_000, 700_000_000
AGAIN_S = 300.0
Group = tuple[int, int, int]  # asset, instrument and position side; 0 and 0 for a cross group
_log = structlog.get_logger("feeds.margin_watch")


class Surroundings(Protocol):
    """What is needed of the hub."""

    markets: dict[int, Market]

    @property
    def matcher(self) -> Matcher: ...


class MarginWatch:
    """One task that goes round the streams of this process."""

    def __init__(self, surroundings: Surroundings, streams: Mapping[int, UserStream]) -> None:
        self._hub, self._streams = surroundings, streams
        self._called: dict[tuple[int, Group], float] = {}
        self._place = 0
        self.task: asyncio.Task[None] | None = None

    def start(self) -> None:
        if self.task is None:
            self.task = asyncio.create_task(self._run(), name="margin watch")

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(ROUND_S)
            try:
                await self.look()
            except BridgeError as error:
                _log.info("matcher_not_there", error=str(error))

    async def look(self) -> None:
        """One round: the next accounts in turn. Raises BridgeError."""
        self._called = {key: at for key, at in self._called.items() if key[0] in self._streams}
        held = [
            account_id
            for account_id, stream in self._streams.items()
            if stream.is_loaded and any(position.lots for position in stream.account.positions.values())
        ]
        if not held:
            return
        start = self._place % len(held)
        turn = (held[start:] + held[:start])[:QUESTIONS_A_ROUND]
        self._place = start + len(turn)
        for account_id in turn:
            stream = self._streams.get(account_id)
            if stream is not None:
                await self._look_at(account_id, stream)

    async def _look_at(self, account_id: int, stream: UserStream) -> None:
        matcher = self._hub.matcher
        _, modes, _ = await matcher.query(Query(kind=QueryKind.ACCOUNTS, account=account_id))
        collateral = None
        if modes and cast("AccountView", modes[0]).multi_assets:
            _, assets, _ = await matcher.query(Query(kind=QueryKind.ASSETS))
            collateral = {view.asset: view for view in cast("list[AssetView]", assets)}
        _, balances, positions = await matcher.query(Query(kind=QueryKind.ACCOUNT, account=account_id))
        balance_views = cast("list[BalanceView]", balances)
        views = [view for view in cast("list[PositionView]", positions) if view.position_lots]
        ratios = cross_ratios(balance_views, collateral)
        called = [view for view in views if self._calls(account_id, view, ratios)]
        if not called:
            return
        rows = [
            user_payloads.margin_call_row(self._hub.markets[view.instrument], view)
            for view in called
            if view.instrument in self._hub.markets
        ]
        stream.call_margin(time.time_ns() // 1_000_000, self._cross_units(called, balance_views), rows)

    def _calls(self, account_id: int, view: PositionView, ratios: Mapping[int, int | None]) -> bool:
        """Whether this leg is to be told of now."""
        market = self._hub.markets.get(view.instrument)
        if market is None:
            return False
        isolated = view.margin_mode == MarginMode.ISOLATED
        ratio = isolated_ratio(view) if isolated else ratios.get(market.spec.settlement_asset_id, 0)
        key = (account_id, (market.spec.settlement_asset_id, view.instrument, view.position_side))
        if ratio is not None and ratio < CALL_PPB:
            if ratio < CALM_PPB:
                self._called.pop(key, None)
            return False
        now = time.monotonic()
        if now - self._called.get(key, -AGAIN_S) < AGAIN_S:
            return False
        self._called[key] = now
        return True

    def _cross_units(self, called: Iterable[PositionView], balances: Iterable[BalanceView]) -> int | None:
        """The wallet behind the first cross leg, isolated margins left out; None when all are isolated."""
        asset = next(
            (
                self._hub.markets[view.instrument].spec.settlement_asset_id
                for view in called
                if view.margin_mode != MarginMode.ISOLATED
            ),
            None,
        )
        found = [view for view in balances if view.asset == asset]
        return cross_equity(found[0]) - found[0].cross_unrealized_pnl_units if found else None
