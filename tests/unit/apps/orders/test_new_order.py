"""The native body of a new order: what each type needs, what it refuses, and the words it becomes."""

from __future__ import annotations

from typing import Any

import pytest

from apps.common.lane import LaneError
from apps.instruments.types import InstrumentSpec
from apps.orders.new_order import NewOrder, read_new_order
from matcher.protocol.enums import OrderType, PositionSide, TimeInForce, WorkingType

SPEC = InstrumentSpec(
    id=4,
    symbol="LTCUSDT",
    base_asset="LTC",
    quote_asset="USDT",
    settlement_asset="USDT",
    settlement_asset_id=1,
    price_decimals=2,
    tick_step=1,
    quantity_decimals=3,
    lot_step=1,
    max_price_ticks=1_000_000,
    min_quantity_lots=1,
    max_quantity_lots=10**8,
    max_market_quantity_lots=10**7,
    min_notional_units=0,
    price_band_ppm=100_000,
    market_band_ppm=50_000,
    max_open_orders=200,
    maker_fee_ppb=0,
    taker_fee_ppb=0,
    liquidation_fee_ppb=0,
    default_leverage=20,
    funding_interval_hours=8,
    interest_rate_ppb=0,
    funding_cap_ppb=0,
    impact_notional_units=1,
    trading_state=1,
    onboard_ms=0,
    tiers=(),
)


def read(**fields: Any) -> dict[str, Any]:
    body = {"symbol": "LTCUSDT", "side": "sell", "order_type": "limit"} | fields
    return read_new_order(NewOrder(**body), SPEC, "")


def refusal(**fields: Any) -> tuple[str, str | None]:
    with pytest.raises(LaneError) as caught:
        read(**fields)
    return caught.value.name, caught.value.details.get("parameter")


def test_a_stop_limit_with_everything() -> None:
    asked = read(
        order_type="stop",
        price="99.50",
        quantity="1.5",
        trigger_price="100",
        working_type="mark_price",
        price_protect=True,
        time_in_force="GTD",
        good_till_ms=1_900_000_000_000,
        position_side="long",
        client_order_id="mine",
    )
    assert (asked["order_type"], asked["time_in_force"]) == (OrderType.STOP, TimeInForce.GTD)
    assert (asked["price_ticks"], asked["trigger_ticks"], asked["quantity_lots"]) == (9_950, 10_000, 1_500)
    assert (asked["working_type"], asked["position_side"]) == (WorkingType.MARK_PRICE, PositionSide.LONG)
    assert asked["good_till_ns"] == 1_900_000_000_000_000_000
    assert asked["client_order_id"] == "mine"


def test_a_trailing_stop_may_be_active_at_once() -> None:
    asked = read(order_type="trailing_stop_market", quantity="1", callback_rate="0.015")
    assert asked["callback_ppm"] == 15_000
    assert "trigger_ticks" not in asked
    assert (
        read(order_type="trailing_stop_market", quantity="1", callback_rate="0.1", trigger_price="90")["trigger_ticks"]
        == 9_000
    )


def test_closing_the_position_stands_in_the_place_of_a_quantity() -> None:
    asked = read(order_type="stop_market", trigger_price="90", close_position=True)
    assert (asked["quantity_lots"], asked["close_position"]) == (0, True)


def test_an_entry_carries_its_attachments_and_a_pair_its_link() -> None:
    asked = read(price="100", quantity="1", take_profit_price="90", stop_loss_price="110", side="sell")
    assert (asked["take_profit_ticks"], asked["stop_loss_ticks"]) == (9_000, 11_000)
    assert read(price="100", quantity="1", linked_order_id="77")["linked_order_id"] == 77


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"quantity": "1"}, ("MISSING_PARAMETER", "price")),
        ({"price": "1"}, ("MISSING_PARAMETER", "quantity")),
        ({"order_type": "market", "quantity": "1", "price": "1"}, ("PARAMETER_NOT_REQUIRED", "price")),
        ({"price": "1", "quantity": "1", "trigger_price": "1"}, ("PARAMETER_NOT_REQUIRED", "trigger_price")),
        ({"price": "1", "quantity": "1", "good_till_ms": 1}, ("PARAMETER_NOT_REQUIRED", "good_till_ms")),
        ({"price": "1", "quantity": "1", "time_in_force": "GTD"}, ("MISSING_PARAMETER", "good_till_ms")),
        ({"order_type": "stop_market", "quantity": "1"}, ("MISSING_PARAMETER", "trigger_price")),
        ({"order_type": "stop_market", "quantity": "1", "trigger_price": "0"}, ("PRICE_NOT_POSITIVE", "trigger_price")),
        ({"order_type": "stop_market", "quantity": "1", "trigger_price": "1.001"}, ("PRICE_OFF_GRID", "trigger_price")),
        (
            {"order_type": "stop_market", "quantity": "1", "trigger_price": "1", "callback_rate": "0.01"},
            ("PARAMETER_NOT_REQUIRED", "callback_rate"),
        ),
        (
            {"order_type": "stop_market", "quantity": "1", "trigger_price": "1", "close_position": True},
            ("PARAMETER_NOT_REQUIRED", "quantity"),
        ),
        ({"price": "1", "close_position": True}, ("PARAMETER_NOT_REQUIRED", "close_position")),
        ({"order_type": "trailing_stop_market", "quantity": "1"}, ("MISSING_PARAMETER", "callback_rate")),
        (
            {"order_type": "trailing_stop_market", "quantity": "1", "callback_rate": "0.2"},
            ("INVALID_CALLBACK_RATE", "callback_rate"),
        ),
        ({"price": "1", "quantity": "1", "stop_loss_price": "x"}, ("MALFORMED_PARAMETER", "stop_loss_price")),
        ({"price": "1", "quantity": "1", "linked_order_id": "-1"}, ("MALFORMED_PARAMETER", "linked_order_id")),
    ],
)
def test_what_does_not_belong_is_refused_by_name(fields: dict[str, Any], told: tuple[str, str]) -> None:
    assert refusal(**fields) == told
