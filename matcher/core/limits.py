"""Owns what single accounts are held to [RISK-001]: the most they may come to hold and keep open, and the checks of it.

One record per (account, instrument) that was ever limited, instrument 0 for all together; a record of
zeros limits nothing. Accounts that were never limited are known by a mark of their own.
"""

import cython
from cython.cimports.libc.stdint import int64_t, uint32_t, uint64_t
from cython.cimports.libc.stdlib import free
from cython.cimports.libc.string import memset
from cython.cimports.matcher.core.accounts import Pair, Position, close_pairs, find_pair, insert_pair
from cython.cimports.matcher.core.instruments import UNCAPPED_UNITS, Instrument
from cython.cimports.matcher.core.machine import buffer_resize, int128, magnitude, pages_reserve
from cython.cimports.matcher.core.margin import Holding, exposure, holding_of
from cython.cimports.matcher.core.records import (
    EVENT_ACCOUNT_LIMITS_CHANGED,
    REJECT_ACCOUNT_LOTS_EXCEEDED,
    REJECT_ACCOUNT_NOTIONAL_EXCEEDED,
    REJECT_ACCOUNT_ORDERS_EXCEEDED,
    REJECT_INVALID_CONFIGURATION,
    REJECT_NONE,
    REJECT_UNKNOWN_ACCOUNT,
    REJECT_UNKNOWN_INSTRUMENT,
    SIDE_BUY,
    SIDE_SELL,
    AccountLimitsChanged,
)
from cython.cimports.matcher.core.state import open_orders_of, waiting_orders_of


class Limits:
    def __cinit__(self):
        self.count = 1
        self.room = FIRST_LIMITS
        self.at = cython.cast(cython.pointer[Limit], buffer_resize(cython.NULL, self.room * cython.sizeof(Limit)))
        memset(self.at, 0, cython.sizeof(Limit))
        self.pairs.mask = FIRST_LIMITS - 1
        self.pairs.at = cython.cast(cython.pointer[Pair], pages_reserve(FIRST_LIMITS * cython.sizeof(Pair)))

    def __dealloc__(self):
        free(self.at)
        close_pairs(cython.address(self.pairs))

    def find(self, account, instrument):
        """Index of the record, 0 without one."""
        return find_pair(cython.address(self.pairs), cython.cast(uint64_t, account) << 16 | instrument)

    def touch(self, account, instrument):
        """The record, made of zeros when there is none; pointers to records may move."""
        index: uint32_t = self.find(account, instrument)
        if not index:
            if self.count == self.room:
                self.room *= 2
                self.at = cython.cast(cython.pointer[Limit], buffer_resize(self.at, self.room * cython.sizeof(Limit)))
            index = self.count
            self.count += 1
            memset(self.at + index, 0, cython.sizeof(Limit))
            self.at[index].account = account
            self.at[index].instrument = instrument
            insert_pair(cython.address(self.pairs), cython.cast(uint64_t, account) << 16 | instrument, index)
        return self.at + index


def set_account_limits(state, command):
    """[RISK-001] From now on; nothing that is open or held is touched. Frozen accounts may be limited too."""
    if not state.accounts.is_open(command.account):
        return REJECT_UNKNOWN_ACCOUNT
    if command.instrument and state.instruments.find(command.instrument) == cython.NULL:
        return REJECT_UNKNOWN_INSTRUMENT
    most: int64_t = UNCAPPED_UNITS
    if not (0 <= command.max_position_notional_units <= most and 0 <= command.max_position_lots <= most):
        return REJECT_INVALID_CONFIGURATION
    limit: cython.pointer[Limit] = state.limits.touch(command.account, command.instrument)
    limit.notional_units = command.max_position_notional_units
    limit.lots = command.max_position_lots
    limit.open_orders = command.max_open_orders
    state.accounts.at[command.account].is_limited = 1
    event: cython.pointer[AccountLimitsChanged] = cython.cast(
        cython.pointer[AccountLimitsChanged],
        state.emit(EVENT_ACCOUNT_LIMITS_CHANGED, command.account, command.instrument),
    )
    event.max_position_notional_units = limit.notional_units
    event.max_position_lots = limit.lots
    event.max_open_orders = limit.open_orders
    return REJECT_NONE


