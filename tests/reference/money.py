"""Deposit and Withdraw: once per (account, purpose, reference)."""

from __future__ import annotations

from matcher.protocol.commands import Deposit, Withdraw
from matcher.protocol.enums import BalanceCause
from matcher.protocol.events import BalanceChanged, BalanceReplayed
from matcher.protocol.rejects import RejectReason
from tests.reference import keys
from tests.reference.margin import totals
from tests.reference.state import Balance, RefusedError
from tests.reference.turn import Turn

AMOUNT_MAX_UNITS = 10**18
WALLET_MAX_UNITS = 4 * 10**18
EXTERNAL_MAX_UNITS = 8 * 10**18


def deposit(turn: Turn, command: Deposit) -> None:
    turn.state.account(command.account)
    _move(turn, command, command.amount_units, BalanceCause.DEPOSIT)


def withdraw(turn: Turn, command: Withdraw) -> None:
    turn.state.unfrozen_account(command.account)
    _move(turn, command, -command.amount_units, BalanceCause.WITHDRAWAL)


def _move(turn: Turn, command: Deposit | Withdraw, amount: int, cause: BalanceCause) -> None:
    state, asset = turn.state, command.asset
    account = state.account(command.account)
    state.require_asset(asset)
    if not 1 <= command.amount_units <= AMOUNT_MAX_UNITS:
        raise RefusedError(RejectReason.INVALID_AMOUNT)
    if not command.reference:
        raise RefusedError(RejectReason.INVALID_CLIENT_ORDER_ID)
    keys.require_shape(command.reference)
    told = {"amount_units": amount, "asset": asset, "reference": command.reference}
    if keys.find_same_request(turn, command.reference) is not None:
        turn.emit(BalanceReplayed, detail=cause, wallet_units=account.wallet(asset), **told)
        return
    if amount < 0 and -amount > totals(state, account, asset).withdrawable:
        raise RefusedError(RejectReason.BALANCE_INSUFFICIENT)
    house = state.houses[asset]
    is_too_much = (
        account.wallet(asset) + amount > WALLET_MAX_UNITS or house.external_units + amount > EXTERNAL_MAX_UNITS
    )
    if amount > 0 and is_too_much:
        raise RefusedError(RejectReason.INVALID_AMOUNT)
    balance = account.balances.setdefault(asset, Balance())
    balance.wallet_units += amount
    balance.updated_ns = turn.header.time_ns
    house.external_units += amount
    keys.remember_money(turn, command.reference)
    turn.emit(BalanceChanged, detail=cause, wallet_units=balance.wallet_units, **told)
