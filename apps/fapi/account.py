"""Balances, positions and totals, from the engine's own state at the moment of asking."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

from apps.accounts.live_state import LiveAccount, get_live_account
from apps.common.lane import LaneRequest, LaneResponse, answer
from apps.fapi import formats, values, words
from apps.fapi.formats import money
from apps.feeds.errors import FeedsUnavailableError, UnknownInstrumentError
from apps.feeds.hub import get_hub
from apps.instruments.catalog import get_catalog
from apps.instruments.types import InstrumentSpec
from matcher.protocol.units import PPB
from matcher.protocol.views import BalanceView, PositionView

_ZERO = money(0)


def leverage_of(spec: InstrumentSpec, view: PositionView | None) -> int:
    """The leverage in effect: the account's choice, else the instrument's default, within the first tier."""
    chosen = view.leverage if view is not None and view.leverage else spec.default_leverage
    return min(chosen, spec.tiers[0].max_leverage) if spec.tiers else chosen


def max_notional_units(spec: InstrumentSpec, leverage: int) -> int:
    """The floor of the first tier that does not allow this leverage; 10**18 where all do."""
    for tier in spec.tiers:
        if tier.max_leverage < leverage:
            return tier.notional_floor_units
    return 10**18


def is_used(view: PositionView) -> bool:
    """Whether there is a position or an open order."""
    return bool(
        view.position_lots or view.buy_lots or view.sell_lots or view.reduce_only_buy_lots or view.reduce_only_sell_lots
    )


def asset_code(asset_id: int) -> str:
    """The settlement asset's code, found through an instrument that settles in it."""
    for spec in get_catalog().by_symbol.values():
        if spec.settlement_asset_id == asset_id:
            return spec.settlement_asset
    return "USDT" if asset_id == 1 else f"ASSET{asset_id}"


class PositionNumbers:
    """What every position format shows, computed once."""

    __slots__ = ("ask_notional", "bid_notional", "break_even", "entry", "leverage", "notional_units", "spec", "view")

    def __init__(self, spec: InstrumentSpec, view: PositionView) -> None:
        self.spec, self.view = spec, view
        k = spec.tick_lot_units
        self.leverage = leverage_of(spec, view)
        self.notional_units = view.position_lots * view.mark_ticks * k
        self.entry = formats.average(spec, view.cost_units, abs(view.position_lots))
        fee = abs(view.cost_units) * max(0, spec.taker_fee_ppb) // PPB
        even = abs(view.cost_units) + (fee if view.position_lots > 0 else -fee)
        self.break_even = formats.average(spec, even, abs(view.position_lots))
        self.bid_notional = formats.plain(money(view.buy_value * k))
        self.ask_notional = formats.plain(money(view.sell_value * k))

    def liquidation_price(self) -> str:
        ticks = self.view.liquidation_ticks
        return self.spec.price_text(ticks) if ticks else "0"


def position_numbers(live: LiveAccount, spec: InstrumentSpec) -> PositionNumbers:
    """The account's numbers in one instrument; where it was never touched all is zero but the mark."""
    for view in live.positions:
        if view.instrument == spec.id:
            return PositionNumbers(spec, view)
    return PositionNumbers(spec, PositionView(instrument=spec.id, mark_ticks=_mark_ticks(spec)))


def _mark_ticks(spec: InstrumentSpec) -> int:
    """The mark of an instrument that the account's own view does not name; 0 while it is not known."""
    with contextlib.suppress(FeedsUnavailableError, UnknownInstrumentError):
        mark = get_hub().mark(spec.id)
        return mark.mark_ticks if mark is not None else 0
    return 0


def _used_numbers(live: LiveAccount) -> list[PositionNumbers]:
    by_id = get_catalog().by_id
    return [PositionNumbers(by_id[v.instrument], v) for v in live.positions if is_used(v) and v.instrument in by_id]


