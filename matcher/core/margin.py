"""Owns the margin formulas (docs/engine.md, Margin): pure functions of terms, holdings and the mark.

Amounts are units of the settlement asset; products take 128 bits. Rounding is named where it happens.
"""

import cython
from cython.cimports.libc.stdint import int64_t, uint32_t
from cython.cimports.libc.string import memset
from cython.cimports.matcher.core.accounts import Account, Position
from cython.cimports.matcher.core.instruments import UNCAPPED_UNITS, WALLET_MAX_UNITS, Instrument
from cython.cimports.matcher.core.machine import divide_up, int128, magnitude, share, share_up
from cython.cimports.matcher.core.records import (
    REJECT_MARGIN_INSUFFICIENT,
    REJECT_NONE,
    REJECT_POSITION_LIMIT_EXCEEDED,
    SIDE_BUY,
    SIDE_SELL,
)


def holding_of(position):
    holding: Holding
    holding.position_lots = position.position_lots
    holding.value[SIDE_BUY] = position.value[SIDE_BUY]
    holding.value[SIDE_SELL] = position.value[SIDE_SELL]
    holding.lots[SIDE_BUY] = position.lots[SIDE_BUY]
    holding.lots[SIDE_SELL] = position.lots[SIDE_SELL]
    return holding


def leverage_in_use(instrument, position):
    """The account's choice, else the instrument's default; never above what the first tier allows."""
    leverage: int64_t = position.leverage or instrument.default_leverage
    if instrument.tier_count and leverage > instrument.tiers[0].max_leverage:
        return instrument.tiers[0].max_leverage
    return leverage


def fee_rate(account, instrument, is_maker):
    """Parts per billion; negative is a rebate."""
    if account.fee_override:
        return account.maker_fee_ppb if is_maker else account.taker_fee_ppb
    return instrument.maker_fee_ppb if is_maker else instrument.taker_fee_ppb


def exposure(instrument, holding):
    """The largest notional the resting orders can lead to, at the mark."""
    held: int128 = cython.cast(int128, holding.position_lots) * instrument.mark_ticks
    most: int128 = magnitude(held)
    most = max(most, magnitude(held + holding.value[SIDE_BUY]))
    most = max(most, magnitude(held - holding.value[SIDE_SELL]))
    return most * instrument.tick_lot_units


def exposure_cap(instrument, leverage):
    """The most exposure at a leverage: the floor of the tier after the last that allows it."""
    i: cython.int
    for i in range(instrument.tier_count):
        if instrument.tiers[i].max_leverage < leverage:
            return instrument.tiers[i].notional_floor_units
    return UNCAPPED_UNITS


def initial_margin(instrument, value, leverage):
    """Margin to open a signed value (ticks x lots): by leverage, rounded up, never below maintenance.

    Only beyond the first tier can maintenance be the larger one: within it leverage keeps below its rate.
    """
    notional: int128 = magnitude(value) * instrument.tick_lot_units
    need: int128 = divide_up(notional, leverage)
    if instrument.tier_count > 1 and notional >= instrument.tiers[1].notional_floor_units:
        need = max(need, maintenance(instrument, notional))
    return need


def position_margin(instrument, holding, leverage):
    """Initial margin of the position alone."""
    return initial_margin(instrument, cython.cast(int128, holding.position_lots) * instrument.mark_ticks, leverage)


def _side(instrument, holding, leverage, rate, side):
    """What one side's resting orders need: initial margin, open loss, taker fee; each rounded up."""
    held: int128 = cython.cast(int128, holding.position_lots) * instrument.mark_ticks
    value: int64_t = holding.value[side]
    at_mark: int128 = cython.cast(int128, holding.lots[side]) * instrument.mark_ticks
    loss: int128 = value - at_mark
    if side == SIDE_SELL:
        loss = -loss
        held -= value
    else:
        held += value
    need: int128 = initial_margin(instrument, held, leverage)
    if loss > 0:
        need += loss * instrument.tick_lot_units
    return need + share_up(cython.cast(int128, value) * instrument.tick_lot_units, rate)


def requirement(instrument, holding, leverage, taker_rate):
    """Initial margin of position and orders: the worse side of the two."""
    most: int128 = position_margin(instrument, holding, leverage)
    rate: int64_t = max(taker_rate, 0)
    if holding.value[SIDE_BUY]:
        most = max(most, _side(instrument, holding, leverage, rate, SIDE_BUY))
    if holding.value[SIDE_SELL]:
        most = max(most, _side(instrument, holding, leverage, rate, SIDE_SELL))
    return most


def unrealized(instrument, position):
    """Profit at the mark; a long is worth more when the mark rises."""
    held: int128 = cython.cast(int128, position.position_lots) * instrument.mark_ticks
    return held * instrument.tick_lot_units - position.cost_units


def maintenance(instrument, notional):
    """Maintenance margin of a notional: rate of its tier less the tier's amount, at least 0."""
    i: cython.int = instrument.tier_count - 1
    if i < 0:
        return 0
    while i > 0 and instrument.tiers[i].notional_floor_units > notional:
        i -= 1
    need: int128 = (
        share(notional, instrument.tiers[i].maintenance_rate_ppb) - instrument.tiers[i].maintenance_amount_units
    )
    return max(need, 0)


