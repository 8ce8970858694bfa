"""/api/v1/order-batches on the trading lane: many orders at once.

A batch is single commands sent one after another without waiting, one answer an item, in order: the order,
or its refusal. It is no unit: some may be taken and some refused.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Annotated, Any

import msgspec

from apps.bridge.errors import MatcherUnavailable, OutcomeUnknown
from apps.common.json_body import read_body
from apps.common.lane import LaneError, LaneRequest, LaneResponse, Route, Routes, Security, answer
from apps.common.refusals import CommandRefused
from apps.instruments.wire import find_instrument, price_ticks, quantity_lots
from apps.orders import services
from apps.orders.api import order_object, read_order_name
from apps.orders.new_order import NewOrder, read_new_order

ITEMS_MAX = 20


class BatchChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One item of an amending batch; `order_id` is our number, or `client:` and the client_order_id."""

    symbol: str
    order_id: str
    price: str
    quantity: str


class BatchCancel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One item of a canceling batch, named as in BatchChange."""

    symbol: str
    order_id: str


class PlaceBatch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST /api/v1/order-batches."""

    orders: Annotated[list[NewOrder], msgspec.Meta(min_length=1, max_length=ITEMS_MAX)]


class AmendBatch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of PUT /api/v1/order-batches."""

    orders: Annotated[list[BatchChange], msgspec.Meta(min_length=1, max_length=ITEMS_MAX)]


class CancelBatch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST /api/v1/order-batches/cancel."""

    orders: Annotated[list[BatchCancel], msgspec.Meta(min_length=1, max_length=ITEMS_MAX)]


async def _told(outcome: Awaitable[dict[str, Any]]) -> dict[str, Any]:
    """An item's order, or its refusal."""
    try:
        return {"order": await outcome, "refusal": None}
    except LaneError as error:
        refusal = {"code": error.name, "message": error.message, "details": error.details}
    except CommandRefused as refused:
        refusal = {"code": refused.reason.name, "message": "The engine refused the order.", "details": {}}
    except OutcomeUnknown:
        refusal = {"code": "OUTCOME_UNKNOWN", "message": "The outcome is unknown: ask for the order.", "details": {}}
    except MatcherUnavailable:
        refusal = {"code": "UNAVAILABLE", "message": "Not taken: safe to repeat.", "details": {}}
    return {"order": None, "refusal": refusal}


async def _answers(outcomes: list[Awaitable[dict[str, Any]]]) -> LaneResponse:
    return answer({"results": await asyncio.gather(*(_told(outcome) for outcome in outcomes))})


async def post_batch(request: LaneRequest) -> LaneResponse:
    body = read_body(request.body, PlaceBatch)
    stem = request.nonce[:24]

    async def place(item: NewOrder, at: int) -> dict[str, Any]:
        spec = await find_instrument(item.symbol)
        asked = read_new_order(item, spec, f"{stem}-{at}" if stem else "")
        return order_object(spec, await services.place_order(account_id=request.account_id, **asked))

    return await _answers([place(item, at) for at, item in enumerate(body.orders)])


async def put_batch(request: LaneRequest) -> LaneResponse:
    body = read_body(request.body, AmendBatch)

    async def amend(item: BatchChange) -> dict[str, Any]:
        spec = await find_instrument(item.symbol)
        order_id, client_order_id = read_order_name(item.order_id)
        amended = await services.amend_order(
            account_id=request.account_id,
            instrument_id=spec.id,
            order_id=order_id,
            client_order_id=client_order_id,
            price_ticks=price_ticks(spec, item.price),
            quantity_lots=quantity_lots(spec, item.quantity),
        )
        return order_object(spec, amended)

    return await _answers([amend(item) for item in body.orders])


async def post_cancel_batch(request: LaneRequest) -> LaneResponse:
    body = read_body(request.body, CancelBatch)

    async def cancel(item: BatchCancel) -> dict[str, Any]:
        spec = await find_instrument(item.symbol)
        order_id, client_order_id = read_order_name(item.order_id)
        canceled = await services.cancel_order(
            account_id=request.account_id, instrument_id=spec.id, order_id=order_id, client_order_id=client_order_id
        )
        return order_object(spec, canceled)

    return await _answers([cancel(item) for item in body.orders])


BATCHES = "/api/v1/order-batches"
ROUTES: Routes = {
    ("POST", BATCHES): Route(post_batch, 5, Security.TOKEN, (5, 1), "trade"),
    ("PUT", BATCHES): Route(put_batch, 5, Security.TOKEN, (5, 1), "trade"),
    ("POST", f"{BATCHES}/cancel"): Route(post_cancel_batch, 1, Security.TOKEN, permission="trade"),
}
