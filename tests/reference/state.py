"""What the reference engine knows: plain dataclasses, nothing derived is stored.

Totals (level quantities, values of resting orders, margins) are recomputed wherever they are needed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from operator import attrgetter

from matcher.protocol.commands import DefineInstrument, DefineMarketRules, OpenAccount, SetAccountLimits
from matcher.protocol.enums import AccountState, EventFlag, MarginMode, OrderFlag, PositionSide, Side
from matcher.protocol.rejects import RejectReason

Key = tuple[int, int, bytes]  # account, purpose (command kind), text
Leg = tuple[int, int]  # instrument, position_side
# plain numbers: arithmetic of flag classes would be half of the twin's time
LEG_FLAGS = {PositionSide.BOTH: 0, PositionSide.LONG: int(EventFlag.LONG), PositionSide.SHORT: int(EventFlag.SHORT)}
CLOSE_POSITION = int(OrderFlag.CLOSE_POSITION)
CLOSING_FLAGS = int(OrderFlag.REDUCE_ONLY | OrderFlag.CLOSE_POSITION)
BOTH, LONG = int(PositionSide.BOTH), int(PositionSide.LONG)
BUY, SELL = int(Side.BUY), int(Side.SELL)


KEPT_MAX_UNITS = 9 * 10**18
SHOWN_MAX_UNITS = 2**63 - 1


def kept(units: int) -> int:
    """[ENG-008] An amount as it is kept: one beyond the limit is an impossible state."""
    assert abs(units) <= KEPT_MAX_UNITS, f"impossible state: an amount of {units} units"
    return units


def clamped(units: int) -> int:
    """What events and answers show of an amount that 63 bits cannot hold: the most they can."""
    return max(-SHOWN_MAX_UNITS, min(SHOWN_MAX_UNITS, units))


class RefusedError(Exception):
    """A check failed; nothing has been changed."""

    def __init__(self, reason: RejectReason) -> None:
        super().__init__(reason.name)
        self.reason = reason


@dataclass
class Order:
    """One order: resting, waiting for its trigger, or being matched."""

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
    position_side: int = PositionSide.BOTH
    trigger_ticks: int = 0
    callback_ppm: int = 0
    watermark_ticks: int = 0
    take_profit_ticks: int = 0
    stop_loss_ticks: int = 0
    good_till_ns: int = 0
    linked_order_id: int = 0
    children: tuple[int, ...] = ()

    @property
    def leaves_lots(self) -> int:
        return self.quantity_lots - self.filled_lots

    @property
    def leg(self) -> Leg:
        return self.instrument, self.position_side

    @property
    def is_closing(self) -> bool:
        """[MAR-002] It can only reduce its leg."""
        return is_closing(self.side, self.position_side, self.flags)


def is_closing(side: int, position_side: int, flags: int) -> bool:
    """[MAR-002] Whether an order of these terms can only reduce its leg."""
    if position_side == BOTH or flags & CLOSE_POSITION:
        return bool(flags & CLOSING_FLAGS)
    return side == (SELL if position_side == LONG else BUY)


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
    waiting: list[Order] = field(default_factory=list)  # by order_id
    rules: DefineMarketRules = field(default_factory=DefineMarketRules)
    marks: list[tuple[int, int]] = field(default_factory=list)  # time, mark: what the breaker remembers
    resume_ns: int = 0
    last_funding_ns: int = 0
    last_sample_ns: int = 0
    last_premium_ppb: int = 0
    weighted_premium: int = 0
    samples: int = 0

    def resting(self, side: int) -> list[Order]:
        return self.bids if side == Side.BUY else self.asks


@dataclass
class Position:
    """One leg of an account; `leverage` (0 until set) and `margin_mode` are kept on the BOTH leg only."""

    lots: int = 0
    cost_units: int = 0
    realized_pnl_units: int = 0
    leverage: int = 0
    updated_ns: int = 0
    margin_mode: int = MarginMode.CROSS
    isolated_units: int = 0


UNTOUCHED = Position()


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
    positions: dict[Leg, Position] = field(default_factory=dict)
    position_mode: int = 0
    multi_assets: int = 0

    def leg(self, leg: Leg) -> Position:
        """[MAR-001] The leg's record, made when it is not there yet, and BOTH with it."""
        self.positions.setdefault((leg[0], PositionSide.BOTH), Position())
        return self.positions.setdefault(leg, Position())

    def shared(self, instrument: int) -> Position:
        """The record that keeps leverage and margin mode; an empty one when there is none."""
        return self.positions.get((instrument, BOTH), UNTOUCHED)

    def lots(self, leg: Leg) -> int:
        return self.positions[leg].lots if leg in self.positions else 0

    def has_position(self) -> bool:
        return any(position.lots for position in self.positions.values())

    def is_isolated(self, instrument: int) -> bool:
        return self.shared(instrument).margin_mode == MarginMode.ISOLATED

    def legs_of(self, instrument: int) -> list[Leg]:
        return sorted(leg for leg in self.positions if leg[0] == instrument)

    @property
    def is_frozen(self) -> bool:
        return self.terms.account_state == AccountState.FROZEN

    @property
    def is_reduce_only(self) -> bool:
        return self.terms.account_state == AccountState.REDUCE_ONLY

    def wallet(self, asset: int) -> int:
        return self.balances[asset].wallet_units if asset in self.balances else 0

    def pay(self, asset: int, units: int, time_ns: int) -> int:
        """Change the wallet, made when it is not there yet; what it holds then."""
        balance = self.balances.setdefault(asset, Balance())
        balance.wallet_units = kept(balance.wallet_units + units)
        balance.updated_ns = time_ns
        return balance.wallet_units


