"""/api/v1/orders on the trading lane: place, read, amend, cancel. Names are the glossary's, decimals text.

The same body under the same client_order_id answers the first result again, with 200.
"""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

import msgspec

from apps.common.json_body import read_body
from apps.common.lane import LaneError, LaneRequest, LaneResponse, Route, Routes, Security, answer
from apps.common.refusals import CommandRefused
from apps.common.rows import ask
from apps.instruments.catalog import get_catalog
from apps.instruments.types import InstrumentSpec
from apps.instruments.wire import find_instrument, price_ticks, quantity_lots
from apps.orders import services
from apps.orders.live_state import find_order, list_open_orders
from apps.orders.new_order import NewOrder, is_client_id, is_order_id, read_new_order
from apps.orders.results import OrderResult, of_row
from apps.orders.selectors import get_fills, get_orders
from apps.orders.types import FillRow
from matcher.protocol.enums import (
    OrderStatus,
    OrderType,
    PositionSide,
    SelfTradePrevention,
    Side,
    TimeInForce,
    WorkingType,
)
from matcher.protocol.rejects import EndReason, RejectReason
from matcher.protocol.units import format_scaled

LIST_LIMIT, LIST_LIMIT_MAX = 100, 500
COUNTDOWN_MS_MAX = 1_000_000_000


class OrderChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of PUT /api/v1/orders/{order_id}: the new price and the new total quantity."""

    symbol: str
    price: str
    quantity: str


class Countdown(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST /api/v1/countdown; without a symbol it is for all instruments."""

    countdown_ms: int
    symbol: str | None = None


