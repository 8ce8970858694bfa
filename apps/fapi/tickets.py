"""What an order request asks for, read from parameters into the words of the order service.

Plain and conditional orders share everything but their types and prices. The order of the checks is that
of the refusals; what the protocol knows and this exchange does not offer is refused, never ignored.
"""

from __future__ import annotations

import secrets
import time
from typing import Any, NamedTuple

from apps.common.lane import LaneError
from apps.fapi import errors, values, words
from apps.fapi.price_match import NO_MATCH, asked_match, matched_ticks, refuse_match
from apps.fapi.values import Params
from apps.instruments.types import InstrumentSpec
from matcher.protocol.enums import OrderType, PositionSide, SelfTradePrevention, TimeInForce
from matcher.protocol.rejects import RejectReason

GENERATED_CHARS = 30
NS_PER_MS = 1_000_000
GOOD_TILL_LEAST_MS, GOOD_TILL_LAST_MS = 600_000, 9_000_000_000_000
CALLBACK_DECIMALS = 4  # a percentage with four decimals is parts per million
CALLBACK_PPM_MIN, CALLBACK_PPM_MAX = 1_000, 100_000
_INVALID_SIDE = errors.refused(RejectReason.INVALID_SIDE)
_INVALID_TYPE = errors.refused(RejectReason.INVALID_ORDER_TYPE)
_INVALID_TIME_IN_FORCE = errors.refused(RejectReason.INVALID_TIME_IN_FORCE)
_LIMIT_TYPES = frozenset((OrderType.LIMIT, OrderType.STOP, OrderType.TAKE_PROFIT))
_CLOSING_TYPES = frozenset((OrderType.STOP_MARKET, OrderType.TAKE_PROFIT_MARKET))


class Ticket(NamedTuple):
    """An order asked for: `asked` are the order service's words, `named` says that the client chose the id.

    `price_match` is how its price was found in the book.
    """

    spec: InstrumentSpec
    asked: dict[str, Any]
    client_order_id: str
    named: bool
    price_match: str = NO_MATCH


async def read_ticket(params: Params, nonce: str) -> Ticket:
    """The plain order asked for. Raises LaneError for anything malformed or not offered."""
    spec = await values.instrument(params)
    side = read_side(params)
    type_name = values.required(params, "type")
    if type_name in words.CONDITIONAL_TYPES:
        raise errors.conditional_elsewhere()
    order_type = words.PLAIN_TYPES.get(type_name)
    if order_type is None:
        raise again(_INVALID_TYPE)
    _refuse_unoffered(params)
    if values.boolean(params, "closePosition"):
        raise errors.close_position_not_here()
    for name in ("stopPrice", "activationPrice", "callbackRate"):
        if params.get(name):
            raise errors.not_required(name)
    match = NO_MATCH
    if order_type == OrderType.LIMIT:
        match = asked_match(params)
        time_in_force = fresh_choice(params, "timeInForce", words.TIMES_IN_FORCE, _INVALID_TIME_IN_FORCE)
        lots = values.quantity_lots(params, spec)
        ticks = values.price_ticks(params, spec) if match == NO_MATCH else matched_ticks(params, spec, side, match)
    else:
        refuse_match(params)
        if params.get("price"):
            raise errors.not_required("price")
        time_in_force, ticks = int(TimeInForce.IOC), 0
        lots = values.quantity_lots(params, spec)
    asked = {
        "side": side,
        "order_type": order_type,
        "time_in_force": time_in_force,
        "quantity_lots": lots,
        "price_ticks": ticks,
        **_read_shared(params, time_in_force),
    }
    return _ticket(spec, asked, params.get("newClientOrderId", ""), nonce)._replace(price_match=match)


async def read_conditional_ticket(params: Params, nonce: str) -> Ticket:
    """The conditional order asked for. Raises LaneError."""
    if values.required(params, "algoType") != "CONDITIONAL":
        raise errors.not_valid("algoType")
    spec = await values.instrument(params)
    side = read_side(params)
    type_name = values.required(params, "type")
    if type_name not in words.CONDITIONAL_TYPES:
        raise again(_INVALID_TYPE)
    order_type = OrderType[type_name]
    _refuse_unoffered(params)
    if params.get("priceMatch", NO_MATCH) not in {NO_MATCH, ""}:
        raise errors.not_valid("priceMatch")
    time_in_force = values.choice(params, "timeInForce", words.TIMES_IN_FORCE, again(_INVALID_TIME_IN_FORCE)) or 0
    asked = {"side": side, "order_type": int(order_type), "time_in_force": time_in_force}
    asked |= _read_quantity(params, spec, order_type) | _read_shared(params, time_in_force)
    if asked.get("close_position") and asked["reduce_only"]:
        raise errors.not_required("reduceOnly")
    if order_type in _LIMIT_TYPES:
        asked["price_ticks"] = values.price_ticks(params, spec)
    elif params.get("price"):
        raise errors.not_required("price")
    asked |= _read_trigger(params, spec, order_type)
    working = values.choice(params, "workingType", words.WORKING_TYPES)
    if working:
        asked["working_type"] = working
    if values.boolean(params, "priceProtect"):
        asked["price_protect"] = True
    return _ticket(spec, asked, params.get("clientAlgoId", ""), nonce)