def asset_row(view: BalanceView) -> dict[str, Any]:
    """One entry of `assets`."""
    margin = view.position_margin_units + view.order_margin_units
    return {
        "asset": asset_code(view.asset),
        "walletBalance": money(view.wallet_units),
        "unrealizedProfit": money(view.unrealized_pnl_units),
        "marginBalance": money(view.wallet_units + view.unrealized_pnl_units),
        "maintMargin": money(view.maintenance_margin_units),
        "initialMargin": money(margin),
        "positionInitialMargin": money(view.position_margin_units),
        "openOrderInitialMargin": money(view.order_margin_units),
        "crossWalletBalance": money(view.wallet_units),
        "crossUnPnl": money(view.unrealized_pnl_units),
        "availableBalance": money(view.available_units),
        "maxWithdrawAmount": money(view.withdrawable_units),
        "marginAvailable": True,
        "updateTime": max(1, formats.ms(view.updated_ns)),
    }


def account_position_v3(numbers: PositionNumbers) -> dict[str, Any]:
    """One entry of `positions` in v3/account."""
    view, spec = numbers.view, numbers.spec
    return {
        "symbol": spec.symbol,
        "positionSide": words.POSITION_SIDES[view.position_side],
        "positionAmt": spec.quantity_text(view.position_lots),
        "unrealizedProfit": money(view.unrealized_pnl_units),
        "isolatedMargin": _ZERO,
        "notional": money(numbers.notional_units),
        "isolatedWallet": "0",
        "initialMargin": money(view.position_margin_units + view.order_margin_units),
        "maintMargin": money(view.maintenance_margin_units),
        "updateTime": formats.ms(view.updated_ns),
    }


def account_position_v2(numbers: PositionNumbers) -> dict[str, Any]:
    """One entry of `positions` in v2/account."""
    return account_position_v3(numbers) | {
        "positionInitialMargin": money(numbers.view.position_margin_units),
        "openOrderInitialMargin": money(numbers.view.order_margin_units),
        "leverage": str(numbers.leverage),
        "isolated": False,
        "entryPrice": numbers.entry,
        "breakEvenPrice": numbers.break_even,
        "maxNotional": formats.plain(money(max_notional_units(numbers.spec, numbers.leverage))),
        "bidNotional": numbers.bid_notional,
        "askNotional": numbers.ask_notional,
    }


def position_risk_v3(numbers: PositionNumbers) -> dict[str, Any]:
    view, spec = numbers.view, numbers.spec
    return {
        "symbol": spec.symbol,
        "positionSide": words.POSITION_SIDES[view.position_side],
        "positionAmt": spec.quantity_text(view.position_lots),
        "entryPrice": numbers.entry,
        "breakEvenPrice": numbers.break_even,
        "markPrice": formats.long_price(spec, view.mark_ticks),
        "unRealizedProfit": money(view.unrealized_pnl_units),
        "liquidationPrice": numbers.liquidation_price(),
        "isolatedMargin": "0",
        "notional": money(numbers.notional_units),
        "marginAsset": spec.settlement_asset,
        "isolatedWallet": "0",
        "initialMargin": money(view.position_margin_units + view.order_margin_units),
        "maintMargin": money(view.maintenance_margin_units),
        "positionInitialMargin": money(view.position_margin_units),
        "openOrderInitialMargin": money(view.order_margin_units),
        "adl": 0,
        "bidNotional": numbers.bid_notional,
        "askNotional": numbers.ask_notional,
        "updateTime": formats.ms(view.updated_ns),
    }


