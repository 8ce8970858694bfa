"""Owns the insurance funds: accounts whose wallets gain from liquidations and bear what they leave behind."""

import cython
from cython.cimports.libc.stdint import int64_t, uint32_t
from cython.cimports.matcher.core.accounts import Account
from cython.cimports.matcher.core.groups import group_equity, withdrawable
from cython.cimports.matcher.core.instruments import INSTRUMENTS, Asset, Instrument
from cython.cimports.matcher.core.legs import pay
from cython.cimports.matcher.core.machine import int128, share_up
from cython.cimports.matcher.core.modes import has_open_orders, has_position, is_isolated_anywhere
from cython.cimports.matcher.core.records import (
    EVENT_INSURANCE_CHANGED,
    EVENT_INSURANCE_FUND_DEFINED,
    INSURANCE_DEFICIT,
    INSURANCE_SURPLUS,
    MODE_ONE_WAY,
    REJECT_INVALID_CONFIGURATION,
    REJECT_NONE,
    REJECT_UNKNOWN_ACCOUNT,
    REJECT_UNKNOWN_ASSET,
    InsuranceChanged,
    InsuranceFundDefined,
)


def set_insurance_fund(state, command):
    """[LIQ-011] An account with nothing open becomes the asset's fund; a RejectReason."""
    if not state.accounts.is_open(command.account):
        return REJECT_UNKNOWN_ACCOUNT
    if not state.instruments.knows_asset(command.asset):
        return REJECT_UNKNOWN_ASSET
    asset: cython.pointer[Asset] = state.instruments.assets + command.asset
    number: cython.int
    if not _is_fit(state, command.account) or (asset.fund_account and has_position(state, asset.fund_account, 0)):
        return REJECT_INVALID_CONFIGURATION
    was: uint32_t = asset.fund_account
    asset.fund_account = command.account
    state.accounts.at[was].is_fund = 0
    for number in range(1, INSTRUMENTS):
        if state.instruments.assets[number].fund_account:
            state.accounts.at[state.instruments.assets[number].fund_account].is_fund = 1
    event: cython.pointer[InsuranceFundDefined] = cython.cast(
        cython.pointer[InsuranceFundDefined],
        state.emit(EVENT_INSURANCE_FUND_DEFINED, command.account, command.instrument),
    )
    event.asset = command.asset
    return REJECT_NONE


def _is_fit(state, account):
    it: cython.pointer[Account] = state.accounts.at + account
    return (
        it.position_mode == MODE_ONE_WAY
        and not it.multi_assets
        and not is_isolated_anywhere(state, account)
        and not has_open_orders(state, account, 0)
        and not has_position(state, account, 0)
    )


def fund_for(state, account, asset):
    """The asset's fund; 0 without one, and for the fund itself."""
    fund: uint32_t = state.instruments.assets[asset].fund_account
    return 0 if fund == account else fund


def liquidation_fee(state, position, notional):
    """[LIQ-005] What a fill of a liquidation order pays to the fund: no more than its group has left."""
    instrument: cython.pointer[Instrument] = state.instruments.at + position.instrument
    if not fund_for(state, position.account, instrument.settlement_asset):
        return 0
    left: int128 = max(group_equity(state, position), 0)
    return cython.cast(int64_t, min(share_up(notional, instrument.liquidation_fee_ppb), left))


def pay_fund(state, asset, units, cause, source, instrument):
    """InsuranceChanged: the fund's wallet gains units, which have left where they were; source 0 names nobody."""
    fund: uint32_t = state.instruments.assets[asset].fund_account
    wallet: uint32_t = state.accounts.touch_wallet(fund, asset)
    wallet_units: int64_t = pay(state, wallet, units)
    event: cython.pointer[InsuranceChanged] = cython.cast(
        cython.pointer[InsuranceChanged], state.emit(EVENT_INSURANCE_CHANGED, fund, instrument)
    )
    event.detail = cause
    event.amount_units = units
    event.wallet_units = wallet_units
    event.asset = asset
    if source:
        event.source_account = source
        event.source_wallet_units = state.accounts.wallets[state.accounts.find_wallet(source, asset)].wallet_units


def give_surplus(state, account, asset, units, instrument):
    """[LIQ-008] What a liquidated isolated leg left over goes to the fund; without one it stays in the wallet."""
    amount: int64_t = cython.cast(int64_t, units)
    if not fund_for(state, account, asset):
        return
    pay(state, state.accounts.touch_wallet(account, asset), -amount)
    pay_fund(state, asset, amount, INSURANCE_SURPLUS, account, instrument)


def bear_deficit(state, account, asset, deficit, instrument):
    """[LIQ-008] The fund pays what it can of a deficit into the wallet."""
    fund: uint32_t = fund_for(state, account, asset)
    if not fund:
        return
    wallet: uint32_t = state.accounts.find_wallet(fund, asset)
    can: int128 = min(
        cython.cast(int128, state.accounts.wallets[wallet].wallet_units), withdrawable(state, fund, asset)
    )
    borne: int64_t = cython.cast(int64_t, min(deficit, max(can, 0)))
    if borne:
        pay(state, state.accounts.touch_wallet(account, asset), borne)
        pay_fund(state, asset, -borne, INSURANCE_DEFICIT, account, instrument)
