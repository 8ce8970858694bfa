"""Events folded into one order: fills of the order itself count, its makers' do not."""

from __future__ import annotations

from typing import Any

import pytest

from apps.common.refusals import CommandRefused
from apps.orders.results import fold
from matcher.protocol.commands import PlaceOrder
from matcher.protocol.enums import EventFlag, OrderStatus, OrderType
from matcher.protocol.events import (
    CommandRejected,
    LeverageChanged,
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
from matcher.protocol.rejects import RejectReason

IMAGE: dict[str, Any] = {
    "seq": 9,
    "time_ns": 5,
    "account": 7,
    "instrument": 1,
    "order_id": 3,
    "price_ticks": 100,
    "quantity_lots": 10,
    "client_order_id": b"mine",
}


def fill(order_id: int, lots: int, leaves: int, quote: int, flags: int = 0) -> OrderFilled:
    return OrderFilled(order_id=order_id, quantity_lots=lots, leaves_lots=leaves, filled_quote_units=quote, flags=flags)


def test_a_resting_order_is_new() -> None:
    order = fold([OrderAccepted(**IMAGE)])
    assert (order.order_id, order.status, order.filled_lots, order.client_order_id) == (3, OrderStatus.NEW, 0, "mine")


def test_fills_of_the_makers_do_not_count() -> None:
    events = [OrderAccepted(**IMAGE), fill(3, 4, 6, 400), fill(1, 4, 0, 999, EventFlag.MAKER), fill(3, 6, 0, 1000)]
    order = fold([*events, fill(2, 6, 0, 999, EventFlag.MAKER)])
    assert (order.status, order.filled_lots, order.filled_quote_units) == (OrderStatus.FILLED, 10, 1000)


def test_a_part_is_partly() -> None:
    order = fold([OrderAccepted(**IMAGE), fill(3, 4, 6, 400)])
    assert (order.status, order.filled_lots) == (OrderStatus.PARTIALLY_FILLED, 4)


def test_the_rest_expires_with_what_was_filled() -> None:
    expired = OrderExpired(**IMAGE | {"filled_lots": 4, "status": OrderStatus.EXPIRED})
    order = fold([OrderAccepted(**IMAGE), fill(3, 4, 6, 400), expired])
    assert (order.status, order.filled_lots, order.filled_quote_units) == (OrderStatus.EXPIRED, 4, 400)


def test_anothers_end_is_not_ours() -> None:
    other = IMAGE | {"order_id": 1, "status": OrderStatus.EXPIRED_IN_MATCH}
    assert fold([OrderAccepted(**IMAGE), OrderExpired(**other)]).status == OrderStatus.NEW


def test_an_amended_order_keeps_what_was_filled_before() -> None:
    amended = OrderAmended(**IMAGE | {"filled_lots": 2, "filled_quote_units": 200, "status": 1})
    order = fold([amended, fill(3, 8, 0, 1000)])
    assert (order.status, order.filled_lots, order.filled_quote_units) == (OrderStatus.FILLED, 10, 1000)


def test_cancel_and_replay_are_their_images() -> None:
    assert fold([OrderCanceled(**IMAGE | {"status": OrderStatus.CANCELED})]).status == OrderStatus.CANCELED
    assert fold([OrderReplayed(**IMAGE)]).replayed
    assert not fold([OrderAccepted(**IMAGE)]).replayed


@pytest.mark.parametrize("event", [OrderRejected, CommandRejected])
def test_a_refusal_is_raised_with_its_reason(event: Any) -> None:
    with pytest.raises(CommandRefused) as refusal:
        fold([event(reason=RejectReason.MARGIN_INSUFFICIENT, detail=PlaceOrder.KIND)])
    assert refusal.value.reason is RejectReason.MARGIN_INSUFFICIENT


def test_another_kind_of_answer_is_a_bug() -> None:
    with pytest.raises(AssertionError):
        fold([LeverageChanged(leverage=5)])


def test_a_conditional_order_waits_with_its_terms() -> None:
    image = IMAGE | {"order_type": OrderType.STOP_MARKET, "price_ticks": 0}
    terms = OrderTerms(order_id=3, trigger_ticks=90, good_till_ns=7)
    order = fold([OrderAccepted(**image), terms, OrderTerms(order_id=2, linked_order_id=3)])
    assert (order.waiting, order.trigger_ticks, order.good_till_ns, order.linked_order_id) == (True, 90, 7, 0)
    fired = fold([OrderAccepted(**image), terms, OrderTriggered(**image | {"time_ns": 6}), fill(3, 10, 0, 900)])
    assert (fired.waiting, fired.triggered_ns, fired.status) == (False, 6, OrderStatus.FILLED)


def test_what_fired_after_a_command_is_not_its_answer() -> None:
    other = IMAGE | {"order_id": 8, "order_type": OrderType.STOP_MARKET}
    order = fold([OrderAccepted(**IMAGE), OrderTriggered(**other), OrderExpired(**other | {"reason": 73, "status": 4})])
    assert (order.order_id, order.status, order.end_reason) == (3, OrderStatus.NEW, 0)
