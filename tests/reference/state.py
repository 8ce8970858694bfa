"""What the reference engine knows: plain dataclasses, nothing derived is stored.

Totals (level quantities, values of resting orders, margins) are recomputed wherever they are needed.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from matcher.protocol.commands import DefineInstrument, OpenAccount
from matcher.protocol.enums import AccountState, OrderFlag, Side
from matcher.protocol.rejects import RejectReason

Key = tuple[int, int, bytes]  # account, purpose (command kind), text


class RefusedError(Exception):
    """A check failed; nothing has been changed."""

    def __init__(self, reason: RejectReason) -> None:
        super().__init__(reason.name)
        self.reason = reason


@dataclass
class Order:
    """One order, resting or being matched."""

    order_id: int
    account: int
    instrument: int
    side: int
    order_type: int
    time_in_force: int
    flags: int
    working_type: int
    self_trade_prevention: int
    client_order_id: bytes
    price_ticks: int
    quantity_lots: int
    created_ns: int
    updated_ns: int
    filled_lots: int = 0
    filled_quote_units: int = 0

    @property
    def leaves_lots(self) -> int:
        return self.quantity_lots - self.filled_lots

    @property
    def is_reduce_only(self) -> bool:
        return bool(self.flags & OrderFlag.REDUCE_ONLY)


@dataclass
class Tier:
    """One step of a risk ladder; `maintenance_amount_units` is cum of the margin formula."""

    floor_units: int
    maintenance_amount_units: int
    rate_ppb: int
    max_leverage: int


@dataclass
class Instrument:
    """Terms as last defined, the market's state, and both sides of the book in priority order."""

    number: int
    terms: DefineInstrument
    trading_state: int
    tiers: list[Tier] = field(default_factory=list)
    stage: list[Tier] = field(default_factory=list)
    stage_count: int = 0
    mark_ticks: int = 0
    index_ticks: int = 0
    next_funding_ns: int = 0
    funding_rate_ppb: int = 0
    mark_time_ns: int = 0
    last_price_ticks: int = 0
    last_trade_id: int = 0
    bids: list[Order] = field(default_factory=list)
    asks: list[Order] = field(default_factory=list)

    def resting(self, side: int) -> list[Order]:
        return self.bids if side == Side.BUY else self.asks


@dataclass
class Position:
    """An account in one instrument; `leverage` is 0 until set."""

    lots: int = 0
    cost_units: int = 0
    realized_pnl_units: int = 0
    leverage: int = 0
    updated_ns: int = 0


@dataclass
class Balance:
    wallet_units: int = 0
    updated_ns: int = 0


@dataclass
class Account:
    number: int
    terms: OpenAccount
    group: int
    balances: dict[int, Balance] = field(default_factory=dict)
    positions: dict[int, Position] = field(default_factory=dict)

    @property
    def is_frozen(self) -> bool:
        return self.terms.account_state == AccountState.FROZEN

    @property
    def is_reduce_only(self) -> bool:
        return self.terms.account_state == AccountState.REDUCE_ONLY

    def wallet(self, asset: int) -> int:
        return self.balances[asset].wallet_units if asset in self.balances else 0


@dataclass
class House:
    """The exchange's own totals in one asset."""

    fee_income_units: int = 0
    external_units: int = 0
    clearing_units: int = 0


@dataclass
class Remembered:
    """An idempotency key: the request's fingerprint and how its order ended."""

    fingerprint: int
    order_id: int = 0
    status: int = 0
    filled_lots: int = 0
    filled_quote_units: int = 0
    ended_ns: int = 0


@dataclass
class State:
    """The whole state machine's memory."""

    accounts_max: int
    orders_max: int
    seq: int = 0
    time_ns: int = 0
    last_order_id: int = 0
    last_trade_id: int = 0
    houses: dict[int, House] = field(default_factory=dict)
    instruments: dict[int, Instrument] = field(default_factory=dict)
    accounts: dict[int, Account] = field(default_factory=dict)
    remembered: dict[Key, Remembered] = field(default_factory=dict)
    ended_orders: list[Key] = field(default_factory=list)
    ended_money: list[Key] = field(default_factory=list)

    def account(self, number: int) -> Account:
        if number not in self.accounts:
            raise RefusedError(RejectReason.UNKNOWN_ACCOUNT)
        return self.accounts[number]

    def unfrozen_account(self, number: int) -> Account:
        account = self.account(number)
        if account.is_frozen:
            raise RefusedError(RejectReason.ACCOUNT_FROZEN)
        return account

    def instrument(self, number: int) -> Instrument:
        if number not in self.instruments:
            raise RefusedError(RejectReason.UNKNOWN_INSTRUMENT)
        return self.instruments[number]

    def require_asset(self, asset: int) -> None:
        if asset not in self.houses:
            raise RefusedError(RejectReason.UNKNOWN_ASSET)

    def open_orders(self) -> list[Order]:
        """Every resting order, by ascending order_id."""
        orders = [o for i in self.instruments.values() for o in i.bids + i.asks]
        return sorted(orders, key=lambda o: o.order_id)

    def open_orders_of(self, account: int, instrument: int = 0) -> list[Order]:
        """The account's resting orders by ascending order_id; instrument 0 means all."""
        books = [self.instruments[instrument]] if instrument else list(self.instruments.values())
        orders = [o for i in books for o in i.bids + i.asks if o.account == account]
        return sorted(orders, key=lambda o: o.order_id)
