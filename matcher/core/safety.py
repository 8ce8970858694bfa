"""Owns an instrument's market rules: which marks are too old, when trading is halted and when it resumes."""

import cython
from cython.cimports.libc.stdint import int64_t, uint8_t
from cython.cimports.libc.string import memmove
from cython.cimports.matcher.core.instruments import INSTRUMENTS, MARKS, PPM, UNCAPPED_UNITS, Instrument, Rules
from cython.cimports.matcher.core.machine import int128, magnitude
from cython.cimports.matcher.core.records import (
    END_CIRCUIT_BREAKER,
    EVENT_MARKET_RULES_DEFINED,
    EVENT_TRADING_STATE_CHANGED,
    REJECT_INVALID_CONFIGURATION,
    REJECT_NONE,
    REJECT_UNKNOWN_INSTRUMENT,
    TRADING_ACTIVE,
    TRADING_HALTED,
    TRADING_REDUCE_ONLY,
    MarketRulesDefined,
    TradingStateChanged,
)


def define_market_rules(state, command):
    """[SAFE-001] The instrument's rules from now on; a RejectReason."""
    instrument: cython.pointer[Instrument] = state.instruments.find(command.instrument)
    if instrument == cython.NULL:
        return REJECT_UNKNOWN_INSTRUMENT
    if not _is_valid(command):
        return REJECT_INVALID_CONFIGURATION
    rules: cython.pointer[Rules] = state.instruments.rules + command.instrument
    instrument.mark_max_age_ns = command.mark_max_age_ns
    instrument.profit_opens = command.profit_opens
    rules.impact_notional_units = command.impact_notional_units
    rules.breaker_window_ns = command.breaker_window_ns
    rules.breaker_halt_ns = command.breaker_halt_ns
    rules.max_conditional_orders = command.max_conditional_orders
    rules.price_protect_ppm = command.price_protect_ppm
    rules.breaker_move_ppm = command.breaker_move_ppm
    rules.interest_rate_ppb = command.interest_rate_ppb
    rules.funding_cap_ppb = command.funding_cap_ppb
    rules.funding_floor_ppb = command.funding_floor_ppb
    rules.funding_hours = command.funding_hours
    rules.breaker_state = command.breaker_state
    event: cython.pointer[MarketRulesDefined] = cython.cast(
        cython.pointer[MarketRulesDefined],
        state.emit(EVENT_MARKET_RULES_DEFINED, command.account, command.instrument),
    )
    event.funding_hours = command.funding_hours
    state.waiting.flag(command.instrument)
    return REJECT_NONE


def _is_valid(command):
    longest: int64_t = 1_000_000_000_000_000
    billion: int64_t = 1_000_000_000
    return (
        0 <= command.mark_max_age_ns <= longest
        and 0 <= command.breaker_window_ns <= longest
        and 0 <= command.breaker_halt_ns <= longest
        and 0 < command.impact_notional_units <= UNCAPPED_UNITS
        and command.max_conditional_orders <= 10_000
        and 0 < command.price_protect_ppm < PPM
        and command.breaker_move_ppm < PPM
        and -100_000_000 <= command.interest_rate_ppb <= 100_000_000
        and -billion < command.funding_floor_ppb <= command.funding_cap_ppb
        and command.funding_cap_ppb < billion
        and command.funding_hours in (1, 2, 4, 8)
        and command.breaker_state in (TRADING_REDUCE_ONLY, TRADING_HALTED)
        and command.profit_opens <= 1
    )


def is_stale(state, instrument):
    """[SAFE-002] Whether the mark is too old to judge anybody by."""
    return instrument.mark_max_age_ns > 0 and state.time_ns - instrument.mark_time_ns > instrument.mark_max_age_ns


def is_trading(instrument):
    """[SAFE-004] Whether orders match."""
    return instrument.trading_state in (TRADING_ACTIVE, TRADING_REDUCE_ONLY)


def break_circuit(state, instrument):
    """[SAFE-003] Compare the new mark with those remembered, then remember it: 64 at most, the oldest goes."""
    rules: cython.pointer[Rules] = state.instruments.rules + instrument.number
    mark: int64_t = instrument.mark_ticks
    gone: cython.uint = 0
    i: cython.uint
    is_far: cython.bint = False
    if rules.breaker_move_ppm == 0:
        return
    while gone < rules.mark_count and state.time_ns - rules.marks[gone].time_ns > rules.breaker_window_ns:
        gone += 1
    rules.mark_count -= gone
    memmove(rules.marks, rules.marks + gone, rules.mark_count * cython.sizeof(rules.marks[0]))
    for i in range(rules.mark_count):
        move: int128 = magnitude(cython.cast(int128, mark) - rules.marks[i].mark_ticks)
        is_far |= move * PPM > cython.cast(int128, rules.marks[i].mark_ticks) * rules.breaker_move_ppm
    if is_far and instrument.trading_state == TRADING_ACTIVE:
        rules.resume_ns = state.time_ns + rules.breaker_halt_ns if rules.breaker_halt_ns else 0
        rules.mark_count = 0
        _change_state(state, instrument, rules.breaker_state)
        find_resumption(state)
    if rules.mark_count == MARKS:
        rules.mark_count -= 1
        memmove(rules.marks, rules.marks + 1, rules.mark_count * cython.sizeof(rules.marks[0]))
    rules.marks[rules.mark_count].time_ns = state.time_ns
    rules.marks[rules.mark_count].mark_ticks = mark
    rules.mark_count += 1


def resume_trading(state):
    """[TIME-001] Instruments whose halt is over are ACTIVE again, by number."""
    number: cython.int
    for number in range(1, INSTRUMENTS):
        if state.instruments.rules[number].resume_ns and state.instruments.rules[number].resume_ns <= state.time_ns:
            state.instruments.rules[number].resume_ns = 0
            _change_state(state, state.instruments.at + number, TRADING_ACTIVE)
    find_resumption(state)


def _change_state(state, instrument, trading_state):
    """Another trading state, by a rule."""
    event: cython.pointer[TradingStateChanged] = cython.cast(
        cython.pointer[TradingStateChanged], state.emit(EVENT_TRADING_STATE_CHANGED, 0, instrument.number)
    )
    event.reason = END_CIRCUIT_BREAKER
    event.detail = instrument.trading_state
    event.trading_state = cython.cast(uint8_t, trading_state)
    event.resume_ns = state.instruments.rules[instrument.number].resume_ns
    instrument.trading_state = cython.cast(uint8_t, trading_state)
    state.waiting.flag(instrument.number)


def find_resumption(state):
    """When the first instrument resumes, looked at before every command."""
    number: cython.int
    at: int64_t
    state.instruments.resume_ns = 0
    for number in range(1, INSTRUMENTS):
        at = state.instruments.rules[number].resume_ns
        if at and (state.instruments.resume_ns == 0 or at < state.instruments.resume_ns):
            state.instruments.resume_ns = at
