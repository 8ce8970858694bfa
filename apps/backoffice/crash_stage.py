"""The stage of the crash drill: an asset, an instrument and people of its own, so that nobody else's money is near.

Every run lists an instrument of its own; the drill settles it at the end, which leaves every position closed.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from apps.accounts.engine import send
from apps.accounts.selectors import get_account, list_accounts_of_user
from apps.accounts.services import create_account, credit_account, open_account
from apps.assets.services import define_asset
from apps.bridge import services as bridge
from apps.instruments.selectors import get_instrument
from apps.instruments.services import define_instrument, push_definitions
from apps.instruments.terms import InstrumentTerms, TierTerms
from apps.instruments.types import InstrumentSpec
from apps.insurance.services import define_insurance_fund
from apps.users.errors import EmailTaken
from apps.users.selectors import get_user_by_email
from apps.users.services import register_user
from matcher.protocol.commands import Command, PlaceOrder, SetLeverage, SetMarginMode, SetMarkPrice
from matcher.protocol.enums import MarginMode, Side
from matcher.protocol.events import CommandRejected, Event, OrderRejected
from matcher.protocol.rejects import RejectReason
from matcher.protocol.units import ASSET_UNIT
from matcher.protocol.views import BalanceView, Query, QueryKind

MONEY, THING = (901, "DRL", "Drill money"), (902, "CRASH", "A thing that falls")
FIRST_NUMBER, RUNS_MAX = 901, 100
OWNER = "crash-drill@example.com"
OPENING = "100"
LEVERAGE = 50


class DrillFailed(Exception):
    """The drill could not be played: the text says which step, and what the engine said."""


@dataclass(frozen=True, slots=True)
class Role:
    """Somebody in the story: what they bring and what they hold when the curtain rises (negative: short)."""

    name: str
    money: int
    quantity: int
    is_isolated: bool = False


ROLES = (
    Role("Ann", 1_000, 200),
    Role("Ben", 900, 300),
    Role("Cleo", 5_000, 100),
    Role("Ivy", 60, 20, is_isolated=True),
    Role("Dora", 1_500, -300),
    Role("Emil", 20_000, -320),
    Role("Gus", 10_000, 0),
)
FUND = Role("the fund", 500, 0)


class Stage:
    """Accounts by name, the instrument, and commands that must not be refused."""

    def __init__(self, spec: InstrumentSpec, accounts: dict[str, int]) -> None:
        self.spec = spec
        self.accounts = accounts
        self.names = {account: name for name, account in accounts.items()}
        self.earlier_units = sum(_wallet_units(account) for account in _played_before(accounts))

    def ticks(self, price: str) -> int:
        return self.spec.price_ticks(price)

    def act(self, command: Command) -> Sequence[Event]:
        """The command's events. Raises DrillFailed when it was refused."""
        events = send(command)
        for event in events:
            if isinstance(event, CommandRejected | OrderRejected) and event.command_id == events[-1].command_id:
                who = self.names.get(event.account, f"account {event.account}")
                raise DrillFailed(f"{type(command).__name__} of {who}: {RejectReason(event.reason).name}")
        return events

    def set_mark(self, price: str) -> Sequence[Event]:
        ticks = self.ticks(price)
        return self.act(SetMarkPrice(instrument=self.spec.id, mark_ticks=ticks, index_ticks=ticks))

    def place(self, name: str, side: Side, quantity: int, price: str) -> Sequence[Event]:
        """A limit order that rests or trades."""
        return self.act(
            PlaceOrder(
                account=self.accounts[name],
                instrument=self.spec.id,
                side=side,
                quantity_lots=self.spec.quantity_lots(str(quantity)),
                price_ticks=self.ticks(price),
                client_order_id=f"drill-{secrets.token_hex(8)}".encode(),
            )
        )


def set_stage() -> Stage:
    """List the instrument, open and fund the accounts, name the fund, open the positions at 100."""
    for asset_id, code, name in (MONEY, THING):
        define_asset(asset_id=asset_id, code=code, name=name, decimals=8)
    spec = _list_instrument()
    push_definitions()
    accounts = _open_accounts(spec)
    define_insurance_fund(asset_id=spec.settlement_asset_id, account_id=accounts[FUND.name])
    stage = Stage(spec, accounts)
    stage.set_mark(OPENING)
    for role in ROLES:
        account = accounts[role.name]
        if role.is_isolated:
            stage.act(SetMarginMode(account=account, instrument=spec.id, margin_mode=MarginMode.ISOLATED))
        stage.act(SetLeverage(account=account, instrument=spec.id, leverage=LEVERAGE))
    for role in sorted(ROLES, key=lambda one: one.quantity):
        if role.quantity:
            stage.place(role.name, Side.BUY if role.quantity > 0 else Side.SELL, abs(role.quantity), OPENING)
    return stage


def _list_instrument() -> InstrumentSpec:
    """The next free number; those of earlier runs are delisted."""
    for number in range(FIRST_NUMBER, FIRST_NUMBER + RUNS_MAX):
        symbol = f"CRASH{number - FIRST_NUMBER + 1}{MONEY[1]}"
        if get_instrument(symbol) is None:
            return define_instrument(terms=_terms(number, symbol))
    raise DrillFailed(f"{RUNS_MAX} drills were played with this data: start with another DATA")


def _terms(number: int, symbol: str) -> InstrumentTerms:
    return InstrumentTerms(
        id=number,
        symbol=symbol,
        base_asset=THING[1],
        quote_asset=MONEY[1],
        tick_size="0.01",
        lot_size="0.001",
        max_price="1000",
        min_quantity="0.001",
        max_quantity="100000",
        max_market_quantity="10000",
        min_notional="5",
        impact_notional="1000",
        mark_max_age_ms=0,
        tiers=(TierTerms("0", "0.0065", 75), TierTerms("100000", "0.02", 25)),
    )


def _open_accounts(spec: InstrumentSpec) -> dict[str, int]:
    """One person plays all roles, each with an account of its own."""
    try:
        user_id = register_user(email=OWNER, password=secrets.token_urlsafe(16)).id
    except EmailTaken:
        owner = get_user_by_email(OWNER)
        assert owner is not None, "the email is taken, so somebody has it"
        user_id = owner.id
    accounts = {}
    for role in (*ROLES, FUND):
        account = create_account(user_id=user_id, name=f"{role.name} of {spec.symbol}")
        open_account(account_id=account.id)
        credit_account(
            account_id=account.id,
            asset_code=MONEY[1],
            amount_units=role.money * ASSET_UNIT,
            reference=f"drill-{spec.symbol}",
        )
        accounts[role.name] = account.id
    return accounts


def _played_before(accounts: dict[str, int]) -> list[int]:
    """Accounts of earlier drills, which still hold what those left them."""
    owner = get_account(next(iter(accounts.values())))
    assert owner is not None, "just made"
    return [one.id for one in list_accounts_of_user(owner.user_id) if one.id not in accounts.values()]


def _wallet_units(account: int) -> int:
    _, balances, _ = bridge.query(Query(kind=QueryKind.ACCOUNT, account=account))
    return sum(view.wallet_units for view in balances if isinstance(view, BalanceView) and view.asset == MONEY[0])
