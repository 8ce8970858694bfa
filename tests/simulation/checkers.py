"""Promises judged from outside, command by command: by events and answers, not by the engines' own check().

Each checker raises AssertionError in its own words.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from matcher.protocol.commands import PROTOCOL_VERSION, AmendOrder, Command, PlaceOrder
from matcher.protocol.enums import AccountState, EventFlag, OrderFlag, OrderType, Side, TimeInForce
from matcher.protocol.events import (
    AccountOpened,
    OrderAccepted,
    OrderAmended,
    OrderExpired,
    OrderFilled,
    OrderRejected,
    OrderTriggered,
    PositionMoved,
)
from tests.reference.groups import Group, group_of, standing
from tests.reference.margin import holding
from tests.reference.matching import market_reach_ticks
from tests.reference.state import State, is_closing
from tests.simulation.workload import VERSION_AT, Leg, leg_of

LIMITS = (OrderType.LIMIT, OrderType.STOP, OrderType.TAKE_PROFIT)
RESTING = (TimeInForce.GTC, TimeInForce.GTX, TimeInForce.GTD)
ANSWER = int(EventFlag.ANSWER)
MAKER = int(EventFlag.MAKER)
ATTACHED = int(OrderFlag.ATTACHED)


@dataclass
class OrderJudge:
    """What an order was promised when it was accepted: its limit, FOK, GTX, and no more than its quantity."""

    terms: dict[int, Any] = field(default_factory=dict)
    triggered: int = 0

    def judge(self, events: list[Any]) -> None:
        for event in events:
            if isinstance(event, OrderAccepted | OrderAmended | OrderTriggered):
                self.terms[event.order_id] = event
                self.triggered += isinstance(event, OrderTriggered)
            elif isinstance(event, OrderFilled):
                self._judge_fill(event)
            elif isinstance(event, OrderExpired) and event.time_in_force == TimeInForce.FOK:
                assert event.filled_lots == 0, "a fill-or-kill order was filled in part"

    def _judge_fill(self, fill: OrderFilled) -> None:
        order = self.terms[fill.order_id]
        assert 0 <= fill.leaves_lots < order.quantity_lots, "more than ordered"
        assert order.order_type <= OrderType.MARKET or self._was_triggered(order), "traded before it was triggered"
        if order.order_type in LIMITS:
            better = (
                order.price_ticks - fill.price_ticks if order.side == Side.BUY else fill.price_ticks - order.price_ticks
            )
            assert better >= 0, "traded beyond its limit"
        if fill.flags & MAKER:
            assert order.price_ticks == fill.price_ticks, "not at the maker's price"
            assert order.order_type in LIMITS, "a market order made"
            assert order.time_in_force in RESTING, "made though it may not rest"
        else:
            assert order.time_in_force != TimeInForce.GTX, "a post-only order took"

    def _was_triggered(self, order: Any) -> bool:
        """Amended later, at the latest, which only those that fired can be."""
        return not isinstance(order, OrderAccepted)


@dataclass
class RiskOfficer:
    """No account passes the pre-trade check into equity below maintenance.

    Judged for orders that ask for more margin, by the twin's state before the command; what they then do
    to the account's cross group is read after it.
    """

    judged: int = 0
    watched: Group | None = None

    def before(self, state: State, raw: bytes) -> None:
        self.watched = None
        if raw[30] != PlaceOrder.KIND:
            return
        order = PlaceOrder.unpack(raw)
        account, instrument = state.accounts.get(order.account), state.instruments.get(order.instrument)
        if not account or not instrument or not instrument.tiers or order.side > 1 or order.position_side > 2:
            return
        opens = not is_closing(order.side, order.position_side, order.flags)
        if not opens or order.order_type > OrderType.MARKET or account.is_isolated(instrument.number):
            return
        price = order.price_ticks
        if order.order_type == OrderType.MARKET:
            price = market_reach_ticks(instrument, order.side, order.quantity_lots)
        now = holding(account, instrument, order.position_side)
        after = now.with_order(order.side, price, order.quantity_lots)
        alone = now.with_order_alone(order.side, price, order.quantity_lots)
        if max(after.requirement, alone.requirement) > now.requirement:
            self.watched = group_of(state, account, (instrument.number, order.position_side))

    def after(self, state: State, events: list[Any]) -> None:
        events = own(events)
        if self.watched is None or not events or not isinstance(events[0], OrderAccepted):
            return
        if any(isinstance(event, OrderTriggered) for event in events):
            return
        now = standing(state, self.watched)
        self.judged += 1
        assert now.equity >= now.maintenance, "passed the pre-trade check into liquidation"


@dataclass
class Warden:
    """An account's own limits are kept by what it places; one that is held to reduce only reduces [CFG-007]."""

    held: set[int] = field(default_factory=set)
    lots: dict[Leg, int] = field(default_factory=dict)
    watched: tuple[int, int, dict[int, tuple[int, int]]] | None = None

    def judge(self, batch: list[bytes], events: list[Any]) -> None:
        """Fills of accounts that a command of now has restricted make their legs smaller."""
        now = {Command.unpack(raw).seq for raw in batch if raw[VERSION_AT] == PROTOCOL_VERSION}
        for event in events:
            if isinstance(event, AccountOpened):
                is_held = event.account_state != AccountState.ACTIVE and event.seq in now
                (self.held.add if is_held else self.held.discard)(event.account)
            elif isinstance(event, OrderFilled | PositionMoved):
                leg, after = leg_of(event), event.position_lots
                before = self.lots.get(leg, 0)
                self.lots[leg] = after
                if event.account in self.held and isinstance(event, OrderFilled):
                    assert abs(after) < abs(before), "a restricted account opened"
                    assert after * before >= 0, "a restricted account turned its position"

    def before(self, state: State, raw: bytes) -> None:
        self.watched = None
        if raw[30] not in (PlaceOrder.KIND, AmendOrder.KIND):
            return
        header = Command.unpack(raw)
        if any(account == header.account for account, _ in state.limits) and header.account in state.accounts:
            self.watched = header.account, header.instrument, _reach(state, header.account)

    def after(self, state: State, events: list[Any]) -> None:
        """More lots or orders than before are within the limits; of an order whose coming fired nothing."""
        events = own(events)
        if self.watched is None or not events or any(isinstance(event, OrderTriggered) for event in events):
            return
        first, (number, instrument, were) = events[0], self.watched
        if not isinstance(first, OrderAccepted | OrderAmended):
            return
        if is_closing(first.side, first.position_side, first.order_flags):
            return
        are = _reach(state, number)
        for key in (instrument, 0):
            limits = state.limits.get((number, key))
            if limits and limits.max_position_lots and are[key][0] > were[key][0]:
                assert are[key][0] <= limits.max_position_lots, "beyond the account's limit of lots"
            if limits and limits.max_open_orders and are[key][1] > were[key][1] and not attached(events):
                assert are[key][1] <= limits.max_open_orders, "beyond the account's limit of orders"


