"""Owns the auto-deleveraging queue [LIQ-007]: who is ranked where, and moves between two legs."""

import cython
from cython.cimports.libc.stdint import int64_t, uint16_t, uint32_t
from cython.cimports.matcher.core.accounts import Position
from cython.cimports.matcher.core.groups import Group, group_of, price_of
from cython.cimports.matcher.core.holders import MOVED, UNRANKED, Place, Ranking
from cython.cimports.matcher.core.instruments import Instrument
from cython.cimports.matcher.core.legs import closing_side, move, size_of
from cython.cimports.matcher.core.machine import buffer_resize, divide_down, int128, magnitude
from cython.cimports.matcher.core.margin import notional_of, unrealized
from cython.cimports.matcher.core.matching import keep_leg_rules
from cython.cimports.matcher.core.orders import WAITS
from cython.cimports.matcher.core.records import (
    END_DELEVERAGED,
    MARGIN_ISOLATED,
    MOVE_DELEVERAGED,
    SIDE_BUY,
    SIDE_SELL,
)


def score_of(state, position):
    """[LIQ-007] Return on cost times effective leverage; a loss is divided by it."""
    instrument: cython.pointer[Instrument] = state.instruments.at + position.instrument
    group: Group = group_of(state, position)
    notional: int128 = notional_of(state, position)
    profit: int128 = unrealized(instrument, position)
    effective: int128 = EFFECTIVE_MAX
    cost: int128 = max(magnitude(position.cost_units), 1)
    most: int128 = RETURN_MAX_PPB
    if group.equity > 0:
        if position.margin_mode != MARGIN_ISOLATED and state.accounts.at[position.account].multi_assets:
            notional = price_of(state, instrument.settlement_asset, notional)
        effective = min(max(divide_down(notional * 1000, group.equity), 1), effective)
    gain: int128 = min(magnitude(profit) * 1_000_000_000 // cost, most)
    if profit > 0:
        return cython.cast(int64_t, gain * effective)
    return -cython.cast(int64_t, gain * 1000 // effective)


def place_of(state, position):
    """Where the leg stands in the queue now."""
    place: Place
    place.score = score_of(state, position)
    place.account = position.account
    place.side = position.position_side
    place.leg = cython.cast(uint32_t, position - state.accounts.positions)
    place.stamp = 0
    return place


def goes_before(one, other):
    """Highest score first, then account, then side."""
    if one.score != other.score:
        return one.score > other.score
    if one.account != other.account:
        return one.account < other.account
    return one.side < other.side


def _rise(those, place):
    """Put a place into the heap."""
    i: uint32_t = those.count
    above: uint32_t
    if those.count == those.room:
        those.room = 2 * those.room + 64
        those.at = cython.cast(cython.pointer[Place], buffer_resize(those.at, those.room * cython.sizeof(Place)))
    those.count += 1
    while i > 0:
        above = (i - 1) >> 1
        if not goes_before(place, those.at + above):
            break
        those.at[i] = those.at[above]
        i = above
    those.at[i] = place[0]


def _drop_first(those):
    """Take the top off the heap; the last place finds its own."""
    i: uint32_t = 0
    child: uint32_t
    place: Place
    those.count -= 1
    place = those.at[those.count]
    while True:
        child = 2 * i + 1
        if child >= those.count:
            break
        if child + 1 < those.count and goes_before(those.at + child + 1, those.at + child):
            child += 1
        if not goes_before(those.at + child, cython.address(place)):
            break
        those.at[i] = those.at[child]
        i = child
    those.at[i] = place


def _rank(state, instrument, longs):
    """Score the instrument's legs of one sign as they stand now: all of them once in a run of passes, then who moved."""
    ranking: cython.pointer[Ranking] = cython.address(state.holders.ranking)
    position: cython.pointer[Position]
    place: Place
    leg: uint32_t
    i: cython.size_t
    if ranking.instrument != instrument or ranking.longs != longs:
        state.holders.begin_ranking(state.accounts, instrument, longs)
    for i in range(ranking.moved.count):
        leg = cython.cast(uint32_t, ranking.moved.at[i])
        position = state.accounts.positions + leg
        ranking.stamps[leg] = UNRANKED
        if position.position_lots and (position.position_lots > 0) == longs:
            ranking.clock += 1
            ranking.stamps[leg] = ranking.clock
            place = place_of(state, position)
            place.stamp = ranking.clock
            _rise(ranking, cython.address(place))
    ranking.moved.count = 0


def deleverage(state, leg, lots, price_ticks):
    """[LIQ-007] Legs of the other sign take over so many lots at the price, one after the other in their order."""
    position: cython.pointer[Position] = state.accounts.positions + leg
    number: uint16_t = position.instrument
    ranking: cython.pointer[Ranking] = cython.address(state.holders.ranking)
    place: Place
    moved: int64_t
    rank: uint32_t = 0
    _rank(state, number, position.position_lots < 0)
    while lots > 0:
        if ranking.count == 0:
            state.fault = 5
            return
        place = ranking.at[0]
        _drop_first(ranking)
        # Who changes while lots go round keeps the place he had at the beginning.
        if ranking.stamps[place.leg] & ~MOVED != place.stamp:
            continue
        rank += 1
        cancel_resting(state, place.leg, 0, 0, END_DELEVERAGED)
        moved = min(lots, size_of(state.accounts.positions + place.leg))
        exchange(state, leg, place.leg, moved, price_ticks, MOVE_DELEVERAGED, rank, place.score)
        lots -= moved


def cancel_resting(state, leg, only, spared, reason):
    """Cancel resting orders of the account in the leg's instrument by order_id: of every leg, or of `only` that one.

    Orders with a flag of `spared` stay, and those that wait for a price.
    """
    account: uint32_t = state.accounts.positions[leg].account
    instrument: uint16_t = state.accounts.positions[leg].instrument
    index: uint32_t
    slot: uint32_t
    found: uint32_t = 1
    while found:
        found = 0
        index = state.accounts.at[account].first_position
        while index:
            if state.accounts.positions[index].instrument == instrument and only in (0, index):
                slot = state.accounts.positions[index].oldest
                while slot and state.orders.at[slot].flags & (spared | WAITS):
                    slot = state.orders.at[slot].younger
                if slot and (not found or state.orders.at[slot].order_id < state.orders.at[found].order_id):
                    found = slot
            index = state.accounts.positions[index].next
        if found:
            state.cancel(found, reason)


def exchange(state, giver, taker, lots, price_ticks, cause, rank, score):
    """Lots of the giver's leg go to the taker's without an order: both moves, then the rules of both legs."""
    side: cython.int = closing_side(state.accounts.positions + giver)
    giver_held: int64_t = state.accounts.positions[giver].position_lots
    taker_held: int64_t = state.accounts.positions[taker].position_lots
    giver_account: uint32_t = state.accounts.positions[giver].account
    taker_account: uint32_t = state.accounts.positions[taker].account
    move(state, giver, side, lots, price_ticks, cause, taker_account, rank, score, False)
    move(
        state,
        taker,
        SIDE_BUY if side == SIDE_SELL else SIDE_SELL,
        lots,
        price_ticks,
        cause,
        giver_account,
        rank,
        score,
        True,
    )
    keep_leg_rules(state, giver, giver_held)
    keep_leg_rules(state, taker, taker_held)
