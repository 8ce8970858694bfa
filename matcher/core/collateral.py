"""Owns what assets are worth to accounts that pool them, and the exchange that repays their debts."""

import cython
from cython.cimports.libc.stdint import int64_t, uint32_t, uint64_t
from cython.cimports.matcher.core.groups import WHOLE
from cython.cimports.matcher.core.instruments import UNCAPPED_UNITS, Asset
from cython.cimports.matcher.core.legs import kept, pay
from cython.cimports.matcher.core.machine import divide, divide_up, int128
from cython.cimports.matcher.core.records import (
    EVENT_ASSET_CONVERTED,
    EVENT_COLLATERAL_DEFINED,
    REJECT_INVALID_CONFIGURATION,
    REJECT_NONE,
    REJECT_UNKNOWN_ASSET,
    AssetConverted,
    CollateralDefined,
)


def define_collateral(state, command):
    """[MAR-012] The asset's price, haircut and overdraft from now on; a RejectReason."""
    highest: int64_t = 1_000_000_000_000_000
    if not state.instruments.knows_asset(command.asset):
        return REJECT_UNKNOWN_ASSET
    asset: cython.pointer[Asset] = state.instruments.assets + command.asset
    if (
        command.haircut_ppb > 1_000_000_000
        or command.price_units < 0
        or command.price_units > highest
        or (command.price_units == 0 and asset.price_units)
        or command.threshold_units < 0
        or command.threshold_units > UNCAPPED_UNITS
    ):
        return REJECT_INVALID_CONFIGURATION
    asset.price_units = command.price_units
    asset.threshold_units = command.threshold_units
    asset.haircut_ppb = command.haircut_ppb
    state.holders.doubt_pools(state.accounts)
    event: cython.pointer[CollateralDefined] = cython.cast(
        cython.pointer[CollateralDefined], state.emit(EVENT_COLLATERAL_DEFINED, command.account, command.instrument)
    )
    event.price_units = command.price_units
    event.threshold_units = command.threshold_units
    event.haircut_ppb = command.haircut_ppb
    event.asset = command.asset
    return REJECT_NONE


def exchange_debts(state, account, at_zero):
    """[LIQ-009] Repay debts beyond their threshold from the account's other assets; how many conversions."""
    owed: uint32_t = state.accounts.at[account].first_wallet
    sold: uint32_t
    terms: cython.pointer[Asset]
    count: uint64_t = 0
    while owed:
        terms = state.instruments.assets + state.accounts.wallets[owed].asset
        if terms.price_units and state.accounts.wallets[owed].wallet_units < (0 if at_zero else -terms.threshold_units):
            sold = state.accounts.at[account].first_wallet
            while sold and state.accounts.wallets[owed].wallet_units < 0:
                if sold != owed and state.accounts.wallets[sold].wallet_units > 0:
                    count += _convert(state, state.accounts.wallets + sold, state.accounts.wallets + owed)
                sold = state.accounts.wallets[sold].next
        owed = state.accounts.wallets[owed].next
    return count


def _convert(state, sold, owed):
    """Give of one asset what the debt in the other needs, rounded against the account; whether anything was."""
    terms: cython.pointer[Asset] = state.instruments.assets + sold.asset
    others: cython.pointer[Asset] = state.instruments.assets + owed.asset
    debt: int128 = -cython.cast(int128, owed.wallet_units)
    if terms.price_units == 0:
        return False
    need: int128 = divide_up(debt * others.price_units, WHOLE)
    give: int128 = min(cython.cast(int128, sold.wallet_units), divide_up(need * WHOLE, terms.price_units))
    got: int128 = min(debt, divide(divide(give * terms.price_units, WHOLE) * WHOLE, others.price_units))
    if got <= 0:
        return False
    terms.conversion_units = kept(state, terms.conversion_units + give)
    others.conversion_units = kept(state, others.conversion_units - got)
    given: int64_t = pay(state, cython.cast(uint32_t, sold - state.accounts.wallets), -give)
    taken: int64_t = pay(state, cython.cast(uint32_t, owed - state.accounts.wallets), got)
    event: cython.pointer[AssetConverted] = cython.cast(
        cython.pointer[AssetConverted], state.emit(EVENT_ASSET_CONVERTED, sold.account, 0)
    )
    event.sold_units = cython.cast(int64_t, give)
    event.bought_units = cython.cast(int64_t, got)
    event.sold_wallet_units = given
    event.bought_wallet_units = taken
    event.sold_asset = sold.asset
    event.bought_asset = owed.asset
    return True
