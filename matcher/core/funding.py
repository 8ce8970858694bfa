"""Owns funding: premium samples, the rate they lead to, and the payment from one side to the other."""

import cython
from cython.cimports.libc.stdint import int64_t, uint32_t, uint64_t
from cython.cimports.matcher.core.accounts import Position
from cython.cimports.matcher.core.book import NO_ASK, NO_BID, next_ask, next_bid
from cython.cimports.matcher.core.instruments import PPM, Asset, Instrument, Rules
from cython.cimports.matcher.core.insurance import pay_fund
from cython.cimports.matcher.core.legs import kept, pay, set_apart
from cython.cimports.matcher.core.machine import int128, magnitude, prefetch, share, share_up, to_int64
from cython.cimports.matcher.core.records import (
    EVENT_FUNDING_PAID,
    EVENT_FUNDING_SAMPLED,
    EVENT_FUNDING_SETTLED,
    INSURANCE_FUNDING_RESIDUE,
    MARGIN_ISOLATED,
    REJECT_FUNDING_TIME_INVALID,
    REJECT_NO_MARK_PRICE,
    REJECT_NONE,
    REJECT_UNKNOWN_INSTRUMENT,
    SIDE_BUY,
    SIDE_SELL,
    FundingPaid,
    FundingSampled,
    FundingSettled,
)
from cython.cimports.matcher.core.state import leg_flag


