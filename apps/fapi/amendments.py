"""What was changed of an account's orders, from rows that have caught up."""

from __future__ import annotations

from typing import Any

from apps.common.lane import LaneRequest, LaneResponse, answer
from apps.common.rows import ask
from apps.fapi import formats, values
from apps.instruments.types import InstrumentSpec
from apps.orders.selectors import get_amendments as find_amendments
from apps.orders.types import AmendmentRow


async def get_amendments(request: LaneRequest) -> LaneResponse:
    """Newest first; of one order when it is named."""
    params = request.params
    spec = await values.instrument(params)
    order_id = values.integer(params, "orderId") or 0
    start_ns, end_ns = values.window_ns(params)
    limit = values.limit(params, 50, 100)
    await request.settled(request.account_id)
    rows = await ask(
        find_amendments,
        request.account_id,
        spec.id,
        order_id=order_id,
        client_order_id=params.get("origClientOrderId", ""),
        start_ns=start_ns,
        end_ns=end_ns,
        limit=limit,
    )
    return answer([amendment_object(spec, row) for row in rows])


def amendment_object(spec: InstrumentSpec, row: AmendmentRow) -> dict[str, Any]:
    return {
        "amendmentId": row.amendment_id,
        "symbol": spec.symbol,
        "pair": spec.symbol,
        "orderId": row.order_id,
        "clientOrderId": row.client_order_id,
        "time": formats.ms(row.time_ns),
        "amendment": {
            "price": {"before": spec.price_text(row.price_ticks_before), "after": spec.price_text(row.price_ticks)},
            "origQty": {
                "before": spec.quantity_text(row.quantity_lots_before),
                "after": spec.quantity_text(row.quantity_lots),
            },
            "count": row.count,
        },
    }
