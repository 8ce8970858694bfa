"""Conditional orders in the surface's words: every field and type, and each status of a life."""

from __future__ import annotations

from typing import Any

import pytest

from apps.common.lane import LaneError
from apps.fapi import tickets
from apps.fapi.order_objects import algo_object, algo_status
from apps.instruments.types import InstrumentSpec
from apps.orders.results import OrderResult
from matcher.protocol.enums import OrderFlag, OrderStatus, OrderType, Side, TimeInForce, WorkingType
from matcher.protocol.rejects import EndReason, RejectReason

ALGO = {
    "algoType": "CONDITIONAL",
    "symbol": "BTCUSDT",
    "side": "SELL",
    "type": "STOP_MARKET",
    "quantity": "0.020",
    "triggerPrice": "48000.0",
}


def order(**changes: Any) -> OrderResult:
    known: dict[str, Any] = {
        "order_id": 2_000_014,
        "instrument_id": 1,
        "client_order_id": "demo-sl",
        "side": Side.SELL,
        "order_type": OrderType.STOP_MARKET,
        "time_in_force": TimeInForce.GTC,
        "order_flags": OrderFlag.REDUCE_ONLY,
        "position_side": 0,
        "self_trade_prevention": 0,
        "status": OrderStatus.NEW,
        "price_ticks": 0,
        "quantity_lots": 20,
        "filled_lots": 0,
        "filled_quote_units": 0,
        "updated_ns": 1_795_181_007_450_000_000,
        "created_ns": 0,
        "trigger_ticks": 480_000,
        "working_type": WorkingType.MARK_PRICE,
        "waiting": True,
    }
    return OrderResult(**(known | changes))


def test_the_algo_object_has_every_field_and_type(spec: InstrumentSpec) -> None:
    assert algo_object(spec, order()) == {
        "algoId": 2_000_014,
        "clientAlgoId": "demo-sl",
        "algoType": "CONDITIONAL",
        "orderType": "STOP_MARKET",
        "symbol": "BTCUSDT",
        "side": "SELL",
        "positionSide": "BOTH",
        "timeInForce": "GTC",
        "quantity": "0.020",
        "algoStatus": "NEW",
        "actualOrderId": "",
        "actualPrice": "0.0",
        "actualQty": "0.000",
        "triggerPrice": "48000.0",
        "price": "0.0",
        "icebergQuantity": None,
        "selfTradePreventionMode": "NONE",
        "workingType": "MARK_PRICE",
        "priceMatch": "NONE",
        "closePosition": False,
        "priceProtect": False,
        "reduceOnly": True,
        "activatePrice": None,
        "callbackRate": None,
        "createTime": 1_795_181_007_450,
        "updateTime": 1_795_181_007_450,
        "triggerTime": 0,
        "goodTillDate": 0,
    }


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({}, "NEW"),
        ({"status": OrderStatus.CANCELED, "waiting": False}, "CANCELED"),
        ({"status": OrderStatus.EXPIRED, "waiting": False, "end_reason": EndReason.GOOD_TILL_PASSED}, "EXPIRED"),
        ({"waiting": False, "triggered_ns": 5}, "TRIGGERED"),
        ({"waiting": False, "triggered_ns": 5, "status": OrderStatus.PARTIALLY_FILLED}, "TRIGGERED"),
        ({"waiting": False, "triggered_ns": 5, "status": OrderStatus.FILLED}, "FINISHED"),
        ({"waiting": False, "triggered_ns": 5, "status": OrderStatus.CANCELED}, "FINISHED"),
        (
            {
                "waiting": False,
                "triggered_ns": 5,
                "status": OrderStatus.EXPIRED,
                "end_reason": RejectReason.MARGIN_INSUFFICIENT,
            },
            "REJECTED",
        ),
        (
            {
                "waiting": False,
                "triggered_ns": 5,
                "status": OrderStatus.EXPIRED,
                "end_reason": EndReason.UNFILLED_REST,
            },
            "FINISHED",
        ),
    ],
)
def test_each_status_of_a_life(changes: dict[str, Any], status: str) -> None:
    assert algo_status(order(**changes)) == status


async def test_a_stop_is_asked_in_integers(catalog: object) -> None:
    ticket = await tickets.read_conditional_ticket(ALGO | {"clientAlgoId": "demo-sl", "priceProtect": "TRUE"}, "")
    assert ticket.asked == {
        "side": Side.SELL,
        "order_type": OrderType.STOP_MARKET,
        "time_in_force": TimeInForce.GTC,
        "quantity_lots": 20,
        "reduce_only": False,
        "self_trade_prevention": 2,
        "trigger_ticks": 480_000,
        "price_protect": True,
    }
    assert (ticket.client_order_id, ticket.named) == ("demo-sl", True)


async def test_a_trailing_order_is_asked_in_parts_per_million(catalog: object) -> None:
    params = ALGO | {"type": "TRAILING_STOP_MARKET", "callbackRate": "1.25", "activatePrice": "51000"}
    del params["triggerPrice"]
    asked = (await tickets.read_conditional_ticket(params, "")).asked
    assert (asked["callback_ppm"], asked["trigger_ticks"]) == (12_500, 510_000)
    for rate, code in (("0.09", -2007), ("10.1", -2007), ("1.23456", -1111), ("x", -1100)):
        with pytest.raises(LaneError) as error:
            await tickets.read_conditional_ticket(params | {"callbackRate": rate}, "")
        assert error.value.code == code


async def test_close_position_has_no_quantity(catalog: object) -> None:
    params = {name: value for name, value in ALGO.items() if name != "quantity"} | {"closePosition": "true"}
    asked = (await tickets.read_conditional_ticket(params, "")).asked
    assert (asked["quantity_lots"], asked["close_position"]) == (0, True)
    for changes, code in (
        ({"quantity": "1"}, -4137),
        ({"reduceOnly": "true"}, -1106),
        ({"type": "STOP", "price": "48000"}, -4136),
    ):
        with pytest.raises(LaneError) as error:
            await tickets.read_conditional_ticket(params | changes, "")
        assert error.value.code == code
