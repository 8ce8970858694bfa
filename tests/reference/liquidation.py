"""Liquidation of margin groups, what it leaves behind, and the sweep that also repays and unwinds."""

from __future__ import annotations

from copy import deepcopy

from matcher.protocol.commands import Sweep
from matcher.protocol.enums import (
    EventFlag,
    OrderFlag,
    OrderType,
    PositionMode,
    PositionSide,
    SelfTradePrevention,
    TimeInForce,
    TradingState,
)
from matcher.protocol.events import AssetConverted, LiquidationEnded, LiquidationStarted, LiquidationStep, SweepDone
from matcher.protocol.rejects import EndReason
from matcher.protocol.units import ASSET_UNIT
from tests.reference import deleveraging, groups, insurance, lifecycle, matching, orders, positions
from tests.reference.groups import Group, is_stale, legs_held, standing
from tests.reference.margin import ceil_div, totals
from tests.reference.positions import Deal
from tests.reference.state import LEG_FLAGS, Account, Instrument, Leg, Order, State, clamped, kept
from tests.reference.turn import Turn

COST_MAX_UNITS = 4 * 10**18
MATCHES = (TradingState.ACTIVE, TradingState.REDUCE_ONLY)


def is_liquidatable(state: State, group: Group) -> bool:
    """[LIQ-002] It holds something, every market of it can be judged, and maintenance has reached equity."""
    legs = legs_held(state, group)
    markets = [state.instruments[leg[0]] for leg in legs]
    if not legs or not all(_may_trade(state, instrument) for instrument in markets):
        return False
    now = standing(state, group)
    return now.maintenance >= now.equity


def _may_trade(state: State, instrument: Instrument) -> bool:
    return instrument.trading_state in MATCHES and instrument.mark_ticks > 0 and not is_stale(state, instrument)


def run_passes(turn: Turn, instrument: int = 0) -> int:
    """[LIQ-002] Passes over the groups that hold the instrument (0: all) until one finds none; how many were liquidated."""
    count = 0
    while found := _find(turn.state, instrument):
        for group in found:
            if is_liquidatable(turn.state, group):
                _liquidate(turn, group)
                count += 1
    return count


def _find(state: State, instrument: int) -> list[Group]:
    accounts = [state.accounts[number] for number in sorted(state.accounts)]
    every = [group for account in accounts for group in groups.groups_of(state, account)]
    holders = [g for g in every if instrument == 0 or any(leg[0] == instrument for leg in legs_held(state, g))]
    return [group for group in holders if is_liquidatable(state, group)]


def _liquidate(turn: Turn, group: Group) -> None:
    """[LIQ-003] Orders that may open go first, then the riskiest leg again and again."""
    _tell(turn, LiquidationStarted, group)
    account = group.account
    lifecycle.cancel_each(turn, _opening_orders(turn.state, group), EndReason.LIQUIDATION)
    while is_liquidatable(turn.state, group):
        _step(turn, group, _riskiest(turn.state, group))
    if group.leg:
        _settle_isolated(turn, group)
        if not account.lots(group.leg):
            settle_cross(turn, account, [group.asset])
    elif not legs_held(turn.state, group):
        if group.is_pooled:
            auto_exchange(turn, account, at_zero=True)
        settle_cross(turn, account, sorted(turn.state.houses) if group.is_pooled else [group.asset])
    _tell(turn, LiquidationEnded, group)


def _tell(turn: Turn, event: type[LiquidationStarted | LiquidationEnded], group: Group) -> None:
    now = standing(turn.state, group)
    turn.emit(
        event,
        group.account.number,
        group.leg[0] if group.leg else 0,
        flags=_flags(group, group.leg) if group.leg else 0,
        equity_units=clamped(now.equity),
        maintenance_units=clamped(now.maintenance),
        wallet_units=0 if group.is_pooled else group.account.wallet(group.asset),
        asset=group.asset,
    )


def _flags(group: Group, leg: Leg) -> int:
    return LEG_FLAGS[PositionSide(leg[1])] | (EventFlag.ISOLATED if group.leg else 0)


def _opening_orders(state: State, group: Group) -> list[Order]:
    """[LIQ-003] Resting orders that are not closing: of the leg, or of all instruments settled in the asset."""
    opening = [o for o in state.resting_orders_of(group.account.number) if not o.is_closing]
    if group.leg:
        opening = [o for o in opening if o.leg == group.leg]
    elif not group.is_pooled:
        opening = [o for o in opening if state.instruments[o.instrument].terms.settlement_asset == group.asset]
    return sorted(opening, key=lambda o: (o.instrument, o.order_id))


