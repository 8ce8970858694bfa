"""Margin groups [MAR-003]: an isolated leg, or the cross legs of an account in one asset or, pooled, in all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from matcher.protocol.enums import PositionSide, Side
from matcher.protocol.units import ASSET_UNIT, PPB
from tests.reference.margin import Holding, Totals, ceil_div, holding, once, totals
from tests.reference.state import Account, House, Instrument, Leg, State


@dataclass(frozen=True)
class Group:
    """`asset` is 0 for the one cross group of an account in multi-asset mode; `leg` is that of an isolated group."""

    account: Account
    asset: int
    leg: Leg | None = None

    @property
    def is_pooled(self) -> bool:
        return self.asset == 0


@dataclass(eq=False)
class Standing:
    """What a group has and what is asked of it: units of its asset, values in multi-asset mode.

    `requirement` is worked out when it is asked for.
    """

    equity: int
    maintenance: int
    ask: Callable[[], int]

    @once
    def requirement(self) -> int:
        return self.ask()


def cross_group(account: Account, asset: int) -> Group:
    return Group(account, 0 if account.multi_assets else asset)


def group_of(state: State, account: Account, leg: Leg) -> Group:
    asset = state.instruments[leg[0]].terms.settlement_asset
    return Group(account, asset, leg) if account.is_isolated(leg[0]) else cross_group(account, asset)


def groups_of(state: State, account: Account) -> list[Group]:
    """Every group of the account: cross ones by asset, then isolated legs by instrument and side."""
    cross = [Group(account, 0)] if account.multi_assets else [Group(account, asset) for asset in sorted(state.houses)]
    isolated = [leg for leg in sorted(account.positions) if account.is_isolated(leg[0])]
    return cross + [group_of(state, account, leg) for leg in isolated]


def is_stale(state: State, instrument: Instrument) -> bool:
    """[SAFE-002] The mark is older than the rules allow."""
    return 0 < instrument.rules.mark_max_age_ns < state.time_ns - instrument.mark_time_ns


def legs_held(state: State, group: Group) -> list[Leg]:
    """The group's legs that are not flat, by instrument and side."""
    legs = [group.leg] if group.leg else sorted(group.account.positions)
    held = [leg for leg in legs if group.account.lots(leg)]
    return [leg for leg in held if group_of(state, group.account, leg) == group]


def value_of(house: House, units: int) -> int:
    """[MAR-011] What a balance is worth: a debt in full, a credit less the haircut."""
    if units < 0:
        return -ceil_div(-units * house.price_units, ASSET_UNIT)
    return units * house.price_units // ASSET_UNIT * (PPB - house.haircut_ppb) // PPB


def burden_of(house: House, units: int) -> int:
    """[MAR-011] What a requirement in the asset weighs."""
    return ceil_div(units * house.price_units, ASSET_UNIT)


@dataclass(frozen=True)
class Shift:
    """A question of the form `what if`: a requirement more, profits left out, or an instrument at another mark."""

    requirement_asset: int = 0
    requirement: int = 0
    losses_only: bool = False
    instrument: int = 0
    mark: int = 0


NOW = Shift()


def standing(state: State, group: Group, what_if: Shift = NOW) -> Standing:
    """Equity, requirement and maintenance of the group, from scratch."""
    if group.leg:
        return _isolated_standing(state, group, what_if)
    assets = sorted(state.houses) if group.is_pooled else [group.asset]
    parts = {asset: totals(state, group.account, asset, (what_if.instrument, what_if.mark)) for asset in assets}
    equity = {asset: part.safe_equity if what_if.losses_only else part.equity for asset, part in parts.items()}

    def requirement(asset: int) -> int:
        return parts[asset].requirement + (what_if.requirement if asset == what_if.requirement_asset else 0)

    if not group.is_pooled:
        asset = group.asset
        return Standing(equity[asset], parts[asset].cross_maintenance, lambda: requirement(asset))
    houses = state.houses
    return Standing(
        sum(value_of(houses[a], equity[a]) for a in assets),
        sum(burden_of(houses[a], parts[a].cross_maintenance) for a in assets),
        lambda: sum(burden_of(houses[a], requirement(a)) for a in assets),
    )


