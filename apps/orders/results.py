"""What became of an order command: the engine's events of it, folded into one image of the order."""

from __future__ import annotations

from typing import Any

import msgspec

from apps.common.refusals import CommandRefused
from apps.orders.types import OrderRow
from matcher.protocol.enums import OrderFlag, OrderStatus, OrderType
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
    OrderTerms,
    OrderTriggered,
)
from matcher.protocol.views import OrderView

# Events are told apart by their own class: records share fields, not base classes.
IMAGES = (OrderAccepted, OrderAmended, OrderCanceled, OrderExpired, OrderReplayed)


class OrderResult(msgspec.Struct, frozen=True, gc=False):
    """An order as it stands; integers are ticks, lots, units and nanoseconds, enums the protocol's.

    `replayed` says that the same request was answered before and nothing was done now. `waiting` is a
    conditional order whose price was not reached; `triggered_ns` says when it was, 0 where that is not known.
    """

    order_id: int
    instrument_id: int
    client_order_id: str
    side: int
    order_type: int
    time_in_force: int
    order_flags: int
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
    working_type: int = 0
    trigger_ticks: int = 0
    callback_ppm: int = 0
    good_till_ns: int = 0
    linked_order_id: int = 0
    take_profit_ticks: int = 0
    stop_loss_ticks: int = 0
    waiting: bool = False
    triggered_ns: int = 0
    end_reason: int = 0

    @property
    def reduce_only(self) -> bool:
        return bool(self.order_flags & OrderFlag.REDUCE_ONLY)

    @property
    def close_position(self) -> bool:
        return bool(self.order_flags & OrderFlag.CLOSE_POSITION)

    @property
    def price_protect(self) -> bool:
        return bool(self.order_flags & OrderFlag.PRICE_PROTECT)

    @property
    def is_conditional(self) -> bool:
        """Whether it was placed to wait for a price, whatever became of it."""
        return self.order_type >= OrderType.STOP

    @property
    def is_open(self) -> bool:
        return self.status in OPEN


OPEN = (OrderStatus.NEW, OrderStatus.PARTIALLY_FILLED)
# What events, views and rows of an order all call the same.
_SHARED = (
    "order_id",
    "side",
    "order_type",
    "time_in_force",
    "order_flags",
    "position_side",
    "working_type",
    "self_trade_prevention",
    "status",
    "price_ticks",
    "quantity_lots",
    "filled_lots",
    "filled_quote_units",
)
_TERMS = (
    "trigger_ticks",
    "callback_ppm",
    "good_till_ns",
    "linked_order_id",
    "take_profit_ticks",
    "stop_loss_ticks",
)


def _read(source: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(source, name) for name in names}


def fold(events: list[Event]) -> OrderResult:
    """The order a PlaceOrder, CancelOrder or AmendOrder was about, from the command's own events on.

    Raises CommandRefused. The first event carries its image; the others count only where they name the
    same order, because a command's events also tell what happened to the makers it met and what fired
    after it.
    """
    first = events[0]
    if isinstance(first, OrderRejected | CommandRejected):
        raise CommandRefused(first.reason)
    assert isinstance(first, IMAGES), f"{type(first).__name__} is no answer to an order command"
    facts = _read(first, _SHARED)
    order_id = first.order_id
    waits = isinstance(first, OrderAccepted) and first.order_type >= OrderType.STOP
    ended_by = first.reason if isinstance(first, OrderCanceled) else 0
    for event in events[1:]:
        if isinstance(event, OrderFilled):
            if event.order_id == order_id:
                facts["filled_lots"] += event.quantity_lots
                facts["filled_quote_units"] = event.filled_quote_units
                facts["status"] = OrderStatus.PARTIALLY_FILLED if event.leaves_lots else OrderStatus.FILLED
        elif isinstance(event, OrderCanceled | OrderExpired | OrderAmended) and event.order_id == order_id:
            facts["status"], facts["quantity_lots"] = event.status, event.quantity_lots
            ended_by = 0 if isinstance(event, OrderAmended) else event.reason
        elif isinstance(event, OrderTerms) and event.order_id == order_id:
            facts |= _read(event, _TERMS)
        elif isinstance(event, OrderTriggered) and event.order_id == order_id:
            waits, facts["triggered_ns"], facts["quantity_lots"] = False, event.time_ns, event.quantity_lots
    return OrderResult(
        **facts,
        instrument_id=first.instrument,
        client_order_id=first.client_order_id.decode("ascii"),
        updated_ns=first.time_ns,
        created_ns=0,
        seq=first.seq,
        replayed=isinstance(first, OrderReplayed),
        waiting=waits and facts["status"] == OrderStatus.NEW,
        end_reason=ended_by,
    )


def of_view(view: OrderView) -> OrderResult:
    """An open order as a query shows it; a conditional one that does not wait was triggered by its last change."""
    fired = view.order_type >= OrderType.STOP and not view.waiting
    return OrderResult(
        **_read(view, _SHARED + _TERMS),
        instrument_id=view.instrument,
        client_order_id=view.client_order_id.decode("ascii"),
        updated_ns=view.updated_ns,
        created_ns=view.created_ns,
        waiting=bool(view.waiting),
        triggered_ns=view.updated_ns if fired else 0,
    )


def of_row(row: OrderRow) -> OrderResult:
    """An order as the rows know it."""
    return OrderResult(
        **_read(row, _SHARED + _TERMS),
        instrument_id=row.instrument_id,
        client_order_id=row.client_order_id,
        updated_ns=row.updated_ns,
        created_ns=row.created_ns,
        waiting=row.order_type >= OrderType.STOP and not row.triggered_ns and row.status == OrderStatus.NEW,
        triggered_ns=row.triggered_ns,
        end_reason=row.end_reason,
    )
