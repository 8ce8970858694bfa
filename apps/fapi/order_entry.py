"""Order entry: place, amend, cancel, one at a time. The order of the checks is that of the refusals.

A request without a client order id gets one made from its signature, so that the same signed
request sent twice has one effect.
"""

from __future__ import annotations

import contextlib
import secrets
from typing import Any, NamedTuple

from apps.common.lane import LaneError, LaneRequest, LaneResponse, answer
from apps.common.refusals import CommandRefused
from apps.fapi import errors, values, words
from apps.fapi.order_objects import order_object
from apps.fapi.values import Params
from apps.feeds.errors import FeedsUnavailableError, UnknownInstrumentError
from apps.feeds.hub import get_hub
from apps.gateway.errors import missing
from apps.instruments.types import InstrumentSpec
from apps.orders import services
from apps.orders.live_state import find_open_order
from apps.orders.results import OrderResult
from matcher.protocol.enums import OrderStatus, OrderType, PositionSide, SelfTradePrevention, TimeInForce
from matcher.protocol.rejects import RejectReason
from matcher.protocol.units import PPM

_INVALID_SIDE = errors.refused(RejectReason.INVALID_SIDE)
_INVALID_TYPE = errors.refused(RejectReason.INVALID_ORDER_TYPE)
_INVALID_TIME_IN_FORCE = errors.refused(RejectReason.INVALID_TIME_IN_FORCE)
GENERATED_CHARS = 30


class Ticket(NamedTuple):
    """A PlaceOrder as read from parameters; `named` when the client chose the id."""

    spec: InstrumentSpec
    side: int
    order_type: int
    time_in_force: int
    quantity_lots: int
    price_ticks: int
    reduce_only: bool
    self_trade_prevention: int
    client_order_id: str
    named: bool


class OrderName(NamedTuple):
    """How a request names an order; `order_id` wins."""

    order_id: int
    client_order_id: str


async def read_ticket(params: Params, nonce: str) -> Ticket:
    """The order asked for. Raises LaneError for anything malformed or not offered."""
    spec = await values.instrument(params)
    side = _fresh_choice(params, "side", words.SIDES, _INVALID_SIDE)
    type_name = values.required(params, "type")
    if type_name in words.CONDITIONAL_TYPES:
        raise errors.conditional_elsewhere()
    order_type = words.PLAIN_TYPES.get(type_name)
    if order_type is None:
        raise _again(_INVALID_TYPE)
    _refuse_unoffered(params)
    if order_type == OrderType.LIMIT:
        time_in_force = _fresh_choice(params, "timeInForce", words.TIMES_IN_FORCE, _INVALID_TIME_IN_FORCE)
        if time_in_force == TimeInForce.GTD:
            raise _again(_INVALID_TIME_IN_FORCE)
        lots = values.quantity_lots(params, spec)
        ticks = values.price_ticks(params, spec)
    else:
        if params.get("price"):
            raise errors.not_required("price")
        time_in_force, ticks = int(TimeInForce.IOC), 0
        lots = values.quantity_lots(params, spec)
    named = params.get("newClientOrderId", "")
    if named and values.is_client_id(named) is None:
        raise errors.refused(RejectReason.INVALID_CLIENT_ORDER_ID)
    mode = values.choice(params, "selfTradePreventionMode", words.SELF_TRADE_MODES)
    return Ticket(
        spec=spec,
        side=side,
        order_type=order_type,
        time_in_force=time_in_force,
        quantity_lots=lots,
        price_ticks=ticks,
        reduce_only=bool(values.boolean(params, "reduceOnly")),
        self_trade_prevention=int(SelfTradePrevention.EXPIRE_MAKER) if mode is None else mode,
        client_order_id=named or generated_id(nonce),
        named=bool(named),
    )


def generated_id(nonce: str) -> str:
    """The same for the same signed request."""
    return f"auto-{(nonce or secrets.token_hex(GENERATED_CHARS))[:GENERATED_CHARS]}"


def _again(error: LaneError) -> LaneError:
    """A new exception of the same content: a raised one keeps its traceback."""
    return LaneError(error.code, error.message, error.status, name=error.name)


def _fresh_choice(params: Params, name: str, choices: dict[str, int], error: LaneError) -> int:
    number = choices.get(values.required(params, name))
    if number is None:
        raise _again(error)
    return number


def _refuse_unoffered(params: Params) -> None:
    """What the protocol knows and this exchange does not offer on plain orders is refused, never ignored."""
    position_side = params.get("positionSide")
    if position_side and position_side != "BOTH":
        if position_side not in words.POSITION_SIDES:
            raise errors.not_valid("positionSide")
        raise errors.refused(RejectReason.INVALID_POSITION_SIDE)
    if values.boolean(params, "closePosition"):
        raise LaneError(-4136, "Target strategy invalid for orderType, closePosition true.", name="INVALID_PARAMETER")
    if params.get("priceMatch", "NONE") not in {"NONE", ""}:
        raise errors.not_valid("priceMatch")
    if params.get("newOrderRespType", "ACK") not in {"ACK", "RESULT", ""}:
        raise errors.not_valid("newOrderRespType")
    for name in ("stopPrice", "activationPrice", "callbackRate"):
        if params.get(name):
            raise errors.not_required(name)


