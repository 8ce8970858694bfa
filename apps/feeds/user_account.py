"""One account as its user stream needs it: open orders for context, positions, wallets.

Loaded from the engine's answers, then kept by its own events; everything is in ticks, lots and units.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from matcher.protocol.enums import Side
from matcher.protocol.events import OrderFilled, OrderImage
from matcher.protocol.views import BalanceView, OrderView, PositionView


class OpenOrder:
    """An order's terms and how far it is filled, from its latest image."""

    __slots__ = (
        "client_order_id",
        "filled_lots",
        "filled_quote_units",
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

    @property
    def open_value(self) -> int:
        """price_ticks x leaves_lots."""
        return self.price_ticks * (self.quantity_lots - self.filled_lots)


@dataclass(slots=True)
class Position:
    """Signed lots and signed cost; realized since the instrument was first touched, fees apart."""

    lots: int = 0
    cost_units: int = 0
    realized_pnl_units: int = 0
    leverage: int = 0


class UserAccount:
    """Orders, positions and wallets of one account, each as of the sequence it was answered at."""

    def __init__(self, account_id: int) -> None:
        self.account_id = account_id
        self.orders: dict[int, OpenOrder] = {}
        self.positions: dict[int, Position] = {}
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
        self.positions = {
            view.instrument: Position(view.position_lots, view.cost_units, view.realized_pnl_units, view.leverage)
            for view in positions
        }

    def position(self, instrument: int) -> Position:
        return self.positions.setdefault(instrument, Position())

    def open_value(self, instrument: int, side: Side) -> int:
        """Sum of price_ticks x leaves_lots of the account's open orders on one side."""
        return self._open_values.get((instrument, side), 0)

    def take_image(self, event: OrderImage, *, ended: bool) -> OpenOrder:
        """The order as the event shows it; an ended one is forgotten."""
        order = OpenOrder(event)
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

    def take_money(self, event: OrderFilled, asset: int) -> None:
        """Wallet and position after the fill."""
        if event.seq <= self.money_seq:
            return
        self.wallets[asset] = event.wallet_units
        position = self.position(event.instrument)
        position.lots, position.cost_units = event.position_lots, event.position_cost_units
        position.realized_pnl_units += event.realized_pnl_units

    def _put(self, order: OpenOrder) -> None:
        self.orders[order.order_id] = order
        key = (order.instrument, order.side)
        self._open_values[key] = self._open_values.get(key, 0) + order.open_value

    def _take(self, order_id: int) -> OpenOrder | None:
        order = self.orders.pop(order_id, None)
        if order is not None:
            self._open_values[order.instrument, order.side] -= order.open_value
        return order
