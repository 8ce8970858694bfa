"""Promises judged from outside, command by command: by events and answers, not by the engines' own check().

Each checker keeps books of its own and raises AssertionError in its own words.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from matcher.protocol.codec import decode_answer
from matcher.protocol.commands import PlaceOrder
from matcher.protocol.enums import EventFlag, OrderFlag, OrderType, Side, TimeInForce
from matcher.protocol.events import (
    BalanceChanged,
    OrderAccepted,
    OrderAmended,
    OrderExpired,
    OrderFilled,
    OrderRejected,
)
from matcher.protocol.views import Query, QueryKind
from tests.reference.margin import holding, totals
from tests.reference.matching import market_reach_ticks
from tests.reference.state import State


@dataclass
class Bookkeeper:
    """Rebuilds wallets, positions and order outcomes from events alone."""

    asset_of: dict[int, int] = field(default_factory=dict)
    wallets: dict[tuple[int, int], int] = field(default_factory=lambda: defaultdict(int))
    positions: dict[tuple[int, int], int] = field(default_factory=lambda: defaultdict(int))
    reduce_only: set[int] = field(default_factory=set)
    trades: int = 0

    def book(self, events: list[Any]) -> None:
        for event in events:
            if isinstance(event, BalanceChanged):
                self.wallets[event.account, event.asset] += event.amount_units
                assert self.wallets[event.account, event.asset] == event.wallet_units, "wallet differs from its events"
            elif isinstance(event, OrderFilled):
                self._fill(event)
            elif isinstance(event, OrderAccepted) and event.order_flags & OrderFlag.REDUCE_ONLY:
                self.reduce_only.add(event.order_id)
        self._check_pairs([event for event in events if isinstance(event, OrderFilled)])

    def _fill(self, fill: OrderFilled) -> None:
        held = (fill.account, fill.instrument)
        before = self.positions[held]
        self.positions[held] += -fill.quantity_lots if fill.flags & 4 else fill.quantity_lots
        after = self.positions[held]
        assert after == fill.position_lots, "position differs from its fills"
        if fill.order_id in self.reduce_only:
            assert abs(after) < abs(before), "a reduce_only order opened"
            assert after * before >= 0, "a reduce_only order flipped the position"
        wallet = (fill.account, self.asset_of[fill.instrument])
        self.wallets[wallet] += fill.realized_pnl_units - fill.fee_units
        assert self.wallets[wallet] == fill.wallet_units, "wallet differs from its fills"

    def _check_pairs(self, fills: list[OrderFilled]) -> None:
        """Fills come taker first, maker second, of one trade, opposite and equal."""
        for taker, maker in zip(fills[::2], fills[1::2], strict=True):
            self.trades += 1
            assert taker.trade_id == maker.trade_id, "halves of different trades"
            assert (taker.price_ticks, taker.quantity_lots) == (maker.price_ticks, maker.quantity_lots)
            assert (taker.flags ^ maker.flags) & 6 == 6, "both halves have one side or role"

    def compare(self, engine: Any) -> None:
        """The engine's own answers say what the events said; open interest is long = short."""
        longs: dict[int, int] = defaultdict(int)
        for account in {account for account, _ in self.wallets}:
            answer = engine.query(Query(kind=QueryKind.ACCOUNT, account=account).pack())
            _, balances, positions = decode_answer(answer)
            for balance in balances:
                assert balance.wallet_units == self.wallets[account, balance.asset], "a wallet nobody was told of"
            for position in positions:
                assert position.position_lots == self.positions[account, position.instrument]
                longs[position.instrument] += max(0, position.position_lots)
        for instrument in decode_answer(engine.query(Query(kind=QueryKind.INSTRUMENTS).pack()))[1]:
            assert instrument.open_interest_lots == longs[instrument.instrument], "open interest differs"
            held = sum(lots for (_, number), lots in self.positions.items() if number == instrument.instrument)
            assert held == 0, "longs differ from shorts"


@dataclass
class OrderJudge:
    """What an order was promised when it was accepted: its limit, FOK, GTX, and no more than its quantity."""

    terms: dict[int, Any] = field(default_factory=dict)

    def judge(self, events: list[Any]) -> None:
        for event in events:
            if isinstance(event, OrderAccepted | OrderAmended):
                self.terms[event.order_id] = event
            elif isinstance(event, OrderFilled):
                self._judge_fill(event)
            elif isinstance(event, OrderExpired):
                assert event.time_in_force != TimeInForce.FOK, "a fill-or-kill order was filled in part"

    def _judge_fill(self, fill: OrderFilled) -> None:
        order = self.terms[fill.order_id]
        assert 0 <= fill.leaves_lots < order.quantity_lots, "more than ordered"
        if order.order_type == OrderType.LIMIT:
            better = (
                order.price_ticks - fill.price_ticks if order.side == Side.BUY else fill.price_ticks - order.price_ticks
            )
            assert better >= 0, "traded beyond its limit"
        if fill.flags & EventFlag.MAKER:
            assert order.price_ticks == fill.price_ticks, "not at the maker's price"
            assert order.time_in_force in (TimeInForce.GTC, TimeInForce.GTX), "made though it may not rest"
        else:
            assert order.time_in_force != TimeInForce.GTX, "a post-only order took"


@dataclass
class RiskOfficer:
    """No account passes the pre-trade check into equity below maintenance.

    Judged for orders that ask for more margin, by the twin's state before the command; what they then do
    to the account is read after it.
    """

    judged: int = 0
    watched: tuple[int, int] | None = None

    def before(self, state: State, raw: bytes) -> None:
        self.watched = None
        if raw[30] != PlaceOrder.KIND:
            return
        order = PlaceOrder.unpack(raw)
        account, instrument = state.accounts.get(order.account), state.instruments.get(order.instrument)
        if not account or not instrument or not instrument.tiers or order.flags or order.side > 1:
            return
        price = order.price_ticks
        if order.order_type == OrderType.MARKET:
            price = market_reach_ticks(instrument, order.side, order.quantity_lots)
        now = holding(account, instrument)
        after = now.with_order(order.side, price, order.quantity_lots)
        alone = now.with_order_alone(order.side, price, order.quantity_lots)
        if max(after.requirement, alone.requirement) > now.requirement:
            self.watched = (order.account, instrument.terms.settlement_asset)

    def after(self, state: State, events: list[Any]) -> None:
        if self.watched is None or not events or not isinstance(events[0], OrderAccepted):
            return
        account, asset = self.watched
        now = totals(state, state.accounts[account], asset)
        self.judged += 1
        assert now.equity >= now.maintenance, "passed the pre-trade check into liquidation"


def count_refusals(events: list[Any]) -> int:
    return sum(isinstance(event, OrderRejected) or event.reason in range(1, 100) for event in events)
