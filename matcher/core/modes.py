"""How an account holds what it holds: margin mode, position mode, pooled collateral, isolated margin."""

import cython
from cython.cimports.libc.stdint import int64_t, uint32_t
from cython.cimports.matcher.core.accounts import Position, is_leg_of
from cython.cimports.matcher.core.groups import withdrawable
from cython.cimports.matcher.core.instruments import UNCAPPED_UNITS, Instrument
from cython.cimports.matcher.core.legs import set_apart, tell_isolated
from cython.cimports.matcher.core.machine import int128
from cython.cimports.matcher.core.margin import Holding, holding_of, leverage_in_use, position_margin, unrealized
from cython.cimports.matcher.core.records import (
    ACCOUNT_FROZEN,
    EVENT_MARGIN_MODE_CHANGED,
    EVENT_MULTI_ASSETS_CHANGED,
    EVENT_POSITION_MODE_CHANGED,
    MARGIN_ISOLATED,
    MODE_HEDGE,
    POSITION_SIDE_BOTH,
    REJECT_ACCOUNT_FROZEN,
    REJECT_BALANCE_INSUFFICIENT,
    REJECT_HAS_OPEN_ORDERS,
    REJECT_HAS_POSITION,
    REJECT_INVALID_AMOUNT,
    REJECT_INVALID_MODE,
    REJECT_INVALID_POSITION_SIDE,
    REJECT_ISOLATED_MARGIN_INSUFFICIENT,
    REJECT_MODE_UNCHANGED,
    REJECT_MULTI_ASSETS_CONFLICT,
    REJECT_NO_ISOLATED_POSITION,
    REJECT_NONE,
    REJECT_UNKNOWN_ACCOUNT,
    REJECT_UNKNOWN_INSTRUMENT,
    MarginModeChanged,
    MultiAssetsChanged,
    PositionModeChanged,
)


def has_open_orders(state, account, instrument):
    """Whether an order of the account rests or waits in the instrument (0: anywhere)."""
    index: uint32_t = state.accounts.at[account].first_position
    position: cython.pointer[Position]
    while index:
        position = state.accounts.positions + index
        if (position.open_orders or position.waiting_orders) and instrument in (0, position.instrument):
            return True
        index = position.next
    return False


def has_position(state, account, instrument):
    """Whether a leg of the account in the instrument (0: anywhere) is not flat."""
    index: uint32_t = state.accounts.at[account].first_position
    position: cython.pointer[Position]
    while index:
        position = state.accounts.positions + index
        if position.position_lots and instrument in (0, position.instrument):
            return True
        index = position.next
    return False


def is_isolated_anywhere(state, account):
    index: uint32_t = state.accounts.at[account].first_position
    while index:
        if state.accounts.positions[index].margin_mode == MARGIN_ISOLATED:
            return True
        index = state.accounts.positions[index].next
    return False


def _check_account(state, account):
    if not state.accounts.is_open(account):
        return REJECT_UNKNOWN_ACCOUNT
    return REJECT_ACCOUNT_FROZEN if state.accounts.at[account].state == ACCOUNT_FROZEN else REJECT_NONE


def _check_nothing_open(state, account, instrument):
    if has_open_orders(state, account, instrument):
        return REJECT_HAS_OPEN_ORDERS
    return REJECT_HAS_POSITION if has_position(state, account, instrument) else REJECT_NONE


def set_margin_mode(state, command):
    """[MAR-007] Cross or isolated, while the account has nothing in the instrument; a RejectReason."""
    reason: cython.int = _check_account(state, command.account)
    if reason:
        return reason
    instrument: cython.pointer[Instrument] = state.instruments.find(command.instrument)
    if instrument == cython.NULL:
        return REJECT_UNKNOWN_INSTRUMENT
    if command.margin_mode > MARGIN_ISOLATED:
        return REJECT_INVALID_MODE
    index: uint32_t = state.accounts.draft_position(
        command.account, command.instrument, POSITION_SIDE_BOTH, instrument.settlement_asset
    )
    if command.margin_mode == state.accounts.positions[index].margin_mode:
        return REJECT_MODE_UNCHANGED
    if command.margin_mode == MARGIN_ISOLATED and state.accounts.at[command.account].multi_assets:
        return REJECT_MULTI_ASSETS_CONFLICT
    if state.accounts.at[command.account].is_fund:
        return REJECT_INVALID_MODE
    reason = _check_nothing_open(state, command.account, command.instrument)
    if reason:
        return reason
    index = state.accounts.touch_position(
        command.account, command.instrument, POSITION_SIDE_BOTH, instrument.settlement_asset
    )
    state.accounts.positions[index].updated_ns = state.time_ns
    while index and state.accounts.positions[index].instrument == command.instrument:
        state.accounts.positions[index].margin_mode = command.margin_mode
        index = state.accounts.positions[index].next
    event: cython.pointer[MarginModeChanged] = cython.cast(
        cython.pointer[MarginModeChanged], state.emit(EVENT_MARGIN_MODE_CHANGED, command.account, command.instrument)
    )
    event.margin_mode = command.margin_mode
    return REJECT_NONE


