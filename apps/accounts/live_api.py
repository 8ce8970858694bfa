"""/api/v1/account on the trading lane: balances and margin as the engine holds them."""

from __future__ import annotations

import asyncio
from typing import Any

from apps.accounts.live_state import get_live_account, get_live_assets, get_live_modes
from apps.accounts.margin import cross_equity, cross_ratios
from apps.assets.catalog import asset_codes
from apps.common.lane import LaneRequest, LaneResponse, Route, Routes, Security, answer
from apps.instruments.catalog import get_catalog
from matcher.protocol.enums import MarginMode, PositionMode
from matcher.protocol.units import format_scaled
from matcher.protocol.views import BalanceView


def balance_object(view: BalanceView, codes: dict[int, str], ratio_ppb: int | None) -> dict[str, Any]:
    """One asset. `margin_ratio` is that of its cross positions; null without a balance to bear them."""
    margin_balance = view.wallet_units + view.unrealized_pnl_units
    return {
        "asset": codes.get(view.asset, str(view.asset)),
        "wallet_balance": format_scaled(view.wallet_units, 8),
        "unrealized_pnl": format_scaled(view.unrealized_pnl_units, 8),
        "margin_balance": format_scaled(margin_balance, 8),
        "available_balance": format_scaled(view.available_units, 8),
        "withdrawable_balance": format_scaled(view.withdrawable_units, 8),
        "position_margin": format_scaled(view.position_margin_units, 8),
        "order_margin": format_scaled(view.order_margin_units, 8),
        "maintenance_margin": format_scaled(view.maintenance_margin_units, 8),
        "margin_ratio": None if ratio_ppb is None else format_scaled(ratio_ppb, 9),
        "isolated_margin": format_scaled(view.isolated_units, 8),
        "cross_margin_balance": format_scaled(cross_equity(view), 8),
        "cross_maintenance_margin": format_scaled(view.cross_maintenance_margin_units, 8),
        "updated_ms": view.updated_ns // 1_000_000,
    }


async def get_account(request: LaneRequest) -> LaneResponse:
    account_id = request.account_id
    live, modes = await asyncio.gather(get_live_account(account_id), get_live_modes(account_id))
    specs = get_catalog().all()
    codes = await asset_codes(view.asset for view in live.balances)
    chosen = {view.instrument: view.leverage for view in live.positions if view.leverage}
    isolated = {view.instrument for view in live.positions if view.margin_mode == MarginMode.ISOLATED}
    ratios = cross_ratios(live.balances, await get_live_assets() if modes.multi_assets else None)
    return answer(
        {
            "account_id": account_id,
            "position_mode": PositionMode(modes.position_mode).name.lower(),
            "multi_assets": bool(modes.multi_assets),
            "seq": live.seq,
            "leverage": {spec.symbol: chosen.get(spec.id, spec.default_leverage) for spec in specs},
            "margin_mode": {spec.symbol: "isolated" if spec.id in isolated else "cross" for spec in specs},
            "balances": [balance_object(view, codes, ratios[view.asset]) for view in live.balances],
        }
    )


ROUTES: Routes = {("GET", "/api/v1/account"): Route(get_account, 5, Security.TOKEN)}