def order_name(params: Params) -> OrderName:
    """`orderId` or `origClientOrderId`. Raises LaneError -1102 when neither was sent."""
    order_id = values.integer(params, "orderId")
    if order_id is not None:
        return OrderName(order_id or values.LARGEST, "")
    client_order_id = params.get("origClientOrderId", "")
    if not client_order_id:
        raise missing("orderId")
    if values.is_client_id(client_order_id) is None:
        raise errors.refused(RejectReason.INVALID_CLIENT_ORDER_ID)
    return OrderName(0, client_order_id)


def refused_here(error: CommandRefused, spec: InstrumentSpec) -> LaneError:
    """The engine's refusal with the limit its text names."""
    reason, limit = error.reason, ""
    if reason == RejectReason.NOTIONAL_TOO_SMALL:
        limit = str(spec.min_notional_units // 10**8)
    elif reason in {RejectReason.PRICE_ABOVE_BAND, RejectReason.PRICE_BELOW_BAND}:
        band = spec.price_band_ppm if reason == RejectReason.PRICE_ABOVE_BAND else -spec.price_band_ppm
        with contextlib.suppress(FeedsUnavailableError, UnknownInstrumentError):
            mark = get_hub().mark(spec.id)
            limit = spec.price_text(mark.mark_ticks * (PPM + band) // PPM) if mark else ""
    return errors.refused(reason, limit)


async def place(account_id: int, params: Params, nonce: str) -> dict[str, Any]:
    """Place what `params` describe; the order object with its fills. Raises LaneError."""
    ticket = await read_ticket(params, nonce)
    try:
        order = await services.place_order(
            account_id=account_id,
            instrument_id=ticket.spec.id,
            side=ticket.side,
            order_type=ticket.order_type,
            time_in_force=ticket.time_in_force,
            quantity_lots=ticket.quantity_lots,
            price_ticks=ticket.price_ticks,
            reduce_only=ticket.reduce_only,
            self_trade_prevention=ticket.self_trade_prevention,
            client_order_id=ticket.client_order_id,
        )
    except CommandRefused as error:
        raise refused_here(error, ticket.spec) from None
    if order.replayed and ticket.named:
        raise errors.duplicate_client_order_id()
    return order_object(ticket.spec, order)


async def test(params: Params, nonce: str) -> dict[str, Any]:
    """What `place` would be asked to do; nothing is sent and nothing stored."""
    ticket = await read_ticket(params, nonce)
    order = OrderResult(
        order_id=0,
        instrument_id=ticket.spec.id,
        client_order_id=ticket.client_order_id,
        side=ticket.side,
        order_type=ticket.order_type,
        time_in_force=ticket.time_in_force,
        reduce_only=ticket.reduce_only,
        position_side=PositionSide.BOTH,
        self_trade_prevention=ticket.self_trade_prevention,
        status=OrderStatus.NEW,
        price_ticks=ticket.price_ticks,
        quantity_lots=ticket.quantity_lots,
        filled_lots=0,
        filled_quote_units=0,
        updated_ns=0,
        created_ns=0,
    )
    return order_object(ticket.spec, order)


async def amend(account_id: int, params: Params) -> dict[str, Any]:
    """New price and quantity of an open order. Raises LaneError, -1117 when it stands on the other side."""
    spec = await values.instrument(params)
    name = order_name(params)
    side = _fresh_choice(params, "side", words.SIDES, _INVALID_SIDE)
    if params.get("priceMatch", "NONE") not in {"NONE", ""}:
        raise errors.not_valid("priceMatch")
    lots, ticks = values.quantity_lots(params, spec), values.price_ticks(params, spec)
    standing = await find_open_order(account_id, spec.id, order_id=name.order_id, client_order_id=name.client_order_id)
    if standing is not None and standing.side != side:
        raise _again(_INVALID_SIDE)
    try:
        order = await services.amend_order(
            account_id=account_id,
            instrument_id=spec.id,
            order_id=name.order_id,
            client_order_id=name.client_order_id,
            price_ticks=ticks,
            quantity_lots=lots,
        )
    except CommandRefused as error:
        raise refused_here(error, spec) from None
    return order_object(spec, order)


async def cancel(account_id: int, params: Params) -> dict[str, Any]:
    """Cancel one open order. Raises LaneError, -2011 when there is none."""
    spec = await values.instrument(params)
    name = order_name(params)
    try:
        order = await services.cancel_order(
            account_id=account_id,
            instrument_id=spec.id,
            order_id=name.order_id,
            client_order_id=name.client_order_id,
        )
    except CommandRefused as error:
        if error.reason == RejectReason.UNKNOWN_ORDER:
            raise errors.unknown_order_sent() from None
        raise refused_here(error, spec) from None
    return order_object(spec, order)


async def post_order(request: LaneRequest) -> LaneResponse:
    return answer(await place(request.account_id, request.params, request.nonce))


async def post_order_test(request: LaneRequest) -> LaneResponse:
    return answer(await test(request.params, request.nonce))


async def put_order(request: LaneRequest) -> LaneResponse:
    return answer(await amend(request.account_id, request.params))


async def delete_order(request: LaneRequest) -> LaneResponse:
    return answer(await cancel(request.account_id, request.params))


async def delete_all_open_orders(request: LaneRequest) -> LaneResponse:
    spec = await values.instrument(request.params)
    try:
        await services.cancel_all_orders(account_id=request.account_id, instrument_id=spec.id)
    except CommandRefused as error:
        raise refused_here(error, spec) from None
    return answer({"code": 200, "msg": "The operation of cancel all open order is done."})
