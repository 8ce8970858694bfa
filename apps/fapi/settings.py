"""Settings of an account: leverage, margin type, position and asset mode, fees and brackets."""

from __future__ import annotations

from typing import Any

from apps.accounts.live_state import get_live_account
from apps.common.lane import LaneError, LaneRequest, LaneResponse, answer
from apps.common.refusals import CommandRefused
from apps.fapi import errors, formats, values
from apps.fapi.account import max_notional_units, position_numbers
from apps.fapi.formats import money
from apps.gateway.errors import missing
from apps.instruments.catalog import get_catalog
from apps.instruments.types import InstrumentSpec
from apps.positions.services import set_leverage
from matcher.protocol.rejects import RejectReason
from matcher.protocol.units import ASSET_UNIT, PPB

LEVERAGE_MAX = 1000
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
    return answer(
        {
            "leverage": result.leverage,
            "maxNotionalValue": formats.plain(money(result.max_notional_units)),
            "symbol": spec.symbol,
        }
    )


async def post_margin_type(request: LaneRequest) -> LaneResponse:
    """Cross is what every instrument has; isolated comes with a later version and is refused until then."""
    await values.instrument(request.params)
    margin_type = values.required(request.params, "marginType")
    if margin_type in {"CROSSED", "CROSS"}:
        raise LaneError(-4046, "No need to change margin type.", name="NOTHING_TO_CHANGE")
    if margin_type == "ISOLATED":
        raise errors.isolated_unavailable()
    raise errors.not_valid("marginType")


async def get_position_mode(_: LaneRequest) -> LaneResponse:
    return answer({"dualSidePosition": False})


async def post_position_mode(request: LaneRequest) -> LaneResponse:
    """One-way is what every account has; hedge comes with a later version and is refused until then."""
    if values.boolean(request.params, "dualSidePosition") is None:
        raise missing("dualSidePosition")
    if values.boolean(request.params, "dualSidePosition"):
        raise errors.hedge_unavailable()
    raise LaneError(-4059, "No need to change position side.", name="NOTHING_TO_CHANGE")


async def get_asset_mode(_: LaneRequest) -> LaneResponse:
    return answer({"multiAssetsMargin": False})


async def post_asset_mode(request: LaneRequest) -> LaneResponse:
    """Single-asset is what every account has; more comes with a later version and is refused until then."""
    if values.boolean(request.params, "multiAssetsMargin") is None:
        raise missing("multiAssetsMargin")
    if values.boolean(request.params, "multiAssetsMargin"):
        raise errors.multi_assets_unavailable()
    raise LaneError(-4171, "No need to change multi assets margin mode.", name="NOTHING_TO_CHANGE")


async def get_symbol_config(request: LaneRequest) -> LaneResponse:
    spec = await values.optional_instrument(request.params)
    live = await get_live_account(request.account_id)
    wanted = [spec] if spec is not None else get_catalog().all()
    return answer([_symbol_config(one, position_numbers(live, one).leverage) for one in wanted])


def _symbol_config(spec: InstrumentSpec, leverage: int) -> dict[str, Any]:
    return {
        "symbol": spec.symbol,
        "marginType": "CROSSED",
        "isAutoAddMargin": False,
        "leverage": leverage,
        "maxNotionalValue": formats.plain(money(max_notional_units(spec, leverage))),
    }


async def get_account_config(_: LaneRequest) -> LaneResponse:
    return answer(
        {
            "feeTier": 0,
            "canTrade": True,
            "canDeposit": True,
            "canWithdraw": True,
            "dualSidePosition": False,
            "updateTime": 0,
            "multiAssetsMargin": False,
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
    spec = await values.instrument(request.params)
    return answer(
        {
            "symbol": spec.symbol,
            "makerCommissionRate": formats.rate(spec.maker_fee_ppb, 6),
            "takerCommissionRate": formats.rate(spec.taker_fee_ppb, 6),
            "rpiCommissionRate": "0.000000",
        }
    )


async def get_adl_quantile(request: LaneRequest) -> LaneResponse:
    spec = await values.optional_instrument(request.params)
    wanted = [spec] if spec is not None else get_catalog().all()
    rows = [{"symbol": one.symbol, "adlQuantile": {"LONG": 0, "SHORT": 0, "BOTH": 0}} for one in wanted]
    return answer(rows)
