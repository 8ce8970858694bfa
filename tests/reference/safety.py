"""What protects a market: its further rules, stale marks, the circuit breaker, trading states and final settlement."""

from __future__ import annotations

from matcher.protocol.commands import DefineMarketRules, SetMarkPrice, SettleInstrument, SetTradingState
from matcher.protocol.enums import MoveCause, TradingState
from matcher.protocol.events import InstrumentSettled, MarketRulesDefined, MarkPriceChanged, TradingStateChanged
from matcher.protocol.rejects import EndReason, RejectReason
from matcher.protocol.units import PPB, PPM
from tests.reference import deleveraging, lifecycle, liquidation, matching
from tests.reference.funding import legs_in
from tests.reference.positions import Deal
from tests.reference.state import Instrument, RefusedError
from tests.reference.turn import Turn

TIME_MAX_NS = 10**15
INDEX_MAX_TICKS = 2**40
MARKS_MAX = 64


def define_market_rules(turn: Turn, command: DefineMarketRules) -> None:
    """[SAFE-001] The rules beyond an instrument's terms."""
    instrument = turn.state.instrument(command.instrument)
    times = (command.mark_max_age_ns, command.breaker_window_ns, command.breaker_halt_ns)
    checks = (
        all(0 <= time <= TIME_MAX_NS for time in times),
        0 < command.impact_notional_units <= 10**18,
        command.max_conditional_orders <= 10_000,
        0 < command.price_protect_ppm < PPM,
        command.breaker_move_ppm < PPM,
        abs(command.interest_rate_ppb) <= 10**8,
        -PPB < command.funding_floor_ppb <= command.funding_cap_ppb < PPB,
        command.funding_hours in (1, 2, 4, 8),
        command.breaker_state in (TradingState.REDUCE_ONLY, TradingState.HALTED),
        command.profit_opens in (0, 1),
    )
    if not all(checks):
        raise RefusedError(RejectReason.INVALID_CONFIGURATION)
    instrument.rules = command
    turn.emit(MarketRulesDefined, funding_hours=command.funding_hours)


def set_mark_price(turn: Turn, command: SetMarkPrice) -> None:
    """The new mark, the breaker, and (version 2) liquidation of those it touches [LIQ-001]."""
    instrument = turn.state.instrument(command.instrument)
    if command.mark_ticks <= 0 or command.index_ticks < 0:
        raise RefusedError(RejectReason.PRICE_NOT_POSITIVE)
    if command.mark_ticks > instrument.terms.max_price_ticks or command.index_ticks > INDEX_MAX_TICKS:
        raise RefusedError(RejectReason.PRICE_TOO_HIGH)
    instrument.mark_ticks, instrument.index_ticks = command.mark_ticks, command.index_ticks
    instrument.mark_time_ns = turn.header.time_ns
    if turn.header.version == 1 or not instrument.last_funding_ns:  # [FUND-003] the engine knows its own rate
        instrument.next_funding_ns = command.next_funding_ns
        instrument.funding_rate_ppb = command.funding_rate_ppb
    names = ("mark_ticks", "index_ticks", "next_funding_ns", "funding_rate_ppb")
    turn.emit(MarkPriceChanged, **{name: getattr(instrument, name) for name in names})
    if turn.header.version > 1:
        _watch(turn, instrument)
        liquidation.run_passes(turn, instrument.number)


def _watch(turn: Turn, instrument: Instrument) -> None:
    """[SAFE-003] The circuit breaker: a mark too far from one remembered stops the market."""
    rules, now, mark = instrument.rules, turn.header.time_ns, instrument.mark_ticks
    if not rules.breaker_move_ppm:
        return
    instrument.marks = [m for m in instrument.marks if now - m[0] <= rules.breaker_window_ns]
    is_far = any(abs(mark - m) * PPM > m * rules.breaker_move_ppm for _, m in instrument.marks)
    if is_far and instrument.trading_state == TradingState.ACTIVE:
        resume_ns = now + rules.breaker_halt_ns if rules.breaker_halt_ns else 0
        change_state(turn, instrument, rules.breaker_state, EndReason.CIRCUIT_BREAKER, resume_ns)
        instrument.marks = []
    instrument.marks = [*instrument.marks, (now, mark)][-MARKS_MAX:]


def change_state(turn: Turn, instrument: Instrument, trading_state: int, reason: int = 0, resume_ns: int = 0) -> None:
    """The event names an account only where SetTradingState did: a rule has none."""
    account = turn.header.account if turn.header.kind == SetTradingState.KIND else 0
    before, instrument.trading_state = instrument.trading_state, trading_state
    instrument.resume_ns = resume_ns
    told = {"trading_state": trading_state, "resume_ns": resume_ns}
    turn.emit(TradingStateChanged, account, reason=reason, detail=before, **told)


def may_become(turn: Turn, instrument: Instrument, trading_state: int) -> bool:
    """[SAFE-004] DELISTED is final, but for commands of version 1."""
    is_final = turn.header.version > 1 and instrument.trading_state == TradingState.DELISTED
    return not is_final or trading_state == TradingState.DELISTED


def set_trading_state(turn: Turn, command: SetTradingState) -> None:
    instrument = turn.state.instrument(command.instrument)
    if command.trading_state not in tuple(TradingState):
        raise RefusedError(RejectReason.INVALID_CONFIGURATION)
    if not may_become(turn, instrument, command.trading_state):
        raise RefusedError(RejectReason.TRADING_NOT_OPEN)
    change_state(turn, instrument, command.trading_state)


def settle_instrument(turn: Turn, command: SettleInstrument) -> None:
    """[SAFE-005] The end of an instrument: nothing open, nobody holds anything, for good."""
    state = turn.state
    instrument = state.instrument(command.instrument)
    if instrument.trading_state == TradingState.DELISTED:
        raise RefusedError(RejectReason.TRADING_NOT_OPEN)
    if command.price_ticks <= 0:
        raise RefusedError(RejectReason.PRICE_NOT_POSITIVE)
    if command.price_ticks > instrument.terms.max_price_ticks:
        raise RefusedError(RejectReason.PRICE_TOO_HIGH)
    orders = [o for o in state.open_orders() if o.instrument == instrument.number]
    lifecycle.cancel_each(turn, orders, EndReason.SETTLED)
    held = legs_in(state, instrument)
    for account, leg in held:
        lots = account.lots(leg)
        side = matching.closing_side(lots)
        assert side is not None
        deal = Deal(side, abs(lots), command.price_ticks)
        deleveraging.move(turn, (account, leg), deal, detail=MoveCause.SETTLED)
    change_state(turn, instrument, TradingState.DELISTED)
    for number in sorted({account.number for account, _ in held}):
        liquidation.settle_cross(turn, state.accounts[number], [instrument.terms.settlement_asset])
    turn.emit(InstrumentSettled, price_ticks=command.price_ticks, positions=len(held))
