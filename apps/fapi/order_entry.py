"""Order entry: place, amend, cancel, one at a time. The order of the checks is that of the refusals.

A request without a client order id gets one made from its signature, so that the same signed
request sent twice has one effect.
"""

from __future__ import annotations

import contextlib
from typing import Any

from apps.common.lane import LaneError, LaneRequest, LaneResponse, answer
from apps.common.refusals import CommandRefused
from apps.fapi import errors, formats, values
from apps.fapi.order_objects import order_object
from apps.fapi.price_match import NO_MATCH, asked_match, matched_ticks
from apps.fapi.tickets import Ticket, read_side, read_ticket
from apps.fapi.values import OrderName, Params
from apps.feeds.errors import FeedsUnavailableError, UnknownInstrumentError
from apps.feeds.hub import get_hub
from apps.instruments.types import InstrumentSpec
from apps.orders import services
from apps.orders.live_state import find_open_order
from apps.orders.plain_accounts import get_plain_accounts
from apps.orders.results import OrderResult
from matcher.protocol.enums import OrderFlag, OrderStatus, PositionSide
from matcher.protocol.rejects import RejectReason
from matcher.protocol.units import PPM

COUNTDOWN_MS_MAX = 10**9  # the engine's longest, more than eleven days


def order_name(params: Params) -> OrderName:
    """`orderId` or `origClientOrderId`. Raises LaneError -1102 when neither was sent."""
    return values.order_name(params, "orderId", "origClientOrderId")


def refused_here(error: CommandRefused, spec: InstrumentSpec) -> LaneError:
    """The engine's refusal with the limit its text names."""
    reason, limit = error.reason, ""
    if reason == RejectReason.NOTIONAL_TOO_SMALL:
        limit = formats.plain(formats.money(spec.min_notional_units))
    elif reason in {RejectReason.PRICE_ABOVE_BAND, RejectReason.PRICE_BELOW_BAND}:
        with contextlib.suppress(FeedsUnavailableError, UnknownInstrumentError):
            mark = get_hub().mark(spec.id)
            limit = spec.price_text(band_edge_ticks(spec, mark.mark_ticks, reason)) if mark else ""
    return errors.refused(reason, limit)


def band_edge_ticks(spec: InstrumentSpec, mark_ticks: int, reason: RejectReason) -> int:
    """The last price that would be taken: the highest a buy may have, the lowest a sell may."""
    if reason == RejectReason.PRICE_ABOVE_BAND:
        return mark_ticks * (PPM + spec.price_band_ppm) // PPM
    return -(-mark_ticks * (PPM - spec.price_band_ppm) // PPM)


async def send(account_id: int, ticket: Ticket) -> OrderResult:
    """Place what the ticket asks for, plain or conditional. Raises LaneError."""
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
    return order


async def place(account_id: int, params: Params, nonce: str) -> dict[str, Any]:
    """Place what `params` describe; the order object with its fills. Raises LaneError."""
    ticket = await read_ticket(params, nonce)
    return order_object(ticket.spec, await send(account_id, ticket), ticket.price_match)


async def test(params: Params, nonce: str) -> dict[str, Any]:
    """What `place` would be asked to do; nothing is sent and nothing stored."""
    ticket = await read_ticket(params, nonce)
    return order_object(ticket.spec, imagined(ticket), ticket.price_match)


def imagined(ticket: Ticket) -> OrderResult:
    """The order as it would stand if it only rested."""
    asked = {"position_side": int(PositionSide.BOTH)} | ticket.asked
    reduce_only = asked.pop("reduce_only")
    return OrderResult(
        order_id=0,
        instrument_id=ticket.spec.id,
        client_order_id=ticket.client_order_id,
        order_flags=int(OrderFlag.REDUCE_ONLY) if reduce_only else 0,
        status=OrderStatus.NEW,
        filled_lots=0,
        filled_quote_units=0,
        updated_ns=0,
        created_ns=0,
        **asked,
    )


async def amend(account_id: int, params: Params) -> dict[str, Any]:
    """New price and quantity of an open order. Raises LaneError, -1117 when it stands on the other side."""
    spec = await values.instrument(params)
    name = order_name(params)
    side, match = read_side(params), asked_match(params)
    lots = values.quantity_lots(params, spec)
    ticks = values.price_ticks(params, spec) if match == NO_MATCH else matched_ticks(params, spec, side, match)
    standing = await find_open_order(account_id, spec.id, order_id=name.order_id, client_order_id=name.client_order_id)
    if standing is None or standing.waiting:
        raise errors.order_missing()
    if standing.side != side:
        raise errors.refused(RejectReason.INVALID_SIDE)
    try:
        order = await services.amend_order(
            account_id=account_id,
            instrument_id=spec.id,
            order_id=standing.order_id,
            price_ticks=ticks,
            quantity_lots=lots,
        )
    except CommandRefused as error:
        raise refused_here(error, spec) from None
    return order_object(spec, order, match)


async def cancel(account_id: int, params: Params) -> dict[str, Any]:
    """Cancel one open order of the market. Raises LaneError, -2011 when there is none.

    What waits for a price bears a number of the same kind, and is canceled at its own address alone.
    """
    spec = await values.instrument(params)
    name = order_name(params)
    if await get_plain_accounts().waits(
        account_id, spec.id, order_id=name.order_id, client_order_id=name.client_order_id
    ):
        raise errors.unknown_order_sent()
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
    """Those in the market; what waits for a price is canceled at the conditional orders' address."""
    spec = await values.instrument(request.params)
    try:
        await services.cancel_open_orders(account_id=request.account_id, instrument_id=spec.id, waiting=False)
    except CommandRefused as error:
        raise refused_here(error, spec) from None
    return answer({"code": 200, "msg": "The operation of cancel all open order is done."})


async def post_countdown(request: LaneRequest) -> LaneResponse:
    """The dead man's switch of one symbol: every open order of it ends unless this is repeated in time.

    The answer tells the time that was set: the longest one where more was asked for.
    """
    spec = await values.instrument(request.params)
    countdown_ms = min(values.required_integer(request.params, "countdownTime"), COUNTDOWN_MS_MAX)
    try:
        await services.set_countdown(
            account_id=request.account_id,
            instrument_id=spec.id,
            countdown_ns=countdown_ms * formats.NS_PER_MS,
        )
    except CommandRefused as error:
        raise refused_here(error, spec) from None
    return answer({"symbol": spec.symbol, "countdownTime": str(countdown_ms)})