def order_object(spec: InstrumentSpec, order: OrderResult) -> dict[str, Any]:
    """An order in the glossary's words."""
    average = None
    if order.filled_lots:
        scale = 10**spec.quantity_decimals
        average = format_scaled(order.filled_quote_units * scale // (order.filled_lots * spec.lot_step), 8)
    return {
        "order_id": str(order.order_id),
        "client_order_id": order.client_order_id,
        "symbol": spec.symbol,
        "side": Side(order.side).name.lower(),
        "order_type": OrderType(order.order_type).name.lower(),
        "time_in_force": TimeInForce(order.time_in_force).name,
        "price": _price(spec, order.price_ticks),
        "quantity": spec.quantity_text(order.quantity_lots),
        "filled_quantity": spec.quantity_text(order.filled_lots),
        "filled_quote": format_scaled(order.filled_quote_units, 8),
        "average_price": average,
        "status": OrderStatus(order.status).name.lower(),
        "reduce_only": order.reduce_only,
        "close_position": order.close_position,
        "price_protect": order.price_protect,
        "position_side": PositionSide(order.position_side).name.lower(),
        "working_type": WorkingType(order.working_type).name.lower(),
        "trigger_price": _price(spec, order.trigger_ticks),
        "callback_rate": format_scaled(order.callback_ppm, 6) if order.callback_ppm else None,
        "good_till_ms": order.good_till_ns // 1_000_000 or None,
        "take_profit_price": _price(spec, order.take_profit_ticks),
        "stop_loss_price": _price(spec, order.stop_loss_ticks),
        "linked_order_id": str(order.linked_order_id) if order.linked_order_id else None,
        "waiting": order.waiting,
        "triggered_ms": order.triggered_ns // 1_000_000 or None,
        "end_reason": _reason(order.end_reason),
        "self_trade_prevention": SelfTradePrevention(order.self_trade_prevention).name,
        "created_ms": order.created_ns // 1_000_000 if order.created_ns else None,
        "updated_ms": order.updated_ns // 1_000_000,
    }


def _price(spec: InstrumentSpec, ticks: int) -> str | None:
    return spec.price_text(ticks) if ticks else None


def _reason(number: int) -> str | None:
    """Why an order ended though nobody asked: an EndReason, or the RejectReason of one refused when it fired."""
    if not number:
        return None
    return (EndReason(number) if number >= EndReason.SELF_TRADE else RejectReason(number)).name


def fill_object(spec: InstrumentSpec, fill: FillRow) -> dict[str, Any]:
    """One half of a trade; a liquidation fill pays the liquidation fee."""
    return {
        "trade_id": str(fill.trade_id),
        "order_id": str(fill.order_id),
        "symbol": spec.symbol,
        "side": Side(fill.side).name.lower(),
        "position_side": PositionSide(fill.position_side).name.lower(),
        "liquidity_role": "maker" if fill.is_maker else "taker",
        "price": spec.price_text(fill.price_ticks),
        "quantity": spec.quantity_text(fill.quantity_lots),
        "quote": format_scaled(fill.quote_units, 8),
        "fee": format_scaled(fill.fee_units, 8),
        "fee_asset": spec.settlement_asset,
        "realized_pnl": format_scaled(fill.realized_pnl_units, 8),
        "liquidation": fill.is_liquidation,
        "time_ms": fill.time_ns // 1_000_000,
    }


async def post_order(request: LaneRequest) -> LaneResponse:
    body = read_body(request.body, NewOrder)
    spec = await find_instrument(body.symbol)
    order = await services.place_order(account_id=request.account_id, **read_new_order(body, spec, request.nonce))
    return answer(order_object(spec, order), 200 if order.replayed else 201)


async def get_orders_list(request: LaneRequest) -> LaneResponse:
    """Open orders, of one symbol or of all; with `status=all` also ended ones, ascending by id."""
    params, symbol = request.params, request.params.get("symbol")
    spec = await find_instrument(symbol) if symbol else None
    by_id = get_catalog().by_id
    if params.get("status", "open") == "open":
        orders = await list_open_orders(request.account_id, spec.id if spec else 0)
        found = [order_object(by_id[o.instrument_id], o) for o in orders if o.instrument_id in by_id]
        return answer({"orders": found})
    if params["status"] != "all":
        raise LaneError(-1130, "status is open or all.", name="INVALID_PARAMETER", details={"parameter": "status"})
    limit, from_id = _limit(params), _whole(params, "from_order_id", 0)
    await request.settled(request.account_id)
    rows = await ask(get_orders, request.account_id, spec.id if spec else None, from_id=from_id or None, limit=limit)
    return answer(
        {"orders": [order_object(by_id[r.instrument_id], of_row(r)) for r in rows if r.instrument_id in by_id]}
    )


async def get_fills_list(request: LaneRequest) -> LaneResponse:
    """The newest fills, of one symbol or of all, ascending by trade; `from_trade_id` begins there."""
    params, symbol = request.params, request.params.get("symbol")
    spec = await find_instrument(symbol) if symbol else None
    limit, from_id = _limit(params), _whole(params, "from_trade_id", 0)
    await request.settled(request.account_id)
    rows = await ask(get_fills, request.account_id, spec.id if spec else None, from_id=from_id or None, limit=limit)
    by_id = get_catalog().by_id
    return answer({"fills": [fill_object(by_id[r.instrument_id], r) for r in rows if r.instrument_id in by_id]})


async def post_countdown(request: LaneRequest) -> LaneResponse:
    """Cancel what is open in so many milliseconds unless asked again; 0 takes the countdown away."""
    body = read_body(request.body, Countdown)
    spec = await find_instrument(body.symbol) if body.symbol is not None else None
    if not 0 <= body.countdown_ms <= COUNTDOWN_MS_MAX:
        told = "The countdown is between 0 and 1,000,000,000 milliseconds."
        raise LaneError(-4044, told, name="INVALID_AMOUNT", details={"parameter": "countdown_ms"})
    deadline_ns = await services.set_countdown(
        account_id=request.account_id,
        instrument_id=spec.id if spec else 0,
        countdown_ns=body.countdown_ms * 1_000_000,
    )
    return answer({"symbol": body.symbol, "deadline_ms": deadline_ns // 1_000_000 or None})


async def get_one_order(request: LaneRequest) -> LaneResponse:
    """By order_id, or by client_order_id written as `client:<id>`."""
    spec = await _named_instrument(request)
    order_id, client_order_id = read_order_name(request.variables[0])
    order = await find_order(
        request.account_id, spec.id, order_id=order_id, client_order_id=client_order_id, settled=request.settled
    )
    if order is None:
        raise unknown_order()
    return answer(order_object(spec, order))


async def put_order(request: LaneRequest) -> LaneResponse:
    body = read_body(request.body, OrderChange)
    spec = await find_instrument(body.symbol)
    order_id, client_order_id = read_order_name(request.variables[0])
    amended = services.amend_order(
        account_id=request.account_id,
        instrument_id=spec.id,
        order_id=order_id,
        client_order_id=client_order_id,
        price_ticks=price_ticks(spec, body.price),
        quantity_lots=quantity_lots(spec, body.quantity),
    )
    order = await _of_open_order(amended)
    return answer(order_object(spec, order))


async def delete_order(request: LaneRequest) -> LaneResponse:
    spec = await _named_instrument(request)
    order_id, client_order_id = read_order_name(request.variables[0])
    canceled = services.cancel_order(
        account_id=request.account_id, instrument_id=spec.id, order_id=order_id, client_order_id=client_order_id
    )
    order = await _of_open_order(canceled)
    return answer(order_object(spec, order))


async def delete_all_orders(request: LaneRequest) -> LaneResponse:
    """Cancel everything open, of one symbol or of all."""
    symbol = request.params.get("symbol")
    spec = await find_instrument(symbol) if symbol else None
    orders = await services.cancel_all_orders(account_id=request.account_id, instrument_id=spec.id if spec else 0)
    by_id = get_catalog().by_id
    return answer({"canceled": [order_object(by_id[o.instrument_id], o) for o in orders if o.instrument_id in by_id]})


def unknown_order() -> LaneError:
    return LaneError(-2013, "There is no such order.", 404, name="UNKNOWN_ORDER")


async def _of_open_order(outcome: Awaitable[OrderResult]) -> OrderResult:
    """The result, or the refusal that the address names no open order."""
    try:
        return await outcome
    except CommandRefused as error:
        if error.reason == RejectReason.UNKNOWN_ORDER:
            raise unknown_order() from None
        raise


def read_order_name(text: str) -> tuple[int, str]:
    """Our number, or `client:` and the client_order_id. Raises LaneError."""
    if text.startswith("client:") and is_client_id(text[7:]) is not None:
        return 0, text[7:]
    if is_order_id(text) is None or not 0 < int(text) < 1 << 63:
        raise unknown_order()
    return int(text), ""


async def _named_instrument(request: LaneRequest) -> InstrumentSpec:
    symbol = request.params.get("symbol")
    if not symbol:
        raise LaneError(-1102, "symbol is missing.", name="MISSING_PARAMETER", details={"parameter": "symbol"})
    return await find_instrument(symbol)


def _limit(params: dict[str, str]) -> int:
    return max(1, min(_whole(params, "limit", LIST_LIMIT), LIST_LIMIT_MAX))


def _whole(params: dict[str, str], name: str, default: int) -> int:
    text = params.get(name)
    if not text:
        return default
    if is_order_id(text) is None or int(text) >= 1 << 63:
        raise LaneError(-1100, f"{name} is no whole number.", name="MALFORMED_PARAMETER", details={"parameter": name})
    return int(text)


ORDERS, ONE = "/api/v1/orders", "/api/v1/orders/{}"
ROUTES: Routes = {
    ("POST", ORDERS): Route(post_order, 0, Security.TOKEN, (1, 1), "trade"),
    ("GET", ORDERS): Route(get_orders_list, 5, Security.TOKEN),
    ("GET", "/api/v1/fills"): Route(get_fills_list, 5, Security.TOKEN),
    ("POST", "/api/v1/countdown"): Route(post_countdown, 1, Security.TOKEN, permission="trade"),
    ("DELETE", ORDERS): Route(delete_all_orders, 1, Security.TOKEN, permission="trade"),
    ("GET", ONE): Route(get_one_order, 1, Security.TOKEN),
    ("PUT", ONE): Route(put_order, 1, Security.TOKEN, (1, 1), "trade"),
    ("DELETE", ONE): Route(delete_order, 1, Security.TOKEN, permission="trade"),
}
