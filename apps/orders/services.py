"""Verbs of orders: build the command, await the engine's answer, fold it into a result.

They check permission and read no balance. Each raises CommandRefused (the engine said no),
MatcherUnavailable (not sent) or OutcomeUnknown (sent, no answer: ask by client_order_id).
"""

from __future__ import annotations

import asyncio

import msgspec

from apps.bridge.services import asend
from apps.common.refusals import CommandRefused
from apps.orders.amendment_limit import get_meter
from apps.orders.live_state import find_open_order, list_open_orders
from apps.orders.results import OrderResult, fold
from matcher.protocol.commands import AmendOrder, CancelAllOrders, CancelOrder, PlaceOrder, SetCountdown
from matcher.protocol.enums import OrderFlag, PositionSide, SelfTradePrevention, WorkingType
from matcher.protocol.events import CommandRejected, CountdownChanged, OrderCanceled, OrdersCanceled
from matcher.protocol.rejects import RejectReason


async def place_order(
    *,
    account_id: int,
    instrument_id: int,
    side: int,
    order_type: int,
    time_in_force: int,
    quantity_lots: int,
    client_order_id: str,
    price_ticks: int = 0,
    reduce_only: bool = False,
    position_side: int = PositionSide.BOTH,
    self_trade_prevention: int = SelfTradePrevention.EXPIRE_MAKER,
    trigger_ticks: int = 0,
    callback_ppm: int = 0,
    working_type: int = WorkingType.CONTRACT_PRICE,
    price_protect: bool = False,
    close_position: bool = False,
    good_till_ns: int = 0,
    take_profit_ticks: int = 0,
    stop_loss_ticks: int = 0,
    linked_order_id: int = 0,
) -> OrderResult:
    """Place an order; `client_order_id` is its idempotency key. The result has its fills already.

    `trigger_ticks` makes a conditional order wait (the activation of a trailing one, 0 = at once),
    `take_profit_ticks` and `stop_loss_ticks` attach closing orders to an entry, `linked_order_id` names
    its one-cancels-other.
    """
    flags = (
        (OrderFlag.REDUCE_ONLY if reduce_only else 0)
        | (OrderFlag.CLOSE_POSITION if close_position else 0)
        | (OrderFlag.PRICE_PROTECT if price_protect else 0)
    )
    command = PlaceOrder(
        account=account_id,
        instrument=instrument_id,
        price_ticks=price_ticks,
        quantity_lots=quantity_lots,
        side=side,
        order_type=order_type,
        time_in_force=time_in_force,
        flags=flags,
        position_side=position_side,
        self_trade_prevention=self_trade_prevention,
        client_order_id=client_order_id.encode("ascii"),
        trigger_ticks=trigger_ticks,
        callback_ppm=callback_ppm,
        working_type=working_type,
        good_till_ns=good_till_ns,
        take_profit_ticks=take_profit_ticks,
        stop_loss_ticks=stop_loss_ticks,
        linked_order_id=linked_order_id,
    )
    order = fold(await asend(command))
    if order.replayed and order.is_conditional:
        # The image of a repetition lacks the terms; while the order is open the engine shows them.
        standing = await find_open_order(account_id, instrument_id, order_id=order.order_id)
        return order if standing is None else msgspec.structs.replace(standing, replayed=True)
    return order


async def cancel_order(
    *, account_id: int, instrument_id: int, order_id: int = 0, client_order_id: str = ""
) -> OrderResult:
    """Cancel one open order, named by `order_id` or, when that is 0, by `client_order_id`."""
    command = CancelOrder(
        account=account_id,
        instrument=instrument_id,
        order_id=order_id,
        client_order_id=b"" if order_id else client_order_id.encode("ascii"),
    )
    return fold(await asend(command))


async def amend_order(
    *,
    account_id: int,
    instrument_id: int,
    price_ticks: int,
    quantity_lots: int,
    order_id: int = 0,
    client_order_id: str = "",
) -> OrderResult:
    """New price and total quantity of an open LIMIT order, named as in `cancel_order`.

    Raises LaneError -5026, too, when it was amended as often as an order may be.
    """
    if not order_id:
        standing = await find_open_order(account_id, instrument_id, client_order_id=client_order_id)
        if standing is None:
            raise CommandRefused(RejectReason.UNKNOWN_ORDER)
        order_id = standing.order_id
    command = AmendOrder(
        account=account_id,
        instrument=instrument_id,
        order_id=order_id,
        price_ticks=price_ticks,
        quantity_lots=quantity_lots,
    )
    async with get_meter().one_more(account_id, order_id):
        return fold(await asend(command))


async def cancel_all_orders(*, account_id: int, instrument_id: int = 0) -> list[OrderResult]:
    """Cancel every open order of the account, in one instrument or (0) in all; those canceled."""
    events = await asend(CancelAllOrders(account=account_id, instrument=instrument_id))
    if isinstance(events[0], CommandRejected):
        raise CommandRefused(events[0].reason)
    canceled = []
    for event in events:
        if isinstance(event, OrdersCanceled):
            break  # what follows is what fired after the command
        if isinstance(event, OrderCanceled):
            canceled.append(fold([event]))
    return canceled


async def cancel_open_orders(*, account_id: int, instrument_id: int, waiting: bool) -> list[OrderResult]:
    """Cancel the account's resting orders of an instrument, or those that wait for a price; those canceled.

    One command where there are no others, else one an order: an order that ended meanwhile is left out.
    """
    orders = await list_open_orders(account_id, instrument_id)
    chosen = [order for order in orders if order.waiting == waiting]
    if not waiting and len(chosen) == len(orders):
        return await cancel_all_orders(account_id=account_id, instrument_id=instrument_id)
    outcomes = await asyncio.gather(*(_cancel_standing(account_id, order) for order in chosen))
    return [order for order in outcomes if order is not None]


async def _cancel_standing(account_id: int, order: OrderResult) -> OrderResult | None:
    try:
        return await cancel_order(account_id=account_id, instrument_id=order.instrument_id, order_id=order.order_id)
    except CommandRefused as error:
        if error.reason != RejectReason.UNKNOWN_ORDER:
            raise
        return None


async def set_countdown(*, account_id: int, instrument_id: int, countdown_ns: int) -> int:
    """Cancel the account's orders in `countdown_ns` unless it is set again [ORD-015]; 0 takes it away.

    Returns the deadline in engine time. Raises CommandRefused, MatcherUnavailable, OutcomeUnknown.
    """
    command = SetCountdown(account=account_id, instrument=instrument_id, countdown_ns=countdown_ns)
    event = (await asend(command))[0]
    if isinstance(event, CommandRejected):
        raise CommandRefused(event.reason)
    assert isinstance(event, CountdownChanged), f"{type(event).__name__} is no answer to SetCountdown"
    return int(event.deadline_ns)