def _reach(state: State, number: int) -> dict[int, tuple[int, int]]:
    """Lots that resting orders can lead to and orders open, by instrument; 0 for all together."""
    account, found = state.accounts[number], {0: (0, 0), **dict.fromkeys(state.instruments, (0, 0))}
    for leg, position in account.positions.items():
        orders = [o for o in state.open_orders_of(number, leg[0]) if o.leg == leg]
        resting = [o for o in orders if not o.is_closing and o not in state.instruments[leg[0]].waiting]
        buys, sells = (sum(o.leaves_lots for o in resting if o.side == side) for side in Side)
        most = max(abs(position.lots), abs(position.lots + buys), abs(position.lots - sells))
        for key in (0, leg[0]):
            lots, count = found[key]
            found[key] = lots + most, count + len(orders)
    return found


def own(events: list[Any]) -> list[Any]:
    """A command's events without those that timers made before it."""
    at = next((n for n, event in enumerate(events) if event.flags & ANSWER), 0)
    return events[at:]


def count_refusals(events: list[Any]) -> int:
    return sum(isinstance(event, OrderRejected) or event.reason in range(1, 100) for event in events)


def attached(events: list[Any]) -> int:
    return sum(isinstance(e, OrderAccepted) and bool(e.order_flags & ATTACHED) for e in events)