def requirement_now(state, position):
    """The position's requirement at its instrument's mark."""
    instrument: cython.pointer[Instrument] = state.instruments.at + position.instrument
    holding: Holding = holding_of(position)
    rate: int64_t = fee_rate(state.accounts.at + position.account, instrument, False)
    return requirement(instrument, cython.address(holding), leverage_in_use(instrument, position), rate)


def _add(state, totals, position):
    instrument: cython.pointer[Instrument] = state.instruments.at + position.instrument
    holding: Holding = holding_of(position)
    leverage: int64_t = leverage_in_use(instrument, position)
    rate: int64_t = fee_rate(state.accounts.at + position.account, instrument, False)
    notional: int128 = magnitude(cython.cast(int128, position.position_lots) * instrument.mark_ticks)
    totals.unrealized += unrealized(instrument, position)
    totals.position_margin += position_margin(instrument, cython.address(holding), leverage)
    totals.requirement += requirement(instrument, cython.address(holding), leverage, rate)
    totals.maintenance += maintenance(instrument, notional * instrument.tick_lot_units)


def others_of(state, account, asset, instrument):
    """Sums over the account's positions settled in the asset, one instrument left out."""
    totals: Totals
    memset(cython.address(totals), 0, cython.sizeof(Totals))
    index: uint32_t = state.accounts.at[account].first_position
    position: cython.pointer[Position]
    while index:
        position = state.accounts.positions + index
        if position.instrument != instrument and state.instruments.at[position.instrument].settlement_asset == asset:
            _add(state, cython.address(totals), position)
        index = position.next
    return totals


def totals_of(state, account, asset):
    """Sums over all the account's positions settled in the asset."""
    return others_of(state, account, asset, 0)


def withdrawable(state, account, asset):
    """What may leave: unrealized profit never counts, unrealized loss does."""
    totals: Totals = totals_of(state, account, asset)
    wallet: int128 = state.accounts.wallets[state.accounts.find_wallet(account, asset)].wallet_units
    free: int128 = wallet - totals.requirement
    if totals.unrealized < 0:
        free += totals.unrealized
    return max(free, 0)


def order_alone(position, side, lots, price_ticks):
    """The position with one order and no other."""
    holding: Holding
    memset(cython.address(holding), 0, cython.sizeof(Holding))
    holding.position_lots = position.position_lots
    holding.lots[side] = lots
    holding.value[side] = lots * price_ticks
    return holding


def check_margin(state, position, after, alone, alone_before, side):
    """Position limit and margin once the order is in; a RejectReason.

    `after` has all orders, `alone` the position with this one only, `alone_before` with what it was before:
    another order's better price is not set off against this one's open loss.
    """
    instrument: cython.pointer[Instrument] = state.instruments.at + position.instrument
    account: cython.pointer[Account] = state.accounts.at + position.account
    before: Holding = holding_of(position)
    leverage: int64_t = leverage_in_use(instrument, position)
    rate: int64_t = fee_rate(account, instrument, False)
    reach: int128 = exposure(instrument, after)
    if reach > exposure_cap(instrument, leverage) and reach > exposure(instrument, cython.address(before)):
        return REJECT_POSITION_LIMIT_EXCEEDED
    cost: int128 = magnitude(position.cost_units) + cython.cast(int128, after.value[side]) * instrument.tick_lot_units
    if cost > cython.cast(int64_t, WALLET_MAX_UNITS):
        return REJECT_POSITION_LIMIT_EXCEEDED
    need: int128 = max(requirement(instrument, after, leverage, rate), requirement(instrument, alone, leverage, rate))
    others: Totals = others_of(state, position.account, instrument.settlement_asset, position.instrument)
    equity: int128 = (
        state.accounts.wallets[position.wallet].wallet_units + others.unrealized + unrealized(instrument, position)
    )
    if need + others.requirement <= equity:
        return REJECT_NONE
    if need <= requirement(instrument, cython.address(before), leverage, rate):
        return REJECT_NONE
    if need <= requirement(instrument, alone_before, leverage, rate):
        return REJECT_NONE
    return REJECT_MARGIN_INSUFFICIENT


def liquidation_ticks(state, position):
    """The mark at which equity meets the sum of maintenance, other instruments as they stand; 0 without one.

    For a long the highest mark with maintenance >= equity, for a short the lowest, by bisection:
    equity falls faster than maintenance towards it, since every maintenance rate is below 1.
    """
    instrument: cython.pointer[Instrument] = state.instruments.at + position.instrument
    others: Totals = others_of(state, position.account, instrument.settlement_asset, position.instrument)
    fixed: int128 = (
        state.accounts.wallets[position.wallet].wallet_units
        + others.unrealized
        - others.maintenance
        - position.cost_units
    )
    unit: int128 = cython.cast(int128, position.position_lots) * instrument.tick_lot_units
    is_long: cython.bint = position.position_lots > 0
    low: int64_t = 0
    high: int64_t = instrument.max_price_ticks + 1
    middle: int64_t
    if position.position_lots == 0:
        return 0
    while high - low > 1:
        middle = (low + high) >> 1
        if (maintenance(instrument, magnitude(unit * middle)) >= fixed + unit * middle) == is_long:
            low = middle
        else:
            high = middle
    if is_long:
        return low
    return high if high <= instrument.max_price_ticks else 0
