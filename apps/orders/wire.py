"""Orders on the native API: the bodies that ask for one, and the object that shows one.

One schema for every type. Names are the glossary's; prices, quantities and rates are decimal text, numbers
of orders are text, times milliseconds.
"""

from __future__ import annotations

import re
import secrets
from typing import Any, Literal

import msgspec

from apps.common.lane import LaneError
from apps.instruments.types import InstrumentSpec
from apps.instruments.wire import decimal_units, find_instrument, price_ticks, quantity_lots
from apps.orders.results import OrderResult
from matcher.protocol.enums import (
    OrderStatus,
    OrderType,
    PositionSide,
    SelfTradePrevention,
    Side,
    TimeInForce,
    WorkingType,
)
from matcher.protocol.units import format_scaled

is_client_id = re.compile(r"[.A-Z:/a-z0-9_-]{1,36}", re.ASCII).fullmatch
is_order_id = re.compile(r"[0-9]{1,19}", re.ASCII).fullmatch

NS_PER_MS = 1_000_000
GOOD_TILL_LAST_MS = 9_000_000_000_000
CALLBACK_DECIMALS = 6  # a fraction with six decimals is parts per million
_LIMITS = frozenset((OrderType.LIMIT, OrderType.STOP, OrderType.TAKE_PROFIT))
_TRIGGERED = frozenset((OrderType.STOP, OrderType.STOP_MARKET, OrderType.TAKE_PROFIT, OrderType.TAKE_PROFIT_MARKET))
_WORKING = {"last_price": WorkingType.CONTRACT_PRICE, "mark_price": WorkingType.MARK_PRICE}
_WORKING_NAMES = {int(number): name for name, number in _WORKING.items()}

PositionSideName = Literal["both", "long", "short"]


class NewOrder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST /api/v1/orders.

    `price` is for limit, stop and take_profit; `trigger_price` for stop and take_profit types; `callback_rate`
    (a fraction, 0.001 to 0.1) and `activation_price` for trailing_stop_market. `close_position` stands in the
    place of `quantity`. `good_till_ms` goes with GTD. `take_profit_price` and `stop_loss_price` attach closing
    orders to a limit or market order; `linked_order_id` names its one-cancels-other. `position_side` is both in
    one-way mode, long or short in hedge mode.
    """

    symbol: str
    side: Literal["buy", "sell"]
    order_type: Literal[
        "limit", "market", "stop", "stop_market", "take_profit", "take_profit_market", "trailing_stop_market"
    ]
    quantity: str | None = None
    price: str | None = None
    time_in_force: Literal["GTC", "IOC", "FOK", "GTX", "GTD"] | None = None
    reduce_only: bool = False
    client_order_id: str | None = None
    self_trade_prevention: Literal["NONE", "EXPIRE_TAKER", "EXPIRE_MAKER", "EXPIRE_BOTH"] = "EXPIRE_MAKER"
    position_side: PositionSideName = "both"
    trigger_price: str | None = None
    working_type: Literal["last_price", "mark_price"] = "last_price"
    price_protect: bool = False
    close_position: bool = False
    callback_rate: str | None = None
    activation_price: str | None = None
    good_till_ms: int | None = None
    take_profit_price: str | None = None
    stop_loss_price: str | None = None
    linked_order_id: str | None = None


class OrderChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of PUT /api/v1/orders/{order_id}: the new price and the new total quantity."""

    symbol: str
    price: str
    quantity: str


async def read_new_order(body: NewOrder, nonce: str) -> tuple[InstrumentSpec, dict[str, Any]]:
    """The instrument and the order service's words. Raises LaneError for what does not fit the type."""
    spec = await find_instrument(body.symbol)
    order_type = OrderType[body.order_type.upper()]
    default = "IOC" if order_type == OrderType.MARKET else "GTC"
    asked: dict[str, Any] = {
        "instrument_id": spec.id,
        "side": Side[body.side.upper()],
        "order_type": order_type,
        "time_in_force": TimeInForce[body.time_in_force or default],
        "quantity_lots": _read_quantity(spec, body),
        "reduce_only": body.reduce_only,
        "close_position": body.close_position,
        "price_protect": body.price_protect,
        "position_side": PositionSide[body.position_side.upper()],
        "self_trade_prevention": SelfTradePrevention[body.self_trade_prevention],
        "working_type": _WORKING[body.working_type],
        "client_order_id": read_client_id(body.client_order_id, nonce),
    }
    asked["price_ticks"] = _price_of(spec, body.order_type, "price", body.price, needed=order_type in _LIMITS)
    asked |= _read_trigger(spec, order_type, body)
    asked |= _read_company(spec, body)
    if body.good_till_ms is not None:
        if not 0 < body.good_till_ms <= GOOD_TILL_LAST_MS:
            raise LaneError(-5040, "good_till_ms is no time to come.", name="INVALID_GOOD_TILL")
        asked["good_till_ns"] = body.good_till_ms * NS_PER_MS
    return spec, asked


def read_client_id(chosen: str | None, nonce: str) -> str:
    """The id chosen, or one that is the same for the same signed request. Raises LaneError."""
    if chosen is None:
        return f"auto-{(nonce or secrets.token_hex(15))[:30]}"
    if is_client_id(chosen) is None:
        raise LaneError(-4015, "The client_order_id is not valid.", name="INVALID_CLIENT_ORDER_ID")
    return chosen


