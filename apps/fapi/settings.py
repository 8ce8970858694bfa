"""Settings of an account: leverage, margin type, position and asset mode, fees and brackets."""

from __future__ import annotations

from typing import Any

from apps.accounts.live_state import LiveAccount, get_live_account, get_live_modes, get_live_places
from apps.common.lane import LaneRequest, LaneResponse, answer
from apps.common.refusals import CommandRefused
from apps.fapi import errors, formats, values, words
from apps.fapi.account import leverage_of, max_notional_units, quantile
from apps.fapi.formats import money
from apps.fapi.tickets import position_side
from apps.gateway.errors import missing
from apps.instruments.catalog import get_catalog
from apps.instruments.types import InstrumentSpec
from apps.kyc.errors import LeverageAboveLevel
from apps.positions.services import (
    adjust_isolated_margin,
    set_leverage,
    set_margin_mode,
    set_multi_assets,
    set_position_mode,
)
from matcher.protocol.enums import PositionMode, PositionSide
from matcher.protocol.rejects import RejectReason
from matcher.protocol.units import ASSET_UNIT, PPB

LEVERAGE_MAX = 1000
ADD_MARGIN, TAKE_MARGIN = 1, 2
DONE = {"code": 200, "msg": "success"}


async def post_leverage(request: LaneRequest) -> LaneResponse:
    spec = await values.instrument(request.params)
    leverage = values.required_integer(request.params, "leverage")
    top = spec.tiers[0].max_leverage if spec.tiers else LEVERAGE_MAX
    if not 1 <= leverage <= top:
        raise errors.refused(RejectReason.INVALID_LEVERAGE, str(leverage))
    try:
        result = await set_leverage(account_id=request.account_id, instrument_id=spec.id, leverage=leverage)
    except CommandRefused as error:
        raise errors.refused(error.reason, str(leverage)) from None
    except LeverageAboveLevel:
        raise errors.refused(RejectReason.INVALID_LEVERAGE, str(leverage)) from None
    return answer(
        {
            "leverage": result.leverage,
            "maxNotionalValue": formats.plain(money(result.max_notional_units)),
            "symbol": spec.symbol,
        }
    )


async def post_margin_type(request: LaneRequest) -> LaneResponse:
    spec = await values.instrument(request.params)
    values.required(request.params, "marginType")
    mode = values.choice(request.params, "marginType", words.MARGIN_TYPE_NUMBERS) or 0
    try:
        await set_margin_mode(account_id=request.account_id, instrument_id=spec.id, margin_mode=mode)
    except CommandRefused as error:
        raise errors.refused(error.reason) from None
    return answer(DONE)


async def get_position_mode(request: LaneRequest) -> LaneResponse:
    modes = await get_live_modes(request.account_id)
    return answer({"dualSidePosition": modes.position_mode == PositionMode.HEDGE})


async def post_position_mode(request: LaneRequest) -> LaneResponse:
    hedge = values.boolean(request.params, "dualSidePosition")
    if hedge is None:
        raise missing("dualSidePosition")
    mode = PositionMode.HEDGE if hedge else PositionMode.ONE_WAY
    try:
        await set_position_mode(account_id=request.account_id, position_mode=mode)
    except CommandRefused as error:
        raise errors.position_mode_refused(error.reason) from None
    return answer(DONE)


async def get_asset_mode(request: LaneRequest) -> LaneResponse:
    modes = await get_live_modes(request.account_id)
    return answer({"multiAssetsMargin": bool(modes.multi_assets)})


async def post_asset_mode(request: LaneRequest) -> LaneResponse:
    together = values.boolean(request.params, "multiAssetsMargin")
    if together is None:
        raise missing("multiAssetsMargin")
    try:
        await set_multi_assets(account_id=request.account_id, multi_assets=together)
    except CommandRefused as error:
        raise errors.asset_mode_refused(error.reason) from None
    return answer(DONE)


