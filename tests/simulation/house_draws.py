"""Draws of everything that is no order: modes, isolated margin, collateral, funding, sweeps, rules, delisting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matcher.protocol.commands import (
    AdjustIsolatedMargin,
    CancelAllOrders,
    DefineCollateral,
    DefineMarketRules,
    PlaceOrder,
    SampleFunding,
    SetAccountLimits,
    SetInsuranceFund,
    SetMarginMode,
    SetMultiAssets,
    SetPositionMode,
    SettleFunding,
    SettleInstrument,
    Sweep,
    Transfer,
)
from matcher.protocol.enums import OrderFlag, OrderType, TradingState
from tests.simulation.market import ASSETS

if TYPE_CHECKING:
    from matcher.protocol.commands import Command
    from tests.simulation.workload import Workload

HOUR_NS = 3600 * 10**9


def opening(work: Workload, accounts: int, fund: int) -> list[Command]:
    """Rules, collateral, an insurance fund in most lives, and modes of the accounts before they trade."""
    random = work.random
    commands: list[Command] = [collateral(work, asset) for asset in ASSETS if random.random() < 0.85]
    commands += [rules(work, market.number) for market in work.markets if random.random() < 0.8]
    commands += [SetInsuranceFund(account=fund, asset=asset) for asset in ASSETS if random.random() < 0.7]
    for account in range(1, accounts + 1):
        if random.random() < 0.3:
            commands.append(SetPositionMode(account=account, position_mode=1))
        if random.random() < 0.3:
            commands.append(SetMultiAssets(account=account, multi_assets=1))
        commands += [
            SetMarginMode(account=account, instrument=market.number, margin_mode=1)
            for market in work.markets
            if random.random() < 0.35
        ]
    return commands


def rules(work: Workload, instrument: int) -> DefineMarketRules:
    random, market = work.random, work.market_of(instrument)
    return DefineMarketRules(
        instrument=instrument,
        mark_max_age_ns=random.choice((0, 0, 0, 0, 0, 0, 0, 300 * 10**9)),
        impact_notional_units=max(1, market.order_value() * random.choice((1, 3, 20))),
        breaker_window_ns=random.choice((10**9, 60 * 10**9)),
        breaker_halt_ns=random.choice((0, 10**9, 10**9, 5 * 10**9)),
        breaker_move_ppm=random.choice((0, 0, 50_000, 200_000)),
        breaker_state=random.choice((TradingState.REDUCE_ONLY, TradingState.HALTED)),
        max_conditional_orders=random.choice((2, 8, 200)),
        price_protect_ppm=random.choice((1_000, 20_000, 50_000)),
        interest_rate_ppb=random.choice((-100_000, 0, 100_000)),
        funding_cap_ppb=random.choice((7_500_000, 400_000_000)),
        funding_floor_ppb=random.choice((-7_500_000, -400_000_000)),
        funding_hours=random.choice((1, 2, 4, 8)),
        profit_opens=random.choice((0, 1, 1)),
    )


def any_rules(work: Workload) -> DefineMarketRules:
    return rules(work, work.any_market().number)


def collateral(work: Workload, asset: int) -> DefineCollateral:
    random = work.random
    return DefineCollateral(
        asset=asset,
        price_units=random.choice((10**8, 99_999_999, 3 * 10**9 + 7)),
        haircut_ppb=random.choice((0, 50_000_000, 333_333_333)),
        threshold_units=random.choice((0, 10**5, 10**12)),
    )


def any_collateral(work: Workload) -> DefineCollateral:
    return collateral(work, work.random.choice(ASSETS))


def margin_mode(work: Workload) -> SetMarginMode:
    mode = work.random.randrange(2)
    return SetMarginMode(account=work.any_account(), instrument=work.any_market().number, margin_mode=mode)


def position_mode(work: Workload) -> SetPositionMode:
    return SetPositionMode(account=work.any_account(), position_mode=work.random.randrange(2))


def multi_assets(work: Workload) -> SetMultiAssets:
    return SetMultiAssets(account=work.any_account(), multi_assets=work.random.randrange(2))


def retreat(work: Workload) -> Command:
    """An account gives up its orders and what it holds, as far as the book allows, and then changes its modes."""
    account = work.any_account()
    for (owner, instrument, side), lots in sorted(work.positions.items()):
        if owner == account and lots:
            flags = 0 if side else OrderFlag.REDUCE_ONLY
            terms = {"order_type": OrderType.MARKET, "quantity_lots": min(abs(lots), 50), "side": int(lots > 0)}
            work.planned.append(
                PlaceOrder(account=account, instrument=instrument, position_side=side, flags=flags, **terms)
            )
    changes = [draw(work).replace(account=account) for draw in (margin_mode, position_mode, multi_assets, fund)]
    work.random.shuffle(changes)
    work.planned += changes
    return CancelAllOrders(account=account)


def isolated_margin(work: Workload) -> AdjustIsolatedMargin:
    """A little more or less for a leg that is held, isolated or not."""
    random = work.random
    held = [leg for leg, lots in work.positions.items() if lots]
    account, instrument, side = random.choice(held) if held else (work.any_account(), 1, 0)
    value = work.market_of(instrument).order_value() // random.choice((1, 10, 100)) + 1
    units = value if random.random() < 0.5 else -value
    return AdjustIsolatedMargin(account=account, instrument=instrument, amount_units=units, position_side=side)


def transfer(work: Workload) -> Transfer:
    random = work.random
    return Transfer(
        account=work.any_account(),
        to_account=work.any_account(),
        asset=random.choice(ASSETS),
        amount_units=random.choice((1, 10**4, 10**6, 10**9)),
        reference=work.any_name() or b"t%d" % random.randrange(9),
    )


def fund(work: Workload) -> SetInsuranceFund:
    """Mostly refused: a fund has nothing open."""
    return SetInsuranceFund(account=work.any_account(), asset=work.random.choice(ASSETS))


def sample(work: Workload) -> SampleFunding:
    back = work.random.choice((0, 0, 0, 10**9))
    return SampleFunding(instrument=work.any_market().number, sample_ns=work.time_ns - back)


def settle_funding(work: Workload) -> SettleFunding:
    ahead = work.random.choice((HOUR_NS, 8 * HOUR_NS))
    back = work.random.choice((0, 0, 10**6))
    return SettleFunding(
        instrument=work.any_market().number, funding_ns=work.time_ns - back, next_funding_ns=work.time_ns + ahead
    )


def sweep(work: Workload) -> Sweep:
    return Sweep(instrument=work.random.choice((0, 0, work.any_market().number)))


def delist(work: Workload) -> SettleInstrument:
    market = work.any_market()
    return SettleInstrument(instrument=market.number, price_ticks=market.mark_ticks)


def account_limits(work: Workload) -> SetAccountLimits:
    """Tight or wide ones in one market or in all together; as often none."""
    random, market = work.random, work.any_market()
    lots = market.terms.max_quantity_lots // 20 + 1
    return SetAccountLimits(
        account=work.any_account(),
        instrument=random.choice((0, market.number)),
        max_position_notional_units=random.choice((0, 0, market.order_value() * random.choice((1, 3, 10)))),
        max_position_lots=random.choice((0, 0, lots, 3 * lots)),
        max_open_orders=random.choice((0, 0, 2, 6)),
    )