def _read_quantity(params: Params, spec: InstrumentSpec, order_type: OrderType) -> dict[str, Any]:
    """`quantity`, or `closePosition` in its place."""
    if not values.boolean(params, "closePosition"):
        return {"quantity_lots": values.quantity_lots(params, spec)}
    if order_type not in _CLOSING_TYPES:
        raise errors.close_position_not_here()
    if params.get("quantity"):
        raise errors.quantity_with_close_position()
    return {"quantity_lots": 0, "close_position": True}


def _read_trigger(params: Params, spec: InstrumentSpec, order_type: OrderType) -> dict[str, Any]:
    """The trigger price, or a trailing order's callback and activation."""
    if order_type != OrderType.TRAILING_STOP_MARKET:
        for name in ("callbackRate", "activatePrice"):
            if params.get(name):
                raise errors.not_required(name)
        return {"trigger_ticks": values.price_ticks(params, spec, "triggerPrice")}
    if params.get("triggerPrice"):
        raise errors.not_required("triggerPrice")
    ppm = values.scaled(params, "callbackRate", CALLBACK_DECIMALS)
    if not CALLBACK_PPM_MIN <= ppm <= CALLBACK_PPM_MAX:
        raise errors.callback_out_of_range()
    found: dict[str, Any] = {"callback_ppm": ppm}
    for name in ("activatePrice", "activationPrice"):
        if params.get(name):
            found["trigger_ticks"] = values.price_ticks(params, spec, name)
            break
    return found


def _read_shared(params: Params, time_in_force: int) -> dict[str, Any]:
    """What every order may have."""
    mode = values.choice(params, "selfTradePreventionMode", words.SELF_TRADE_MODES)
    found: dict[str, Any] = {
        "reduce_only": bool(values.boolean(params, "reduceOnly")),
        "self_trade_prevention": int(SelfTradePrevention.EXPIRE_MAKER) if mode is None else mode,
    }
    side = values.choice(params, "positionSide", words.POSITION_SIDE_NUMBERS)
    if side:
        found["position_side"] = side
    if time_in_force == TimeInForce.GTD:
        found["good_till_ns"] = _good_till_ms(params) * NS_PER_MS
    return found


def _good_till_ms(params: Params) -> int:
    """When a GTD order ends, at least 600 s from now. Raises LaneError -1102, -5040."""
    good_till_ms = values.required_integer(params, "goodTillDate")
    if not time.time_ns() // NS_PER_MS + GOOD_TILL_LEAST_MS < good_till_ms <= GOOD_TILL_LAST_MS:
        raise errors.refused(RejectReason.INVALID_GOOD_TILL)
    return good_till_ms


def _refuse_unoffered(params: Params) -> None:
    position_side = params.get("positionSide")
    if position_side and position_side not in words.POSITION_SIDES:
        raise errors.not_valid("positionSide")
    if params.get("newOrderRespType", "ACK") not in {"ACK", "RESULT", ""}:
        raise errors.not_valid("newOrderRespType")


def _ticket(spec: InstrumentSpec, asked: dict[str, Any], chosen: str, nonce: str) -> Ticket:
    if chosen and values.is_client_id(chosen) is None:
        raise errors.refused(RejectReason.INVALID_CLIENT_ORDER_ID)
    return Ticket(spec, asked, chosen or generated_id(nonce), bool(chosen))


def read_side(params: Params) -> int:
    return fresh_choice(params, "side", words.SIDES, _INVALID_SIDE)


def position_side(params: Params) -> int:
    """`positionSide`, BOTH when absent. Raises LaneError -1130."""
    return values.choice(params, "positionSide", words.POSITION_SIDE_NUMBERS) or int(PositionSide.BOTH)


def generated_id(nonce: str) -> str:
    """The same for the same signed request."""
    return f"auto-{(nonce or secrets.token_hex(GENERATED_CHARS))[:GENERATED_CHARS]}"


def again(error: LaneError) -> LaneError:
    """A new exception of the same content: a raised one keeps its traceback."""
    return LaneError(error.code, error.message, error.status, name=error.name)


def fresh_choice(params: Params, name: str, choices: dict[str, int], error: LaneError) -> int:
    number = choices.get(values.required(params, name))
    if number is None:
        raise again(error)
    return number
