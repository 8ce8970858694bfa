"""The margin formulas of docs/engine.md, over one account's holding in one instrument or all of them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from matcher.protocol.enums import Side
from matcher.protocol.units import PPB
from tests.reference.state import Account, Instrument, Position, State, Tier

NO_CAP_UNITS = 10**18


def ceil_div(numerator: int, denominator: int) -> int:
    return -(-numerator // denominator)


def maintenance_units(tiers: tuple[Tier, ...], notional: int) -> int:
    """Of the last tier that the notional reaches: its rate less its amount."""
    reached = [tier for tier in tiers if tier.floor_units <= notional]
    if not reached:
        return 0
    return max(0, notional * reached[-1].rate_ppb // PPB - reached[-1].maintenance_amount_units)


@dataclass(frozen=True)
class Holding:
    """Position and resting orders that may open, in the letters of docs/engine.md."""

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

    @property
    def position_margin(self) -> int:
        return self.initial_margin(self.q * self.mark)

    @property
    def maintenance(self) -> int:
        return maintenance_units(self.tiers, self.notional)

    @property
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
    def unrealized_pnl(self) -> int:
        return self.q * self.mark * self.k - self.cost


def leverage_in_use(instrument: Instrument, position: Position | None) -> int:
    """The account's leverage, or the default; never above what tier 0 allows."""
    chosen = (position.leverage if position else 0) or instrument.terms.default_leverage
    return min(chosen, instrument.tiers[0].max_leverage) if instrument.tiers else chosen


def fee_rate_ppb(account: Account, instrument: Instrument, is_maker: bool) -> int:
    terms = account.terms if account.terms.fee_override else instrument.terms
    return terms.maker_fee_ppb if is_maker else terms.taker_fee_ppb


def holding(account: Account, instrument: Instrument) -> Holding:
    """The account's holding in the instrument as it stands now."""
    position = account.positions.get(instrument.number)
    mine = [o for o in instrument.bids + instrument.asks if o.account == account.number and not o.is_reduce_only]
    buys = [o for o in mine if o.side == Side.BUY]
    sells = [o for o in mine if o.side == Side.SELL]
    return Holding(
        q=position.lots if position else 0,
        cost=position.cost_units if position else 0,
        mark=instrument.mark_ticks,
        k=instrument.terms.tick_lot_units,
        leverage=leverage_in_use(instrument, position),
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


@dataclass(frozen=True)
class Totals:
    """An account's sums over the instruments settled in one asset, in units."""

    wallet: int
    unrealized_pnl: int
    position_margin: int
    requirement: int
    maintenance: int

    @property
    def equity(self) -> int:
        return self.wallet + self.unrealized_pnl

    @property
    def available(self) -> int:
        return max(0, self.equity - self.requirement)

    @property
    def withdrawable(self) -> int:
        return max(0, self.wallet + min(0, self.unrealized_pnl) - self.requirement)


def totals(state: State, account: Account, asset: int) -> Totals:
    """Everything the account has and owes in `asset`, from scratch."""
    touched = [state.instruments[number] for number in account.positions]
    settled = [instrument for instrument in touched if instrument.terms.settlement_asset == asset]
    holdings = [holding(account, instrument) for instrument in settled]
    return Totals(
        wallet=account.wallet(asset),
        unrealized_pnl=sum(h.unrealized_pnl for h in holdings),
        position_margin=sum(h.position_margin for h in holdings),
        requirement=sum(h.requirement for h in holdings),
        maintenance=sum(h.maintenance for h in holdings),
    )


def liquidation_ticks(state: State, account: Account, instrument: Instrument) -> int:
    """The mark in 1..max_price_ticks nearest to safety at which maintenance reaches equity; 0 for none."""
    mine = holding(account, instrument)
    if mine.q == 0:
        return 0
    now = totals(state, account, instrument.terms.settlement_asset)
    equity_elsewhere = now.equity - mine.unrealized_pnl
    maintenance_elsewhere = now.maintenance - mine.maintenance

    def is_liquidatable(mark: int) -> bool:
        there = mine.at_mark(mark)
        maintenance = maintenance_elsewhere + there.maintenance
        return maintenance >= equity_elsewhere + there.unrealized_pnl

    worst, best = (1, instrument.terms.max_price_ticks) if mine.q > 0 else (instrument.terms.max_price_ticks, 1)
    if not is_liquidatable(worst):
        return 0
    if is_liquidatable(best):
        return best
    while abs(best - worst) > 1:
        middle = (worst + best) // 2
        worst, best = (middle, best) if is_liquidatable(middle) else (worst, middle)
    return worst
