"""Owns what changes a leg and the money around it: fills, moves without an order, isolated margin, wallets.

Rules: [MON-002], [MON-003], [ENG-008].
"""

import cython
from cython.cimports.libc.stdint import int64_t, uint16_t, uint32_t
from cython.cimports.matcher.core.accounts import Position, Wallet
from cython.cimports.matcher.core.groups import balance_of
from cython.cimports.matcher.core.instruments import Asset, Instrument
from cython.cimports.matcher.core.machine import divide, int128, magnitude
from cython.cimports.matcher.core.margin import Totals, others_of
from cython.cimports.matcher.core.records import (
    EVENT_FLAG_SELL,
    EVENT_ISOLATED_MARGIN_CHANGED,
    EVENT_POSITION_MOVED,
    MARGIN_ISOLATED,
    SIDE_BUY,
    SIDE_SELL,
    IsolatedMarginChanged,
    PositionMoved,
)
from cython.cimports.matcher.core.state import leg_flag


def closing_side(position):
    """The side of what makes the leg smaller."""
    return SIDE_SELL if position.position_lots > 0 else SIDE_BUY


def size_of(position):
    """Lots held, without their sign."""
    return position.position_lots if position.position_lots > 0 else -position.position_lots


def change_leg(state, instrument, position, side, lots, price_ticks):
    """Change the leg by a fill or a move; the realized profit of the part that closes."""
    held: int64_t = position.position_lots
    size: int64_t = held if held > 0 else -held
    closing: int64_t = min(lots, size) if (held > 0) == (side == SIDE_SELL) else 0
    lot_value: int128 = cython.cast(int128, price_ticks) * instrument.tick_lot_units
    opening_cost: int128 = (lots - closing) * lot_value
    closed: int128 = closing * lot_value
    removed: int128 = 0
    realized: int128 = 0
    cost: int128
    if closing:
        removed = position.cost_units
        if closing < size:
            # Toward zero: the remainder of a proportional part stays in the cost.
            removed = divide(removed * closing, size)
        realized = closed - removed if held > 0 else -removed - closed
    cost = cython.cast(int128, position.cost_units) - removed
    if side == SIDE_BUY:
        cost += opening_cost
        position.position_lots += lots
    else:
        cost -= opening_cost
        position.position_lots -= lots
    position.cost_units = kept(state, cost)
    position.realized_pnl_units = kept(state, position.realized_pnl_units + realized)
    position.updated_ns = state.time_ns
    instrument.open_interest_lots += max(position.position_lots, 0) - max(held, 0)
    house: cython.pointer[Asset] = state.instruments.assets + instrument.settlement_asset
    house.clearing_units = kept(state, house.clearing_units - realized)
    if position.held_at == 0:
        state.holders.enter(state.accounts, cython.cast(uint32_t, position - state.accounts.positions))
    return kept(state, realized)


def closing_part(position, side, lots):
    """How many of a fill's lots make the leg smaller."""
    return min(lots, size_of(position)) if (position.position_lots > 0) == (side == SIDE_SELL) else 0


def released_by(position, closing):
    """[MAR-004] What so many lots that close take out of the leg's isolated margin; asked before the leg changes."""
    if closing == 0:
        return 0
    return divide(cython.cast(int128, position.isolated_units) * closing, size_of(position))


def affordable(state, position, opening, gained):
    """[MAR-016] What of a top-up the cross part has, with what the same fill gains for it; before version 4 all of it."""
    if not state.is_third or opening == 0:
        return opening
    asset: uint16_t = state.accounts.wallets[position.wallet].asset
    totals: Totals = others_of(state, position.account, asset, cython.NULL)
    free: int128 = balance_of(state, position.account, asset, cython.address(totals), False) + gained
    return min(opening, max(free, 0))


def kept(state, units):
    """[ENG-008] An amount as it is kept; one beyond the limit is an impossible state, and what stands there is void."""
    if magnitude(units) > BALANCE_MAX:
        state.fault = 2
        return 0
    return cython.cast(int64_t, units)


def set_apart(state, position, units):
    """Add to the leg's isolated margin, which stays part of the wallet."""
    position.isolated_units = kept(state, cython.cast(int128, position.isolated_units) + units)


def pay(state, wallet, units):
    """Add to a wallet; its balance after. The account's legs must be looked at again."""
    it: cython.pointer[Wallet] = state.accounts.wallets + wallet
    owed: cython.bint = it.wallet_units < 0
    it.wallet_units = kept(state, cython.cast(int128, it.wallet_units) + units)
    if owed != (it.wallet_units < 0):
        state.accounts.note_debt(it.account)
    it.updated_ns = state.time_ns
    it.existed = 1
    state.holders.doubt(state.accounts, it.account)
    return it.wallet_units


def tell_isolated(state, position, units, detail):
    """IsolatedMarginChanged: so much was moved into the leg's margin."""
    event: cython.pointer[IsolatedMarginChanged] = cython.cast(
        cython.pointer[IsolatedMarginChanged],
        state.emit(EVENT_ISOLATED_MARGIN_CHANGED, position.account, position.instrument),
    )
    event.flags = leg_flag(position)
    event.detail = detail
    event.amount_units = units
    event.isolated_units = position.isolated_units


def move(state, leg, side, lots, price_ticks, cause, counterparty, rank, score, releases):
    """[LIQ-007] One party's half of a change without order and fee: PositionMoved, of an isolated leg its margin too.

    Of a leg that is being liquidated nothing is released: what it realizes stays in its isolated margin.
    """
    position: cython.pointer[Position] = state.accounts.positions + leg
    instrument: cython.pointer[Instrument] = state.instruments.at + position.instrument
    isolated: cython.bint = position.margin_mode == MARGIN_ISOLATED
    moved: int64_t = 0
    if isolated and releases:  # a move never opens an isolated leg
        moved = kept(state, -released_by(position, closing_part(position, side, lots)))
    realized: int64_t = change_leg(state, instrument, position, side, lots, price_ticks)
    if isolated:
        moved = moved if releases else realized
        set_apart(state, position, moved)
    wallet_units: int64_t = pay(state, position.wallet, realized)
    event: cython.pointer[PositionMoved] = cython.cast(
        cython.pointer[PositionMoved], state.emit(EVENT_POSITION_MOVED, position.account, position.instrument)
    )
    event.flags = leg_flag(position) | (EVENT_FLAG_SELL if side == SIDE_SELL else 0)
    event.detail = cause
    event.counterparty = counterparty
    event.rank = rank
    event.score = score
    event.price_ticks = price_ticks
    event.quantity_lots = lots
    event.realized_pnl_units = realized
    event.position_lots = position.position_lots
    event.position_cost_units = position.cost_units
    event.wallet_units = wallet_units
    event.isolated_units = position.isolated_units
    if isolated:
        tell_isolated(state, position, moved, 0)
