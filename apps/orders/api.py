"""/api/v1/orders on the trading lane: place, read, amend, cancel. Names are the glossary's, decimals text.

The same body under the same client_order_id answers the first result again, with 200.
"""

from __future__ import annotations

from collections.abc import Awaitable

from apps.common.json_body import read_body
from apps.common.lane import LaneError, LaneRequest, LaneResponse, Route, Routes, Security, answer
from apps.common.refusals import CommandRefused
from apps.common.rows import ask
from apps.instruments.catalog import get_catalog
from apps.instruments.types import InstrumentSpec
from apps.instruments.wire import find_instrument, price_ticks, quantity_lots
from apps.orders import services
from apps.orders.live_state import find_order, list_open_orders
from apps.orders.results import OrderResult, of_row
from apps.orders.selectors import get_orders
from apps.orders.wire import (
    NewOrder,
    OrderChange,
    is_order_id,
    order_object,
    read_new_order,
    read_order_name,
    unknown_order,
)
from matcher.protocol.rejects import RejectReason

LIST_LIMIT, LIST_LIMIT_MAX = 100, 500


async def post_order(request: LaneRequest) -> LaneResponse:
    spec, asked = await read_new_order(read_body(request.body, NewOrder), request.nonce)
    order = await services.place_order(account_id=request.account_id, **asked)
    return answer(order_object(spec, order), 200 if order.replayed else 201)


async def get_orders_list(request: LaneRequest) -> LaneResponse:
    """Open orders, waiting ones too, of one symbol or of all; with `status=all` and a symbol also ended ones, ascending by id."""
    params, symbol = request.params, request.params.get("symbol")
    spec = await find_instrument(symbol) if symbol else None
    by_id = get_catalog().by_id
    if params.get("status", "open") == "open":
        orders = await list_open_orders(request.account_id, spec.id if spec else 0)
        found = [order_object(by_id[o.instrument_id], o) for o in orders if o.instrument_id in by_id]
        return answer({"orders": found})
    if params["status"] != "all" or spec is None:
        raise LaneError(-1130, "status is open or all; all needs a symbol.", name="INVALID_PARAMETER")
    limit, from_id = _whole(params, "limit", LIST_LIMIT), _whole(params, "from_order_id", 0)
    await request.settled(request.account_id)
    rows = await ask(
        get_orders, request.account_id, spec.id, from_id=from_id or None, limit=max(1, min(limit, LIST_LIMIT_MAX))
    )
    return answer({"orders": [order_object(spec, of_row(row)) for row in rows]})


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


async def _of_open_order(outcome: Awaitable[OrderResult]) -> OrderResult:
    """The result, or the refusal that the address names no open order."""
    try:
        return await outcome
    except CommandRefused as error:
        if error.reason == RejectReason.UNKNOWN_ORDER:
            raise unknown_order() from None
        raise


async def _named_instrument(request: LaneRequest) -> InstrumentSpec:
    symbol = request.params.get("symbol")
    if not symbol:
        raise LaneError(-1102, "symbol is missing.", name="MISSING_PARAMETER", details={"parameter": "symbol"})
    return await find_instrument(symbol)


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
    ("DELETE", ORDERS): Route(delete_all_orders, 1, Security.TOKEN, permission="trade"),
    ("GET", ONE): Route(get_one_order, 1, Security.TOKEN),
    ("PUT", ONE): Route(put_order, 1, Security.TOKEN, (1, 1), "trade"),
    ("DELETE", ONE): Route(delete_order, 1, Security.TOKEN, permission="trade"),
}
