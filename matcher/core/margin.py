"""Owns the margin formulas of one leg (docs/engine.md, Margin), their sums, and the check before an order.

Amounts are units of the settlement asset; products take 128 bits. Rounding is named where it happens.
Rules: [MAR-101], [MAR-102], [MAR-103].
"""

import cython
from cython.cimports.libc.stdint import int64_t, uint32_t
from cython.cimports.libc.string import memset
from cython.cimports.matcher.core.accounts import Account, Position
from cython.cimports.matcher.core.capital import other_exposure, stands_alone
from cython.cimports.matcher.core.groups import Group, cross_group
from cython.cimports.matcher.core.instruments import UNCAPPED_UNITS, WALLET_MAX_UNITS, Instrument
from cython.cimports.matcher.core.limits import check_holding
from cython.cimports.matcher.core.machine import divide_up, int128, magnitude, share, share_up
from cython.cimports.matcher.core.records import (
    MARGIN_ISOLATED,
    POSITION_SIDE_BOTH,
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
    """The leg's requirement at its instrument's mark."""
    instrument: cython.pointer[Instrument] = state.instruments.at + position.instrument
    holding: Holding = holding_of(position)
    rate: int64_t = fee_rate(state.accounts.at + position.account, instrument, False)
    return requirement(instrument, cython.address(holding), leverage_in_use(instrument, position), rate)


def notional_of(state, position):
    """What the leg is worth at the mark, without its sign."""
    instrument: cython.pointer[Instrument] = state.instruments.at + position.instrument
    return magnitude(cython.cast(int128, position.position_lots) * instrument.mark_ticks) * instrument.tick_lot_units


def order_alone(position, side, lots, price_ticks):
    """The position with one order and no other."""
    holding: Holding
    memset(cython.address(holding), 0, cython.sizeof(Holding))
    holding.position_lots = position.position_lots
    holding.lots[side] = lots
    holding.value[side] = lots * price_ticks
    return holding


def isolated_opening(instrument, side, lots, price_ticks, leverage):
    """[MAR-004] What an isolated leg sets apart for lots it opens: margin at the price, and the loss to the mark."""
    loss: int128 = price_ticks - instrument.mark_ticks
    if side == SIDE_SELL:
        loss = -loss
    value: int128 = cython.cast(int128, lots) * price_ticks * instrument.tick_lot_units
    return divide_up(value, leverage) + max(loss, 0) * lots * instrument.tick_lot_units


def _add(state, totals, position):
    """Count one leg in."""
    instrument: cython.pointer[Instrument] = state.instruments.at + position.instrument
    holding: Holding = holding_of(position)
    leverage: int64_t = leverage_in_use(instrument, position)
    rate: int64_t = fee_rate(state.accounts.at + position.account, instrument, False)
    need: int128 = requirement(instrument, cython.address(holding), leverage, rate)
    if position.margin_mode == MARGIN_ISOLATED:
        totals.requirement += need - position_margin(instrument, cython.address(holding), leverage)
        totals.isolated += position.isolated_units
        return
    totals.requirement += need
    if position.position_lots:
        totals.unrealized += unrealized(instrument, position)
        totals.maintenance += maintenance(instrument, notional_of(state, position))
        totals.held += 1


def others_of(state, account, asset, without):
    """Sums over the account's legs settled in the asset, one leg left out."""
    totals: Totals
    memset(cython.address(totals), 0, cython.sizeof(Totals))
    index: uint32_t = state.accounts.at[account].first_position
    position: cython.pointer[Position]
    while index:
        position = state.accounts.positions + index
        if position != without and state.instruments.at[position.instrument].settlement_asset == asset:
            _add(state, cython.address(totals), position)
        index = position.next
    return totals


def check_margin(state, position, after, alone, alone_before, side):
    """Position limit and margin once the order is in; a RejectReason.

    `after` has all orders, `alone` the leg with this one only, `alone_before` with what it was before:
    another order's better price is not set off against this one's open loss. [MAR-005] An isolated leg's
    orders need R - PM of the cross group, and the leg must live on what it would then hold.
    """
    instrument: cython.pointer[Instrument] = state.instruments.at + position.instrument
    account: cython.pointer[Account] = state.accounts.at + position.account
    before: Holding = holding_of(position)
    leverage: int64_t = leverage_in_use(instrument, position)
    rate: int64_t = fee_rate(account, instrument, False)
    reach: int128 = exposure(instrument, after)
    isolated: cython.bint = position.margin_mode == MARGIN_ISOLATED
    both: int128 = reach
    reason: cython.int
    if account.is_limited:
        reason = check_holding(state, position, after)
        if reason:
            return reason
    if position.position_side != POSITION_SIDE_BOTH:
        both += other_exposure(state, position)
    if both > exposure_cap(instrument, leverage) and reach > exposure(instrument, cython.address(before)):
        return REJECT_POSITION_LIMIT_EXCEEDED
    cost: int128 = magnitude(position.cost_units) + cython.cast(int128, after.value[side]) * instrument.tick_lot_units
    if cost > cython.cast(int64_t, WALLET_MAX_UNITS):
        return REJECT_POSITION_LIMIT_EXCEEDED
    if isolated and not stands_alone(state, instrument, position, alone, side, leverage):
        return REJECT_MARGIN_INSUFFICIENT
    need: int128 = max(requirement(instrument, after, leverage, rate), requirement(instrument, alone, leverage, rate))
    totals: Totals = others_of(state, position.account, instrument.settlement_asset, position)
    totals.requirement += need
    if isolated:
        totals.isolated += position.isolated_units
        totals.requirement -= position_margin(instrument, cython.address(before), leverage)
    else:
        totals.unrealized += unrealized(instrument, position)
    if _is_covered(state, position, cython.address(totals)):
        return REJECT_NONE
    if need <= requirement(instrument, cython.address(before), leverage, rate):
        return REJECT_NONE
    if need <= requirement(instrument, alone_before, leverage, rate):
        return REJECT_NONE
    return REJECT_MARGIN_INSUFFICIENT


def _is_covered(state, position, totals):
    """Whether the cross group bears `totals` of the leg's asset; [MAR-006] by losses alone where profit opens nothing."""
    instrument: cython.pointer[Instrument] = state.instruments.at + position.instrument
    group: Group
    equity: int128
    if not state.accounts.at[position.account].multi_assets:
        equity = state.accounts.wallets[position.wallet].wallet_units - totals.isolated
        if instrument.profit_opens or totals.unrealized < 0:
            equity += totals.unrealized
        return totals.requirement <= equity
    group = cross_group(state, position.account, instrument.settlement_asset, totals, not instrument.profit_opens)
    return group.requirement <= group.equity
