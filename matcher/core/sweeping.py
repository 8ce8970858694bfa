"""The commands that go over everybody: Sweep, and SettleInstrument, the end of an instrument."""

import cython
from cython.cimports.libc.stdint import int64_t, uint16_t, uint32_t, uint64_t
from cython.cimports.matcher.core.accounts import Position
from cython.cimports.matcher.core.collateral import exchange_debts
from cython.cimports.matcher.core.holders import add_key, sort_keys
from cython.cimports.matcher.core.instruments import INSTRUMENTS, Instrument
from cython.cimports.matcher.core.insurance import bear_deficit
from cython.cimports.matcher.core.legs import closing_side, move, size_of
from cython.cimports.matcher.core.liquidation import run_passes, send_closing, settle_cross
from cython.cimports.matcher.core.machine import int128
from cython.cimports.matcher.core.matching import crosses
from cython.cimports.matcher.core.records import (
    END_SETTLED,
    EVENT_INSTRUMENT_SETTLED,
    EVENT_SWEEP_DONE,
    EVENT_TRADING_STATE_CHANGED,
    FLAG_REDUCE_ONLY,
    MOVE_SETTLED,
    REJECT_NONE,
    REJECT_PRICE_NOT_POSITIVE,
    REJECT_PRICE_TOO_HIGH,
    REJECT_TRADING_NOT_OPEN,
    REJECT_UNKNOWN_INSTRUMENT,
    TRADING_DELISTED,
    InstrumentSettled,
    SweepDone,
    TradingStateChanged,
)
from cython.cimports.matcher.core.safety import find_resumption, is_stale, is_trading


def sweep(state, command):
    """[LIQ-001] Liquidate, repay, unwind, and judge once more whom that met; a RejectReason."""
    number: cython.int
    account: uint32_t
    converted: uint64_t = 0
    unwound: int64_t = 0
    if command.instrument and state.instruments.find(command.instrument) == cython.NULL:
        return REJECT_UNKNOWN_INSTRUMENT
    if state.is_third:
        converted += _settle_debts(state)
    liquidated: uint64_t = run_passes(state, command.instrument)
    account = state.accounts.next_owing(0)
    while account:
        if state.accounts.at[account].multi_assets:
            converted += exchange_debts(state, account, False)
        account = state.accounts.next_owing(account)
    for number in range(1, INSTRUMENTS):
        if state.instruments.assets[number].fund_account:
            unwound += _unwind(state, number)
    if state.is_third and (converted or unwound):
        liquidated += run_passes(state, 0)
    event: cython.pointer[SweepDone] = cython.cast(
        cython.pointer[SweepDone], state.emit(EVENT_SWEEP_DONE, command.account, command.instrument)
    )
    if not converted and not unwound:
        state.judged = command.instrument
    event.liquidated = liquidated
    event.converted = converted
    event.unwound_lots = unwound
    return REJECT_NONE


def _settle_debts(state):
    """[LIQ-012] The fund bears what accounts owe that hold nothing in the asset; how many conversions came first."""
    account: uint32_t
    wallet: uint32_t
    pooled: cython.bint
    converted: uint64_t = 0
    account = state.accounts.next_owing(0)
    while account:
        pooled = state.accounts.at[account].multi_assets
        if pooled and not _holds(state, account, 0):
            converted += exchange_debts(state, account, True)
        wallet = state.accounts.at[account].first_wallet
        while wallet:
            if state.accounts.wallets[wallet].wallet_units < 0 and not _holds(
                state, account, 0 if pooled else state.accounts.wallets[wallet].asset
            ):
                bear_deficit(
                    state,
                    account,
                    state.accounts.wallets[wallet].asset,
                    -cython.cast(int128, state.accounts.wallets[wallet].wallet_units),
                    0,
                )
            wallet = state.accounts.wallets[wallet].next
        account = state.accounts.next_owing(account)
    return converted


