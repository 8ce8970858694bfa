"""Orders asked for: open ones from the engine, ended ones from rows that have caught up.

Conditional orders are shown here from the moment their price was reached.
"""

from __future__ import annotations

from typing import Any

from apps.common.lane import LaneRequest, LaneResponse, answer
from apps.common.rows import ask
from apps.fapi import errors, values
from apps.fapi.order_entry import order_name
from apps.fapi.order_objects import order_object
from apps.instruments.catalog import get_catalog
from apps.instruments.types import InstrumentSpec
from apps.orders.live_state import find_order, list_open_orders
from apps.orders.results import OrderResult, of_row
from apps.orders.selectors import get_orders
from apps.orders.types import OrderKind

HISTORY_DAYS = 7
PAGES_MAX = 100_000


async def _find(request: LaneRequest, *, open_only: bool) -> dict[str, Any]:
    spec = await values.instrument(request.params)
    name = order_name(request.params)
    order = await find_order(
        request.account_id,
        spec.id,
        order_id=name.order_id,
        client_order_id=name.client_order_id,
        settled=request.settled,
        open_only=open_only,
    )
    if order is None or (order.is_conditional and not order.triggered_ns):
        raise errors.order_missing()
    return order_object(spec, order)


async def get_order(request: LaneRequest) -> LaneResponse:
    return answer(await _find(request, open_only=False))


async def get_open_order(request: LaneRequest) -> LaneResponse:
    return answer(await _find(request, open_only=True))


async def get_open_orders(request: LaneRequest) -> LaneResponse:
    spec = await values.optional_instrument(request.params)
    orders = await list_open_orders(request.account_id, spec.id if spec is not None else 0)
    by_id = get_catalog().by_id
    worked = [order for order in orders if not order.waiting and order.instrument_id in by_id]
    return answer([order_object(by_id[order.instrument_id], order) for order in worked])


async def list_orders(request: LaneRequest, number: str, kind: OrderKind) -> tuple[InstrumentSpec, list[OrderResult]]:
    """Ascending by id from parameter `number` or `startTime` on, else the newest of the last 7 days; `page` goes on."""
    params = request.params
    spec = await values.instrument(params)
    from_id, limit = values.integer(params, number), values.limit(params, 500, 1000)
    span, page = values.span(params, HISTORY_DAYS, number), min(values.integer(params, "page") or 1, PAGES_MAX)
    await request.settled(request.account_id)
    rows = await ask(
        get_orders,
        request.account_id,
        spec.id,
        from_id=from_id,
        start_ns=span.start_ns,
        end_ns=span.end_ns,
        limit=limit,
        kind=kind,
        newest=span.newest,
        offset=(page - 1) * limit,
    )
    return spec, [of_row(row) for row in rows]


async def get_all_orders(request: LaneRequest) -> LaneResponse:
    spec, orders = await list_orders(request, "orderId", OrderKind.WORKED)
    return answer([order_object(spec, order) for order in orders])