def _riskiest(state: State, group: Group) -> Leg:
    """[LIQ-003] The leg with the largest maintenance, by value in multi-asset mode; then instrument, side."""

    def risk(leg: Leg) -> int:
        maintenance = groups.held(state, group.account, leg).maintenance
        house = state.houses[state.instruments[leg[0]].terms.settlement_asset]
        return groups.burden_of(house, maintenance) if group.is_pooled else maintenance

    return max(legs_held(state, group), key=lambda leg: (risk(leg), -leg[0], -leg[1]))


def _step(turn: Turn, group: Group, leg: Leg) -> None:
    """Reduce the leg to the tier below: an order [LIQ-005], then the fund [LIQ-006] or the queue [LIQ-007]."""
    state, account, instrument = turn.state, group.account, turn.state.instruments[leg[0]]
    tier, lots = _part(instrument, account.lots(leg))
    price = groups.bankruptcy_ticks(state, account, leg)
    now = standing(state, group)
    turn.emit(
        LiquidationStep,
        account.number,
        instrument.number,
        flags=_flags(group, leg),
        detail=tier,
        mark_ticks=instrument.mark_ticks,
        bankruptcy_ticks=price,
        quantity_lots=lots,
        position_lots=account.lots(leg),
        equity_units=clamped(now.equity),
        maintenance_units=clamped(now.maintenance),
    )
    one_way = account.position_mode == PositionMode.ONE_WAY
    flags = OrderFlag.LIQUIDATION | (OrderFlag.REDUCE_ONLY if one_way else 0)
    order = _send(turn, account, leg, lots=lots, price=price, flags=flags)
    left = order.leaves_lots
    if not left or not is_liquidatable(state, group):
        return
    price = groups.bankruptcy_ticks(state, account, leg)
    fund = insurance.fund_of(state, instrument.terms.settlement_asset)
    if fund is not None and fund is not account and _can_take(state, fund, leg[0], Deal(1 - order.side, left, price)):
        deleveraging.exchange(turn, (account, leg), (fund, (leg[0], PositionSide.BOTH)), left, price)
    else:
        deleveraging.deleverage(turn, account, leg, left, price)


def _part(instrument: Instrument, q: int) -> tuple[int, int]:
    """[LIQ-003] The leg's tier and how many lots must go to reach the one below; from the lowest, all."""
    unit = instrument.mark_ticks * instrument.terms.tick_lot_units
    tier = max(n for n, t in enumerate(instrument.tiers) if t.floor_units <= abs(q) * unit)
    if tier == 0:
        return 0, abs(q)
    return tier, abs(q) - (instrument.tiers[tier].floor_units - 1) // unit


def _send(turn: Turn, account: Account, leg: Leg, *, lots: int, price: int, flags: int) -> Order:
    """[LIQ-005, LIQ-010] A closing LIMIT IOC of the engine's own, without checks."""
    side = matching.closing_side(account.lots(leg))
    assert side is not None
    instrument = turn.state.instruments[leg[0]]
    order = Order(
        order_id=0,
        account=account.number,
        instrument=instrument.number,
        side=side,
        order_type=OrderType.LIMIT,
        time_in_force=TimeInForce.IOC,
        flags=flags,
        working_type=0,
        self_trade_prevention=SelfTradePrevention.NONE,
        client_order_id=b"",
        position_side=leg[1],
        price_ticks=price,
        quantity_lots=lots,
        created_ns=turn.header.time_ns,
        updated_ns=turn.header.time_ns,
    )
    orders.enter_unchecked(turn, instrument, order)
    return order


def _can_take(state: State, fund: Account, number: int, deal: Deal) -> bool:
    """[LIQ-006] Whether the fund would stand above maintenance after the move."""
    instrument = state.instruments[number]
    asset = instrument.terms.settlement_asset
    trial = deepcopy(fund)
    position = trial.leg((number, PositionSide.BOTH))
    realized = positions.change_position(position, deal, instrument.terms.tick_lot_units)
    trial.pay(asset, realized, state.time_ns)
    then = standing(state, groups.cross_group(trial, asset))
    return then.equity > then.maintenance and abs(position.cost_units) <= COST_MAX_UNITS


def _settle_isolated(turn: Turn, group: Group) -> None:
    """[LIQ-008] A flat isolated leg: the rest goes to the fund, a deficit the fund bears as far as it can."""
    assert group.leg
    position = group.account.positions[group.leg]
    if position.lots:
        return
    left, position.isolated_units = position.isolated_units, 0
    if left > 0:
        insurance.take_surplus(turn, group.account, group.asset, left, group.leg[0])
    elif left < 0:
        insurance.bear_deficit(turn, group.account, group.asset, -left, group.leg[0])


