"""Owns margin groups [MAR-003]: what an isolated leg, or an account's cross legs together, are worth and need.

A cross group is settled in one asset; in multi-asset mode [MAR-011] it is all assets of the account,
compared by value. Reads only.
Rules: [MAR-102], [MAR-105].
"""

import cython
from cython.cimports.libc.stdint import int64_t, uint16_t, uint32_t
from cython.cimports.libc.string import memset
from cython.cimports.matcher.core.instruments import Asset, Instrument
from cython.cimports.matcher.core.machine import ABOUNDING, divide_down, divide_up, int128, magnitude, share
from cython.cimports.matcher.core.margin import (
    Totals,
    maintenance,
    notional_of,
    others_of,
    unrealized,
)
from cython.cimports.matcher.core.records import (
    MARGIN_ISOLATED,
    POSITION_SIDE_BOTH,
    POSITION_SIDE_LONG,
    POSITION_SIDE_SHORT,
    SIDE_SELL,
)


def totals_of(state, account, asset):
    """Sums over all the account's legs settled in the asset."""
    return others_of(state, account, asset, cython.NULL)


def balance_of(state, account, asset, totals, losses_only):
    """Wallet without what isolated legs hold, and the cross legs' profit; [MAR-006] only their loss, when told so."""
    wallet: int128 = state.accounts.wallets[state.accounts.find_wallet(account, asset)].wallet_units
    if losses_only and totals.unrealized > 0:
        return wallet - totals.isolated
    return wallet - totals.isolated + totals.unrealized


def value_of(state, asset, balance):
    """[MAR-011] A balance in units of the reference: what is owed in full, what is owned at its discount."""
    terms: cython.pointer[Asset] = state.instruments.assets + asset
    whole: int64_t = 1_000_000_000
    if balance < 0:
        return -price_of(state, asset, -balance)
    worth: int128 = balance // WHOLE * terms.price_units + balance % WHOLE * terms.price_units // WHOLE
    return share(worth, whole - terms.haircut_ppb)


def price_of(state, asset, amount):
    """[MAR-011] An amount needed, in units of the reference, rounded up."""
    price: int64_t = state.instruments.assets[asset].price_units
    return amount // WHOLE * price + divide_up(amount % WHOLE * price, WHOLE)


def in_asset(value, price_units):
    """A value in units of an asset with that price, rounded down; one that is more than anything can cost is cut."""
    most: int128 = ABOUNDING
    return divide_down(min(max(value, -most), most) * WHOLE, price_units)


def cross_group(state, account, asset, totals, losses_only):
    """The account's cross group that the asset belongs to, with `totals` for the asset's own."""
    group: Group
    index: uint32_t
    number: uint16_t
    other: Totals
    memset(cython.address(group), 0, cython.sizeof(Group))
    if not state.accounts.at[account].multi_assets:
        group.equity = balance_of(state, account, asset, totals, losses_only)
        group.requirement = totals.requirement
        group.maintenance = totals.maintenance
        group.held = totals.held
        return group
    _count_in(state, cython.address(group), account, asset, totals, losses_only)
    index = state.accounts.at[account].first_wallet
    while index:
        number = state.accounts.wallets[index].asset
        if number != asset:
            other = totals_of(state, account, number)
            _count_in(state, cython.address(group), account, number, cython.address(other), losses_only)
        index = state.accounts.wallets[index].next
    return group


def _count_in(state, group, account, asset, totals, losses_only):
    """[MAR-011] Add one asset of a pooled group, by value."""
    group.equity += value_of(state, asset, balance_of(state, account, asset, totals, losses_only))
    group.requirement += price_of(state, asset, totals.requirement)
    group.maintenance += price_of(state, asset, totals.maintenance)
    group.held += totals.held


def cross_now(state, account, asset):
    """The cross group as it stands."""
    totals: Totals = totals_of(state, account, asset)
    return cross_group(state, account, asset, cython.address(totals), False)


def group_of(state, position):
    """The margin group of a leg."""
    group: Group
    instrument: cython.pointer[Instrument] = state.instruments.at + position.instrument
    if position.margin_mode != MARGIN_ISOLATED:
        return cross_now(state, position.account, instrument.settlement_asset)
    memset(cython.address(group), 0, cython.sizeof(Group))
    group.equity = position.isolated_units + unrealized(instrument, position)
    group.maintenance = maintenance(instrument, notional_of(state, position))
    group.held = position.position_lots != 0
    return group