def check_open_orders(state, position, is_open):
    """[RISK-002] Whether the leg's account may have one more open order; of one that is open already, whether it may stay."""
    here: cython.pointer[Limit] = state.limits.at + state.limits.find(position.account, position.instrument)
    everywhere: cython.pointer[Limit] = state.limits.at + state.limits.find(position.account, EVERYWHERE)
    index: uint32_t
    count: uint32_t
    if here.open_orders:
        count = open_orders_of(state, position) + waiting_orders_of(state, position) - is_open
        if count >= here.open_orders:
            return REJECT_ACCOUNT_ORDERS_EXCEEDED
    if everywhere.open_orders:
        count = 0
        index = state.accounts.at[position.account].first_position
        while index:
            count += state.accounts.positions[index].open_orders + state.accounts.positions[index].waiting_orders
            index = state.accounts.positions[index].next
        if count - is_open >= everywhere.open_orders:
            return REJECT_ACCOUNT_ORDERS_EXCEEDED
    return REJECT_NONE


def check_holding(state, position, after):
    """[RISK-003] Whether the leg may come to be as `after`: what grows must stay within the account's limits."""
    instrument: cython.pointer[Instrument] = state.instruments.at + position.instrument
    here: cython.pointer[Limit] = state.limits.at + state.limits.find(position.account, position.instrument)
    everywhere: cython.pointer[Limit] = state.limits.at + state.limits.find(position.account, EVERYWHERE)
    before: Holding = holding_of(position)
    reach: Reach = _reach(state, position, after)
    if _worst_lots(after) > _worst_lots(cython.address(before)):
        if here.lots and reach.lots[0] > here.lots:
            return REJECT_ACCOUNT_LOTS_EXCEEDED
        if everywhere.lots and reach.lots[1] > everywhere.lots:
            return REJECT_ACCOUNT_LOTS_EXCEEDED
    if exposure(instrument, after) > exposure(instrument, cython.address(before)):
        if here.notional_units and reach.notional[0] > here.notional_units:
            return REJECT_ACCOUNT_NOTIONAL_EXCEEDED
        if everywhere.notional_units and reach.notional[1] > everywhere.notional_units:
            return REJECT_ACCOUNT_NOTIONAL_EXCEEDED
    return REJECT_NONE


def _worst_lots(holding):
    """The most lots that resting orders can lead to."""
    held: int128 = holding.position_lots
    most: int128 = max(magnitude(held), magnitude(held + holding.lots[SIDE_BUY]))
    return max(most, magnitude(held - holding.lots[SIDE_SELL]))


def _reach(state, position, after):
    """Sums over the account's legs with this one as `after`: of its instrument; of all, notional in the same asset."""
    instrument: cython.pointer[Instrument] = state.instruments.at + position.instrument
    reach: Reach
    holding: Holding
    leg: cython.pointer[Position]
    index: uint32_t = state.accounts.at[position.account].first_position
    lots: int128 = _worst_lots(after)
    notional: int128 = exposure(instrument, after)
    reach.lots[0] = lots
    reach.lots[1] = lots
    reach.notional[0] = notional
    reach.notional[1] = notional
    while index:
        leg = state.accounts.positions + index
        index = leg.next
        if leg == position:
            continue
        holding = holding_of(leg)
        lots = _worst_lots(cython.address(holding))
        notional = exposure(state.instruments.at + leg.instrument, cython.address(holding))
        reach.lots[1] += lots
        if state.instruments.at[leg.instrument].settlement_asset == instrument.settlement_asset:
            reach.notional[1] += notional
        if leg.instrument == position.instrument:
            reach.lots[0] += lots
            reach.notional[0] += notional
    return reach
