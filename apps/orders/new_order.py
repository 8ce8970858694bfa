"""The body of a new order on the native surface, read into the words of the order service.

Every type has its own fields: one that is missing is asked for, one that does not belong is refused.
"""

from __future__ import annotations

import re
import secrets
from typing import Any, Literal

import msgspec

from apps.common.lane import LaneError
from apps.instruments.types import InstrumentSpec
from apps.instruments.wire import price_ticks, quantity_lots
from matcher.protocol.enums import OrderType, PositionSide, SelfTradePrevention, Side, TimeInForce, WorkingType
from matcher.protocol.units import parse_scaled

LIMIT_TYPES = frozenset((OrderType.LIMIT, OrderType.STOP, OrderType.TAKE_PROFIT))
CLOSING_TYPES = frozenset((OrderType.STOP_MARKET, OrderType.TAKE_PROFIT_MARKET))
LAST_MS = 9_000_000_000_000
NS_PER_MS = 1_000_000
CALLBACK_DECIMALS = 6
CALLBACK_PPM_MIN, CALLBACK_PPM_MAX = 1_000, 100_000
is_client_id = re.compile(r"[.A-Z:/a-z0-9_-]{1,36}", re.ASCII).fullmatch
is_order_id = re.compile(r"[0-9]{1,19}", re.ASCII).fullmatch
TypeName = Literal[
    "limit", "market", "stop", "stop_market", "take_profit", "take_profit_market", "trailing_stop_market"
]


class NewOrder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST /api/v1/orders.

    `price` is for limit types alone, `trigger_price` for those that wait (of a trailing one: its activation),
    `callback_rate` (a fraction) for a trailing one; `close_position` stands in the place of `quantity`.
    """

    symbol: str
    side: Literal["buy", "sell"]
    order_type: TypeName
    quantity: str | None = None
    price: str | None = None
    time_in_force: Literal["GTC", "IOC", "FOK", "GTX", "GTD"] | None = None
    reduce_only: bool = False
    client_order_id: str | None = None
    self_trade_prevention: Literal["NONE", "EXPIRE_TAKER", "EXPIRE_MAKER", "EXPIRE_BOTH"] = "EXPIRE_MAKER"
    position_side: Literal["both", "long", "short"] = "both"
    trigger_price: str | None = None
    callback_rate: str | None = None
    working_type: Literal["contract_price", "mark_price"] = "contract_price"
    price_protect: bool = False
    close_position: bool = False
    good_till_ms: int | None = None
    take_profit_price: str | None = None
    stop_loss_price: str | None = None
    linked_order_id: str | None = None


def read_new_order(body: NewOrder, spec: InstrumentSpec, nonce: str) -> dict[str, Any]:
    """Arguments of services.place_order, but for the account. Raises LaneError."""
    order_type = OrderType[body.order_type.upper()]
    time_in_force = TimeInForce[body.time_in_force or ("IOC" if order_type == OrderType.MARKET else "GTC")]
    asked: dict[str, Any] = {
        "instrument_id": spec.id,
        "side": Side[body.side.upper()],
        "order_type": order_type,
        "time_in_force": time_in_force,
        "quantity_lots": _quantity(body, spec, order_type),
        "price_ticks": 0,
        "reduce_only": body.reduce_only,
        "close_position": body.close_position,
        "price_protect": body.price_protect,
        "position_side": PositionSide[body.position_side.upper()],
        "self_trade_prevention": SelfTradePrevention[body.self_trade_prevention],
        "working_type": WorkingType[body.working_type.upper()],
    }
    if order_type in LIMIT_TYPES:
        asked["price_ticks"] = price_ticks(spec, _needed(body.price, "price"))
    else:
        _unwanted(body.price, "price")
    asked |= _trigger(body, spec, order_type)
    if time_in_force == TimeInForce.GTD:
        asked["good_till_ns"] = _good_till_ns(_needed(body.good_till_ms, "good_till_ms"))
    else:
        _unwanted(body.good_till_ms, "good_till_ms")
    for name, text in (("take_profit_price", body.take_profit_price), ("stop_loss_price", body.stop_loss_price)):
        if text is not None:
            asked[name.replace("_price", "_ticks")] = price_ticks(spec, text, name)
    if body.linked_order_id is not None:
        if is_order_id(body.linked_order_id) is None or not 0 < int(body.linked_order_id) < 1 << 63:
            raise _malformed("linked_order_id", "The linked_order_id is no order number.")
        asked["linked_order_id"] = int(body.linked_order_id)
    asked["client_order_id"] = _client_order_id(body.client_order_id, nonce)
    return asked


def _quantity(body: NewOrder, spec: InstrumentSpec, order_type: OrderType) -> int:
    if not body.close_position:
        return quantity_lots(spec, _needed(body.quantity, "quantity"))
    if order_type not in CLOSING_TYPES:
        raise _not_here("close_position", "Only stop_market and take_profit_market can close the position.")
    _unwanted(body.quantity, "quantity")
    return 0


def _trigger(body: NewOrder, spec: InstrumentSpec, order_type: OrderType) -> dict[str, Any]:
    """The trigger, or a trailing order's callback and activation."""
    if order_type != OrderType.TRAILING_STOP_MARKET:
        _unwanted(body.callback_rate, "callback_rate")
    if order_type in (OrderType.LIMIT, OrderType.MARKET):
        _unwanted(body.trigger_price, "trigger_price")
        return {}
    if order_type != OrderType.TRAILING_STOP_MARKET:
        return {"trigger_ticks": price_ticks(spec, _needed(body.trigger_price, "trigger_price"), "trigger_price")}
    found = {"callback_ppm": _callback_ppm(_needed(body.callback_rate, "callback_rate"))}
    if body.trigger_price is not None:
        found["trigger_ticks"] = price_ticks(spec, body.trigger_price, "trigger_price")
    return found