def _read_quantity(spec: InstrumentSpec, body: NewOrder) -> int:
    if body.close_position:
        if body.quantity is not None:
            raise not_required("quantity", "close_position stands in the place of a quantity.")
        return 0
    if body.quantity is None:
        raise missing("quantity", "The order needs a quantity.")
    return quantity_lots(spec, body.quantity)


def _read_trigger(spec: InstrumentSpec, order_type: OrderType, body: NewOrder) -> dict[str, Any]:
    """`trigger_ticks` and `callback_ppm` of the types that have them."""
    trailing = order_type == OrderType.TRAILING_STOP_MARKET
    trigger = _price_of(spec, body.order_type, "trigger_price", body.trigger_price, needed=order_type in _TRIGGERED)
    if not trailing:
        for name, value in (("callback_rate", body.callback_rate), ("activation_price", body.activation_price)):
            if value is not None:
                raise not_required(name, f"A {body.order_type} order has no {name}.")
        return {"trigger_ticks": trigger}
    if body.callback_rate is None:
        raise missing("callback_rate", "A trailing_stop_market order needs a callback_rate.")
    ppm = decimal_units("callback_rate", body.callback_rate, CALLBACK_DECIMALS)
    activation = 0 if body.activation_price is None else price_ticks(spec, body.activation_price, "activation_price")
    return {"trigger_ticks": activation, "callback_ppm": max(0, min(ppm, 0xFFFF_FFFF))}


def _read_company(spec: InstrumentSpec, body: NewOrder) -> dict[str, Any]:
    """Attached and linked orders."""
    found: dict[str, Any] = {}
    if body.take_profit_price is not None:
        found["take_profit_ticks"] = price_ticks(spec, body.take_profit_price, "take_profit_price")
    if body.stop_loss_price is not None:
        found["stop_loss_ticks"] = price_ticks(spec, body.stop_loss_price, "stop_loss_price")
    if body.linked_order_id is not None:
        found["linked_order_id"] = read_order_id(body.linked_order_id)
    return found


def _price_of(spec: InstrumentSpec, order_type: str, name: str, text: str | None, *, needed: bool) -> int:
    if not needed:
        if text is not None:
            raise not_required(name, f"A {order_type} order has no {name}.")
        return 0
    if text is None:
        raise missing(name, f"A {order_type} order needs a {name}.")
    return price_ticks(spec, text, name)


def read_order_id(text: str) -> int:
    """Raises LaneError for what can be nobody's number."""
    if is_order_id(text) is None or not 0 < int(text) < 1 << 63:
        raise unknown_order()
    return int(text)


def read_order_name(text: str) -> tuple[int, str]:
    """Our number, or `client:` and the client_order_id."""
    if text.startswith("client:") and is_client_id(text[7:]) is not None:
        return 0, text[7:]
    return read_order_id(text), ""


def unknown_order() -> LaneError:
    return LaneError(-2013, "There is no such order.", 404, name="UNKNOWN_ORDER")


def missing(name: str, message: str) -> LaneError:
    return LaneError(-1102, message, name="MISSING_PARAMETER", details={"parameter": name})


def not_required(name: str, message: str) -> LaneError:
    return LaneError(-1106, message, name="PARAMETER_NOT_REQUIRED", details={"parameter": name})


def order_object(spec: InstrumentSpec, order: OrderResult) -> dict[str, Any]:
    """An order in the glossary's words; what does not apply is null."""
    average = None
    if order.filled_lots:
        scale = 10**spec.quantity_decimals
        average = format_scaled(order.filled_quote_units * scale // (order.filled_lots * spec.lot_step), 8)
    trailing = order.order_type == OrderType.TRAILING_STOP_MARKET
    trigger = spec.price_text(order.trigger_ticks) if order.trigger_ticks else None
    return {
        "order_id": str(order.order_id),
        "client_order_id": order.client_order_id,
        "symbol": spec.symbol,
        "side": Side(order.side).name.lower(),
        "order_type": OrderType(order.order_type).name.lower(),
        "time_in_force": TimeInForce(order.time_in_force).name,
        "price": spec.price_text(order.price_ticks) if order.price_ticks else None,
        "quantity": spec.quantity_text(order.quantity_lots),
        "filled_quantity": spec.quantity_text(order.filled_lots),
        "filled_quote": format_scaled(order.filled_quote_units, 8),
        "average_price": average,
        "status": OrderStatus(order.status).name.lower(),
        "reduce_only": order.reduce_only,
        "self_trade_prevention": SelfTradePrevention(order.self_trade_prevention).name,
        "position_side": PositionSide(order.position_side).name.lower(),
        "waiting": order.waiting,
        "trigger_price": None if trailing else trigger,
        "activation_price": trigger if trailing else None,
        "callback_rate": format_scaled(order.callback_ppm, CALLBACK_DECIMALS) if trailing else None,
        "working_type": _WORKING_NAMES[order.working_type],
        "price_protect": order.price_protect,
        "close_position": order.close_position,
        "good_till_ms": order.good_till_ns // NS_PER_MS or None,
        "take_profit_price": spec.price_text(order.take_profit_ticks) if order.take_profit_ticks else None,
        "stop_loss_price": spec.price_text(order.stop_loss_ticks) if order.stop_loss_ticks else None,
        "linked_order_id": str(order.linked_order_id) if order.linked_order_id else None,
        "triggered_ms": order.triggered_ns // NS_PER_MS or None,
        "created_ms": order.created_ns // NS_PER_MS if order.created_ns else None,
        "updated_ms": order.updated_ns // NS_PER_MS,
    }