def settle_cross(turn: Turn, account: Account, assets: list[int]) -> None:
    """[LIQ-008] Cross groups that hold nothing: the fund bears what they owe, as far as it can."""
    for asset in assets:
        owed = -totals(turn.state, account, asset).equity
        if owed > 0 and not legs_held(turn.state, groups.cross_group(account, asset)):
            insurance.bear_deficit(turn, account, asset, owed, 0)


def auto_exchange(turn: Turn, account: Account, *, at_zero: bool = False) -> int:
    """[LIQ-009] Debts beyond the threshold are repaid from the account's other assets; how many conversions."""
    count = 0
    houses = turn.state.houses
    for owed in sorted(houses):
        threshold = 0 if at_zero else houses[owed].threshold_units
        if account.wallet(owed) >= -threshold or not houses[owed].price_units:
            continue
        for asset in sorted(houses):
            if account.wallet(owed) < 0 and asset != owed and account.wallet(asset) > 0 and houses[asset].price_units:
                count += _convert(turn, account, asset, owed)
    return count


def _convert(turn: Turn, account: Account, sold: int, owed: int) -> int:
    houses, now = turn.state.houses, turn.header.time_ns
    need = ceil_div(-account.wallet(owed) * houses[owed].price_units, ASSET_UNIT)
    give = min(account.wallet(sold), ceil_div(need * ASSET_UNIT, houses[sold].price_units))
    worth = give * houses[sold].price_units // ASSET_UNIT
    got = min(-account.wallet(owed), worth * ASSET_UNIT // houses[owed].price_units)
    if got <= 0:
        return 0
    houses[sold].conversion_units = kept(houses[sold].conversion_units + give)
    houses[owed].conversion_units = kept(houses[owed].conversion_units - got)
    turn.emit(
        AssetConverted,
        account.number,
        0,
        sold_units=give,
        bought_units=got,
        sold_wallet_units=account.pay(sold, -give, now),
        bought_wallet_units=account.pay(owed, got, now),
        sold_asset=sold,
        bought_asset=owed,
    )
    return 1


def sweep(turn: Turn, command: Sweep) -> None:
    """[LIQ-001] Liquidate, repay, unwind, and judge once more whom that met."""
    if command.instrument:
        turn.state.instrument(command.instrument)
    converted = _settle_debts(turn) if turn.state.is_third else 0
    liquidated = run_passes(turn, command.instrument)
    pooled = [a for _, a in sorted(turn.state.accounts.items()) if a.multi_assets]
    converted += sum(auto_exchange(turn, account) for account in pooled)
    unwound = sum(_unwind(turn, asset) for asset in sorted(turn.state.houses))
    if turn.state.is_third and (converted or unwound):
        liquidated += run_passes(turn, 0)
    turn.emit(SweepDone, liquidated=liquidated, converted=converted, unwound_lots=unwound)


def _settle_debts(turn: Turn) -> int:
    """[LIQ-012] What accounts owe in assets in which they hold nothing the fund bears; how many conversions came first."""
    state, converted = turn.state, 0
    for _, account in sorted(state.accounts.items()):
        held = {state.instruments[leg[0]].terms.settlement_asset for leg, p in account.positions.items() if p.lots}
        if account.multi_assets and held:
            continue
        if account.multi_assets:
            converted += auto_exchange(turn, account, at_zero=True)
        for asset in sorted(state.houses):
            if account.wallet(asset) < 0 and asset not in held:
                insurance.bear_deficit(turn, account, asset, -account.wallet(asset), 0)
    return converted


def _unwind(turn: Turn, asset: int) -> int:
    """[LIQ-010] The fund sells what it took over where the book pays the mark; how many lots."""
    state, fund = turn.state, insurance.fund_of(turn.state, asset)
    unwound = 0
    for leg in sorted(fund.positions) if fund else []:
        instrument, lots = state.instruments[leg[0]], fund.lots(leg)
        if not lots or instrument.terms.settlement_asset != asset or not _may_trade(state, instrument):
            continue
        side, mark = matching.closing_side(lots), instrument.mark_ticks
        if matching.reachable(instrument, side, mark):
            order = _send(turn, fund, leg, lots=abs(lots), price=mark, flags=OrderFlag.REDUCE_ONLY)
            unwound += order.filled_lots
    return unwound