def _callback_ppm(text: str) -> int:
    try:
        ppm = parse_scaled(text, CALLBACK_DECIMALS)
    except ValueError:
        raise _malformed("callback_rate", "The callback rate is no fraction with at most 6 decimals.") from None
    if not CALLBACK_PPM_MIN <= ppm <= CALLBACK_PPM_MAX:
        told = "The callback rate must be between 0.001 and 0.1."
        raise LaneError(-2007, told, name="INVALID_CALLBACK_RATE", details={"parameter": "callback_rate"})
    return ppm


def _good_till_ns(good_till_ms: int) -> int:
    if not 0 < good_till_ms <= LAST_MS:
        told = "The good_till_ms is no time to come."
        raise LaneError(-5040, told, name="INVALID_GOOD_TILL", details={"parameter": "good_till_ms"})
    return good_till_ms * NS_PER_MS


def _client_order_id(chosen: str | None, nonce: str) -> str:
    """The caller's, or one of ours: the same for the same signed request."""
    if chosen is None:
        return f"auto-{(nonce or secrets.token_hex(15))[:30]}"
    if is_client_id(chosen) is None:
        raise LaneError(-4015, "The client_order_id is not valid.", name="INVALID_CLIENT_ORDER_ID")
    return chosen


def _needed(value: Any, name: str) -> Any:
    if value is None:
        told = f"This order needs a {name.replace('_', ' ')}."
        raise LaneError(-1102, told, name="MISSING_PARAMETER", details={"parameter": name})
    return value


def _unwanted(value: Any, name: str) -> None:
    if value is not None:
        raise _not_here(name, f"This order has no {name.replace('_', ' ')}.")


def _not_here(name: str, told: str) -> LaneError:
    return LaneError(-1106, told, name="PARAMETER_NOT_REQUIRED", details={"parameter": name})


def _malformed(name: str, told: str) -> LaneError:
    return LaneError(-1100, told, name="MALFORMED_PARAMETER", details={"parameter": name})
