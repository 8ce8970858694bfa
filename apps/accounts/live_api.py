"""/api/v1/account on the trading lane: balances and margin as the engine holds them."""

from __future__ import annotations

import asyncio
from typing import Any

from apps.accounts.live_state import get_live_account, get_live_assets, get_live_countdowns, get_live_modes
from apps.accounts.margin import cross_ratios
from apps.assets.selectors import get_assets
from apps.common.lane import LaneRequest, LaneResponse, Route, Routes, Security, answer
from apps.common.rows import ask
from apps.instruments.catalog import get_catalog
from apps.instruments.types import InstrumentSpec
from matcher.protocol.enums import MarginMode, PositionMode, PositionSide
from matcher.protocol.units import format_scaled
from matcher.protocol.views import BalanceView, PositionView


def balance_object(view: BalanceView, codes: dict[int, str], ratio_ppb: int | None) -> dict[str, Any]:
    """One asset. `margin_ratio` is that of the cross positions: maintenance / balance; null without a balance.

    In multi-asset mode it is that of all assets together, by value.
    """
    return {
        "asset": codes.get(view.asset, str(view.asset)),
        "wallet_balance": format_scaled(view.wallet_units, 8),
        "unrealized_pnl": format_scaled(view.unrealized_pnl_units, 8),
        "margin_balance": format_scaled(view.wallet_units + view.unrealized_pnl_units, 8),
        "available_balance": format_scaled(view.available_units, 8),
        "withdrawable_balance": format_scaled(view.withdrawable_units, 8),
        "position_margin": format_scaled(view.position_margin_units, 8),
        "order_margin": format_scaled(view.order_margin_units, 8),
        "maintenance_margin": format_scaled(view.maintenance_margin_units, 8),
        "isolated_margin": format_scaled(view.isolated_units, 8),
        "cross_unrealized_pnl": format_scaled(view.cross_unrealized_pnl_units, 8),
        "cross_maintenance_margin": format_scaled(view.cross_maintenance_margin_units, 8),
        "margin_ratio": ratio_text(ratio_ppb),
        "updated_ms": view.updated_ns // 1_000_000,
    }


def ratio_text(ratio_ppb: int | None) -> str | None:
    """Maintenance in parts of equity, cut at 9 places; null where nothing stands behind it."""
    return None if ratio_ppb is None else format_scaled(ratio_ppb, 9)


async def get_account(request: LaneRequest) -> LaneResponse:
    """Balances, modes and leverage of the account, and the countdowns that are armed."""
    account_id = request.account_id
    live, modes, countdowns = await asyncio.gather(
        get_live_account(account_id), get_live_modes(account_id), get_live_countdowns(account_id)
    )
    catalog, codes = get_catalog(), await _codes(live.balances)
    ratios = cross_ratios(live.balances, await get_live_assets() if modes.multi_assets else None)
    specs, by_id = catalog.all(), catalog.by_id
    chosen = {view.instrument: view for view in live.positions if view.position_side == PositionSide.BOTH}
    return answer(
        {
            "account_id": account_id,
            "position_mode": PositionMode(modes.position_mode).name.lower(),
            "multi_assets": bool(modes.multi_assets),
            "seq": live.seq,
            "leverage": {spec.symbol: _leverage(spec, chosen.get(spec.id)) for spec in specs},
            "margin_mode": {
                spec.symbol: MarginMode(chosen[spec.id].margin_mode if spec.id in chosen else 0).name.lower()
                for spec in specs
            },
            "countdowns": [
                {
                    "symbol": by_id[view.instrument].symbol if view.instrument in by_id else None,
                    "deadline_ms": view.deadline_ns // 1_000_000,
                }
                for view in countdowns
            ],
            "balances": [balance_object(view, codes, ratios[view.asset]) for view in live.balances],
        }
    )


def _leverage(spec: InstrumentSpec, view: PositionView | None) -> int:
    """The leverage in effect: the account's choice, else the instrument's default, within the first tier."""
    chosen = view.leverage if view is not None and view.leverage else spec.default_leverage
    return min(chosen, spec.tiers[0].max_leverage) if spec.tiers else chosen


async def _codes(balances: list[BalanceView]) -> dict[int, str]:
    """Codes of the assets; rows are asked only for one that no instrument settles in."""
    codes = {spec.settlement_asset_id: spec.settlement_asset for spec in get_catalog().all()}
    if any(view.asset not in codes for view in balances):
        codes |= {asset.id: asset.code for asset in await ask(get_assets)}
    return codes


ROUTES: Routes = {("GET", "/api/v1/account"): Route(get_account, 5, Security.TOKEN)}