async def post_position_margin(request: LaneRequest) -> LaneResponse:
    """Add (type 1) or take (type 2) margin of an isolated position."""
    params = request.params
    spec = await values.instrument(params)
    units = values.scaled(params, "amount", formats.MONEY_DECIMALS)
    kind = values.required_integer(params, "type")
    if kind not in {ADD_MARGIN, TAKE_MARGIN}:
        raise errors.not_valid("type")
    if not 0 < units <= values.LARGEST:
        raise errors.position_margin_refused(RejectReason.INVALID_AMOUNT)
    try:
        await adjust_isolated_margin(
            account_id=request.account_id,
            instrument_id=spec.id,
            amount_units=units if kind == ADD_MARGIN else -units,
            position_side=position_side(params),
        )
    except CommandRefused as error:
        if error.reason == RejectReason.NO_ISOLATED_POSITION and not await _is_isolated(request.account_id, spec):
            raise errors.not_isolated() from None
        raise errors.position_margin_refused(error.reason) from None
    return answer(
        {
            "amount": units / ASSET_UNIT,
            "code": 200,
            "msg": "Successfully modify position margin.",
            "type": kind,
        }
    )


async def _is_isolated(account_id: int, spec: InstrumentSpec) -> bool:
    live = await get_live_account(account_id)
    return any(view.instrument == spec.id and view.margin_mode for view in live.positions)


async def get_symbol_config(request: LaneRequest) -> LaneResponse:
    spec = await values.optional_instrument(request.params)
    live = await get_live_account(request.account_id)
    wanted = [spec] if spec is not None else get_catalog().all()
    return answer([_symbol_config(live, one) for one in wanted])


def _symbol_config(live: LiveAccount, spec: InstrumentSpec) -> dict[str, Any]:
    view = next((one for one in live.positions if one.instrument == spec.id), None)
    leverage = leverage_of(spec, view)
    return {
        "symbol": spec.symbol,
        "marginType": words.MARGIN_TYPES[view.margin_mode if view is not None else 0],
        "isAutoAddMargin": False,
        "leverage": leverage,
        "maxNotionalValue": formats.plain(money(max_notional_units(spec, leverage))),
    }


async def get_account_config(request: LaneRequest) -> LaneResponse:
    modes = await get_live_modes(request.account_id)
    return answer(
        {
            "feeTier": 0,
            "canTrade": True,
            "canDeposit": True,
            "canWithdraw": True,
            "dualSidePosition": modes.position_mode == PositionMode.HEDGE,
            "updateTime": 0,
            "multiAssetsMargin": bool(modes.multi_assets),
            "tradeGroupId": -1,
        }
    )


async def get_leverage_bracket(request: LaneRequest) -> LaneResponse:
    spec = await values.optional_instrument(request.params)
    wanted = [spec] if spec is not None else get_catalog().all()
    return answer([{"symbol": one.symbol, "notionalCoef": 1.0, "brackets": _brackets(one)} for one in wanted])


def _brackets(spec: InstrumentSpec) -> list[dict[str, Any]]:
    caps = [tier.notional_floor_units for tier in spec.tiers[1:]]
    last = max(spec.max_price_ticks * spec.max_quantity_lots * spec.tick_lot_units, *caps, 0) if caps else 10**18
    return [
        {
            "bracket": tier.tier + 1,
            "initialLeverage": tier.max_leverage,
            "notionalCap": cap // ASSET_UNIT,
            "notionalFloor": tier.notional_floor_units // ASSET_UNIT,
            "maintMarginRatio": tier.maintenance_rate_ppb / PPB,
            "cum": tier.maintenance_amount_units / ASSET_UNIT,
        }
        for tier, cap in zip(spec.tiers, [*caps, last], strict=True)
    ]


async def get_commission_rate(request: LaneRequest) -> LaneResponse:
    """The account's own rates where it has any, else the instrument's."""
    spec = await values.instrument(request.params)
    modes = await get_live_modes(request.account_id)
    maker, taker = (
        (modes.maker_fee_ppb, modes.taker_fee_ppb) if modes.fee_override else (spec.maker_fee_ppb, spec.taker_fee_ppb)
    )
    return answer(
        {
            "symbol": spec.symbol,
            "makerCommissionRate": formats.rate(maker, 6),
            "takerCommissionRate": formats.rate(taker, 6),
            "rpiCommissionRate": "0.000000",
        }
    )


async def get_adl_quantile(request: LaneRequest) -> LaneResponse:
    """Each position's fifth of its deleveraging queue, 4 goes first; 0 without a position."""
    spec = await values.optional_instrument(request.params)
    places = await get_live_places(request.account_id, spec.id if spec is not None else 0)
    wanted = [spec] if spec is not None else get_catalog().all()
    return answer(
        [
            {
                "symbol": one.symbol,
                "adlQuantile": {
                    side.name: quantile(places, one.id, side)
                    for side in (PositionSide.LONG, PositionSide.SHORT, PositionSide.BOTH)
                },
            }
            for one in wanted
        ]
    )
