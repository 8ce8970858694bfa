"""What an account holds right now, as the engine answers it: never from rows."""

from __future__ import annotations

from typing import NamedTuple, cast

from apps.bridge.services import aquery
from matcher.protocol.views import (
    AccountView,
    AdlView,
    AssetView,
    BalanceView,
    CountdownView,
    PositionView,
    Query,
    QueryKind,
)


class LiveAccount(NamedTuple):
    """Balances and touched instruments at `seq`; empty lists for an account the engine does not know."""

    seq: int
    time_ns: int
    balances: list[BalanceView]
    positions: list[PositionView]


async def get_live_account(account_id: int) -> LiveAccount:
    """Raises MatcherUnavailable, OutcomeUnknown."""
    header, balances, positions = await aquery(Query(kind=QueryKind.ACCOUNT, account=account_id))
    return LiveAccount(
        header.seq, header.time_ns, cast("list[BalanceView]", balances), cast("list[PositionView]", positions)
    )


async def get_live_modes(account_id: int) -> AccountView:
    """Position mode, asset mode and the like; a blank one for an account the engine does not know."""
    _, views, _ = await aquery(Query(kind=QueryKind.ACCOUNTS, account=account_id))
    return cast("AccountView", views[0]) if views else AccountView(account=account_id)


async def get_live_assets() -> dict[int, AssetView]:
    """House totals and collateral terms of every asset."""
    _, views, _ = await aquery(Query(kind=QueryKind.ASSETS))
    return {view.asset: view for view in cast("list[AssetView]", views)}


async def get_live_places(account_id: int, instrument_id: int = 0) -> dict[tuple[int, int], AdlView]:
    """Places of the account's positions in the deleveraging queues, by instrument and position side."""
    _, views, _ = await aquery(Query(kind=QueryKind.ADL, account=account_id, instrument=instrument_id))
    return {(view.instrument, view.position_side): view for view in cast("list[AdlView]", views)}


async def get_live_countdowns(account_id: int) -> list[CountdownView]:
    """Armed countdowns by instrument; instrument 0 is all."""
    _, _, countdowns = await aquery(Query(kind=QueryKind.RULES, account=account_id))
    return cast("list[CountdownView]", countdowns)
