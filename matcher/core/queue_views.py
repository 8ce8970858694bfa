"""Answers to ADL queries [LIQ-007]: where legs stand in the queue of auto-deleveraging. Reads only."""

import cython
from cython.cimports.libc.stdint import int64_t, uint32_t
from cython.cimports.matcher.core.accounts import Position
from cython.cimports.matcher.core.deleveraging import goes_before, place_of, score_of
from cython.cimports.matcher.core.holders import HolderList, Place
from cython.cimports.matcher.core.records import AdlView


def list_queue(state, out, query):
    """Places of an account's legs, or with account 0 the instrument's longs, then its shorts, by rank."""
    if query.account == 0:
        if state.instruments.find(query.instrument) != cython.NULL:
            _list_ranking(state, out, query.instrument, True)
            _list_ranking(state, out, query.instrument, False)
    elif state.accounts.is_open(query.account):
        _list_places(state, out, query.account, query.instrument)
    return 0


def _list_places(state, out, account, instrument):
    index: uint32_t = state.accounts.at[account].first_position
    position: cython.pointer[Position]
    other: cython.pointer[Position]
    those: cython.pointer[HolderList]
    mine: Place
    place: Place
    rank: uint32_t
    holders: uint32_t
    i: uint32_t
    while index:
        position = state.accounts.positions + index
        index = position.next
        if position.position_lots == 0 or instrument not in (0, position.instrument):
            continue
        mine = place_of(state, position)
        those = state.holders.of + position.instrument
        rank = 1
        holders = 0
        for i in range(those.count):
            other = state.accounts.positions + those.at[i].leg
            if other.position_lots and (other.position_lots > 0) == (position.position_lots > 0):
                holders += 1
                place = place_of(state, other)
                rank += goes_before(cython.address(place), cython.address(mine))
        _add_place(out, position, mine.score, rank, holders)
    return 0


def _list_ranking(state, out, instrument, longs):
    those: cython.pointer[HolderList] = state.holders.of + instrument
    position: cython.pointer[Position]
    i: uint32_t
    found: list = []
    for i in range(those.count):
        position = state.accounts.positions + those.at[i].leg
        if position.position_lots and (position.position_lots > 0) == longs:
            found.append((-score_of(state, position), position.account, position.position_side, those.at[i].leg))
    found.sort()
    for rank, place in enumerate(found, 1):
        _add_place(out, state.accounts.positions + cython.cast(uint32_t, place[3]), -place[0], rank, len(found))
    return 0


def _add_place(out, position, score, rank, holders):
    view: cython.pointer[AdlView] = cython.cast(cython.pointer[AdlView], out.add(cython.sizeof(AdlView)))
    view.score = score
    view.account = position.account
    view.instrument = position.instrument
    view.position_side = position.position_side
    view.rank = rank
    view.holders = holders
    # Five for the first fifth, one for the last.
    view.lights = 5 - 5 * cython.cast(int64_t, rank - 1) // holders
