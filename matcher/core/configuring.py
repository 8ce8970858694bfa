"""The commands that say what is traded, by whom, on which terms and at which mark. All may be repeated.

Rules: [CFG-001], [CFG-002], [CFG-003], [CFG-004], [CFG-005], [CFG-006], [MAR-106].
"""

import cython
from cython.cimports.libc.stdint import int64_t, uint32_t
from cython.cimports.matcher.core.accounts import Account, Position
from cython.cimports.matcher.core.capital import check_leverage
from cython.cimports.matcher.core.instruments import INSTRUMENTS, Instrument
from cython.cimports.matcher.core.liquidation import run_passes
from cython.cimports.matcher.core.margin import exposure_cap, leverage_in_use
from cython.cimports.matcher.core.orders import CLOSES
from cython.cimports.matcher.core.records import (
    ACCOUNT_ACTIVE,
    ACCOUNT_FROZEN,
    END_ACCOUNT_RESTRICTED,
    EVENT_ACCOUNT_OPENED,
    EVENT_ASSET_DEFINED,
    EVENT_INSTRUMENT_DEFINED,
    EVENT_LEVERAGE_CHANGED,
    EVENT_MARK_PRICE_CHANGED,
    EVENT_RISK_TIER_DEFINED,
    EVENT_TRADING_STATE_CHANGED,
    POSITION_SIDE_BOTH,
    REJECT_ACCOUNT_FROZEN,
    REJECT_CAPACITY_REACHED,
    REJECT_INVALID_CONFIGURATION,
    REJECT_INVALID_LEVERAGE,
    REJECT_NONE,
    REJECT_PRICE_NOT_POSITIVE,
    REJECT_PRICE_TOO_HIGH,
    REJECT_TRADING_NOT_OPEN,
    REJECT_UNKNOWN_ACCOUNT,
    REJECT_UNKNOWN_ASSET,
    REJECT_UNKNOWN_INSTRUMENT,
    TRADING_DELISTED,
    AccountOpened,
    AssetDefined,
    InstrumentDefined,
    LeverageChanged,
    MarkPriceChanged,
    RiskTierDefined,
    TradingStateChanged,
)
from cython.cimports.matcher.core.safety import break_circuit, find_resumption
from cython.cimports.matcher.core.watching import look_again


def define_asset(state, command):
    if command.asset == 0 or command.asset >= INSTRUMENTS:
        return REJECT_UNKNOWN_ASSET
    state.instruments.assets[command.asset].is_defined = 1
    event: cython.pointer[AssetDefined] = cython.cast(
        cython.pointer[AssetDefined], state.emit(EVENT_ASSET_DEFINED, command.account, command.instrument)
    )
    event.asset = command.asset
    return REJECT_NONE


def define_instrument(state, command):
    reason: cython.int = state.instruments.define(command, state.orders.at, state.prefault)
    if reason:
        return reason
    if state.instruments.rules[command.instrument].resume_ns:
        state.instruments.rules[command.instrument].resume_ns = 0
        find_resumption(state)
    event: cython.pointer[InstrumentDefined] = cython.cast(
        cython.pointer[InstrumentDefined], state.emit(EVENT_INSTRUMENT_DEFINED, command.account, command.instrument)
    )
    event.trading_state = command.trading_state
    state.waiting.flag(command.instrument)
    return REJECT_NONE


def define_risk_tier(state, command):
    instrument: cython.pointer[Instrument] = state.instruments.find(command.instrument)
    if instrument == cython.NULL:
        return REJECT_UNKNOWN_INSTRUMENT
    reason: cython.int = state.instruments.stage_tier(instrument, command)
    if reason:
        return reason
    if command.tier + 1 == command.tier_count:
        state.holders.doubt_everybody(state.accounts)
    event: cython.pointer[RiskTierDefined] = cython.cast(
        cython.pointer[RiskTierDefined], state.emit(EVENT_RISK_TIER_DEFINED, command.account, command.instrument)
    )
    event.tier = command.tier
    event.tier_count = command.tier_count
    return REJECT_NONE


def open_account(state, command):
    fee_max: cython.int = 100_000_000
    if command.account == 0 or command.account > MAX_ACCOUNT:
        return REJECT_UNKNOWN_ACCOUNT
    if command.account_state > ACCOUNT_FROZEN or command.fee_override > 1:
        return REJECT_INVALID_CONFIGURATION
    if not (-fee_max <= command.maker_fee_ppb <= fee_max and -fee_max <= command.taker_fee_ppb <= fee_max):
        return REJECT_INVALID_CONFIGURATION
    if command.account > state.accounts.accounts_max:
        return REJECT_CAPACITY_REACHED
    account: cython.pointer[Account] = state.accounts.at + command.account
    if not account.is_open:
        account.is_open = 1
        state.accounts.open_accounts += 1
        state.accounts.last_account = max(state.accounts.last_account, command.account)
    account.group = command.group or command.account
    account.maker_fee_ppb = command.maker_fee_ppb
    account.taker_fee_ppb = command.taker_fee_ppb
    account.fee_override = command.fee_override
    account.state = command.account_state
    event: cython.pointer[AccountOpened] = cython.cast(
        cython.pointer[AccountOpened], state.emit(EVENT_ACCOUNT_OPENED, command.account, command.instrument)
    )
    event.group = account.group
    event.account_state = account.state
    if state.is_third and account.state != ACCOUNT_ACTIVE:
        state.cancel_orders(command.account, 0, CLOSES, END_ACCOUNT_RESTRICTED)  # [CFG-007]
    return REJECT_NONE


