"""One account as its user stream needs it: open orders for context, positions, wallets.

Loaded from the engine's answers, then kept by its own events; everything is in ticks, lots and units.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from matcher.protocol.enums import EventFlag, OrderType, PositionSide, Side
from matcher.protocol.events import (
    AssetConverted,
    FundingPaid,
    InsuranceChanged,
    IsolatedMarginChanged,
    OrderAccepted,
    OrderFilled,
    OrderImage,
    OrderTerms,
    OrderTriggered,
    PositionMoved,
)
from matcher.protocol.views import BalanceView, OrderView, PositionView

Leg = tuple[int, int]  # instrument, position side


def side_of(flags: int) -> int:
    """The leg an event's flags name."""
    if flags & EventFlag.LONG:
        return PositionSide.LONG
    return PositionSide.SHORT if flags & EventFlag.SHORT else PositionSide.BOTH


class OpenOrder:
    """An order's terms and how far it is filled, from its latest image. `waiting`: its price was not reached yet."""

    __slots__ = (
        "callback_ppm",
        "client_order_id",
        "filled_lots",
        "filled_quote_units",
        "good_till_ns",
        "instrument",
        "order_flags",
        "order_id",
        "order_type",
        "position_side",
        "price_ticks",
        "quantity_lots",
        "self_trade_prevention",
        "side",
        "status",
        "time_in_force",
        "trigger_ticks",
        "triggered_ns",
        "waiting",
        "working_type",
    )

    def __init__(self, image: OrderImage | OrderView) -> None:
        self.order_id: int = image.order_id
        self.instrument: int = image.instrument
        self.client_order_id = image.client_order_id.decode()
        self.price_ticks: int = image.price_ticks
        self.quantity_lots: int = image.quantity_lots
        self.filled_lots: int = image.filled_lots
        self.filled_quote_units: int = image.filled_quote_units
        self.side: int = image.side
        self.order_type: int = image.order_type
        self.time_in_force: int = image.time_in_force
        self.order_flags: int = image.order_flags
        self.position_side: int = image.position_side
        self.working_type: int = image.working_type
        self.self_trade_prevention: int = image.self_trade_prevention
        self.status: int = image.status
        self.trigger_ticks = self.callback_ppm = self.good_till_ns = self.triggered_ns = 0
        self.waiting = isinstance(image, OrderAccepted) and self.is_conditional
        if isinstance(image, OrderView):
            self.take_terms(image)
            self.waiting = bool(image.waiting)
            self.triggered_ns = image.updated_ns if self.is_conditional and not self.waiting else 0

    @property
    def is_conditional(self) -> bool:
        """Whether it was placed to wait for a price, whatever became of it."""
        return self.order_type >= OrderType.STOP

    @property
    def open_value(self) -> int:
        """price_ticks x leaves_lots in the book."""
        return 0 if self.waiting else self.price_ticks * (self.quantity_lots - self.filled_lots)

    def take_terms(self, terms: OrderTerms | OrderView) -> None:
        self.trigger_ticks = terms.trigger_ticks
        self.callback_ppm = terms.callback_ppm
        self.good_till_ns = terms.good_till_ns

    def inherit(self, before: OpenOrder, event: OrderImage) -> None:
        """What an image does not show stays as it was; a trigger ends the waiting."""
        self.trigger_ticks, self.callback_ppm = before.trigger_ticks, before.callback_ppm
        self.good_till_ns, self.triggered_ns = before.good_till_ns, before.triggered_ns
        self.waiting = before.waiting
        if isinstance(event, OrderTriggered):
            self.waiting, self.triggered_ns = False, event.time_ns


@dataclass(slots=True)
class Position:
    """One leg: signed lots and cost; realized since it was first touched, fees apart; its isolated margin."""

    lots: int = 0
    cost_units: int = 0
    realized_pnl_units: int = 0
    isolated_units: int = 0


@dataclass(slots=True)
class Settings:
    """What an account has chosen for an instrument; leverage 0 until it has."""

    leverage: int = 0
    margin_mode: int = 0


