"""The insurance fund of an asset: an account whose wallet bears what liquidations leave behind."""

from __future__ import annotations

from matcher.protocol.commands import SetInsuranceFund
from matcher.protocol.enums import InsuranceCause, MarginMode, PositionMode
from matcher.protocol.events import InsuranceChanged, InsuranceFundDefined
from matcher.protocol.rejects import RejectReason
from tests.reference import groups
from tests.reference.state import Account, RefusedError, State
from tests.reference.turn import Turn


def fund_of(state: State, asset: int) -> Account | None:
    return state.accounts.get(state.houses[asset].fund_account)


def is_fund(state: State, account: Account) -> bool:
    return any(house.fund_account == account.number for house in state.houses.values())


def set_insurance_fund(turn: Turn, command: SetInsuranceFund) -> None:
    """[LIQ-011] An account with nothing open becomes the fund; the former one must hold nothing either."""
    state = turn.state
    account = state.account(command.account)
    state.require_asset(command.asset)
    former = fund_of(state, command.asset)
    is_fit = (
        account.position_mode == PositionMode.ONE_WAY
        and not account.multi_assets
        and all(p.margin_mode == MarginMode.CROSS for p in account.positions.values())
        and not state.open_orders_of(account.number)
        and not account.has_position()
    )
    if not is_fit or (former is not None and former.has_position()):
        raise RefusedError(RejectReason.INVALID_CONFIGURATION)
    state.houses[command.asset].fund_account = account.number
    turn.emit(InsuranceFundDefined, asset=command.asset)


def receive(turn: Turn, asset: int, units: int, cause: InsuranceCause, **where: int) -> None:
    """The fund's wallet gains `units` that have already left where they were.

    `instrument` says for what; `source_account`, `source_wallet_units` from whom, where it is somebody's.
    """
    fund = fund_of(turn.state, asset)
    assert fund is not None, f"no fund for asset {asset}"
    wallet = fund.pay(asset, units, turn.header.time_ns)
    told = {"amount_units": units, "wallet_units": wallet, "asset": asset, "detail": cause, **where}
    turn.emit(InsuranceChanged, fund.number, **told)


def source(account: Account, asset: int) -> dict[str, int]:
    return {"source_account": account.number, "source_wallet_units": account.wallet(asset)}


def take_surplus(turn: Turn, account: Account, asset: int, units: int, instrument: int) -> None:
    """[LIQ-008] What an isolated leg left over goes to the fund; without one it stays in the wallet."""
    fund = fund_of(turn.state, asset)
    if fund is None or fund is account:
        return
    account.pay(asset, -units, turn.header.time_ns)
    receive(turn, asset, units, InsuranceCause.SURPLUS, instrument=instrument, **source(account, asset))


def bear_deficit(turn: Turn, account: Account, asset: int, deficit: int, instrument: int) -> None:
    """[LIQ-008] The fund pays what it can of a deficit into the wallet."""
    fund = fund_of(turn.state, asset)
    if fund is None or fund is account:
        return
    can = max(0, min(fund.wallet(asset), groups.withdrawable(turn.state, fund, asset)))
    borne = min(deficit, can)
    if borne:
        account.pay(asset, borne, turn.header.time_ns)
        receive(turn, asset, -borne, InsuranceCause.DEFICIT, instrument=instrument, **source(account, asset))
