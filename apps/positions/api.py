"""/api/v1/positions and /api/v1/leverage on the trading lane, from engine state."""

from __future__ import annotations

from typing import Any

import msgspec

from apps.accounts.live_state import get_live_account
from apps.common.json_body import read_body
from apps.common.lane import LaneRequest, LaneResponse, Route, Routes, Security, answer
from apps.instruments.catalog import get_catalog
from apps.instruments.types import InstrumentSpec
from apps.instruments.wire import find_instrument
from apps.positions.services import set_leverage
from matcher.protocol.units import format_scaled
from matcher.protocol.views import PositionView


class LeverageChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST /api/v1/leverage."""

    symbol: str
    leverage: int


def position_object(spec: InstrumentSpec, view: PositionView) -> dict[str, Any]:
    """One position; `quantity` is signed, amounts are in the settlement asset."""
    lots, k = view.position_lots, spec.tick_lot_units
    entry = None
    if lots:
        entry = format_scaled(abs(view.cost_units) * 10**spec.quantity_decimals // (abs(lots) * spec.lot_step), 8)
    return {
        "symbol": spec.symbol,
        "side": "long" if lots > 0 else "short" if lots < 0 else "flat",
        "quantity": spec.quantity_text(lots),
        "entry_price": entry,
        "mark_price": spec.price_text(view.mark_ticks) if view.mark_ticks else None,
        "liquidation_price": spec.price_text(view.liquidation_ticks) if view.liquidation_ticks else None,
        "notional": format_scaled(abs(lots) * view.mark_ticks * k, 8),
        "unrealized_pnl": format_scaled(view.unrealized_pnl_units, 8),
        "realized_pnl": format_scaled(view.realized_pnl_units, 8),
        "initial_margin": format_scaled(view.position_margin_units + view.order_margin_units, 8),
        "position_margin": format_scaled(view.position_margin_units, 8),
        "order_margin": format_scaled(view.order_margin_units, 8),
        "maintenance_margin": format_scaled(view.maintenance_margin_units, 8),
        "leverage": view.leverage or spec.default_leverage,
        "margin_mode": "cross",
        "updated_ms": view.updated_ns // 1_000_000,
    }


async def get_positions(request: LaneRequest) -> LaneResponse:
    """Open positions; `symbol` narrows them to one."""
    symbol = request.params.get("symbol")
    spec = await find_instrument(symbol) if symbol else None
    live = await get_live_account(request.account_id)
    by_id = get_catalog().by_id
    found = [
        position_object(by_id[view.instrument], view)
        for view in live.positions
        if view.position_lots and view.instrument in by_id and (spec is None or spec.id == view.instrument)
    ]
    return answer({"positions": found})


async def post_leverage(request: LaneRequest) -> LaneResponse:
    body = read_body(request.body, LeverageChange)
    spec = await find_instrument(body.symbol)
    wanted = min(max(body.leverage, 0), 0xFFFF)
    result = await set_leverage(account_id=request.account_id, instrument_id=spec.id, leverage=wanted)
    return answer(
        {
            "symbol": spec.symbol,
            "leverage": result.leverage,
            "max_notional": format_scaled(result.max_notional_units, 8),
        }
    )


ROUTES: Routes = {
    ("GET", "/api/v1/positions"): Route(get_positions, 5, Security.TOKEN),
    ("POST", "/api/v1/leverage"): Route(post_leverage, 1, Security.TOKEN, permission="trade"),
}
