"""Owns who must be looked at when a mark moves: finds liquidatable groups [LIQ-002] and the marks safe for the others.

A group that is safe shares its surplus among its legs; each leg gets the marks at which it loses no more
than its share. Rates of maintenance are below 1, so a leg loses only one way; on the other its promise is
unbounded. In a pooled group the surplus is a value: a unit of an asset weighs at most its price, and its
profit less by the haircut; a price that changes takes back the promises of all who pool (collateral.py).
"""

import cython
from cython.cimports.libc.stdint import int64_t, uint32_t, uint64_t
from cython.cimports.matcher.core.accounts import Position
from cython.cimports.matcher.core.groups import Group, group_of, in_asset, price_of
from cython.cimports.matcher.core.holders import HolderList, Keys, add_key, sort_keys
from cython.cimports.matcher.core.instruments import INSTRUMENTS, Asset, Instrument
from cython.cimports.matcher.core.machine import int128, magnitude
from cython.cimports.matcher.core.margin import notional_of
from cython.cimports.matcher.core.records import MARGIN_ISOLATED
from cython.cimports.matcher.core.safety import is_stale, is_trading


def in_group(state, leg, position):
    """Whether a leg is of the same margin group as another one of the same account."""
    if leg == position:
        return True
    if MARGIN_ISOLATED in (leg.margin_mode, position.margin_mode):
        return False
    return (
        state.accounts.at[position.account].multi_assets
        or state.instruments.at[leg.instrument].settlement_asset
        == state.instruments.at[position.instrument].settlement_asset
    )


def is_tradable(state, position):
    """[LIQ-002] Whether every market where the leg's group is not flat can be judged and traded."""
    index: uint32_t = state.accounts.at[position.account].first_position
    leg: cython.pointer[Position]
    instrument: cython.pointer[Instrument]
    while index:
        leg = state.accounts.positions + index
        index = leg.next
        if leg.position_lots and in_group(state, leg, position):
            instrument = state.instruments.at + leg.instrument
            if not is_trading(instrument) or instrument.mark_ticks == 0 or is_stale(state, instrument):
                return False
    return True


def is_liquidatable(state, position):
    """[LIQ-002] Of the leg's group, whichever of its legs is named."""
    group: Group = group_of(state, position)
    return group.held and group.maintenance >= group.equity and is_tradable(state, position)


def group_key(state, position):
    """Sorts groups: by account, cross ones by asset first, then isolated legs by instrument and side; holds the leg."""
    key: uint64_t = cython.cast(uint64_t, position.account) << 32
    if position.margin_mode == MARGIN_ISOLATED:
        return key | 1 << 16 | cython.cast(uint64_t, position.instrument) << 2 | position.position_side
    if state.accounts.at[position.account].multi_assets:
        return key
    return key | cython.cast(uint64_t, state.instruments.at[position.instrument].settlement_asset) << 2


def find_liquidatable(state, instrument):
    """Fill `holders.found` with the keys of liquidatable groups that hold the instrument (0: any), in their order."""
    number: cython.int
    i: cython.size_t
    found: cython.pointer[Keys] = cython.address(state.holders.found)
    kept: cython.size_t = 0
    found.count = 0
    for number in range(instrument or 1, (instrument or INSTRUMENTS - 1) + 1):
        _scan(state, number, True)
    sort_keys(found)
    for i in range(found.count):
        if kept == 0 or found.at[kept - 1] != found.at[i]:
            found.at[kept] = found.at[i]
            kept += 1
    found.count = kept


def look_again(state, instrument):
    """A mark moved without a pass: what it threw out is looked at, so that no promise stands that does not hold."""
    _scan(state, instrument, False)


def _scan(state, instrument, wanted):
    """Look at the legs whose promise does not cover the mark; flat ones leave the list."""
    i: uint32_t = 0
    mark: int64_t = state.instruments.at[instrument].mark_ticks
    those: cython.pointer[HolderList] = state.holders.of + instrument
    while i < those.count:
        if mark < those.at[i].low or mark > those.at[i].high:
            if state.accounts.positions[those.at[i].leg].position_lots == 0:
                state.holders.leave(state.accounts, those.at[i].leg)
                continue
            _look(state, those.at[i].leg, wanted)
        i += 1


def _look(state, leg, wanted):
    """Judge the leg's group exactly: promises for all its legs, or none; when wanted note it as found."""
    position: cython.pointer[Position] = state.accounts.positions + leg
    group: Group = group_of(state, position)
    if group.maintenance < group.equity:
        _trust_group(state, position, group.equity - group.maintenance)
        return
    state.holders.doubt(state.accounts, position.account)
    if wanted and is_tradable(state, position):
        add_key(cython.address(state.holders.found), group_key(state, position))


def _weight(state, leg):
    """How much of the surplus a leg may lose, in proportion."""
    if state.accounts.at[leg.account].multi_assets:
        return price_of(state, state.instruments.at[leg.instrument].settlement_asset, notional_of(state, leg)) + 1
    return notional_of(state, leg) + 1


def _trust_group(state, position, surplus):
    """Share a surplus (> 0) among the group's legs; one unit of it is never given away."""
    first: uint32_t = state.accounts.at[position.account].first_position
    index: uint32_t = first
    leg: cython.pointer[Position]
    total: int128 = 0
    count: cython.int = 0
    limit: int128 = 1 << 60
    while index:
        leg = state.accounts.positions + index
        index = leg.next
        if leg.position_lots and in_group(state, leg, position):
            total += _weight(state, leg)
            count += 1
    if count == 1:
        _trust_leg(state, cython.cast(cython.pointer[Position], position), surplus - 1)
        return
    # Products stay within 127 bits: a surplus beyond the limit is worth the limit.
    surplus = min(surplus - 1, limit)
    index = first
    while index:
        leg = state.accounts.positions + index
        index = leg.next
        if leg.position_lots and in_group(state, leg, position):
            _trust_leg(state, leg, surplus * min(_weight(state, leg), limit) // total)


def _trust_leg(state, leg, share):
    """The marks at which the leg loses no more than its share, rounded against the promise."""
    instrument: cython.pointer[Instrument] = state.instruments.at + leg.instrument
    asset: cython.pointer[Asset] = state.instruments.assets + instrument.settlement_asset
    lot_value: int128 = magnitude(leg.position_lots) * instrument.tick_lot_units
    rate: int64_t = 0
    ticks: int128
    billion: int64_t = 1_000_000_000
    farthest: int128 = 0x7FFFFFFF
    if instrument.tier_count:
        rate = instrument.tiers[instrument.tier_count - 1].maintenance_rate_ppb
    if state.accounts.at[leg.account].multi_assets:
        if asset.price_units == 0 or rate + asset.haircut_ppb >= billion:
            return
        share = in_asset(share - ROUNDING, asset.price_units)
    if share < ROUNDING:
        return
    if leg.position_lots > 0:
        ticks = (share - ROUNDING) // lot_value
        state.holders.trust(
            state.accounts,
            cython.cast(uint32_t, leg - state.accounts.positions),
            cython.cast(int64_t, max(instrument.mark_ticks - ticks, 0)),
            cython.cast(int64_t, farthest),
        )
    else:
        # Towards a short's loss maintenance rises too, at no more than the last tier's rate.
        ticks = (share - ROUNDING) // lot_value * billion // (billion + rate)
        state.holders.trust(
            state.accounts,
            cython.cast(uint32_t, leg - state.accounts.positions),
            0,
            cython.cast(int64_t, min(instrument.mark_ticks + ticks, farthest)),
        )
