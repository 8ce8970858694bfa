"""How an order begins and ends: its number, the events that tell of it, its key, and its sibling's end with it."""

from __future__ import annotations

from matcher.protocol.enums import OrderStatus
from matcher.protocol.events import OrderAccepted, OrderCanceled, OrderExpired, OrderTerms
from matcher.protocol.rejects import EndReason
from tests.reference.keys import order_ended
from tests.reference.state import Instrument, Order, State
from tests.reference.turn import Turn

TERMS = (
    "trigger_ticks",
    "good_till_ns",
    "linked_order_id",
    "callback_ppm",
    "take_profit_ticks",
    "stop_loss_ticks",
)


def number(turn: Turn, order: Order) -> None:
    """Give the order the next number; its leg has a record from now on."""
    turn.state.last_order_id += 1
    order.order_id = turn.state.last_order_id
    turn.state.accounts[order.account].leg(order.leg)


def tell_accepted(turn: Turn, order: Order) -> None:
    """[ORD-013] OrderAccepted, and OrderTerms when there are any."""
    turn.emit_image(OrderAccepted, order, OrderStatus.NEW)
    tell_terms(turn, order)


def tell_terms(turn: Turn, order: Order) -> None:
    terms = {name: getattr(order, name) for name in TERMS}
    if any(terms.values()):
        turn.emit(OrderTerms, order.account, order.instrument, order_id=order.order_id, **terms)


def find_open(state: State, order_id: int) -> Order | None:
    """The open order of this number, resting or waiting."""
    markets = state.instruments.values()
    return next((o for i in markets for o in i.bids + i.asks + i.waiting if o.order_id == order_id), None)


def unrest(turn: Turn, instrument: Instrument, order: Order) -> None:
    """Take a resting order out of the book."""
    instrument.resting(order.side).remove(order)
    turn.level_changed(instrument, order.side, order.price_ticks)


def leave(turn: Turn, instrument: Instrument, order: Order) -> None:
    """Take the order out of the book or out of the waiting; one that is being matched is in neither."""
    if order in instrument.waiting:
        instrument.waiting.remove(order)
    elif order in instrument.resting(order.side):
        unrest(turn, instrument, order)


def cancel(turn: Turn, instrument: Instrument, order: Order, reason: int = 0) -> None:
    leave(turn, instrument, order)
    turn.emit_image(OrderCanceled, order, OrderStatus.CANCELED, reason)
    order_ended(turn, order, OrderStatus.CANCELED)
    end_sibling(turn, order)


def cancel_each(turn: Turn, orders: list[Order], reason: int = 0) -> None:
    """Cancel these orders in their order; one that its sibling took along is not canceled again."""
    for order in orders:
        if find_open(turn.state, order.order_id) is not None:
            cancel(turn, turn.state.instruments[order.instrument], order, reason)


def expire(turn: Turn, instrument: Instrument, order: Order, status: int, reason: int) -> None:
    leave(turn, instrument, order)
    turn.emit_image(OrderExpired, order, status, reason)
    order_ended(turn, order, status)
    end_sibling(turn, order)


def end_sibling(turn: Turn, order: Order) -> None:
    """[ORD-011] The order ended, was filled in part or fires: the one linked to it is canceled, the link is gone.

    A sibling that is being matched is not open, so it goes on; finish() takes its link away.
    """
    sibling = find_open(turn.state, order.linked_order_id)
    order.linked_order_id = 0
    if sibling is not None:
        sibling.linked_order_id = 0
        cancel(turn, turn.state.instruments[sibling.instrument], sibling, EndReason.SIBLING_ENDED)


def part_siblings(state: State, order: Order) -> None:
    """[ORD-016] The two go on without each other: no event."""
    sibling = find_open(state, order.linked_order_id)
    order.linked_order_id = 0
    if sibling is not None:
        sibling.linked_order_id = 0