def _isolated_standing(state: State, group: Group, what_if: Shift) -> Standing:
    assert group.leg
    mine = held(state, group.account, group.leg)
    if group.leg[0] == what_if.instrument:
        mine = mine.at_mark(what_if.mark)
    equity = group.account.positions[group.leg].isolated_units + mine.unrealized_pnl
    return Standing(equity, mine.maintenance, lambda: mine.position_margin)


def held(state: State, account: Account, leg: Leg) -> Holding:
    return holding(account, state.instruments[leg[0]], leg[1])


def equity_in(state: State, group: Group, asset: int) -> int:
    """[LIQ-004] The group's equity in units of `asset`; a value is turned into them, rounded down."""
    equity = standing(state, group).equity
    return equity * ASSET_UNIT // state.houses[asset].price_units if group.is_pooled else equity


def available(state: State, account: Account, asset: int) -> int:
    """[MAR-003, MAR-011] What may still be bound by orders."""
    now = standing(state, cross_group(account, asset))
    free = max(0, now.equity - now.requirement)
    if not account.multi_assets:
        return free
    price = state.houses[asset].price_units
    return free * ASSET_UNIT // price if price else 0


def withdrawable(state: State, account: Account, asset: int) -> int:
    """[MAR-003, MAR-011] What may leave the account: no unrealized profit, nothing that is bound."""
    mine: Totals = totals(state, account, asset)
    if not account.multi_assets:
        return max(0, mine.safe_equity - mine.requirement)
    pool = standing(state, cross_group(account, asset), Shift(losses_only=True))
    free, price = pool.equity - pool.requirement, state.houses[asset].price_units
    if not price:
        return max(0, mine.safe_equity) if free >= 0 else 0
    return max(0, min(mine.safe_equity, free * ASSET_UNIT // price))


def bankruptcy_ticks(state: State, account: Account, leg: Leg) -> int:
    """[LIQ-004] The price at which closing the whole leg leaves its group nothing; 0 for a flat one."""
    instrument, q = state.instruments[leg[0]], account.lots(leg)
    if not q:
        return 0
    equity = equity_in(state, group_of(state, account, leg), instrument.terms.settlement_asset)
    distance = equity // (abs(q) * instrument.terms.tick_lot_units)
    price = instrument.mark_ticks - distance if q > 0 else instrument.mark_ticks + distance
    return max(1, min(instrument.terms.max_price_ticks, price))


def solvent_ticks(state: State, account: Account, leg: Leg, side: int, limit: int) -> int:
    """[MAR-015] The limit of an order whose side closes the leg goes to the mark or its bankruptcy price, no further."""
    lots, mark = account.lots(leg), state.instruments[leg[0]].mark_ticks
    if not state.is_later or not lots or side != (Side.SELL if lots > 0 else Side.BUY):
        return limit
    last = bankruptcy_ticks(state, account, leg)
    return max(limit, min(mark, last)) if side == Side.SELL else min(limit, max(mark, last))


def liquidation_ticks(state: State, account: Account, leg: Leg) -> int:
    """[MAR-013] The mark nearest to safety at which the group's maintenance reaches its equity; 0 for none."""
    instrument, q = state.instruments[leg[0]], account.lots(leg)
    if not q:
        return 0
    group = group_of(state, account, leg)

    def is_liquidatable(mark: int) -> bool:
        there = standing(state, group, Shift(instrument=instrument.number, mark=mark))
        return there.maintenance >= there.equity

    mark, beyond = instrument.mark_ticks, instrument.terms.max_price_ticks + 1
    is_hedged = leg[1] != PositionSide.BOTH and _other_leg(leg) in legs_held(state, group)
    is_bounded = is_hedged or group.is_pooled
    if is_bounded and is_liquidatable(mark):
        return mark
    if q > 0:
        return _halve(lambda at: not is_liquidatable(at), 0, mark if is_bounded else beyond)[0]
    due = _halve(is_liquidatable, mark if is_bounded else 0, beyond)[1]
    return due if due < beyond else 0


def _other_leg(leg: Leg) -> Leg:
    """In hedge mode the leg of the other side."""
    return leg[0], PositionSide.SHORT if leg[1] == PositionSide.LONG else PositionSide.LONG


def _halve(is_high: Callable[[int], bool], low: int, high: int) -> tuple[int, int]:
    """Two neighbours between which `is_high` becomes true."""
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if is_high(middle) else (middle, high)
    return low, high
