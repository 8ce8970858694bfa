"""Seeded commands of a small busy exchange: well-formed, borderline and hostile, all from one Random."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import accumulate
from random import Random
from typing import Any

from matcher.protocol.commands import (
    COMMANDS,
    AmendOrder,
    CancelAllOrders,
    CancelOrder,
    Command,
    DefineAsset,
    Deposit,
    OpenAccount,
    PlaceOrder,
    SetLeverage,
    SetTradingState,
    Withdraw,
)
from matcher.protocol.enums import AccountState, EventFlag, OrderType, TradingState
from matcher.protocol.events import (
    BalanceChanged,
    OrderAccepted,
    OrderCanceled,
    OrderExpired,
    OrderFilled,
    PositionModeChanged,
    PositionMoved,
)
from tests.simulation import house_draws, order_draws
from tests.simulation.market import ASSETS, Market, open_markets

Leg = tuple[int, int, int]  # account, instrument, position side
ACCOUNTS = 6
HOUR_NS = 3600 * 10**9
BORDERS = (-(2**63), -1, 0, 1, 2**31 - 1, 2**31, 2**40, 2**62, 2**63 - 1)
FUND = ACCOUNTS + 1
HEADER_BYTES = 32
VERSION_AT = 31
OLD_COMMANDS = 300
BODY_KINDS = (*range(2, 28), 7, 7, 7, 10, 10)
LIMIT = int(OrderType.LIMIT)
LONG = int(EventFlag.LONG)
SHORT = int(EventFlag.SHORT)


def leg_of(event: Any) -> Leg:
    """Account, instrument and position side of a fill or a move."""
    side = 1 if event.flags & LONG else 2 if event.flags & SHORT else 0
    return event.account, event.instrument, side


@dataclass
class Workload:
    """Draws packed stamped commands; `observe` tells it which orders came to exist."""

    seed: int
    random: Random = field(init=False)
    markets: list[Market] = field(init=False)
    seq: int = 0
    time_ns: int = 10**18
    orders: dict[int, OrderAccepted] = field(default_factory=dict)
    positions: dict[Leg, int] = field(default_factory=dict)
    hedged: set[int] = field(default_factory=set)
    wallets: dict[tuple[int, int], int] = field(default_factory=dict)
    sent: list[bytes] = field(default_factory=list)
    planned: list[Command] = field(default_factory=list)  # what comes next whatever chance says

    def __post_init__(self) -> None:
        self.random = Random(self.seed)
        self.markets = open_markets(self.random)

    def opening(self) -> list[bytes]:
        """Definitions, accounts and first deposits."""
        commands: list[Command] = [DefineAsset(asset=asset) for asset in ASSETS]
        for market in self.markets:
            commands += [market.terms, *market.tiers(), market.mark_command()]
        for account in range(1, FUND + 1):
            commands.append(self._terms_of(account, AccountState.ACTIVE))
            commands += [
                self._deposit(account, asset, b"start").replace(amount_units=self._funds(asset, (2, 4, 10, 40, 1000)))
                for asset in ASSETS
            ]
        if not self._is_old:
            commands += house_draws.opening(self, ACCOUNTS, FUND)
        return [self._stamp(self._versioned(command.pack())) for command in commands]

    @property
    def _is_old(self) -> bool:
        """Every fifth life begins with a journal of version 1."""
        return self.seed % 5 == 0 and self.seq < OLD_COMMANDS

    def _versioned(self, raw: bytes) -> bytes:
        """Every fifth life begins in version 2; in all of them commands of the old versions come now and then."""
        if self._is_old or self.random.random() < 0.02:
            version = 1
        elif (self.seed % 5 == 1 and self.seq < OLD_COMMANDS) or self.random.random() < 0.02:
            version = 2
        else:
            return raw
        return raw[:VERSION_AT] + bytes((version,)) + raw[VERSION_AT + 1 :]

    def _funds(self, asset: int, orders: tuple[int, ...]) -> int:
        """Enough for one of these numbers of half orders."""
        dearest = max(market.order_value() for market in self.markets if market.terms.settlement_asset == asset)
        return int(dearest * self.random.choice(orders)) // 2 + 1

    def next(self) -> bytes:
        """One more command."""
        self._let_time_pass()
        draw = self.random.choices(_DRAWS, cum_weights=_UP_TO)[0]
        if self._resting() < 40 and self.random.random() < 0.6:
            draw = Workload._place
        drawn = self.planned.pop(0) if self.planned else draw(self)
        raw = drawn if isinstance(drawn, bytes) else drawn.pack()
        return self._stamp(self._versioned(bytes(raw)))

    def observe(self, events: list[Any]) -> None:
        """Keep what is open (of some that ended, too) and who holds what."""
        for event in events:
            if isinstance(event, OrderAccepted):
                self.orders[event.order_id] = event
            elif isinstance(event, OrderFilled | PositionMoved):
                self.positions[leg_of(event)] = event.position_lots
                asset = self.market_of(event.instrument).terms.settlement_asset
                self.wallets[event.account, asset] = event.wallet_units
            elif isinstance(event, BalanceChanged):
                self.wallets[event.account, event.asset] = event.wallet_units
            elif isinstance(event, PositionModeChanged):
                (self.hedged.add if event.position_mode else self.hedged.discard)(event.account)
            ended = isinstance(event, OrderCanceled | OrderExpired) or getattr(event, "leaves_lots", 1) == 0
            if ended and self.random.random() < 0.98:
                self.orders.pop(event.order_id, None)

    def _stamp(self, raw: bytes) -> bytes:
        self.seq += 1
        stamp = Command(seq=self.seq, time_ns=self.time_ns, command_id=self.seq << 32 | self.seed & 0xFFFF)
        stamped = stamp.pack()[:24] + raw[24:]
        self.sent.append(stamped)
        del self.sent[:-200]
        return stamped

    def _let_time_pass(self) -> None:
        step = self.random.random()
        if step < 0.003:
            self.time_ns += self.random.randrange(20 * 24 * HOUR_NS)
        elif step < 0.02:
            self.time_ns += self.random.randrange(26 * HOUR_NS)
        elif step < 0.7:
            self.time_ns += self.random.randrange(10**9)

    def _resting(self) -> int:
        """About how many orders stand in the books."""
        return sum([order.order_type == LIMIT for order in self.orders.values()])

    def any_account(self) -> int:
        """A trader, now and then the insurance fund's account."""
        return FUND if self.random.random() < 0.01 else self.random.randint(1, ACCOUNTS)

    def any_side_of(self, account: int) -> int:
        """A leg's side in the account's position mode, seldom one that it has not."""
        is_hedged = (account in self.hedged) != (self.random.random() < 0.02)
        return self.random.randint(1, 2) if is_hedged else 0

    def any_market(self) -> Market:
        return self.random.choice(self.markets)

    def market_of(self, instrument: int) -> Market:
        return next((m for m in self.markets if m.number == instrument), self.markets[0])

    def any_name(self) -> bytes:
        """Half of all orders carry a key, from a small pool so that keys come again."""
        return b"" if self.random.random() < 0.5 else b"k%d" % self.random.randrange(40)

    def _place(self) -> bytes:
        return order_draws.entry(self).pack()

    def _cancel(self) -> bytes:
        order = self.known_order()
        number = 0 if order.client_order_id and self.random.random() < 0.4 else order.order_id
        named = CancelOrder(account=order.account, instrument=order.instrument, order_id=number)
        return named.replace(client_order_id=order.client_order_id if number == 0 else b"").pack()

    def _cancel_all(self) -> bytes:
        instrument = self.random.choice([0, *(market.number for market in self.markets)])
        return CancelAllOrders(account=self.any_account(), instrument=instrument).pack()

    def _amend(self) -> bytes:
        random, order = self.random, self.known_order()
        market = self.market_of(order.instrument)
        same_price = random.random() < 0.5
        command = AmendOrder(
            account=order.account,
            instrument=order.instrument,
            order_id=order.order_id,
            price_ticks=order.price_ticks if same_price else market.price_near_mark(random, order.side),
            quantity_lots=random.choice([order.quantity_lots, order.quantity_lots // 2, market.quantity(random)]),
        )
        if order.client_order_id and random.random() < 0.3:
            command = command.replace(order_id=0, client_order_id=order.client_order_id)
        return command.pack()

    def known_order(self) -> Any:
        if not self.orders or self.random.random() < 0.03:
            return OrderAccepted(account=self.any_account(), instrument=1, order_id=self.random.randrange(50))
        return self.orders[self.random.choice(list(self.orders)[-60:])]

    def _mark(self) -> bytes:
        market = self.any_market()
        market.move_mark(self.random)
        return market.any_mark_command(self.random).pack()

    def _money(self) -> bytes:
        account, asset = self.any_account(), self.random.choice(ASSETS)
        if self.random.random() < 0.25:
            return self._deposit(account, asset, self.any_name()).pack()
        units = self.random.choice([1, 10**6, self._funds(asset, (1, 4))])
        if self.random.random() < 0.7:  # most of what is there, so that accounts come near their end
            units = max(1, int(self.wallets.get((account, asset), 0) * self.random.choice((1, 0.9, 0.7, 0.5, 0.3))))
        return Withdraw(account=account, asset=asset, amount_units=units, reference=self.any_name()).pack()

    def _deposit(self, account: int, asset: int, reference: bytes) -> Deposit:
        units = self.random.choice([10**4, 10**6, self._funds(asset, (1, 1, 4))])
        return Deposit(account=account, asset=asset, amount_units=units, reference=reference)

    def _leverage(self) -> bytes:
        market = self.any_market()
        leverage = self.random.choice([1, 3, 20, 50, 100, 125, *[market.ladder[0][2]] * 3, market.ladder[-1][2]])
        return SetLeverage(account=self.any_account(), instrument=market.number, leverage=leverage).pack()

    def _terms_of(self, account: int, state: int) -> OpenAccount:
        """Accounts 1 and 2 share a group; some have fees of their own."""
        terms = OpenAccount(account=account, account_state=state, group=1 if account <= 2 else 0)
        if self.random.random() < 0.4:
            fees = self.random.choice([(0, 0), (-100_000, 300_000), (1_000_000, 2_000_000), (-250_000, -1)])
            terms = terms.replace(fee_override=1, maker_fee_ppb=fees[0], taker_fee_ppb=fees[1])
        return terms

    def _open_account(self) -> bytes:
        state = self.random.choices([0, 1, 2], (97, 2, 1))[0]
        return self._terms_of(self.any_account(), state).pack()

    def _redefine(self) -> bytes:
        market = self.any_market()
        market.change_terms(self.random)
        return market.terms.pack()

    def _tier(self) -> bytes:
        """Now and then one tier of a ladder, in order or not, sometimes of a new ladder."""
        market = self.any_market()
        if self.random.random() < 0.2:
            market.change_ladder(self.random)
        tiers = market.tiers()
        market.tier_at = 0 if self.random.random() < 0.1 else (market.tier_at + 1) % len(tiers)
        return tiers[market.tier_at].pack()

    def _state(self) -> bytes:
        state = self.random.choices(list(TradingState), (1, 300, 10, 4, 2, 0.2))[0]
        return SetTradingState(instrument=self.any_market().number, trading_state=state).pack()

    def _again(self) -> bytes:
        """A command that was sent before comes again, byte for byte behind its stamp."""
        return self.random.choice(self.sent)

    def _borderline(self) -> bytes:
        """A good command with one field at the edge of its type or of some rule."""
        raw = self._place() if self.random.random() < 0.5 else self._again()
        command = COMMANDS.get(raw[30], PlaceOrder).unpack(raw)
        layout_field = self.random.choice([f for f in command.LAYOUT.fields if f.offset >= 24])
        return _with_border(self.random, command, layout_field)

    def _hostile(self) -> bytes:
        """Random bytes behind the stamp, with a known kind more often than not."""
        body = bytearray(self.random.randbytes(128))
        if self.random.random() < 0.8:
            head = Command(account=self.any_account(), instrument=self.any_market().number)
            body[:HEADER_BYTES] = head.replace(kind=self.random.choice(BODY_KINDS)).pack()[:HEADER_BYTES]
        return bytes(body)


def _with_border(random: Random, command: Any, layout_field: Any) -> bytes:
    if layout_field.code == "36s":
        value: Any = random.choice([b"\0a", b"a" * 36, b"a b", b"\xff" * 36, b"", b"a\0b", b".A-Z:/a-z0-9_-"])
        return bytes(command.replace(**{layout_field.name: value}).pack())
    bits = 8 * layout_field.size
    signed = layout_field.code.islower()
    least, most = (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if signed else (0, 2**bits - 1)
    now = getattr(command, layout_field.name)
    value = random.choice([*BORDERS, least, most, now - 1, now + 1, random.randrange(8)])
    return bytes(command.replace(**{layout_field.name: max(least, min(most, value))}).pack())


_MIX = (
    (Workload._place, 46),
    (Workload._amend, 10),
    (Workload._cancel, 7),
    (Workload._money, 6),
    (Workload._cancel_all, 1),
    (Workload._mark, 13),
    (Workload._leverage, 3),
    (Workload._open_account, 3),
    (Workload._redefine, 1),
    (Workload._tier, 2),
    (Workload._state, 1.5),
    (Workload._again, 3),
    (Workload._borderline, 3),
    (Workload._hostile, 1.5),
    (order_draws.reducing, 6),
    (order_draws.conditional, 14),
    (order_draws.linked, 4),
    (order_draws.countdown, 0.6),
    (house_draws.margin_mode, 1),
    (house_draws.retreat, 0.7),
    (house_draws.position_mode, 0.5),
    (house_draws.multi_assets, 0.5),
    (house_draws.isolated_margin, 2),
    (house_draws.transfer, 1.5),
    (house_draws.any_collateral, 1),
    (house_draws.fund, 0.3),
    (house_draws.any_rules, 0.7),
    (house_draws.sample, 2),
    (house_draws.settle_funding, 1),
    (house_draws.sweep, 2),
    (house_draws.delist, 0.03),
    (house_draws.account_limits, 1),
)
_DRAWS = [draw for draw, _ in _MIX]
_UP_TO = list(accumulate(weight for _, weight in _MIX))
