"""Deposit, Withdraw and Transfer: once per (account, purpose, reference)."""

from __future__ import annotations

from matcher.protocol.commands import Deposit, Transfer, Withdraw
from matcher.protocol.enums import BalanceCause
from matcher.protocol.events import BalanceChanged, BalanceReplayed
from matcher.protocol.rejects import RejectReason
from tests.reference import groups, keys
from tests.reference.state import Account, RefusedError
from tests.reference.turn import Turn

AMOUNT_MAX_UNITS = 10**18
WALLET_MAX_UNITS = 4 * 10**18
EXTERNAL_MAX_UNITS = 8 * 10**18
Money = Deposit | Withdraw | Transfer


def deposit(turn: Turn, command: Deposit) -> None:
    turn.state.account(command.account)
    _move(turn, command, command.amount_units, BalanceCause.DEPOSIT)


def withdraw(turn: Turn, command: Withdraw) -> None:
    turn.state.unfrozen_account(command.account)
    _move(turn, command, -command.amount_units, BalanceCause.WITHDRAWAL)


def transfer(turn: Turn, command: Transfer) -> None:
    """[MAR-014] What is free goes to another account; nothing enters or leaves the exchange."""
    state, asset, amount = turn.state, command.asset, command.amount_units
    account, receiver = state.account(command.account), state.account(command.to_account)
    if account is receiver:
        raise RefusedError(RejectReason.INVALID_AMOUNT)
    state.unfrozen_account(command.account)
    if _is_replayed(turn, command, -amount, BalanceCause.TRANSFER_OUT):
        return
    if amount > groups.withdrawable(state, account, asset):
        raise RefusedError(RejectReason.BALANCE_INSUFFICIENT)
    if receiver.wallet(asset) + amount > WALLET_MAX_UNITS:
        raise RefusedError(RejectReason.INVALID_AMOUNT)
    keys.remember_money(turn, command.reference)
    _change(turn, command, account, -amount, BalanceCause.TRANSFER_OUT)
    _change(turn, command, receiver, amount, BalanceCause.TRANSFER_IN)


def _move(turn: Turn, command: Deposit | Withdraw, amount: int, cause: BalanceCause) -> None:
    state, asset = turn.state, command.asset
    account = state.account(command.account)
    if _is_replayed(turn, command, amount, cause):
        return
    if amount < 0 and -amount > groups.withdrawable(state, account, asset):
        raise RefusedError(RejectReason.BALANCE_INSUFFICIENT)
    house = state.houses[asset]
    is_too_much = (
        account.wallet(asset) + amount > WALLET_MAX_UNITS or house.external_units + amount > EXTERNAL_MAX_UNITS
    )
    if amount > 0 and is_too_much:
        raise RefusedError(RejectReason.INVALID_AMOUNT)
    house.external_units += amount
    keys.remember_money(turn, command.reference)
    _change(turn, command, account, amount, cause)


def _is_replayed(turn: Turn, command: Money, amount: int, cause: BalanceCause) -> bool:
    """The checks before any money is looked at; True when the same request came before."""
    turn.state.require_asset(command.asset)
    if not 1 <= command.amount_units <= AMOUNT_MAX_UNITS:
        raise RefusedError(RejectReason.INVALID_AMOUNT)
    if not command.reference:
        raise RefusedError(RejectReason.INVALID_CLIENT_ORDER_ID)
    keys.require_shape(command.reference)
    if keys.find_same_request(turn, command.reference) is None:
        return False
    wallet = turn.state.account(command.account).wallet(command.asset)
    told = {"amount_units": amount, "asset": command.asset, "reference": command.reference}
    turn.emit(BalanceReplayed, detail=cause, wallet_units=wallet, **told)
    return True


def _change(turn: Turn, command: Money, account: Account, amount: int, cause: BalanceCause) -> None:
    wallet = account.pay(command.asset, amount, turn.header.time_ns)
    told = {"amount_units": amount, "asset": command.asset, "reference": command.reference}
    turn.emit(BalanceChanged, account.number, detail=cause, wallet_units=wallet, **told)
