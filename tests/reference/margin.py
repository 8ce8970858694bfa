"""The margin formulas of docs/engine.md, over one leg of an account, or its sums in one asset."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

from matcher.protocol.enums import PositionSide, Side
from matcher.protocol.units import PPB
from tests.reference.state import BUY, SELL, UNTOUCHED, Account, Instrument, State, Tier

NO_CAP_UNITS = 10**18


def ceil_div(numerator: int, denominator: int) -> int:
    return -(-numerator // denominator)


def maintenance_units(tiers: tuple[Tier, ...], notional: int) -> int:
    """Of the last tier that the notional reaches: its rate less its amount."""
    for tier in reversed(tiers):
        if tier.floor_units <= notional:
            return max(0, notional * tier.rate_ppb // PPB - tier.maintenance_amount_units)
    return 0


class once:  # noqa: N801 - used like `property`
    """A property worked out at the first look and kept; without the lock of functools.cached_property."""

    def __init__(self, work_out: Callable[[Any], int]) -> None:
        self.work_out, self.name = work_out, work_out.__name__

    def __get__(self, owner: Any, _: type) -> int:
        value = owner.__dict__[self.name] = self.work_out(owner)
        return value


@dataclass(eq=False)
class Holding:
    """Position and resting orders that may open, in the letters of docs/engine.md. Amounts are worked out once."""

    q: int
    cost: int
    mark: int
    k: int
    leverage: int
    fee_ppb: int
    buy_value: int
    buy_lots: int
    sell_value: int
    sell_lots: int
    tiers: tuple[Tier, ...]

    def but(self, **changes: int) -> Holding:
        """The same with other numbers, nothing of it worked out yet."""
        return Holding(**{name: changes.get(name, getattr(self, name)) for name in FIELDS})

    def with_order(self, side: int, price_ticks: int, lots: int) -> Holding:
        """The holding with `lots` more resting at `price_ticks` (negative lots take an order out)."""
        if side == Side.BUY:
            return self.but(buy_value=self.buy_value + price_ticks * lots, buy_lots=self.buy_lots + lots)
        return self.but(sell_value=self.sell_value + price_ticks * lots, sell_lots=self.sell_lots + lots)

    def with_order_alone(self, side: int, price_ticks: int, lots: int) -> Holding:
        """The position with one order and no other."""
        return self.but(buy_value=0, buy_lots=0, sell_value=0, sell_lots=0).with_order(side, price_ticks, lots)

    def with_leverage(self, leverage: int) -> Holding:
        return self.but(leverage=leverage)

    def at_mark(self, mark: int) -> Holding:
        return self.but(mark=mark)

    def value(self, side: int) -> int:
        return self.buy_value if side == Side.BUY else self.sell_value

    @once
    def exposure(self) -> int:
        at_mark = self.q * self.mark
        return max(abs(at_mark), abs(at_mark + self.buy_value), abs(at_mark - self.sell_value)) * self.k

    @once
    def notional(self) -> int:
        return abs(self.q) * self.mark * self.k

    def initial_margin(self, value: int) -> int:
        """Margin to open a signed value in ticks x lots: by leverage, but never below maintenance."""
        notional = abs(value) * self.k
        return max(ceil_div(notional, self.leverage), maintenance_units(self.tiers, notional))

    @once
    def position_margin(self) -> int:
        return self.initial_margin(self.q * self.mark)

    @once
    def maintenance(self) -> int:
        return maintenance_units(self.tiers, self.notional)

    @once
    def requirement(self) -> int:
        """A side without orders needs what the position alone does."""
        at_mark, most = self.q * self.mark, self.position_margin
        if self.buy_value:
            buy = self.initial_margin(at_mark + self.buy_value)
            buy += max(0, self.buy_value - self.buy_lots * self.mark) * self.k
            most = max(most, buy + ceil_div(self.buy_value * self.k * self.fee_ppb, PPB))
        if self.sell_value:
            sell = self.initial_margin(at_mark - self.sell_value)
            sell += max(0, self.sell_lots * self.mark - self.sell_value) * self.k
            most = max(most, sell + ceil_div(self.sell_value * self.k * self.fee_ppb, PPB))
        return most

    @once
    def order_margin(self) -> int:
        return self.requirement - self.position_margin

    @once
    def unrealized_pnl(self) -> int:
        return self.q * self.mark * self.k - self.cost


FIELDS = [field.name for field in fields(Holding)]


def leverage_in_use(instrument: Instrument, account: Account) -> int:
    """The account's leverage, or the default; never above what tier 0 allows."""
    chosen = account.shared(instrument.number).leverage or instrument.terms.default_leverage
    return min(chosen, instrument.tiers[0].max_leverage) if instrument.tiers else chosen