def position_risk_v2(numbers: PositionNumbers) -> dict[str, Any]:
    view, spec = numbers.view, numbers.spec
    return {
        "symbol": spec.symbol,
        "positionAmt": spec.quantity_text(view.position_lots),
        "entryPrice": numbers.entry,
        "breakEvenPrice": numbers.break_even,
        "markPrice": formats.long_price(spec, view.mark_ticks),
        "unRealizedProfit": money(view.unrealized_pnl_units),
        "liquidationPrice": numbers.liquidation_price(),
        "leverage": str(numbers.leverage),
        "maxNotionalValue": formats.plain(money(max_notional_units(spec, numbers.leverage))),
        "marginType": "cross",
        "isolatedMargin": _ZERO,
        "isAutoAddMargin": "false",
        "positionSide": words.POSITION_SIDES[view.position_side],
        "notional": money(numbers.notional_units),
        "isolatedWallet": "0",
        "updateTime": formats.ms(view.updated_ns),
    }


def _totals(live: LiveAccount) -> dict[str, Any]:
    def total(of: Callable[[BalanceView], int]) -> str:
        return money(sum(of(view) for view in live.balances))

    return {
        "totalInitialMargin": total(lambda v: v.position_margin_units + v.order_margin_units),
        "totalMaintMargin": total(lambda v: v.maintenance_margin_units),
        "totalWalletBalance": total(lambda v: v.wallet_units),
        "totalUnrealizedProfit": total(lambda v: v.unrealized_pnl_units),
        "totalMarginBalance": total(lambda v: v.wallet_units + v.unrealized_pnl_units),
        "totalPositionInitialMargin": total(lambda v: v.position_margin_units),
        "totalOpenOrderInitialMargin": total(lambda v: v.order_margin_units),
        "totalCrossWalletBalance": total(lambda v: v.wallet_units),
        "totalCrossUnPnl": total(lambda v: v.unrealized_pnl_units),
        "availableBalance": total(lambda v: v.available_units),
        "maxWithdrawAmount": total(lambda v: v.withdrawable_units),
    }


async def get_account_v3(request: LaneRequest) -> LaneResponse:
    live = await get_live_account(request.account_id)
    positions = [account_position_v3(numbers) for numbers in _used_numbers(live)]
    return answer(_totals(live) | {"assets": [asset_row(v) for v in live.balances], "positions": positions})


async def get_account_v2(request: LaneRequest) -> LaneResponse:
    live = await get_live_account(request.account_id)
    head = {
        "feeTier": 0,
        "canTrade": True,
        "canDeposit": True,
        "canWithdraw": True,
        "updateTime": 0,
        "multiAssetsMargin": False,
        "tradeGroupId": -1,
    }
    positions = [account_position_v2(position_numbers(live, spec)) for spec in get_catalog().all()]
    return answer(head | _totals(live) | {"assets": [asset_row(v) for v in live.balances], "positions": positions})


async def get_balance(request: LaneRequest) -> LaneResponse:
    """v2 and v3."""
    live = await get_live_account(request.account_id)
    return answer(
        [
            {
                "accountAlias": f"A{request.account_id}",
                "asset": asset_code(view.asset),
                "balance": money(view.wallet_units),
                "crossWalletBalance": money(view.wallet_units),
                "crossUnPnl": money(view.unrealized_pnl_units),
                "availableBalance": money(view.available_units),
                "maxWithdrawAmount": money(view.withdrawable_units),
                "marginAvailable": True,
                "updateTime": max(1, formats.ms(view.updated_ns)),
            }
            for view in live.balances
        ]
    )


async def get_position_risk_v3(request: LaneRequest) -> LaneResponse:
    """Only instruments with a position or an open order."""
    spec = await values.optional_instrument(request.params)
    used = _used_numbers(await get_live_account(request.account_id))
    return answer([position_risk_v3(n) for n in used if spec is None or n.spec.id == spec.id])


async def get_position_risk_v2(request: LaneRequest) -> LaneResponse:
    """Every instrument."""
    spec = await values.optional_instrument(request.params)
    live = await get_live_account(request.account_id)
    wanted = [spec] if spec is not None else get_catalog().all()
    return answer([position_risk_v2(position_numbers(live, one)) for one in wanted])
