"""The margin formulas of docs/engine.md, over one leg of an account, or its sums in one asset."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from matcher.protocol.enums import PositionSide, Side
from matcher.protocol.units import PPB
from tests.reference.state import Account, Instrument, Position, State, Tier

NO_CAP_UNITS = 10**18


def ceil_div(numerator: int, denominator: int) -> int:
    return -(-numerator // denominator)


def maintenance_units(tiers: tuple[Tier, ...], notional: int) -> int:
    """Of the last tier that the notional reaches: its rate less its amount."""
    for tier in reversed(tiers):
        if tier.floor_units <= notional:
            return max(0, notional * tier.rate_ppb // PPB - tier.maintenance_amount_units)
    return 0


@dataclass(frozen=True)
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

    def with_order(self, side: int, price_ticks: int, lots: int) -> Holding:
        """The holding with `lots` more resting at `price_ticks` (negative lots take an order out)."""
        if side == Side.BUY:
            return replace(self, buy_value=self.buy_value + price_ticks * lots, buy_lots=self.buy_lots + lots)
        return replace(self, sell_value=self.sell_value + price_ticks * lots, sell_lots=self.sell_lots + lots)

    def with_order_alone(self, side: int, price_ticks: int, lots: int) -> Holding:
        """The position with one order and no other."""
        return replace(self, buy_value=0, buy_lots=0, sell_value=0, sell_lots=0).with_order(side, price_ticks, lots)

    def with_leverage(self, leverage: int) -> Holding:
        return replace(self, leverage=leverage)

    def at_mark(self, mark: int) -> Holding:
        return replace(self, mark=mark)

    def value(self, side: int) -> int:
        return self.buy_value if side == Side.BUY else self.sell_value

    @property
    def exposure(self) -> int:
        at_mark = self.q * self.mark
        return max(abs(at_mark), abs(at_mark + self.buy_value), abs(at_mark - self.sell_value)) * self.k

    @property
    def notional(self) -> int:
        return abs(self.q) * self.mark * self.k

    def initial_margin(self, value: int) -> int:
        """Margin to open a signed value in ticks x lots: by leverage, but never below maintenance."""
        notional = abs(value) * self.k
        return max(ceil_div(notional, self.leverage), maintenance_units(self.tiers, notional))

    @cached_property
    def position_margin(self) -> int:
        return self.initial_margin(self.q * self.mark)

    @cached_property
    def maintenance(self) -> int:
        return maintenance_units(self.tiers, self.notional)

    @cached_property
    def requirement(self) -> int:
        at_mark = self.q * self.mark
        buy = self.initial_margin(at_mark + self.buy_value)
        buy += max(0, self.buy_value - self.buy_lots * self.mark) * self.k
        buy += ceil_div(self.buy_value * self.k * self.fee_ppb, PPB)
        sell = self.initial_margin(at_mark - self.sell_value)
        sell += max(0, self.sell_lots * self.mark - self.sell_value) * self.k
        sell += ceil_div(self.sell_value * self.k * self.fee_ppb, PPB)
        return max(self.position_margin, buy, sell)

    @property
    def order_margin(self) -> int:
        return self.requirement - self.position_margin

    @cached_property
    def unrealized_pnl(self) -> int:
        return self.q * self.mark * self.k - self.cost


def leverage_in_use(instrument: Instrument, account: Account) -> int:
    """The account's leverage, or the default; never above what tier 0 allows."""
    chosen = account.shared(instrument.number).leverage or instrument.terms.default_leverage
    return min(chosen, instrument.tiers[0].max_leverage) if instrument.tiers else chosen


def fee_rate_ppb(account: Account, instrument: Instrument, is_maker: bool) -> int:
    terms = account.terms if account.terms.fee_override else instrument.terms
    return terms.maker_fee_ppb if is_maker else terms.taker_fee_ppb


def holding(account: Account, instrument: Instrument, position_side: int = PositionSide.BOTH) -> Holding:
    """[MAR-001] The account's leg in the instrument as it stands now."""
    leg = (instrument.number, position_side)
    position = account.positions.get(leg, Position())
    resting = [o for o in instrument.bids + instrument.asks if o.account == account.number and o.leg == leg]
    buys = [o for o in resting if o.side == Side.BUY and not o.is_closing]
    sells = [o for o in resting if o.side == Side.SELL and not o.is_closing]
    return Holding(
        q=position.lots,
        cost=position.cost_units,
        mark=instrument.mark_ticks,
        k=instrument.terms.tick_lot_units,
        leverage=leverage_in_use(instrument, account),
        fee_ppb=max(0, fee_rate_ppb(account, instrument, is_maker=False)),
        buy_value=sum(o.price_ticks * o.leaves_lots for o in buys),
        buy_lots=sum(o.leaves_lots for o in buys),
        sell_value=sum(o.price_ticks * o.leaves_lots for o in sells),
        sell_lots=sum(o.leaves_lots for o in sells),
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


@dataclass(frozen=True)
class Totals:
    """[MAR-003] An account's sums over the legs settled in one asset, in units.

    Sums named cross leave isolated legs out; `requirement` counts of those what their orders need.
    """

    wallet: int
    isolated: int
    unrealized_pnl: int
    cross_unrealized_pnl: int
    position_margin: int
    order_margin: int
    requirement: int
    maintenance: int
    cross_maintenance: int

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
    legs = [leg for leg in account.positions if state.instruments[leg[0]].terms.settlement_asset == asset]
    held = {leg: holding(account, state.instruments[leg[0]], leg[1]) for leg in legs}
    for leg in legs:
        if leg[0] == at_mark[0]:
            held[leg] = held[leg].at_mark(at_mark[1])
    cross = [held[leg] for leg in legs if not account.is_isolated(leg[0])]
    isolated = [held[leg] for leg in legs if account.is_isolated(leg[0])]
    return Totals(
        wallet=account.wallet(asset),
        isolated=sum(account.positions[leg].isolated_units for leg in legs),
        unrealized_pnl=sum(h.unrealized_pnl for h in held.values()),
        cross_unrealized_pnl=sum(h.unrealized_pnl for h in cross),
        position_margin=sum(h.position_margin for h in held.values()),
        order_margin=sum(h.order_margin for h in held.values()),
        requirement=sum(h.requirement for h in cross) + sum(h.order_margin for h in isolated),
        maintenance=sum(h.maintenance for h in held.values()),
        cross_maintenance=sum(h.maintenance for h in cross),
    )