def average_premium(rules):
    """[FUND-001] Later samples weigh more; toward zero, 0 without any."""
    count: int128 = rules.samples
    if count == 0:
        return 0
    return cython.cast(int64_t, cython.cast(int128, rules.weighted_premium) // (count * (count + 1) // 2))


def predicted_rate(rules):
    """[FUND-002] What would be paid now: the average and a damped interest, within floor and cap."""
    average: int64_t = average_premium(rules)
    damped: int64_t = min(max(rules.interest_rate_ppb - average, -500_000), 500_000)
    rate: int64_t = (average + damped) * rules.funding_hours // 8
    return min(max(rate, rules.funding_floor_ppb), rules.funding_cap_ppb)


def _impact(instrument, side, amount):
    """[FUND-001] Average price, in millionths of a tick, at which so much could trade against a side; 0: too thin."""
    got: int128 = 0
    lots: int128 = 0
    value: int128
    tick: int64_t = instrument.book.bid if side == SIDE_BUY else instrument.book.ask
    while tick not in (NO_BID, NO_ASK):
        value = cython.cast(int128, instrument.book.levels[tick].lots) * tick * instrument.tick_lot_units
        if got + value >= amount:
            value = lots * tick * instrument.tick_lot_units + amount - got
            return cython.cast(int128, amount) * tick * PPM // value
        got += value
        lots += instrument.book.levels[tick].lots
        if side == SIDE_BUY:
            tick = next_bid(cython.address(instrument.book), tick)
        else:
            tick = next_ask(cython.address(instrument.book), tick)
    return 0


def sample_funding(state, command):
    """[FUND-001] One premium sample of the book against the index; a RejectReason."""
    billion: int128 = 1_000_000_000
    instrument: cython.pointer[Instrument] = state.instruments.find(command.instrument)
    if instrument == cython.NULL:
        return REJECT_UNKNOWN_INSTRUMENT
    if instrument.index_ticks == 0 or instrument.mark_ticks == 0:
        return REJECT_NO_MARK_PRICE
    rules: cython.pointer[Rules] = state.instruments.rules + command.instrument
    if command.sample_ns <= rules.last_sample_ns or command.sample_ns > state.time_ns:
        return REJECT_FUNDING_TIME_INVALID
    if rules.samples >= SAMPLES_MAX:
        return REJECT_FUNDING_TIME_INVALID
    bid: int128 = _impact(instrument, SIDE_BUY, rules.impact_notional_units)
    ask: int128 = _impact(instrument, SIDE_SELL, rules.impact_notional_units)
    index: int128 = cython.cast(int128, instrument.index_ticks) * PPM
    away: int128 = max(bid - index, 0)
    if ask > 0:
        away -= max(index - ask, 0)
    premium: int128 = min(max(away * billion // index, -billion), billion)
    rules.samples += 1
    rules.weighted_premium += cython.cast(int64_t, premium * rules.samples)
    rules.last_sample_ns = command.sample_ns
    rules.last_premium_ppb = cython.cast(int64_t, premium)
    event: cython.pointer[FundingSampled] = cython.cast(
        cython.pointer[FundingSampled], state.emit(EVENT_FUNDING_SAMPLED, command.account, command.instrument)
    )
    event.sample_ns = command.sample_ns
    event.impact_bid_microticks = cython.cast(int64_t, bid)
    event.impact_ask_microticks = cython.cast(int64_t, ask)
    event.index_ticks = instrument.index_ticks
    event.premium_ppb = rules.last_premium_ppb
    event.average_premium_ppb = average_premium(rules)
    event.predicted_rate_ppb = predicted_rate(rules)
    event.samples = rules.samples
    return REJECT_NONE


def settle_funding(state, command):
    """[FUND-003] Every leg pays or receives at the predicted rate, once for `funding_ns`; a RejectReason."""
    instrument: cython.pointer[Instrument] = state.instruments.find(command.instrument)
    if instrument == cython.NULL:
        return REJECT_UNKNOWN_INSTRUMENT
    rules: cython.pointer[Rules] = state.instruments.rules + command.instrument
    if command.funding_ns <= rules.last_funding_ns or command.funding_ns > state.time_ns:
        return REJECT_FUNDING_TIME_INVALID
    if command.next_funding_ns <= state.time_ns:
        return REJECT_FUNDING_TIME_INVALID
    if instrument.mark_ticks == 0:
        return REJECT_NO_MARK_PRICE
    rate: int64_t = predicted_rate(rules)
    paid: int128 = 0
    received: int128 = 0
    amount: int64_t
    i: cython.size_t
    state.holders.list_legs(state.accounts, command.instrument)
    for i in range(state.holders.keys.count):
        _expect_leg(state, i + 8)
        amount = _pay_leg(state, cython.cast(uint32_t, state.holders.keys.at[i] & 0x7FFFFFFF), rate, command.funding_ns)
        if amount < 0:
            paid -= amount
        else:
            received += amount
    _keep_residue(state, instrument, paid - received)
    event: cython.pointer[FundingSettled] = cython.cast(
        cython.pointer[FundingSettled], state.emit(EVENT_FUNDING_SETTLED, command.account, command.instrument)
    )
    event.funding_ns = command.funding_ns
    event.next_funding_ns = command.next_funding_ns
    event.rate_ppb = rate
    event.mark_ticks = instrument.mark_ticks
    event.average_premium_ppb = average_premium(rules)
    event.samples = rules.samples
    event.positions = cython.cast(uint64_t, state.holders.keys.count)
    event.paid_units = to_int64(paid)
    event.received_units = to_int64(received)
    event.residue_units = to_int64(paid - received)
    instrument.funding_rate_ppb = rate
    instrument.next_funding_ns = command.next_funding_ns
    rules.last_funding_ns = command.funding_ns
    rules.samples = 0
    rules.weighted_premium = 0
    return REJECT_NONE


def _expect_leg(state, at):
    """Fetch early what a leg's payment will touch: many legs are bound by memory."""
    position: cython.pointer[Position]
    if at + 8 < state.holders.keys.count:
        position = state.accounts.positions + cython.cast(uint32_t, state.holders.keys.at[at + 8] & 0x7FFFFFFF)
        prefetch(position)
        prefetch(cython.cast(cython.p_char, position) + 64)
    if at < state.holders.keys.count:
        position = state.accounts.positions + cython.cast(uint32_t, state.holders.keys.at[at] & 0x7FFFFFFF)
        prefetch(state.accounts.wallets + position.wallet)
        prefetch(state.accounts.at + position.account)
        prefetch(state.holders.of[position.instrument].at + position.held_at)


def _pay_leg(state, leg, rate, funding_ns):
    """One leg's payment, rounded against it: what it got, negative what it paid."""
    position: cython.pointer[Position] = state.accounts.positions + leg
    instrument: cython.pointer[Instrument] = state.instruments.at + position.instrument
    value: int128 = (
        magnitude(cython.cast(int128, position.position_lots) * instrument.mark_ticks) * instrument.tick_lot_units
    )
    size: int64_t = rate if rate > 0 else -rate
    amount: int64_t
    if (position.position_lots > 0) == (rate > 0):
        amount = kept(state, -share_up(value, size))
    else:
        amount = kept(state, share(value, size))
    wallet_units: int64_t = pay(state, position.wallet, amount)
    if position.margin_mode == MARGIN_ISOLATED:
        set_apart(state, position, amount)
    position.updated_ns = state.time_ns
    event: cython.pointer[FundingPaid] = cython.cast(
        cython.pointer[FundingPaid], state.emit(EVENT_FUNDING_PAID, position.account, position.instrument)
    )
    event.flags = leg_flag(position)
    event.funding_ns = funding_ns
    event.rate_ppb = rate
    event.mark_ticks = instrument.mark_ticks
    event.position_lots = position.position_lots
    event.amount_units = amount
    event.wallet_units = wallet_units
    event.isolated_units = position.isolated_units
    return amount


def _keep_residue(state, instrument, residue):
    """What rounding left goes to the fund; without one it is a fee."""
    house: cython.pointer[Asset] = state.instruments.assets + instrument.settlement_asset
    if residue == 0:
        return
    if house.fund_account == 0:
        house.fee_income_units = kept(state, house.fee_income_units + residue)
        return
    pay_fund(
        state,
        instrument.settlement_asset,
        cython.cast(int64_t, residue),
        INSURANCE_FUNDING_RESIDUE,
        0,
        instrument.number,
    )
