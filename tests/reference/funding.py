"""Funding: premium samples of the book, the rate they predict, and its payment between longs and shorts."""

from __future__ import annotations

from matcher.protocol.commands import SampleFunding, SettleFunding
from matcher.protocol.enums import InsuranceCause, PositionSide, Side
from matcher.protocol.events import FundingPaid, FundingSampled, FundingSettled
from matcher.protocol.rejects import RejectReason
from matcher.protocol.units import PPB, PPM
from tests.reference import insurance
from tests.reference.margin import ceil_div
from tests.reference.positions import truncated
from tests.reference.state import LEG_FLAGS, Account, Instrument, Leg, RefusedError, State, clamped, kept
from tests.reference.turn import Turn

SAMPLES_MAX = 100_000
SPREAD_MAX_PPB = 500_000
RATED_HOURS = 8


def clamp(value: int, low: int, high: int) -> int:
    return max(low, min(high, value))


def impact_microticks(instrument: Instrument, side: int) -> int:
    """[FUND-001] Average price at which the impact notional could be traded against `side`; 0 when it is too thin."""
    k, amount = instrument.terms.tick_lot_units, instrument.rules.impact_notional_units
    got = lots = 0
    for price in dict.fromkeys(order.price_ticks for order in instrument.resting(side)):
        level = sum(o.leaves_lots for o in instrument.resting(side) if o.price_ticks == price)
        if got + level * price * k >= amount:
            return amount * price * PPM // (lots * price * k + amount - got)
        got += level * price * k
        lots += level
    return 0


def average_premium_ppb(instrument: Instrument) -> int:
    """[FUND-001] Later samples weigh more."""
    n = instrument.samples
    return truncated(instrument.weighted_premium, n * (n + 1) // 2) if n else 0


def predicted_rate_ppb(instrument: Instrument) -> int:
    """[FUND-002] The rate that a settlement now would have."""
    rules, average = instrument.rules, average_premium_ppb(instrument)
    rate = average + clamp(rules.interest_rate_ppb - average, -SPREAD_MAX_PPB, SPREAD_MAX_PPB)
    return clamp(truncated(rate * rules.funding_hours, RATED_HOURS), rules.funding_floor_ppb, rules.funding_cap_ppb)


def sample(turn: Turn, command: SampleFunding) -> None:
    """[FUND-001] One premium sample of the book against the index."""
    instrument = turn.state.instrument(command.instrument)
    if not instrument.index_ticks or not instrument.mark_ticks:
        raise RefusedError(RejectReason.NO_MARK_PRICE)
    is_next = instrument.last_sample_ns < command.sample_ns <= turn.header.time_ns
    if not is_next or instrument.samples >= SAMPLES_MAX:
        raise RefusedError(RejectReason.FUNDING_TIME_INVALID)
    bid, ask = impact_microticks(instrument, Side.BUY), impact_microticks(instrument, Side.SELL)
    index = instrument.index_ticks * PPM
    away = max(0, bid - index) - (max(0, index - ask) if ask else 0)
    premium = clamp(truncated(away * PPB, index), -PPB, PPB)
    instrument.samples += 1
    instrument.weighted_premium += instrument.samples * premium
    instrument.last_sample_ns, instrument.last_premium_ppb = command.sample_ns, premium
    turn.emit(
        FundingSampled,
        sample_ns=command.sample_ns,
        impact_bid_microticks=bid,
        impact_ask_microticks=ask,
        index_ticks=instrument.index_ticks,
        premium_ppb=premium,
        average_premium_ppb=average_premium_ppb(instrument),
        predicted_rate_ppb=predicted_rate_ppb(instrument),
        samples=instrument.samples,
    )


def legs_in(state: State, instrument: Instrument) -> list[tuple[Account, Leg]]:
    """Every leg of the instrument that is not flat, by account, then side."""
    accounts = [state.accounts[number] for number in sorted(state.accounts)]
    return [(a, leg) for a in accounts for leg in a.legs_of(instrument.number) if a.lots(leg)]


def settle(turn: Turn, command: SettleFunding) -> None:
    """[FUND-003] Everyone pays or receives at the predicted rate; what rounding leaves goes to the fund."""
    instrument = turn.state.instrument(command.instrument)
    if not instrument.last_funding_ns < command.funding_ns <= turn.header.time_ns < command.next_funding_ns:
        raise RefusedError(RejectReason.FUNDING_TIME_INVALID)
    if not instrument.mark_ticks:
        raise RefusedError(RejectReason.NO_MARK_PRICE)
    rate = predicted_rate_ppb(instrument)
    amounts = [_pay(turn, account, leg, rate, command.funding_ns) for account, leg in legs_in(turn.state, instrument)]
    paid, received = -sum(a for a in amounts if a < 0), sum(a for a in amounts if a > 0)
    _keep_residue(turn, instrument, paid - received)
    turn.emit(
        FundingSettled,
        funding_ns=command.funding_ns,
        next_funding_ns=command.next_funding_ns,
        rate_ppb=rate,
        mark_ticks=instrument.mark_ticks,
        average_premium_ppb=average_premium_ppb(instrument),
        samples=instrument.samples,
        positions=len(amounts),
        paid_units=clamped(paid),
        received_units=clamped(received),
        residue_units=paid - received,
    )
    instrument.funding_rate_ppb, instrument.next_funding_ns = rate, command.next_funding_ns
    instrument.last_funding_ns = command.funding_ns
    instrument.samples = instrument.weighted_premium = 0


def _pay(turn: Turn, account: Account, leg: Leg, rate: int, funding_ns: int) -> int:
    """One leg's payment; what it got (negative: paid)."""
    position, instrument = account.positions[leg], turn.state.instruments[leg[0]]
    mark = instrument.mark_ticks
    due = abs(position.lots) * mark * instrument.terms.tick_lot_units * abs(rate)
    amount = -ceil_div(due, PPB) if (position.lots > 0) == (rate > 0) else due // PPB
    wallet = account.pay(instrument.terms.settlement_asset, kept(amount), turn.header.time_ns)
    if account.is_isolated(instrument.number):
        position.isolated_units = kept(position.isolated_units + amount)
    position.updated_ns = turn.header.time_ns
    turn.emit(
        FundingPaid,
        account.number,
        flags=LEG_FLAGS[PositionSide(leg[1])],
        funding_ns=funding_ns,
        rate_ppb=rate,
        mark_ticks=mark,
        position_lots=position.lots,
        amount_units=amount,
        wallet_units=wallet,
        isolated_units=position.isolated_units,
    )
    return amount


def _keep_residue(turn: Turn, instrument: Instrument, residue: int) -> None:
    asset = instrument.terms.settlement_asset
    if not residue:
        return
    if insurance.fund_of(turn.state, asset) is None:
        house = turn.state.houses[asset]
        house.fee_income_units = kept(house.fee_income_units + residue)
    else:
        insurance.receive(turn, asset, residue, InsuranceCause.FUNDING_RESIDUE, instrument=instrument.number)
