"""Conditional ("algo") orders: orders that wait for a price, placed, read and canceled at their own addresses.

Once its price is reached one is an order of the market under the same number, which is its `actualOrderId`.
"""

from __future__ import annotations

from typing import Any

from apps.common.lane import LaneRequest, LaneResponse, answer
from apps.common.refusals import CommandRefused
from apps.common.rows import ask
from apps.fapi import errors, values
from apps.fapi.order_entry import OrderName, refused_here
from apps.fapi.order_objects import algo_object
from apps.fapi.order_queries import end_ns, start_ns
from apps.fapi.tickets import read_conditional_ticket
from apps.fapi.values import Params
from apps.gateway.errors import missing
from apps.instruments.catalog import get_catalog
from apps.instruments.types import InstrumentSpec
from apps.orders import services
from apps.orders.live_state import find_conditional_order, list_open_orders
from apps.orders.results import OrderResult, of_row
from apps.orders.selectors import get_orders
from apps.orders.types import OrderKind
from matcher.protocol.rejects import RejectReason


async def place(account_id: int, params: Params, nonce: str) -> dict[str, Any]:
    """Place what `params` describe; the algo object. Raises LaneError."""
    ticket = await read_conditional_ticket(params, nonce)
    try:
        order = await services.place_order(
            account_id=account_id,
            instrument_id=ticket.spec.id,
            client_order_id=ticket.client_order_id,
            **ticket.asked,
        )
    except CommandRefused as error:
        raise refused_here(error, ticket.spec) from None
    if order.replayed and ticket.named:
        raise errors.duplicate_client_order_id()
    return algo_object(ticket.spec, order)


def algo_name(params: Params) -> OrderName:
    """`algoId` or `clientAlgoId`. Raises LaneError -1102 when neither was sent."""
    algo_id = values.integer(params, "algoId")
    if algo_id is not None:
        return OrderName(algo_id or values.LARGEST, "")
    client_order_id = params.get("clientAlgoId", "")
    if not client_order_id:
        raise missing("algoId")
    if values.is_client_id(client_order_id) is None:
        raise errors.refused(RejectReason.INVALID_CLIENT_ORDER_ID)
    return OrderName(0, client_order_id)


async def post_algo_order(request: LaneRequest) -> LaneResponse:
    return answer(await place(request.account_id, request.params, request.nonce))


async def get_algo_order(request: LaneRequest) -> LaneResponse:
    """Open or ended."""
    name = algo_name(request.params)
    order = await find_conditional_order(
        request.account_id,
        order_id=name.order_id,
        client_order_id=name.client_order_id,
        settled=request.settled,
    )
    found = None if order is None else _shown(order)
    if found is None:
        raise errors.order_missing()
    return answer(found)


async def delete_algo_order(request: LaneRequest) -> LaneResponse:
    """One that waits; a triggered one is canceled like every order of the market."""
    name = algo_name(request.params)
    order = await find_conditional_order(
        request.account_id, order_id=name.order_id, client_order_id=name.client_order_id
    )
    if order is None or not order.waiting:
        raise errors.unknown_order_sent()
    try:
        await services.cancel_order(
            account_id=request.account_id, instrument_id=order.instrument_id, order_id=order.order_id
        )
    except CommandRefused as error:
        raise (
            errors.unknown_order_sent() if error.reason == RejectReason.UNKNOWN_ORDER else errors.refused(error.reason)
        ) from None
    return answer({"algoId": order.order_id, "clientAlgoId": order.client_order_id, "code": "200", "msg": "success"})


async def get_open_algo_orders(request: LaneRequest) -> LaneResponse:
    """Those that wait."""
    spec = await values.optional_instrument(request.params)
    algo_id = values.integer(request.params, "algoId")
    orders = await list_open_orders(request.account_id, spec.id if spec is not None else 0)
    waiting = [order for order in orders if order.waiting and algo_id in {None, order.order_id}]
    return answer([found for order in waiting if (found := _shown(order)) is not None])


async def get_all_algo_orders(request: LaneRequest) -> LaneResponse:
    """Ascending by id; the newest ones when neither `algoId` nor `startTime` says where to begin."""
    params = request.params
    spec = await values.instrument(params)
    from_id, limit = values.integer(params, "algoId"), values.limit(params, 500, 1000)
    start_ms, end_ms = values.window(params)
    await request.settled(request.account_id)
    rows = await ask(
        get_orders,
        request.account_id,
        spec.id,
        from_id=from_id,
        start_ns=start_ns(start_ms),
        end_ns=end_ns(end_ms),
        limit=limit,
        kind=OrderKind.CONDITIONAL,
    )
    return answer([algo_object(spec, of_row(row)) for row in rows])


async def delete_open_algo_orders(request: LaneRequest) -> LaneResponse:
    spec = await values.instrument(request.params)
    try:
        await services.cancel_open_orders(account_id=request.account_id, instrument_id=spec.id, waiting=True)
    except CommandRefused as error:
        raise refused_here(error, spec) from None
    return answer({"code": 200, "msg": "The operation of cancel all open order is done."})


def _shown(order: OrderResult) -> dict[str, Any] | None:
    spec: InstrumentSpec | None = get_catalog().by_id.get(order.instrument_id)
    return None if spec is None else algo_object(spec, order)