def _holds(state, account, asset):
    """Whether a leg settled in the asset (0: in any), cross or isolated, is not flat."""
    index: uint32_t = state.accounts.at[account].first_position
    position: cython.pointer[Position]
    while index:
        position = state.accounts.positions + index
        if position.position_lots and asset in (0, state.instruments.at[position.instrument].settlement_asset):
            return True
        index = position.next
    return False


def _unwind(state, asset):
    """[LIQ-010] The asset's fund closes what it took over where the book pays the mark; lots that traded."""
    index: uint32_t = state.accounts.at[state.instruments.assets[asset].fund_account].first_position
    position: cython.pointer[Position]
    instrument: cython.pointer[Instrument]
    unwound: int64_t = 0
    while index:
        position = state.accounts.positions + index
        instrument = state.instruments.at + position.instrument
        if (
            position.position_lots
            and instrument.settlement_asset == asset
            and is_trading(instrument)
            and not is_stale(state, instrument)
            and crosses(instrument, closing_side(position), instrument.mark_ticks)
        ):
            unwound += send_closing(state, index, size_of(position), instrument.mark_ticks, FLAG_REDUCE_ONLY)
        index = state.accounts.positions[index].next
    return unwound


def _cancel_everybody(state, instrument):
    """Every order of the instrument, by order_id."""
    index: uint32_t
    slot: uint32_t
    i: cython.size_t
    state.holders.keys.count = 0
    for index in range(1, state.accounts.position_count):
        if state.accounts.positions[index].instrument == instrument:
            slot = state.accounts.positions[index].oldest
            while slot:
                add_key(cython.address(state.holders.keys), state.orders.at[slot].order_id)
                slot = state.orders.at[slot].younger
    sort_keys(cython.address(state.holders.keys))
    for i in range(state.holders.keys.count):
        slot = state.orders.find(state.holders.keys.at[i])
        if slot:
            state.cancel(slot, END_SETTLED)


def settle_instrument(state, command):
    """[SAFE-005] Nothing open, nobody holds anything, for good; a RejectReason."""
    instrument: cython.pointer[Instrument] = state.instruments.find(command.instrument)
    if instrument == cython.NULL:
        return REJECT_UNKNOWN_INSTRUMENT
    if instrument.trading_state == TRADING_DELISTED:
        return REJECT_TRADING_NOT_OPEN
    if command.price_ticks <= 0:
        return REJECT_PRICE_NOT_POSITIVE
    if command.price_ticks > instrument.max_price_ticks:
        return REJECT_PRICE_TOO_HIGH
    leg: uint32_t
    account: uint32_t = 0
    i: cython.size_t
    position: cython.pointer[Position]
    asset: uint16_t = instrument.settlement_asset
    _cancel_everybody(state, command.instrument)
    state.holders.list_legs(state.accounts, command.instrument)
    for i in range(state.holders.keys.count):
        leg = cython.cast(uint32_t, state.holders.keys.at[i] & 0x7FFFFFFF)
        position = state.accounts.positions + leg
        move(
            state,
            leg,
            closing_side(position),
            size_of(position),
            command.price_ticks,
            MOVE_SETTLED,
            0,
            0,
            0,
            True,
        )
    changed: cython.pointer[TradingStateChanged] = cython.cast(
        cython.pointer[TradingStateChanged], state.emit(EVENT_TRADING_STATE_CHANGED, 0, command.instrument)
    )
    changed.detail = instrument.trading_state
    changed.trading_state = TRADING_DELISTED
    instrument.trading_state = TRADING_DELISTED
    state.instruments.rules[command.instrument].resume_ns = 0
    find_resumption(state)
    for i in range(state.holders.keys.count):
        if account != cython.cast(uint32_t, state.holders.keys.at[i] >> 33):
            account = cython.cast(uint32_t, state.holders.keys.at[i] >> 33)
            settle_cross(state, account, asset)
    event: cython.pointer[InstrumentSettled] = cython.cast(
        cython.pointer[InstrumentSettled], state.emit(EVENT_INSTRUMENT_SETTLED, command.account, command.instrument)
    )
    event.price_ticks = command.price_ticks
    event.positions = cython.cast(uint64_t, state.holders.keys.count)
    return REJECT_NONE
