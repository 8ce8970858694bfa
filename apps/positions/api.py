"""Positions and their settings on the trading lane, from engine state: /api/v1/positions, leverage, margin and modes."""

from __future__ import annotations

import asyncio
from typing import Any, Literal

import msgspec

from apps.accounts.live_state import get_live_account, get_live_assets, get_live_modes, get_live_places
from apps.accounts.margin import cross_ratios, isolated_ratio
from apps.common.json_body import read_body
from apps.common.lane import LaneError, LaneRequest, LaneResponse, Route, Routes, Security, answer
from apps.instruments.catalog import get_catalog
from apps.instruments.types import InstrumentSpec
from apps.instruments.wire import decimal_units, find_instrument
from apps.positions.services import (
    adjust_isolated_margin,
    set_leverage,
    set_margin_mode,
    set_multi_assets,
    set_position_mode,
)
from matcher.protocol.enums import MarginMode, PositionMode, PositionSide
from matcher.protocol.units import format_scaled
from matcher.protocol.views import AdlView, PositionView

MONEY_DECIMALS = 8
AMOUNT_TOO_LARGE = 1 << 62
PositionSideName = Literal["both", "long", "short"]


class LeverageChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST /api/v1/leverage."""

    symbol: str
    leverage: int


class MarginModeChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST /api/v1/margin-mode."""

    symbol: str
    margin_mode: Literal["cross", "isolated"]


class PositionModeChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST /api/v1/position-mode, of the whole account."""

    position_mode: Literal["one_way", "hedge"]


class MultiAssetsChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST /api/v1/multi-assets, of the whole account."""

    multi_assets: bool


class IsolatedMarginChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST /api/v1/isolated-margin: `amount` is added to the position's margin, or taken when negative."""

    symbol: str
    amount: str
    position_side: PositionSideName = "both"


def position_object(
    spec: InstrumentSpec, view: PositionView, place: AdlView | None, cross_ratio_ppb: int | None
) -> dict[str, Any]:
    """One leg; `quantity` is signed, amounts are in the settlement asset.

    `margin_ratio` is that of its margin group; `adl_lights` 5 is the first fifth of its deleveraging queue.
    """
    lots, k = view.position_lots, spec.tick_lot_units
    isolated = view.margin_mode == MarginMode.ISOLATED
    ratio = isolated_ratio(view) if isolated else cross_ratio_ppb
    entry = None
    if lots:
        entry = format_scaled(abs(view.cost_units) * 10**spec.quantity_decimals // (abs(lots) * spec.lot_step), 8)
    return {
        "symbol": spec.symbol,
        "position_side": PositionSide(view.position_side).name.lower(),
        "side": "long" if lots > 0 else "short" if lots < 0 else "flat",
        "quantity": spec.quantity_text(lots),
        "entry_price": entry,
        "mark_price": spec.price_text(view.mark_ticks) if view.mark_ticks else None,
        "liquidation_price": spec.price_text(view.liquidation_ticks) if view.liquidation_ticks else None,
        "bankruptcy_price": spec.price_text(view.bankruptcy_ticks) if view.bankruptcy_ticks else None,
        "notional": format_scaled(abs(lots) * view.mark_ticks * k, 8),
        "unrealized_pnl": format_scaled(view.unrealized_pnl_units, 8),
        "realized_pnl": format_scaled(view.realized_pnl_units, 8),
        "initial_margin": format_scaled(view.position_margin_units + view.order_margin_units, 8),
        "position_margin": format_scaled(view.position_margin_units, 8),
        "order_margin": format_scaled(view.order_margin_units, 8),
        "maintenance_margin": format_scaled(view.maintenance_margin_units, 8),
        "margin_ratio": None if ratio is None else format_scaled(ratio, 9),
        "leverage": view.leverage or spec.default_leverage,
        "margin_mode": MarginMode(view.margin_mode).name.lower(),
        "isolated_margin": format_scaled(view.isolated_units, 8) if isolated else None,
        "adl_rank": place.rank if place is not None else None,
        "adl_lights": place.lights if place is not None else None,
        "updated_ms": view.updated_ns // 1_000_000,
    }


async def get_positions(request: LaneRequest) -> LaneResponse:
    """Open positions; `symbol` narrows them to one."""
    symbol = request.params.get("symbol")
    spec = await find_instrument(symbol) if symbol else None
    account_id = request.account_id
    live, modes, places = await asyncio.gather(
        get_live_account(account_id), get_live_modes(account_id), get_live_places(account_id)
    )
    ratios = cross_ratios(live.balances, await get_live_assets() if modes.multi_assets else None)
    by_id = get_catalog().by_id
    found = []
    for view in live.positions:
        own = by_id.get(view.instrument)
        if own is None or not view.position_lots or (spec is not None and spec.id != view.instrument):
            continue
        place = places.get((view.instrument, view.position_side))
        found.append(position_object(own, view, place, ratios.get(own.settlement_asset_id)))
    return answer({"positions": found})


async def post_margin_mode(request: LaneRequest) -> LaneResponse:
    body = read_body(request.body, MarginModeChange)
    spec = await find_instrument(body.symbol)
    mode = MarginMode[body.margin_mode.upper()]
    await set_margin_mode(account_id=request.account_id, instrument_id=spec.id, margin_mode=mode)
    return answer({"symbol": spec.symbol, "margin_mode": body.margin_mode})


async def post_position_mode(request: LaneRequest) -> LaneResponse:
    body = read_body(request.body, PositionModeChange)
    mode = PositionMode[body.position_mode.upper()]
    await set_position_mode(account_id=request.account_id, position_mode=mode)
    return answer({"position_mode": body.position_mode})


async def post_multi_assets(request: LaneRequest) -> LaneResponse:
    body = read_body(request.body, MultiAssetsChange)
    await set_multi_assets(account_id=request.account_id, multi_assets=body.multi_assets)
    return answer({"multi_assets": body.multi_assets})


async def post_isolated_margin(request: LaneRequest) -> LaneResponse:
    body = read_body(request.body, IsolatedMarginChange)
    spec = await find_instrument(body.symbol)
    units = decimal_units("amount", body.amount, MONEY_DECIMALS)
    if not abs(units) < AMOUNT_TOO_LARGE:
        raise LaneError(-1130, "The amount is too large.", name="INVALID_AMOUNT")
    isolated_units = await adjust_isolated_margin(
        account_id=request.account_id,
        instrument_id=spec.id,
        amount_units=units,
        position_side=PositionSide[body.position_side.upper()],
    )
    return answer(
        {
            "symbol": spec.symbol,
            "position_side": body.position_side,
            "isolated_margin": format_scaled(isolated_units, MONEY_DECIMALS),
        }
    )


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
    ("POST", "/api/v1/margin-mode"): Route(post_margin_mode, 1, Security.TOKEN, permission="trade"),
    ("POST", "/api/v1/position-mode"): Route(post_position_mode, 1, Security.TOKEN, permission="trade"),
    ("POST", "/api/v1/multi-assets"): Route(post_multi_assets, 1, Security.TOKEN, permission="trade"),
    ("POST", "/api/v1/isolated-margin"): Route(post_isolated_margin, 1, Security.TOKEN, permission="trade"),
}
