"""What became of an order command: the engine's events of it, folded into one image of the order."""

from __future__ import annotations

import msgspec

from apps.common.refusals import CommandRefused
from apps.orders.types import OrderRow
from matcher.protocol.enums import OrderFlag, OrderStatus
from matcher.protocol.events import (
    CommandRejected,
    Event,
    OrderAccepted,
    OrderAmended,
    OrderCanceled,
    OrderExpired,
    OrderFilled,
    OrderRejected,
    OrderReplayed,
)
from matcher.protocol.views import OrderView

# Events are told apart by their own class: records share fields, not base classes.
IMAGES = (OrderAccepted, OrderAmended, OrderCanceled, OrderExpired, OrderReplayed)


class OrderResult(msgspec.Struct, frozen=True, gc=False):
    """An order as it stands; integers are ticks, lots, units and nanoseconds, enums the protocol's.

    `replayed` says that the same request was answered before and nothing was done now.
    """

    order_id: int
    instrument_id: int
    client_order_id: str
    side: int
    order_type: int
    time_in_force: int
    reduce_only: bool
    position_side: int
    self_trade_prevention: int
    status: int
    price_ticks: int
    quantity_lots: int
    filled_lots: int
    filled_quote_units: int
    updated_ns: int
    created_ns: int
    seq: int = 0
    replayed: bool = False


def fold(events: list[Event]) -> OrderResult:
    """The order a PlaceOrder, CancelOrder or AmendOrder was about. Raises CommandRefused.

    The first event carries its image; the others count only where they name the same order, because
    a command's events also tell what happened to the makers it met.
    """
    first = events[0]
    if isinstance(first, OrderRejected | CommandRejected):
        raise CommandRefused(first.reason)
    assert isinstance(first, IMAGES), f"{type(first).__name__} is no answer to an order command"
    order_id, quantity_lots = first.order_id, first.quantity_lots
    filled_lots, filled_quote_units, status = first.filled_lots, first.filled_quote_units, first.status
    for event in events[1:]:
        if isinstance(event, OrderFilled):
            if event.order_id == order_id:
                filled_lots += event.quantity_lots
                filled_quote_units = event.filled_quote_units
                status = OrderStatus.PARTIALLY_FILLED if event.leaves_lots else OrderStatus.FILLED
        elif isinstance(event, OrderCanceled | OrderExpired | OrderAmended) and event.order_id == order_id:
            status, quantity_lots = event.status, event.quantity_lots
    return OrderResult(
        order_id=order_id,
        instrument_id=first.instrument,
        client_order_id=first.client_order_id.decode("ascii"),
        side=first.side,
        order_type=first.order_type,
        time_in_force=first.time_in_force,
        reduce_only=bool(first.order_flags & OrderFlag.REDUCE_ONLY),
        position_side=first.position_side,
        self_trade_prevention=first.self_trade_prevention,
        status=status,
        price_ticks=first.price_ticks,
        quantity_lots=quantity_lots,
        filled_lots=filled_lots,
        filled_quote_units=filled_quote_units,
        updated_ns=first.time_ns,
        created_ns=0,
        seq=first.seq,
        replayed=isinstance(first, OrderReplayed),
    )


def of_view(view: OrderView) -> OrderResult:
    """An open order as a query shows it."""
    return OrderResult(
        order_id=view.order_id,
        instrument_id=view.instrument,
        client_order_id=view.client_order_id.decode("ascii"),
        side=view.side,
        order_type=view.order_type,
        time_in_force=view.time_in_force,
        reduce_only=bool(view.order_flags & OrderFlag.REDUCE_ONLY),
        position_side=view.position_side,
        self_trade_prevention=view.self_trade_prevention,
        status=view.status,
        price_ticks=view.price_ticks,
        quantity_lots=view.quantity_lots,
        filled_lots=view.filled_lots,
        filled_quote_units=view.filled_quote_units,
        updated_ns=view.updated_ns,
        created_ns=view.created_ns,
    )


def of_row(row: OrderRow) -> OrderResult:
    """An order as the rows know it."""
    return OrderResult(
        order_id=row.order_id,
        instrument_id=row.instrument_id,
        client_order_id=row.client_order_id,
        side=row.side,
        order_type=row.order_type,
        time_in_force=row.time_in_force,
        reduce_only=bool(row.order_flags & OrderFlag.REDUCE_ONLY),
        position_side=row.position_side,
        self_trade_prevention=row.self_trade_prevention,
        status=row.status,
        price_ticks=row.price_ticks,
        quantity_lots=row.quantity_lots,
        filled_lots=row.filled_lots,
        filled_quote_units=row.filled_quote_units,
        updated_ns=row.updated_ns,
        created_ns=row.created_ns,
    )