def fee_rate_ppb(account: Account, instrument: Instrument, is_maker: bool) -> int:
    terms = account.terms if account.terms.fee_override else instrument.terms
    return terms.maker_fee_ppb if is_maker else terms.taker_fee_ppb


def holding(account: Account, instrument: Instrument, position_side: int = PositionSide.BOTH) -> Holding:
    """[MAR-001] The account's leg in the instrument as it stands now."""
    position = account.positions.get((instrument.number, position_side), UNTOUCHED)
    value, lots = [0, 0], [0, 0]
    for order in instrument.bids + instrument.asks:
        if order.account == account.number and order.position_side == position_side and not order.is_closing:
            value[order.side] += order.price_ticks * order.leaves_lots
            lots[order.side] += order.leaves_lots
    return Holding(
        q=position.lots,
        cost=position.cost_units,
        mark=instrument.mark_ticks,
        k=instrument.terms.tick_lot_units,
        leverage=leverage_in_use(instrument, account),
        fee_ppb=max(0, fee_rate_ppb(account, instrument, is_maker=False)),
        buy_value=value[BUY],
        buy_lots=lots[BUY],
        sell_value=value[SELL],
        sell_lots=lots[SELL],
        tiers=tuple(instrument.tiers),
    )


def exposure_cap_units(instrument: Instrument, leverage: int) -> int:
    """The most notional the ladder allows at this leverage."""
    allowed = [n for n, tier in enumerate(instrument.tiers) if tier.max_leverage >= leverage]
    above = max(allowed) + 1
    return instrument.tiers[above].floor_units if above < len(instrument.tiers) else NO_CAP_UNITS


def exposure_units(account: Account, instrument: Instrument) -> int:
    """[MAR-003] What the cap holds for: the exposures of the instrument's legs together."""
    return sum(holding(account, instrument, leg[1]).exposure for leg in account.legs_of(instrument.number))


@dataclass(eq=False)
class Totals:
    """[MAR-003] An account's sums over the legs settled in one asset, in units; each is taken when it is asked for.

    Sums named cross leave isolated legs out; `requirement` counts of those what their orders need.
    """

    wallet: int
    isolated: int
    cross_legs: tuple[Holding, ...]
    isolated_legs: tuple[Holding, ...]

    @once
    def unrealized_pnl(self) -> int:
        return self.cross_unrealized_pnl + sum(leg.unrealized_pnl for leg in self.isolated_legs)

    @once
    def cross_unrealized_pnl(self) -> int:
        return sum(leg.unrealized_pnl for leg in self.cross_legs)

    @once
    def position_margin(self) -> int:
        return sum(leg.position_margin for leg in self.cross_legs + self.isolated_legs)

    @once
    def order_margin(self) -> int:
        return sum(leg.order_margin for leg in self.cross_legs + self.isolated_legs)

    @once
    def requirement(self) -> int:
        return sum(leg.requirement for leg in self.cross_legs) + sum(leg.order_margin for leg in self.isolated_legs)

    @once
    def maintenance(self) -> int:
        return self.cross_maintenance + sum(leg.maintenance for leg in self.isolated_legs)

    @once
    def cross_maintenance(self) -> int:
        return sum(leg.maintenance for leg in self.cross_legs)

    @property
    def equity(self) -> int:
        """Of the cross part."""
        return self.wallet - self.isolated + self.cross_unrealized_pnl

    @property
    def safe_equity(self) -> int:
        """Of the cross part, no unrealized profit counted."""
        return self.wallet - self.isolated + min(0, self.cross_unrealized_pnl)


def totals(state: State, account: Account, asset: int, at_mark: tuple[int, int] = (0, 0)) -> Totals:
    """Everything the account has and owes in `asset`, from scratch; `at_mark`: an instrument and a mark to suppose."""
    legs: dict[bool, list[Holding]] = {True: [], False: []}
    isolated = 0
    for leg, position in account.positions.items():
        instrument = state.instruments[leg[0]]
        if instrument.terms.settlement_asset == asset:
            held = holding(account, instrument, leg[1])
            legs[account.is_isolated(leg[0])].append(held.at_mark(at_mark[1]) if leg[0] == at_mark[0] else held)
            isolated += position.isolated_units
    return Totals(account.wallet(asset), isolated, tuple(legs[False]), tuple(legs[True]))
