"""Deposit and Withdraw, the only ways money enters and leaves, and Transfer between accounts.

Each happens once per (account, reference).
Rules: [MON-001].
"""

import cython
from cython.cimports.libc.stdint import int64_t, uint32_t
from cython.cimports.libc.string import memcpy
from cython.cimports.matcher.core.client_ids import MONEY, fingerprint_of, is_client_id
from cython.cimports.matcher.core.groups import withdrawable
from cython.cimports.matcher.core.instruments import UNCAPPED_UNITS, WALLET_MAX_UNITS, Asset
from cython.cimports.matcher.core.legs import pay
from cython.cimports.matcher.core.records import (
    ACCOUNT_FROZEN,
    CAUSE_DEPOSIT,
    CAUSE_TRANSFER_IN,
    CAUSE_TRANSFER_OUT,
    CAUSE_WITHDRAWAL,
    EVENT_BALANCE_CHANGED,
    EVENT_BALANCE_REPLAYED,
    REJECT_ACCOUNT_FROZEN,
    REJECT_BALANCE_INSUFFICIENT,
    REJECT_CLIENT_ORDER_ID_REUSED,
    REJECT_INVALID_AMOUNT,
    REJECT_INVALID_CLIENT_ORDER_ID,
    REJECT_NONE,
    REJECT_UNKNOWN_ACCOUNT,
    REJECT_UNKNOWN_ASSET,
    BalanceChanged,
)


def change_balance(state, command, is_deposit):
    """Deposit and Withdraw share their layout; a RejectReason."""
    if not state.accounts.is_open(command.account):
        return REJECT_UNKNOWN_ACCOUNT
    if not is_deposit and state.accounts.at[command.account].state == ACCOUNT_FROZEN:
        return REJECT_ACCOUNT_FROZEN
    if not state.instruments.knows_asset(command.asset):
        return REJECT_UNKNOWN_ASSET
    key: uint32_t
    wallet_max: int64_t = WALLET_MAX_UNITS
    amount: int64_t = command.amount_units
    reason: cython.int = _check_terms(amount, command.reference)
    if reason:
        return reason
    key = state.client_ids.find(command.account, command.kind, command.reference)
    if key:
        if state.client_ids.at[key].fingerprint != fingerprint_of(command):
            return REJECT_CLIENT_ORDER_ID_REUSED
        _tell(state, command, is_deposit, EVENT_BALANCE_REPLAYED)
        return REJECT_NONE
    if is_deposit:
        key = state.accounts.find_wallet(command.account, command.asset)
        if state.accounts.wallets[key].wallet_units > wallet_max - amount:
            return REJECT_INVALID_AMOUNT
        if state.instruments.assets[command.asset].external_units > 2 * wallet_max - amount:
            return REJECT_INVALID_AMOUNT
    else:
        if amount > withdrawable(state, command.account, command.asset):
            return REJECT_BALANCE_INSUFFICIENT
        amount = -amount
    pay(state, state.accounts.touch_wallet(command.account, command.asset), amount)
    house: cython.pointer[Asset] = state.instruments.assets + command.asset
    house.external_units += amount
    key = state.client_ids.add(command.account, command.kind, command.reference, fingerprint_of(command))
    state.client_ids.end(key, MONEY, state.time_ns)
    _tell(state, command, is_deposit, EVENT_BALANCE_CHANGED)
    return REJECT_NONE


def _check_terms(amount, reference):
    """Amount and reference by themselves; a RejectReason."""
    if amount <= 0 or amount > UNCAPPED_UNITS:
        return REJECT_INVALID_AMOUNT
    if not reference[0] or not is_client_id(reference):
        return REJECT_INVALID_CLIENT_ORDER_ID
    return REJECT_NONE


def transfer(state, command):
    """[MAR-014] From one account to another, once per (giver, reference); a RejectReason."""
    if not state.accounts.is_open(command.account) or not state.accounts.is_open(command.to_account):
        return REJECT_UNKNOWN_ACCOUNT
    if command.account == command.to_account:
        return REJECT_INVALID_AMOUNT
    if state.accounts.at[command.account].state == ACCOUNT_FROZEN:
        return REJECT_ACCOUNT_FROZEN
    if not state.instruments.knows_asset(command.asset):
        return REJECT_UNKNOWN_ASSET
    wallet_max: int64_t = WALLET_MAX_UNITS
    amount: int64_t = command.amount_units
    reason: cython.int = _check_terms(amount, command.reference)
    if reason:
        return reason
    key: uint32_t = state.client_ids.find(command.account, command.kind, command.reference)
    if key:
        if state.client_ids.at[key].fingerprint != fingerprint_of(command):
            return REJECT_CLIENT_ORDER_ID_REUSED
        _tell_half(state, command, command.account, CAUSE_TRANSFER_OUT, EVENT_BALANCE_REPLAYED)
        return REJECT_NONE
    if amount > withdrawable(state, command.account, command.asset):
        return REJECT_BALANCE_INSUFFICIENT
    key = state.accounts.find_wallet(command.to_account, command.asset)
    if state.accounts.wallets[key].wallet_units > wallet_max - amount:
        return REJECT_INVALID_AMOUNT
    pay(state, state.accounts.touch_wallet(command.account, command.asset), -amount)
    pay(state, state.accounts.touch_wallet(command.to_account, command.asset), amount)
    key = state.client_ids.add(command.account, command.kind, command.reference, fingerprint_of(command))
    state.client_ids.end(key, MONEY, state.time_ns)
    _tell_half(state, command, command.account, CAUSE_TRANSFER_OUT, EVENT_BALANCE_CHANGED)
    _tell_half(state, command, command.to_account, CAUSE_TRANSFER_IN, EVENT_BALANCE_CHANGED)
    return REJECT_NONE


def _tell_half(state, command, account, cause, kind):
    """One side of a transfer."""
    event: cython.pointer[BalanceChanged] = cython.cast(
        cython.pointer[BalanceChanged], state.emit(kind, account, command.instrument)
    )
    event.detail = cause
    event.amount_units = command.amount_units if cause == CAUSE_TRANSFER_IN else -command.amount_units
    event.wallet_units = state.accounts.wallets[state.accounts.find_wallet(account, command.asset)].wallet_units
    event.asset = command.asset
    memcpy(event.reference, command.reference, 36)


def _tell(state, command, is_deposit, kind):
    """BalanceChanged or BalanceReplayed, which share their layout too."""
    event: cython.pointer[BalanceChanged] = cython.cast(
        cython.pointer[BalanceChanged], state.emit(kind, command.account, command.instrument)
    )
    index: uint32_t = state.accounts.find_wallet(command.account, command.asset)
    event.detail = CAUSE_DEPOSIT if is_deposit else CAUSE_WITHDRAWAL
    event.amount_units = command.amount_units if is_deposit else -command.amount_units
    event.wallet_units = state.accounts.wallets[index].wallet_units
    event.asset = command.asset
    memcpy(event.reference, command.reference, 36)
