"""Conditional orders: none exist in this version, which the answers say."""

from __future__ import annotations

from apps.common.lane import LaneRequest, LaneResponse, answer
from apps.fapi import errors, values


async def post_algo_order(request: LaneRequest) -> LaneResponse:
    await values.instrument(request.params)
    raise errors.conditional_unavailable()


async def get_algo_order(_: LaneRequest) -> LaneResponse:
    raise errors.order_missing()


async def delete_algo_order(_: LaneRequest) -> LaneResponse:
    raise errors.unknown_order_sent()


async def get_algo_orders(request: LaneRequest) -> LaneResponse:
    """Open or all: there are none."""
    await values.optional_instrument(request.params)
    return answer([])


async def delete_open_algo_orders(request: LaneRequest) -> LaneResponse:
    await values.instrument(request.params)
    return answer({"code": 200, "msg": "The operation of cancel all open order is done."})
