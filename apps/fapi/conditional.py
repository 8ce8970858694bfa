"""Conditional ("algo") orders: orders that wait for a price, placed, read and canceled at their own addresses.

Once its price is reached one is an order of the market under the same number, which is its `actualOrderId`.
"""

from __future__ import annotations

from typing import Any

from apps.common.lane import LaneRequest, LaneResponse, answer
from apps.common.refusals import CommandRefused
from apps.fapi import errors, values
from apps.fapi.order_entry import refused_here, send
from apps.fapi.order_objects import algo_object
from apps.fapi.order_queries import list_orders
from apps.fapi.tickets import read_conditional_ticket
from apps.fapi.values import OrderName, Params
from apps.instruments.catalog import get_catalog
from apps.instruments.types import InstrumentSpec
from apps.orders import services
from apps.orders.live_state import find_conditional_order, list_open_orders
from apps.orders.results import OrderResult
from apps.orders.types import OrderKind
from matcher.protocol.rejects import RejectReason


def algo_name(params: Params) -> OrderName:
    """`algoId` or `clientAlgoId`. Raises LaneError -1102 when neither was sent."""
    return values.order_name(params, "algoId", "clientAlgoId")


async def post_algo_order(request: LaneRequest) -> LaneResponse:
    ticket = await read_conditional_ticket(request.params, request.nonce)
    return answer(algo_object(ticket.spec, await send(request.account_id, ticket)))


async def _find(request: LaneRequest, *, ended: bool) -> OrderResult | None:
    """The conditional order that is named, an ended one too where wanted. With a `symbol`: only when it is of that."""
    spec, name = await values.optional_instrument(request.params), algo_name(request.params)
    order = await find_conditional_order(
        request.account_id,
        order_id=name.order_id,
        client_order_id=name.client_order_id,
        settled=request.settled if ended else None,
    )
    return None if order is None or (spec is not None and order.instrument_id != spec.id) else order


async def get_algo_order(request: LaneRequest) -> LaneResponse:
    """Open or ended."""
    order = await _find(request, ended=True)
    found = None if order is None else _shown(order)
    if found is None:
        raise errors.order_missing()
    return answer(found)


async def delete_algo_order(request: LaneRequest) -> LaneResponse:
    """One that waits; a triggered one is canceled like every order of the market."""
    order = await _find(request, ended=False)
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
    spec, orders = await list_orders(request, "algoId", OrderKind.CONDITIONAL)
    return answer([algo_object(spec, order) for order in orders])


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
