"""Balances, positions and totals, from the engine's own state at the moment of asking."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from typing import Any

from apps.accounts.live_state import (
    LiveAccount,
    get_live_account,
    get_live_assets,
    get_live_modes,
    get_live_places,
)
from apps.common.lane import LaneRequest, LaneResponse, answer
from apps.fapi import formats, values, words
from apps.fapi.formats import money
from apps.feeds.errors import FeedsUnavailableError, UnknownInstrumentError
from apps.feeds.hub import get_hub
from apps.instruments.catalog import get_catalog
from apps.instruments.types import InstrumentSpec
from matcher.protocol.enums import MarginMode, PositionMode, PositionSide
from matcher.protocol.units import ASSET_UNIT, PPB
from matcher.protocol.views import AccountView, AdlView, AssetView, BalanceView, PositionView

ONE_WAY_LEGS, HEDGE_LEGS = (PositionSide.BOTH,), (PositionSide.LONG, PositionSide.SHORT)


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
    """The asset's code, as the feeds know it or as an instrument that settles in it names it."""
    code = get_hub().assets.get(asset_id)
    if code is not None:
        return code
    for spec in get_catalog().by_symbol.values():
        if spec.settlement_asset_id == asset_id:
            return spec.settlement_asset
    return "USDT" if asset_id == 1 else f"ASSET{asset_id}"


def quantile(places: Mapping[tuple[int, int], AdlView], instrument_id: int, side: int) -> int:
    """The leg's fifth of its deleveraging queue: 4 goes first, 0 for the last fifth or no position."""
    place = places.get((instrument_id, side))
    return max(0, place.lights - 1) if place is not None else 0


class PositionNumbers:
    """What every position format shows of one leg, computed once."""

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

    @property
    def is_isolated(self) -> bool:
        return bool(self.view.margin_mode == MarginMode.ISOLATED)

    def isolated_margin(self) -> str:
        """The isolated wallet with the profit on it; "0" for a cross leg."""
        view = self.view
        return money(view.isolated_units + view.unrealized_pnl_units) if self.is_isolated else "0"

    def isolated_wallet(self) -> str:
        return money(self.view.isolated_units) if self.is_isolated else "0"

    def liquidation_price(self) -> str:
        ticks = self.view.liquidation_ticks
        return self.spec.price_text(ticks) if ticks else "0"


def position_numbers(live: LiveAccount, spec: InstrumentSpec, legs: tuple[PositionSide, ...]) -> list[PositionNumbers]:
    """The account's numbers in one instrument, leg by leg; of a leg never touched all is zero but the mark."""
    views = {view.position_side: view for view in live.positions if view.instrument == spec.id}
    settings = next(iter(views.values()), None)
    found = []
    for side in legs:
        view = views.get(side)
        if view is None:
            view = PositionView(
                instrument=spec.id,
                position_side=side,
                mark_ticks=_mark_ticks(spec),
                leverage=settings.leverage if settings is not None else 0,
                margin_mode=settings.margin_mode if settings is not None else 0,
            )
        found.append(PositionNumbers(spec, view))
    return found


def legs_of(modes: AccountView) -> tuple[PositionSide, ...]:
    """The legs an instrument has in the account's position mode."""
    return HEDGE_LEGS if modes.position_mode == PositionMode.HEDGE else ONE_WAY_LEGS


def _mark_ticks(spec: InstrumentSpec) -> int:
    """The mark of an instrument that the account's own view does not name; 0 while it is not known."""
    with contextlib.suppress(FeedsUnavailableError, UnknownInstrumentError):
        mark = get_hub().mark(spec.id)
        return mark.mark_ticks if mark is not None else 0
    return 0


def _used_numbers(live: LiveAccount) -> list[PositionNumbers]:
    by_id = get_catalog().by_id
    return [PositionNumbers(by_id[v.instrument], v) for v in live.positions if is_used(v) and v.instrument in by_id]


def wallets(live: LiveAccount) -> list[BalanceView]:
    """The account's balances by asset; what instruments settle in is there, with zeros, before the first deposit."""
    held = {view.asset for view in live.balances}
    settling = {spec.settlement_asset_id for spec in get_catalog().by_symbol.values()}
    return sorted([*live.balances, *(BalanceView(asset=one) for one in settling - held)], key=lambda view: view.asset)


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
        "crossWalletBalance": money(view.wallet_units - view.isolated_units),
        "crossUnPnl": money(view.cross_unrealized_pnl_units),
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
        "isolatedMargin": numbers.isolated_margin(),
        "notional": money(numbers.notional_units),
        "isolatedWallet": numbers.isolated_wallet(),
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
        "isolated": numbers.is_isolated,
        "entryPrice": numbers.entry,
        "breakEvenPrice": numbers.break_even,
        "maxNotional": formats.plain(money(max_notional_units(numbers.spec, numbers.leverage))),
        "bidNotional": numbers.bid_notional,
        "askNotional": numbers.ask_notional,
    }


