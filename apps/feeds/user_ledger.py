"""What one command did to an account's money and positions, gathered into one ACCOUNT_UPDATE a cause.

Events of the same command and cause make one message: the wallets and legs they changed, as they stand
after the last of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from apps.feeds.market import Market
from apps.feeds.user_account import Leg, UserAccount
from matcher.protocol.enums import BalanceCause, InsuranceCause, MoveCause
from matcher.protocol.events import (
    AssetConverted,
    BalanceChanged,
    Event,
    FundingPaid,
    InsuranceChanged,
    IsolatedMarginChanged,
    MarginModeChanged,
    OrderFilled,
    PositionMoved,
)

ASKED_FOR = 1  # `detail` of an IsolatedMarginChanged that the account itself wanted
CAUSES = {
    BalanceCause.DEPOSIT: "DEPOSIT",
    BalanceCause.WITHDRAWAL: "WITHDRAW",
    BalanceCause.TRANSFER_OUT: "ASSET_TRANSFER",
    BalanceCause.TRANSFER_IN: "ASSET_TRANSFER",
}
MOVES = {MoveCause.TAKEN_OVER: "ORDER", MoveCause.DELEVERAGED: "ADL", MoveCause.SETTLED: "ADJUSTMENT"}
MONEY_KINDS = frozenset(
    event.KIND
    for event in (
        AssetConverted,
        BalanceChanged,
        FundingPaid,
        InsuranceChanged,
        IsolatedMarginChanged,
        MarginModeChanged,
        OrderFilled,
        PositionMoved,
    )
)


class Gathered:
    """The rows of one ACCOUNT_UPDATE: assets with what they gained beyond trading, and legs."""

    def __init__(self, cause: str, event: Event) -> None:
        self.cause, self.seq, self.last = cause, event.seq, event
        self.gains: dict[int, int] = {}
        self.legs: dict[Leg, None] = {}

    def add(self, event: Event, gains: Mapping[int, int], legs: Iterable[Leg]) -> None:
        self.last = event
        for asset, units in gains.items():
            self.gains[asset] = self.gains.get(asset, 0) + units
        self.legs.update(dict.fromkeys(legs))


def settlement_asset(markets: Mapping[int, Market], instrument: int) -> int:
    """Raises KeyError for an instrument the feeds do not know."""
    return markets[instrument].spec.settlement_asset_id


def take(
    account: UserAccount, event: Event, markets: Mapping[int, Market], open_cause: str
) -> tuple[str, dict[int, int], list[Leg]] | None:
    """Let a money event change the account: its cause, gains by asset and legs; None for nothing to tell.

    `open_cause` is the cause being gathered: margin that a fill or a move releases belongs to it.
    Raises KeyError for an instrument the feeds do not know.
    """
    if isinstance(event, OrderFilled):
        asset = settlement_asset(markets, event.instrument)
        return "ORDER", {asset: 0}, [account.take_change(event, asset)]
    if isinstance(event, PositionMoved):
        asset = settlement_asset(markets, event.instrument)
        return MOVES[MoveCause(event.detail)], {asset: 0}, [account.take_change(event, asset)]
    if isinstance(event, IsolatedMarginChanged):
        asset, leg = settlement_asset(markets, event.instrument), account.take_isolated(event)
        return ("MARGIN_TRANSFER" if event.detail == ASKED_FOR else open_cause or "ORDER"), {asset: 0}, [leg]
    if isinstance(event, FundingPaid):
        asset = settlement_asset(markets, event.instrument)
        leg = account.take_funding(event, asset)
        isolated = account.setting(event.instrument).margin_mode
        return "FUNDING_FEE", {asset: event.amount_units}, [leg] if isolated else []
    if isinstance(event, InsuranceChanged):
        if event.account != account.account_id and event.detail in FEES:
            return None  # the fill has told the fee already
        return "INSURANCE_CLEAR", {event.asset: account.take_insurance(event)}, []
    if isinstance(event, AssetConverted):
        account.take_conversion(event)
        return "AUTO_EXCHANGE", {event.sold_asset: -event.sold_units, event.bought_asset: event.bought_units}, []
    if isinstance(event, BalanceChanged):
        account.wallets[event.asset] = event.wallet_units
        return CAUSES[BalanceCause(event.detail)], {event.asset: event.amount_units}, []
    assert isinstance(event, MarginModeChanged), f"{type(event).__name__} moves no money"
    account.setting(event.instrument).margin_mode = event.margin_mode
    legs = [leg for leg in account.positions if leg[0] == event.instrument] or [(event.instrument, 0)]
    return "MARGIN_TYPE_CHANGE", {}, legs


FEES = frozenset((InsuranceCause.LIQUIDATION_FEE, InsuranceCause.FUNDING_RESIDUE))