@dataclass
class House:
    """The exchange's own totals in one asset."""

    fee_income_units: int = 0
    external_units: int = 0
    clearing_units: int = 0
    conversion_units: int = 0
    price_units: int = 0
    threshold_units: int = 0
    haircut_ppb: int = 0
    fund_account: int = 0


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
    is_later: bool = False  # the command being applied is of version 2 or later
    is_third: bool = False  # it is of version 4 or later
    last_order_id: int = 0
    last_trade_id: int = 0
    houses: dict[int, House] = field(default_factory=dict)
    instruments: dict[int, Instrument] = field(default_factory=dict)
    accounts: dict[int, Account] = field(default_factory=dict)
    remembered: dict[Key, Remembered] = field(default_factory=dict)
    ended_orders: list[Key] = field(default_factory=list)
    ended_money: list[Key] = field(default_factory=list)
    countdowns: dict[tuple[int, int], int] = field(default_factory=dict)  # (account, instrument): deadline
    limits: dict[tuple[int, int], SetAccountLimits] = field(default_factory=dict)  # (account, instrument or 0)

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

    def resting_orders(self) -> list[Order]:
        """Every order in a book, by ascending order_id."""
        return _by_number([o for i in self.instruments.values() for o in i.bids + i.asks])

    def waiting_orders(self) -> list[Order]:
        """Every order that waits for its trigger, by ascending order_id."""
        return _by_number([o for i in self.instruments.values() for o in i.waiting])

    def open_orders(self) -> list[Order]:
        """Every order resting or waiting, by ascending order_id."""
        return _by_number([o for i in self.instruments.values() for o in i.bids + i.asks + i.waiting])

    def resting_orders_of(self, account: int, instrument: int = 0) -> list[Order]:
        """The account's resting orders by ascending order_id; instrument 0 means all."""
        markets = self._markets(instrument)
        return _by_number([o for i in markets for o in i.bids + i.asks if o.account == account])

    def waiting_orders_of(self, account: int, instrument: int = 0) -> list[Order]:
        """The account's waiting orders by ascending order_id; instrument 0 means all."""
        return _by_number([o for i in self._markets(instrument) for o in i.waiting if o.account == account])

    def open_orders_of(self, account: int, instrument: int = 0) -> list[Order]:
        """The account's resting and waiting orders by ascending order_id; instrument 0 means all."""
        markets = self._markets(instrument)
        return _by_number([o for i in markets for o in i.bids + i.asks + i.waiting if o.account == account])

    def _markets(self, instrument: int) -> list[Instrument]:
        return [i for number, i in self.instruments.items() if instrument in (0, number)]


def _by_number(orders: list[Order]) -> list[Order]:
    return sorted(orders, key=attrgetter("order_id"))