class UserAccount:
    """Orders, positions and wallets of one account, each as of the sequence it was answered at."""

    def __init__(self, account_id: int) -> None:
        self.account_id = account_id
        self.orders: dict[int, OpenOrder] = {}
        self.positions: dict[Leg, Position] = {}
        self.settings: dict[int, Settings] = {}
        self.wallets: dict[int, int] = {}
        self.orders_seq = self.money_seq = 0
        self._open_values: dict[tuple[int, int], int] = {}

    @property
    def told_seq(self) -> int:
        """Events up to here are part of what was loaded and are not told."""
        return max(self.orders_seq, self.money_seq)

    def load_orders(self, seq: int, views: Iterable[OrderView]) -> None:
        self.orders_seq = seq
        self.orders.clear()
        self._open_values.clear()
        for view in views:
            self._put(OpenOrder(view))

    def load_money(self, seq: int, balances: Iterable[BalanceView], positions: Iterable[PositionView]) -> None:
        self.money_seq = seq
        self.wallets = {view.asset: view.wallet_units for view in balances}
        self.positions, self.settings = {}, {}
        for view in positions:
            self.positions[view.instrument, view.position_side] = Position(
                view.position_lots, view.cost_units, view.realized_pnl_units, view.isolated_units
            )
            self.settings[view.instrument] = Settings(view.leverage, view.margin_mode)

    def position(self, leg: Leg) -> Position:
        return self.positions.setdefault(leg, Position())

    def setting(self, instrument: int) -> Settings:
        return self.settings.setdefault(instrument, Settings())

    def open_value(self, instrument: int, side: Side) -> int:
        """Sum of price_ticks x leaves_lots of the account's open orders on one side."""
        return self._open_values.get((instrument, side), 0)

    # orders

    def take_image(self, event: OrderImage, *, ended: bool, terms: OrderTerms | None = None) -> OpenOrder:
        """The order as the event shows it; an ended one is forgotten."""
        order = OpenOrder(event)
        before = self.orders.get(order.order_id)
        if before is not None and not isinstance(event, OrderAccepted):
            order.inherit(before, event)
        if terms is not None:
            order.take_terms(terms)
        if event.seq > self.orders_seq:
            self._take(order.order_id)
            if not ended:
                self._put(order)
        return order

    def take_fill(self, event: OrderFilled) -> OpenOrder | None:
        """The order after its fill; None when the account's picture does not know it."""
        if event.seq <= self.orders_seq:
            return None
        order: Any = self._take(event.order_id)
        if order is None:
            return None
        order.filled_lots = order.quantity_lots - event.leaves_lots
        order.filled_quote_units = event.filled_quote_units
        if event.leaves_lots:
            self._put(order)
        return order  # type: ignore[no-any-return]

    # money; of events that are not part of what was loaded

    def take_change(self, event: OrderFilled | PositionMoved, asset: int) -> Leg:
        """Wallet and position after a fill or a move; the leg it was."""
        leg = (event.instrument, side_of(event.flags))
        self.wallets[asset] = event.wallet_units
        position = self.position(leg)
        position.lots, position.cost_units = event.position_lots, event.position_cost_units
        position.realized_pnl_units += event.realized_pnl_units
        if isinstance(event, PositionMoved):
            position.isolated_units = event.isolated_units
        return leg

    def take_isolated(self, event: IsolatedMarginChanged) -> Leg:
        leg = (event.instrument, side_of(event.flags))
        self.position(leg).isolated_units = event.isolated_units
        return leg

    def take_funding(self, event: FundingPaid, asset: int) -> Leg:
        leg = (event.instrument, side_of(event.flags))
        self.wallets[asset] = event.wallet_units
        self.position(leg).isolated_units = event.isolated_units
        return leg

    def take_insurance(self, event: InsuranceChanged) -> int:
        """The account is the fund or the one whose surplus or deficit it is; what it gained, in units."""
        if event.account == self.account_id:
            self.wallets[event.asset] = event.wallet_units
            return int(event.amount_units)
        self.wallets[event.asset] = event.source_wallet_units
        return -int(event.amount_units)

    def take_conversion(self, event: AssetConverted) -> None:
        self.wallets[event.sold_asset] = event.sold_wallet_units
        self.wallets[event.bought_asset] = event.bought_wallet_units

    def _put(self, order: OpenOrder) -> None:
        self.orders[order.order_id] = order
        key = (order.instrument, order.side)
        self._open_values[key] = self._open_values.get(key, 0) + order.open_value

    def _take(self, order_id: int) -> OpenOrder | None:
        order = self.orders.pop(order_id, None)
        if order is not None:
            self._open_values[order.instrument, order.side] -= order.open_value
        return order