def position_risk_v3(numbers: PositionNumbers, places: Mapping[tuple[int, int], AdlView]) -> dict[str, Any]:
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
        "isolatedMargin": numbers.isolated_margin(),
        "notional": money(numbers.notional_units),
        "marginAsset": spec.settlement_asset,
        "isolatedWallet": numbers.isolated_wallet(),
        "initialMargin": money(view.position_margin_units + view.order_margin_units),
        "maintMargin": money(view.maintenance_margin_units),
        "positionInitialMargin": money(view.position_margin_units),
        "openOrderInitialMargin": money(view.order_margin_units),
        "adl": quantile(places, spec.id, view.position_side),
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
        "marginType": "isolated" if numbers.is_isolated else "cross",
        "isolatedMargin": numbers.isolated_margin(),
        "isAutoAddMargin": "false",
        "positionSide": words.POSITION_SIDES[view.position_side],
        "notional": money(numbers.notional_units),
        "isolatedWallet": numbers.isolated_wallet(),
        "updateTime": formats.ms(view.updated_ns),
    }


def _totals(live: LiveAccount, collateral: Mapping[int, AssetView] | None) -> dict[str, Any]:
    """Sums over the assets instruments settle in; with `collateral` (multi-asset mode) over the values of all."""
    settling = {spec.settlement_asset_id for spec in get_catalog().by_symbol.values()}
    counted = [view for view in live.balances if collateral is not None or view.asset in settling]

    def total(of: Callable[[BalanceView], int]) -> int:
        if collateral is None:
            return sum(of(view) for view in counted)
        return sum(of(view) * _price_units(collateral, view) // ASSET_UNIT for view in counted)

    def shared(of: Callable[[BalanceView], int]) -> int:
        """What all assets back together is shown in each of them."""
        if collateral is None:
            return total(of)
        return max((of(view) * _price_units(collateral, view) // ASSET_UNIT for view in counted), default=0)

    wallet, profit = total(lambda v: v.wallet_units), total(lambda v: v.unrealized_pnl_units)
    position_margin, order_margin = total(lambda v: v.position_margin_units), total(lambda v: v.order_margin_units)
    amounts = {
        "totalInitialMargin": position_margin + order_margin,
        "totalMaintMargin": total(lambda v: v.maintenance_margin_units),
        "totalWalletBalance": wallet,
        "totalUnrealizedProfit": profit,
        "totalMarginBalance": wallet + profit,
        "totalPositionInitialMargin": position_margin,
        "totalOpenOrderInitialMargin": order_margin,
        "totalCrossWalletBalance": total(lambda v: v.wallet_units - v.isolated_units),
        "totalCrossUnPnl": total(lambda v: v.cross_unrealized_pnl_units),
        "availableBalance": shared(lambda v: v.available_units),
        "maxWithdrawAmount": shared(lambda v: v.withdrawable_units),
    }
    return {name: money(units) for name, units in amounts.items()}


def _price_units(collateral: Mapping[int, AssetView], view: BalanceView) -> int:
    asset = collateral.get(view.asset)
    return asset.price_units if asset is not None else 0


async def _live_with_totals(account_id: int) -> tuple[LiveAccount, AccountView, dict[str, Any]]:
    live, modes = await asyncio.gather(get_live_account(account_id), get_live_modes(account_id))
    return live, modes, _totals(live, await get_live_assets() if modes.multi_assets else None)


async def get_account_v3(request: LaneRequest) -> LaneResponse:
    live, _, totals = await _live_with_totals(request.account_id)
    positions = [account_position_v3(numbers) for numbers in _used_numbers(live)]
    return answer(totals | {"assets": [asset_row(v) for v in wallets(live)], "positions": positions})


async def get_account_v2(request: LaneRequest) -> LaneResponse:
    live, modes, totals = await _live_with_totals(request.account_id)
    head = {
        "feeTier": 0,
        "canTrade": True,
        "canDeposit": True,
        "canWithdraw": True,
        "updateTime": 0,
        "multiAssetsMargin": bool(modes.multi_assets),
        "tradeGroupId": -1,
    }
    legs = [leg for spec in get_catalog().all() for leg in position_numbers(live, spec, legs_of(modes))]
    positions = [account_position_v2(numbers) for numbers in legs]
    return answer(head | totals | {"assets": [asset_row(v) for v in wallets(live)], "positions": positions})


async def get_balance(request: LaneRequest) -> LaneResponse:
    """v2 and v3."""
    live = await get_live_account(request.account_id)
    return answer(
        [
            {
                "accountAlias": f"A{request.account_id}",
                "asset": asset_code(view.asset),
                "balance": money(view.wallet_units),
                "crossWalletBalance": money(view.wallet_units - view.isolated_units),
                "crossUnPnl": money(view.cross_unrealized_pnl_units),
                "availableBalance": money(view.available_units),
                "maxWithdrawAmount": money(view.withdrawable_units),
                "marginAvailable": True,
                "updateTime": max(1, formats.ms(view.updated_ns)),
            }
            for view in wallets(live)
        ]
    )


async def get_position_risk_v3(request: LaneRequest) -> LaneResponse:
    """Only legs with a position or an open order."""
    spec = await values.optional_instrument(request.params)
    live, places = await asyncio.gather(get_live_account(request.account_id), get_live_places(request.account_id))
    used = [n for n in _used_numbers(live) if spec is None or n.spec.id == spec.id]
    return answer([position_risk_v3(numbers, places) for numbers in used])


async def get_position_risk_v2(request: LaneRequest) -> LaneResponse:
    """Every instrument, in hedge mode both legs of it."""
    spec = await values.optional_instrument(request.params)
    live, modes = await asyncio.gather(get_live_account(request.account_id), get_live_modes(request.account_id))
    wanted = [spec] if spec is not None else get_catalog().all()
    legs = [leg for one in wanted for leg in position_numbers(live, one, legs_of(modes))]
    return answer([position_risk_v2(numbers) for numbers in legs])
