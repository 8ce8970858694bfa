"""What must hold of legs, isolated margin, funds and the index of holders; part of invariants.check_state()."""

import cython
from cython.cimports.libc.stdint import int64_t, uint32_t
from cython.cimports.matcher.core.accounts import Position
from cython.cimports.matcher.core.groups import Group, group_of
from cython.cimports.matcher.core.holders import Holder
from cython.cimports.matcher.core.instruments import INSTRUMENTS
from cython.cimports.matcher.core.records import MARGIN_ISOLATED, POSITION_SIDE_BOTH, POSITION_SIDE_LONG
from cython.cimports.matcher.core.watching import is_liquidatable


def _require(fact, name, *place):
    if not fact:
        raise AssertionError(f"{name} {' '.join(map(str, place))}")


def check_risk(state):
    """[MAR-001] [MAR-003] Legs hold what their side may, margin is set apart for isolated legs only."""
    index: uint32_t
    home: uint32_t
    number: cython.int
    position: cython.pointer[Position]
    funds: set = set()
    for index in range(1, state.accounts.position_count):
        position = state.accounts.positions + index
        place = (position.account, position.instrument, position.position_side)
        home = state.accounts.find_position(position.account, position.instrument, POSITION_SIDE_BOTH)
        _require(home, "leg without its BOTH record", *place)
        _require(
            state.accounts.positions[home].leverage == position.leverage
            and state.accounts.positions[home].margin_mode == position.margin_mode,
            "settings of a leg",
            *place,
        )
        if position.position_side != POSITION_SIDE_BOTH:
            _require(
                position.position_lots >= 0
                if position.position_side == POSITION_SIDE_LONG
                else position.position_lots <= 0,
                "leg beyond zero",
                *place,
            )
        _require(
            position.isolated_units == 0 or (position.margin_mode == MARGIN_ISOLATED and position.position_lots),
            "isolated margin of a cross or flat leg",
            *place,
        )
        _require(position.held_at > 0 or position.position_lots == 0, "holder not listed", *place)
    for number in range(1, INSTRUMENTS):
        if state.instruments.assets[number].fund_account:
            funds.add(state.instruments.assets[number].fund_account)
    for number in range(1, state.accounts.last_account + 1):
        _require(bool(state.accounts.at[number].is_fund) == (number in funds), "fund unmarked", number)
    _check_holders(state)
    return 0


def _check_holders(state):
    """Every list holds its legs; whoever is promised safety at the present mark has equity above maintenance."""
    number: cython.int
    i: uint32_t
    mark: int64_t
    it: cython.pointer[Holder]
    group: Group
    for number in range(1, INSTRUMENTS):
        mark = state.instruments.at[number].mark_ticks
        for i in range(state.holders.of[number].count):
            it = state.holders.of[number].at + i
            _require(state.accounts.positions[it.leg].held_at == i + 1, "holder out of place", number, i)
            _require(state.accounts.positions[it.leg].instrument == number, "holder of another", number, i)
            _require(
                state.accounts.positions[it.leg].is_trusted or it.low > it.high, "promise without its mark", number, i
            )
            if state.accounts.positions[it.leg].position_lots == 0:
                _require(it.low > it.high, "promise to a flat leg", number, i)
                continue
            if state.judged in (0, number):
                _require(
                    not is_liquidatable(state, state.accounts.positions + it.leg),
                    "liquidatable after its mark",
                    state.accounts.positions[it.leg].account,
                    number,
                )
            if it.low <= mark <= it.high:
                group = group_of(state, state.accounts.positions + it.leg)
                _require(
                    group.maintenance < group.equity,
                    "promised safety",
                    state.accounts.positions[it.leg].account,
                    number,
                )
    return 0