def withdrawable(state, account, asset):
    """What may leave: unrealized profit never counts, unrealized loss does."""
    totals: Totals = totals_of(state, account, asset)
    free: int128 = balance_of(state, account, asset, cython.address(totals), True)
    if not state.accounts.at[account].multi_assets:
        return max(free - totals.requirement, 0)
    group: Group = cross_group(state, account, asset, cython.address(totals), True)
    spare: int128 = group.equity - group.requirement
    price: int64_t = state.instruments.assets[asset].price_units
    if spare < 0:
        return 0
    if price:
        free = min(free, in_asset(spare, price))
    return max(free, 0)


def available(state, account, asset):
    """What new orders may still need."""
    group: Group = cross_now(state, account, asset)
    spare: int128 = max(group.equity - group.requirement, 0)
    price: int64_t = state.instruments.assets[asset].price_units
    if not state.accounts.at[account].multi_assets:
        return spare
    return in_asset(spare, price) if price else 0


def _is_bounded(state, position):
    """Whether the search stays on the leg's side of the mark: in a pooled group, and beside a held other leg."""
    if position.margin_mode == MARGIN_ISOLATED:
        return False
    if state.accounts.at[position.account].multi_assets:
        return True
    if position.position_side == POSITION_SIDE_BOTH:
        return False
    other: uint32_t = state.accounts.find_position(
        position.account, position.instrument, POSITION_SIDE_LONG + POSITION_SIDE_SHORT - position.position_side
    )
    return other and state.accounts.positions[other].position_lots != 0


def _fails_at(state, position, mark_ticks):
    """Whether the leg's group would have maintenance >= equity at another mark of its instrument."""
    instrument: cython.pointer[Instrument] = state.instruments.at + position.instrument
    mark: int64_t = instrument.mark_ticks
    group: Group
    instrument.mark_ticks = mark_ticks
    group = group_of(state, position)
    instrument.mark_ticks = mark
    return group.maintenance >= group.equity


def liquidation_ticks(state, position):
    """[MAR-013] The mark at which the group's equity meets its maintenance, other instruments as they stand; 0 without.

    For a long the highest such mark, for a short the lowest, by bisection: equity falls faster than
    maintenance towards it, since every maintenance rate is below 1. Where that need not be so, with both
    legs of an instrument in the group or assets pooled, it looks only its own way from the mark.
    """
    instrument: cython.pointer[Instrument] = state.instruments.at + position.instrument
    is_long: cython.bint = position.position_lots > 0
    low: int64_t = 0
    high: int64_t = instrument.max_price_ticks + 1
    middle: int64_t
    if position.position_lots == 0:
        return 0
    if _is_bounded(state, position):
        if _fails_at(state, position, instrument.mark_ticks):
            return instrument.mark_ticks
        if is_long:
            high = instrument.mark_ticks
        else:
            low = instrument.mark_ticks
    while high - low > 1:
        middle = (low + high) >> 1
        if _fails_at(state, position, middle) == is_long:
            low = middle
        else:
            high = middle
    if is_long:
        return low
    return high if high <= instrument.max_price_ticks else 0


def group_equity(state, position):
    """[LIQ-004] Equity of the leg's group in units of its settlement asset; a value is rounded down."""
    group: Group = group_of(state, position)
    price: int64_t
    if position.margin_mode == MARGIN_ISOLATED or not state.accounts.at[position.account].multi_assets:
        return group.equity
    price = state.instruments.assets[state.instruments.at[position.instrument].settlement_asset].price_units
    return in_asset(group.equity, price) if price else 0


def bankruptcy_ticks(state, position):
    """[LIQ-004] The price at which closing the whole leg would leave its group nothing; 0 for a flat one."""
    instrument: cython.pointer[Instrument] = state.instruments.at + position.instrument
    if position.position_lots == 0:
        return 0
    equity: int128 = group_equity(state, position)
    size: int128 = magnitude(position.position_lots)
    ticks: int128 = divide_down(equity, size * instrument.tick_lot_units)
    ticks = instrument.mark_ticks - ticks if position.position_lots > 0 else instrument.mark_ticks + ticks
    return cython.cast(int64_t, min(max(ticks, 1), instrument.max_price_ticks))


def solvent_ticks(state, position, side, limit_ticks):
    """[MAR-015] A limit, not beyond the bankruptcy price where the order's side closes the leg; the mark always serves."""
    instrument: cython.pointer[Instrument] = state.instruments.at + position.instrument
    mark: int64_t = instrument.mark_ticks
    if not state.is_later or position.position_lots == 0 or (position.position_lots > 0) != (side == SIDE_SELL):
        return limit_ticks
    if side == SIDE_SELL:
        return limit_ticks if limit_ticks >= mark else max(limit_ticks, min(mark, bankruptcy_ticks(state, position)))
    return limit_ticks if limit_ticks <= mark else min(limit_ticks, max(mark, bankruptcy_ticks(state, position)))
