"""What changes a leg: a fill or a move at a price, its realized profit, isolated margin, fee and wallet."""

from __future__ import annotations

from dataclasses import dataclass, replace

from matcher.protocol.enums import EventFlag, InsuranceCause, OrderFlag, Side
from matcher.protocol.events import IsolatedMarginChanged
from matcher.protocol.units import PPB
from tests.reference import groups, insurance
from tests.reference.margin import ceil_div, fee_rate_ppb, leverage_in_use, totals
from tests.reference.state import LEG_FLAGS, Account, Instrument, Order, Position, State, kept
from tests.reference.turn import Turn

LIQUIDATION = int(EventFlag.LIQUIDATION)
SELL = int(EventFlag.SELL)
LIQUIDATES = int(OrderFlag.LIQUIDATION)


@dataclass(frozen=True)
class Deal:
    """`lots` change hands at `price`; `side` and `fee` are those of the party it is looked at from."""

    side: int
    lots: int
    price: int
    fee: int = 0


@dataclass
class Change:
    """What one fill or move did to a leg; `isolated` is None for a leg that is not isolated."""

    position: Position
    flags: int
    realized: int
    wallet: int
    isolated: int | None
    fee: int = 0


def fill(turn: Turn, instrument: Instrument, order: Order, lots: int, price: int, *, is_maker: bool) -> Change:
    """One party's half of a trade. [LIQ-005] A liquidation order's fee is what its group has left, for the fund."""
    account = turn.state.accounts[order.account]
    liquidates = bool(order.flags & LIQUIDATES)
    value = lots * price * instrument.terms.tick_lot_units
    fee = ceil_div(value * fee_rate_ppb(account, instrument, is_maker), PPB)
    deal = Deal(order.side, lots, price, fee)
    change = move(turn, account, instrument, order.position_side, deal, releases=not liquidates)
    if liquidates:
        change.flags |= LIQUIDATION
        change.fee = _liquidation_fee(turn, account, instrument, order.position_side, value)
        if change.isolated is not None:
            change.isolated -= change.fee
            change.position.isolated_units = kept(change.position.isolated_units - change.fee)
    else:
        change.fee = fee
        house = turn.state.houses[instrument.terms.settlement_asset]
        house.fee_income_units = kept(house.fee_income_units + change.fee)
    change.wallet = account.pay(instrument.terms.settlement_asset, -change.fee, turn.header.time_ns)
    return change


def move(
    turn: Turn,
    account: Account,
    instrument: Instrument,
    position_side: int,
    deal: Deal,
    *,
    releases: bool = True,
) -> Change:
    """A deal without its fee (which the wallet pays later): position, isolated margin [MAR-004], wallet, clearing.

    Of a leg that is being liquidated nothing is released: what it realizes stays in its isolated margin.
    """
    asset = instrument.terms.settlement_asset
    position = account.leg((instrument.number, position_side))
    isolated = None
    if account.is_isolated(instrument.number):
        isolated = _margin_moved(turn.state, account, instrument, position, deal)
    realized = change_position(position, deal, instrument.terms.tick_lot_units)
    if isolated is not None:
        isolated = isolated if releases else realized
        position.isolated_units = kept(position.isolated_units + kept(isolated))
    position.realized_pnl_units = kept(position.realized_pnl_units + kept(realized))
    kept(position.cost_units)
    position.updated_ns = turn.header.time_ns
    turn.state.houses[asset].clearing_units = kept(turn.state.houses[asset].clearing_units - realized)
    wallet = account.pay(asset, realized, turn.header.time_ns)
    flags = LEG_FLAGS[position_side] | (SELL if deal.side == Side.SELL else 0)
    return Change(position, flags, realized, wallet, isolated)


def closing_part(position: Position, deal: Deal) -> int:
    sign = 1 if deal.side == Side.BUY else -1
    return min(deal.lots, abs(position.lots)) if position.lots * sign < 0 else 0


def change_position(position: Position, deal: Deal, tick_lot_units: int) -> int:
    """Close what the lots close, open what they open; the realized profit."""
    sign, lot_value = 1 if deal.side == Side.BUY else -1, deal.price * tick_lot_units
    closing = closing_part(position, deal)
    realized = 0
    if closing:
        removed = abs(position.cost_units) * closing // abs(position.lots)
        realized = closing * lot_value - removed if position.lots > 0 else removed - closing * lot_value
        position.cost_units += removed * sign
    position.cost_units += sign * (deal.lots - closing) * lot_value
    position.lots += sign * deal.lots
    return realized


def _margin_moved(state: State, account: Account, instrument: Instrument, position: Position, deal: Deal) -> int:
    """[MAR-004] What a fill takes out of the leg's isolated margin (negative) and what it puts in.

    [MAR-016] It puts in no more than the cross part then has.
    """
    asset, k, closing = instrument.terms.settlement_asset, instrument.terms.tick_lot_units, closing_part(position, deal)
    released = truncated(position.isolated_units * closing, abs(position.lots)) if closing else 0
    opening = deal.lots - closing
    sign = 1 if deal.side == Side.BUY else -1
    loss = max(0, sign * (deal.price - instrument.mark_ticks)) * opening * k
    wanted = ceil_div(opening * deal.price * k, leverage_in_use(instrument, account)) + loss
    if state.is_third:
        realized = change_position(replace(position), deal, k)
        wanted = min(wanted, max(0, totals(state, account, asset).equity + released + realized - deal.fee))
    return wanted - released


def fill_isolated(state: State, account: Account, instrument: Instrument, position: Position, deal: Deal) -> None:
    """What a fill at the taker's fee does to an isolated leg, its wallet apart."""
    value = deal.lots * deal.price * instrument.terms.tick_lot_units
    fee = ceil_div(value * max(0, fee_rate_ppb(account, instrument, is_maker=False)), PPB)
    position.isolated_units += _margin_moved(state, account, instrument, position, replace(deal, fee=fee))
    change_position(position, deal, instrument.terms.tick_lot_units)


def truncated(numerator: int, denominator: int) -> int:
    """The quotient without its fraction, toward zero."""
    quotient = abs(numerator) // abs(denominator)
    return quotient if (numerator < 0) == (denominator < 0) else -quotient


def _liquidation_fee(turn: Turn, account: Account, instrument: Instrument, position_side: int, value: int) -> int:
    fund = insurance.fund_of(turn.state, instrument.terms.settlement_asset)
    if fund is None or fund is account:
        return 0
    group = groups.group_of(turn.state, account, (instrument.number, position_side))
    equity = groups.equity_in(turn.state, group, instrument.terms.settlement_asset)
    return min(ceil_div(value * instrument.terms.liquidation_fee_ppb, PPB), max(0, equity))


def tell_margins(turn: Turn, account: Account, instrument: Instrument, position_side: int, change: Change) -> None:
    """What follows the OrderFilled or PositionMoved of a leg: its isolated margin, the fund's fee."""
    if change.isolated is not None:
        turn.emit(
            IsolatedMarginChanged,
            account.number,
            instrument.number,
            flags=LEG_FLAGS[position_side],
            amount_units=change.isolated,
            isolated_units=change.position.isolated_units,
        )
    if change.flags & LIQUIDATION and change.fee:
        asset = instrument.terms.settlement_asset
        where = {"instrument": instrument.number, **insurance.source(account, asset)}
        insurance.receive(turn, asset, change.fee, InsuranceCause.LIQUIDATION_FEE, **where)
