"""Batches of orders: single commands sent one after another without waiting, one answer an item, in order."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable
from typing import Any, NoReturn

from apps.bridge.errors import MatcherUnavailable, OutcomeUnknown
from apps.common.lane import LaneError, LaneRequest, LaneResponse, answer
from apps.fapi import errors, order_entry, values
from apps.fapi.tickets import GENERATED_CHARS
from apps.feeds.errors import FeedsUnavailableError, UnknownInstrumentError
from apps.gateway.errors import duplicate_parameter, missing, outcome_unknown, unavailable

ORDERS_MAX = 5
CANCELS_MAX = 10
_TEXT_CHARS_MAX = 32 * 1024


def read_json(name: str, text: str) -> Any:
    """JSON with numbers kept as their text. Raises LaneError: -1130, -1101 for a key given twice."""
    if len(text) > _TEXT_CHARS_MAX:
        raise errors.not_valid(name)

    def refuse_constant(_: str) -> NoReturn:
        raise errors.not_valid(name)

    try:
        return json.loads(
            text, parse_float=str, parse_int=str, parse_constant=refuse_constant, object_pairs_hook=_unique_pairs
        )
    except (ValueError, RecursionError):
        raise errors.not_valid(name) from None


def _unique_pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise duplicate_parameter(key)
        found[key] = value
    return found


def read_items(params: values.Params) -> list[dict[str, str]]:
    """`batchOrders`: at most five objects of texts. Raises LaneError: -1102, -1130, -4082."""
    found = read_json("batchOrders", values.required(params, "batchOrders"))
    if not isinstance(found, list):
        raise errors.not_valid("batchOrders")
    if not 1 <= len(found) <= ORDERS_MAX:
        raise LaneError(-4082, "Invalid number of batch place orders.", name="INVALID_BATCH")
    return [_texts(item) for item in found]


def _texts(item: Any) -> dict[str, str]:
    if not isinstance(item, dict):
        raise errors.not_valid("batchOrders")
    texts = {}
    for key, value in item.items():
        if isinstance(value, bool):
            texts[key] = "true" if value else "false"
        elif isinstance(value, str):
            texts[key] = value
        elif value is not None:
            raise errors.not_valid("batchOrders")
    return texts


async def _told(outcome: Awaitable[dict[str, Any]]) -> dict[str, Any]:
    """An item's order object, or its refusal."""
    try:
        return await outcome
    except LaneError as error:
        return {"code": error.code, "msg": error.message}
    except OutcomeUnknown:
        return {"code": outcome_unknown().code, "msg": outcome_unknown().message}
    except (MatcherUnavailable, FeedsUnavailableError, UnknownInstrumentError):  # of this item: others may stand
        return {"code": unavailable().code, "msg": unavailable().message}


async def post_batch(request: LaneRequest) -> LaneResponse:
    items = read_items(request.params)
    stem = request.nonce[: GENERATED_CHARS - 2]
    placed = (
        _told(order_entry.place(request.account_id, item, f"{stem}-{n}" if stem else ""))
        for n, item in enumerate(items)
    )
    return answer(await asyncio.gather(*placed))


async def put_batch(request: LaneRequest) -> LaneResponse:
    items = read_items(request.params)
    return answer(await asyncio.gather(*(_told(order_entry.amend(request.account_id, item)) for item in items)))


async def delete_batch(request: LaneRequest) -> LaneResponse:
    params = request.params
    symbol = values.required(params, "symbol")
    await values.find_instrument(symbol)
    names = _cancel_names(params)
    items = ({"symbol": symbol, key: name} for key, name in names)
    return answer(await asyncio.gather(*(_told(order_entry.cancel(request.account_id, item)) for item in items)))


def _cancel_names(params: values.Params) -> list[tuple[str, str]]:
    """(parameter, value) of each order to cancel; ids before client ids. Both spellings are sent by clients."""
    for key, *spellings in (
        ("orderId", "orderIdList", "orderidlist"),
        ("origClientOrderId", "origClientOrderIdList", "origclientorderidlist"),
    ):
        for spelling in spellings:
            if not params.get(spelling):
                continue
            found = read_json(spelling, params[spelling])
            if not isinstance(found, list) or not all(isinstance(name, str) and name for name in found):
                raise errors.not_valid(spelling)
            if not 1 <= len(found) <= CANCELS_MAX:
                raise LaneError(-4082, "Invalid number of batch cancel orders.", name="INVALID_BATCH")
            return [(key, name) for name in found]
    raise missing("orderIdList")