def set_leverage(state, command):
    """The account's leverage in an instrument; refused where limit or margin would not hold it."""
    if not state.accounts.is_open(command.account):
        return REJECT_UNKNOWN_ACCOUNT
    account: cython.pointer[Account] = state.accounts.at + command.account
    if account.state == ACCOUNT_FROZEN:
        return REJECT_ACCOUNT_FROZEN
    instrument: cython.pointer[Instrument] = state.instruments.find(command.instrument)
    if instrument == cython.NULL:
        return REJECT_UNKNOWN_INSTRUMENT
    if instrument.tier_count == 0:
        return REJECT_TRADING_NOT_OPEN
    leverage: int64_t = command.leverage
    if leverage < 1 or leverage > instrument.tiers[0].max_leverage:
        return REJECT_INVALID_LEVERAGE
    index: uint32_t = state.accounts.draft_position(
        command.account, command.instrument, POSITION_SIDE_BOTH, instrument.settlement_asset
    )
    position: cython.pointer[Position] = state.accounts.positions + index
    if leverage != leverage_in_use(instrument, position):
        reason: cython.int = check_leverage(state, position, leverage)
        if reason:
            return reason
    index = state.accounts.touch_position(
        command.account, command.instrument, POSITION_SIDE_BOTH, instrument.settlement_asset
    )
    position = state.accounts.positions + index
    position.updated_ns = state.time_ns
    while index and state.accounts.positions[index].instrument == command.instrument:
        state.accounts.positions[index].leverage = command.leverage
        index = state.accounts.positions[index].next
    event: cython.pointer[LeverageChanged] = cython.cast(
        cython.pointer[LeverageChanged], state.emit(EVENT_LEVERAGE_CHANGED, command.account, command.instrument)
    )
    event.leverage = leverage
    event.max_notional_units = exposure_cap(instrument, leverage)
    return REJECT_NONE


def set_mark_price(state, command):
    instrument: cython.pointer[Instrument] = state.instruments.find(command.instrument)
    if instrument == cython.NULL:
        return REJECT_UNKNOWN_INSTRUMENT
    if command.mark_ticks <= 0 or command.index_ticks < 0:
        return REJECT_PRICE_NOT_POSITIVE
    if command.mark_ticks > instrument.max_price_ticks or command.index_ticks > INDEX_MAX_TICKS:
        return REJECT_PRICE_TOO_HIGH
    instrument.mark_ticks = command.mark_ticks
    instrument.index_ticks = command.index_ticks
    instrument.mark_time_ns = state.time_ns
    if command.version == 1 or state.instruments.rules[command.instrument].last_funding_ns == 0:
        # [FUND-003] once the engine settles funding it knows rate and time itself
        instrument.next_funding_ns = command.next_funding_ns
        instrument.funding_rate_ppb = command.funding_rate_ppb
    state.waiting.flag(instrument.number)
    event: cython.pointer[MarkPriceChanged] = cython.cast(
        cython.pointer[MarkPriceChanged], state.emit(EVENT_MARK_PRICE_CHANGED, command.account, command.instrument)
    )
    event.mark_ticks = instrument.mark_ticks
    event.index_ticks = instrument.index_ticks
    event.next_funding_ns = instrument.next_funding_ns
    event.funding_rate_ppb = instrument.funding_rate_ppb
    if command.version == 1:
        look_again(state, command.instrument)
        return REJECT_NONE
    break_circuit(state, instrument)
    run_passes(state, command.instrument)  # [LIQ-001]
    state.judged = command.instrument
    return REJECT_NONE


def set_trading_state(state, command):
    instrument: cython.pointer[Instrument] = state.instruments.find(command.instrument)
    if instrument == cython.NULL:
        return REJECT_UNKNOWN_INSTRUMENT
    if command.trading_state > TRADING_DELISTED:
        return REJECT_INVALID_CONFIGURATION
    if (
        command.version != 1
        and instrument.trading_state == TRADING_DELISTED
        and command.trading_state != TRADING_DELISTED
    ):
        return REJECT_TRADING_NOT_OPEN  # [SAFE-004] final
    event: cython.pointer[TradingStateChanged] = cython.cast(
        cython.pointer[TradingStateChanged],
        state.emit(EVENT_TRADING_STATE_CHANGED, command.account, command.instrument),
    )
    event.detail = instrument.trading_state
    event.trading_state = command.trading_state
    instrument.trading_state = command.trading_state
    state.waiting.flag(instrument.number)
    if state.instruments.rules[command.instrument].resume_ns:
        state.instruments.rules[command.instrument].resume_ns = 0
        find_resumption(state)
    return REJECT_NONE
