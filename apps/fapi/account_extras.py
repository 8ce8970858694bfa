"""Smaller questions of an account: its order counts, its trading status, fee switch and what it may take out."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from apps.accounts.live_state import get_live_account, get_live_assets, get_live_modes
from apps.common.lane import LaneRequest, LaneResponse, answer
from apps.fapi import errors, formats, values
from apps.fapi.account import asset_code
from apps.fapi.settings import DONE
from apps.gateway.errors import missing
from apps.gateway.limits import LimitTerms
from apps.risk.order_rates import get_rates
from matcher.protocol.enums import AccountState
from matcher.protocol.units import ASSET_UNIT
from matcher.protocol.views import BalanceView

_terms = LimitTerms.from_environment()


async def get_order_limits(request: LaneRequest) -> LaneResponse:
    """How many orders the account may place; what it used stands in the headers of order answers."""
    short, long = get_rates().of(request.account_id, _terms.orders_10s, _terms.orders_1m)
    rows = [("SECOND", 10, short), ("MINUTE", 1, long)]
    return answer(
        [
            {"rateLimitType": "ORDERS", "interval": interval, "intervalNum": number, "limit": limit}
            for interval, number, limit in rows
        ]
    )


async def get_fee_burn(_: LaneRequest) -> LaneResponse:
    """Fees are paid in the settlement asset alone."""
    return answer({"feeBurn": False})


async def post_fee_burn(request: LaneRequest) -> LaneResponse:
    """There is no second asset to pay fees with: only switching it off is taken. Raises LaneError -1130."""
    burn = values.boolean(request.params, "feeBurn")
    if burn is None:
        raise missing("feeBurn")
    if burn:
        raise errors.not_valid("feeBurn")
    return answer(DONE)


async def get_trading_status(request: LaneRequest) -> LaneResponse:
    """An indicator of the account that may not open positions; none while it trades freely."""
    await values.optional_instrument(request.params)
    modes = await get_live_modes(request.account_id)
    indicators: dict[str, list[dict[str, Any]]] = {}
    if modes.account_state != AccountState.ACTIVE:
        locked = {"isLocked": True, "plannedRecoverTime": 0, "indicator": AccountState(modes.account_state).name}
        indicators["ACCOUNT"] = [locked | {"value": 1, "triggerValue": 1}]
    return answer({"indicators": indicators, "updateTime": time.time_ns() // formats.NS_PER_MS})


async def get_portfolio_account(request: LaneRequest) -> LaneResponse:
    """What of an asset may be taken out; there are no other margin accounts behind it."""
    code = values.required(request.params, "asset")
    live, assets = await asyncio.gather(get_live_account(request.account_id), get_live_assets())
    view = next((one for one in live.balances if asset_code(one.asset) == code), BalanceView())
    price = assets[view.asset].price_units if view.asset in assets else 0
    return answer(
        {
            "maxWithdrawAmountUSD": formats.money(view.withdrawable_units * price // ASSET_UNIT),
            "asset": code,
            "maxWithdrawAmount": formats.money(view.withdrawable_units),
        }
    )
