"""/api/v1/account on the trading lane: balances and margin as the engine holds them."""

from __future__ import annotations

from typing import Any

from apps.accounts.live_state import get_live_account
from apps.common.lane import LaneRequest, LaneResponse, Route, Routes, Security, answer
from apps.instruments.catalog import get_catalog
from matcher.protocol.units import PPB, format_scaled
from matcher.protocol.views import BalanceView


def balance_object(view: BalanceView, codes: dict[int, str]) -> dict[str, Any]:
    """One asset. `margin_ratio` is maintenance_margin / margin_balance; null without a balance."""
    margin_balance = view.wallet_units + view.unrealized_pnl_units
    ratio = None
    if margin_balance > 0:
        ratio = format_scaled(view.maintenance_margin_units * PPB // margin_balance, 9)
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
        "margin_ratio": ratio,
        "updated_ms": view.updated_ns // 1_000_000,
    }


async def get_account(request: LaneRequest) -> LaneResponse:
    live = await get_live_account(request.account_id)
    specs = get_catalog().all()
    chosen = {view.instrument: view.leverage for view in live.positions if view.leverage}
    codes = {spec.settlement_asset_id: spec.settlement_asset for spec in specs}
    return answer(
        {
            "account_id": request.account_id,
            "position_mode": "one_way",
            "seq": live.seq,
            "leverage": {spec.symbol: chosen.get(spec.id, spec.default_leverage) for spec in specs},
            "balances": [balance_object(view, codes) for view in live.balances],
        }
    )


ROUTES: Routes = {("GET", "/api/v1/account"): Route(get_account, 5, Security.TOKEN)}
