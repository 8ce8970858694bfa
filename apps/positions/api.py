"""Positions and how an account trades them, on the trading lane: /api/v1/positions, margins, leverage, modes."""

from __future__ import annotations

import asyncio
from typing import Any, Literal

import msgspec

from apps.accounts.live_api import ratio_text
from apps.accounts.live_state import get_live_account, get_live_assets, get_live_modes, get_live_places
from apps.accounts.margin import cross_ratios, isolated_ratio
from apps.common.json_body import read_body
from apps.common.lane import LaneError, LaneRequest, LaneResponse, Route, Routes, Security, answer
from apps.instruments.catalog import get_catalog
from apps.instruments.types import InstrumentSpec
from apps.instruments.wire import find_instrument
from apps.positions import services
from matcher.protocol.enums import MarginMode, PositionMode, PositionSide
from matcher.protocol.units import format_scaled, parse_scaled
from matcher.protocol.views import AdlView, PositionView

AMOUNT_MAX = 10**18


class LeverageChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST /api/v1/leverage."""

    symbol: str
    leverage: int


class MarginModeChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST /api/v1/margin-mode."""

    symbol: str
    margin_mode: Literal["cross", "isolated"]


class PositionModeChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST /api/v1/position-mode."""

    position_mode: Literal["one_way", "hedge"]


class MultiAssetsChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST /api/v1/multi-assets."""

    multi_assets: bool


class IsolatedMarginChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST /api/v1/isolated-margin; an amount below zero takes margin out."""

    symbol: str
    amount: str
    position_side: Literal["both", "long", "short"] = "both"


def position_object(
    spec: InstrumentSpec, view: PositionView, place: AdlView | None, margin_ratio: str | None
) -> dict[str, Any]:
    """One leg; `quantity` is signed, amounts are in the settlement asset. `adl_lights` 5 goes first.

    `margin_ratio` is that of the leg's margin group.
    """
    lots, k = view.position_lots, spec.tick_lot_units
    entry = None
    if lots:
        entry = format_scaled(abs(view.cost_units) * 10**spec.quantity_decimals // (abs(lots) * spec.lot_step), 8)
    return {
        "symbol": spec.symbol,
        "side": "long" if lots > 0 else "short" if lots < 0 else "flat",
        "position_side": PositionSide(view.position_side).name.lower(),
        "quantity": spec.quantity_text(lots),
        "entry_price": entry,
        "mark_price": _price(spec, view.mark_ticks),
        "liquidation_price": _price(spec, view.liquidation_ticks),
        "bankruptcy_price": _price(spec, view.bankruptcy_ticks),
        "notional": format_scaled(abs(lots) * view.mark_ticks * k, 8),
        "unrealized_pnl": format_scaled(view.unrealized_pnl_units, 8),
        "realized_pnl": format_scaled(view.realized_pnl_units, 8),
        "initial_margin": format_scaled(view.position_margin_units + view.order_margin_units, 8),
        "position_margin": format_scaled(view.position_margin_units, 8),
        "order_margin": format_scaled(view.order_margin_units, 8),
        "maintenance_margin": format_scaled(view.maintenance_margin_units, 8),
        "isolated_margin": format_scaled(view.isolated_units, 8),
        "margin_ratio": margin_ratio,
        "leverage": view.leverage or spec.default_leverage,
        "margin_mode": MarginMode(view.margin_mode).name.lower(),
        "adl_rank": place.rank if place else None,
        "adl_lights": place.lights if place else 0,
        "updated_ms": view.updated_ns // 1_000_000,
    }


def _price(spec: InstrumentSpec, ticks: int) -> str | None:
    return spec.price_text(ticks) if ticks else None


async def get_positions(request: LaneRequest) -> LaneResponse:
    """Open positions, leg by leg; `symbol` narrows them to one instrument."""
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
        if own is None or not view.position_lots or (spec is not None and spec.id != own.id):
            continue
        place = places.get((view.instrument, view.position_side))
        isolated = view.margin_mode == MarginMode.ISOLATED
        margin_ratio = isolated_ratio(view) if isolated else ratios.get(own.settlement_asset_id)
        found.append(position_object(own, view, place, ratio_text(margin_ratio)))
    return answer({"positions": found})


async def post_leverage(request: LaneRequest) -> LaneResponse:
    body = read_body(request.body, LeverageChange)
    spec = await find_instrument(body.symbol)
    wanted = min(max(body.leverage, 0), 0xFFFF)
    result = await services.set_leverage(account_id=request.account_id, instrument_id=spec.id, leverage=wanted)
    return answer(
        {
            "symbol": spec.symbol,
            "leverage": result.leverage,
            "max_notional": format_scaled(result.max_notional_units, 8),
        }
    )


async def post_margin_mode(request: LaneRequest) -> LaneResponse:
    body = read_body(request.body, MarginModeChange)
    spec = await find_instrument(body.symbol)
    mode = MarginMode[body.margin_mode.upper()]
    await services.set_margin_mode(account_id=request.account_id, instrument_id=spec.id, margin_mode=mode)
    return answer({"symbol": spec.symbol, "margin_mode": body.margin_mode})


async def post_position_mode(request: LaneRequest) -> LaneResponse:
    body = read_body(request.body, PositionModeChange)
    mode = PositionMode[body.position_mode.upper()]
    await services.set_position_mode(account_id=request.account_id, position_mode=mode)
    return answer({"position_mode": body.position_mode})


async def post_multi_assets(request: LaneRequest) -> LaneResponse:
    body = read_body(request.body, MultiAssetsChange)
    await services.set_multi_assets(account_id=request.account_id, multi_assets=body.multi_assets)
    return answer({"multi_assets": body.multi_assets})


async def post_isolated_margin(request: LaneRequest) -> LaneResponse:
    """Move margin into an isolated position, or out of it; what it holds then."""
    body = read_body(request.body, IsolatedMarginChange)
    spec = await find_instrument(body.symbol)
    held = await services.adjust_isolated_margin(
        account_id=request.account_id,
        instrument_id=spec.id,
        amount_units=_amount_units(body.amount),
        position_side=PositionSide[body.position_side.upper()],
    )
    return answer(
        {
            "symbol": spec.symbol,
            "position_side": body.position_side,
            "isolated_margin": format_scaled(held, 8),
        }
    )


def _amount_units(text: str) -> int:
    """Signed money. Raises LaneError."""
    details = {"parameter": "amount"}
    try:
        units = -parse_scaled(text[1:], 8) if text.startswith("-") else parse_scaled(text, 8)
    except ValueError:
        told = "The amount is no decimal number with at most 8 decimals."
        raise LaneError(-1100, told, name="MALFORMED_PARAMETER", details=details) from None
    if not 0 < abs(units) <= AMOUNT_MAX:
        raise LaneError(-4006, "The amount must not be zero or too large.", name="INVALID_AMOUNT", details=details)
    return units


def _trading(handler: Any) -> Route:
    return Route(handler, 1, Security.TOKEN, permission="trade")


ROUTES: Routes = {
    ("GET", "/api/v1/positions"): Route(get_positions, 5, Security.TOKEN),
    ("POST", "/api/v1/leverage"): _trading(post_leverage),
    ("POST", "/api/v1/margin-mode"): _trading(post_margin_mode),
    ("POST", "/api/v1/position-mode"): _trading(post_position_mode),
    ("POST", "/api/v1/multi-assets"): _trading(post_multi_assets),
    ("POST", "/api/v1/isolated-margin"): _trading(post_isolated_margin),
}