def set_position_mode(state, command):
    """[MAR-008] One-way or hedge, while the account has nothing anywhere; a RejectReason."""
    reason: cython.int = _check_account(state, command.account)
    if reason:
        return reason
    if command.position_mode > MODE_HEDGE or state.accounts.at[command.account].is_fund:
        return REJECT_INVALID_MODE
    if command.position_mode == state.accounts.at[command.account].position_mode:
        return REJECT_MODE_UNCHANGED
    reason = _check_nothing_open(state, command.account, 0)
    if reason:
        return reason
    state.accounts.at[command.account].position_mode = command.position_mode
    event: cython.pointer[PositionModeChanged] = cython.cast(
        cython.pointer[PositionModeChanged],
        state.emit(EVENT_POSITION_MODE_CHANGED, command.account, command.instrument),
    )
    event.position_mode = command.position_mode
    return REJECT_NONE


def set_multi_assets(state, command):
    """[MAR-011] All assets back all cross positions, or each its own; a RejectReason."""
    reason: cython.int = _check_account(state, command.account)
    if reason:
        return reason
    if command.multi_assets > 1 or state.accounts.at[command.account].is_fund:
        return REJECT_INVALID_MODE
    if command.multi_assets == state.accounts.at[command.account].multi_assets:
        return REJECT_MODE_UNCHANGED
    if is_isolated_anywhere(state, command.account):
        return REJECT_MULTI_ASSETS_CONFLICT
    reason = _check_nothing_open(state, command.account, 0)
    if reason:
        return reason
    state.accounts.at[command.account].multi_assets = command.multi_assets
    event: cython.pointer[MultiAssetsChanged] = cython.cast(
        cython.pointer[MultiAssetsChanged],
        state.emit(EVENT_MULTI_ASSETS_CHANGED, command.account, command.instrument),
    )
    event.multi_assets = command.multi_assets
    return REJECT_NONE


def adjust_isolated_margin(state, command):
    """[MAR-009] Margin into or out of an isolated leg; a RejectReason."""
    reason: cython.int = _check_account(state, command.account)
    if reason:
        return reason
    instrument: cython.pointer[Instrument] = state.instruments.find(command.instrument)
    if instrument == cython.NULL:
        return REJECT_UNKNOWN_INSTRUMENT
    if not is_leg_of(state.accounts.at + command.account, command.position_side):
        return REJECT_INVALID_POSITION_SIDE
    amount: int64_t = command.amount_units
    most: int64_t = UNCAPPED_UNITS
    if amount == 0 or amount > most or amount < -most:
        return REJECT_INVALID_AMOUNT
    index: uint32_t = state.accounts.find_position(command.account, command.instrument, command.position_side)
    position: cython.pointer[Position] = state.accounts.positions + index
    if not index or position.margin_mode != MARGIN_ISOLATED or position.position_lots == 0:
        return REJECT_NO_ISOLATED_POSITION
    if amount > 0 and amount > withdrawable(state, command.account, instrument.settlement_asset):
        return REJECT_BALANCE_INSUFFICIENT
    holding: Holding = holding_of(position)
    left: int128 = cython.cast(int128, position.isolated_units) + amount + min(unrealized(instrument, position), 0)
    if amount < 0 and left < position_margin(
        instrument, cython.address(holding), leverage_in_use(instrument, position)
    ):
        return REJECT_ISOLATED_MARGIN_INSUFFICIENT
    set_apart(state, position, amount)
    state.holders.doubt(state.accounts, command.account)
    position.updated_ns = state.time_ns
    tell_isolated(state, position, amount, 1)
    return REJECT_NONE
