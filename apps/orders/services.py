"""Verbs of orders: build the command, await the engine's answer, fold it into a result.

They check permission and read no balance. Each raises CommandRefused (the engine said no),
MatcherUnavailable (not sent) or OutcomeUnknown (sent, no answer: ask by client_order_id).
"""

from __future__ import annotations

from apps.bridge.services import asend
from apps.common.refusals import CommandRefused
from apps.orders.results import OrderResult, fold
from matcher.protocol.commands import AmendOrder, CancelAllOrders, CancelOrder, PlaceOrder
from matcher.protocol.enums import OrderFlag, PositionSide, SelfTradePrevention
from matcher.protocol.events import CommandRejected, OrderCanceled


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
) -> OrderResult:
    """Place an order; `client_order_id` is its idempotency key. The result has its fills already."""
    command = PlaceOrder(
        account=account_id,
        instrument=instrument_id,
        price_ticks=price_ticks,
        quantity_lots=quantity_lots,
        side=side,
        order_type=order_type,
        time_in_force=time_in_force,
        flags=OrderFlag.REDUCE_ONLY if reduce_only else 0,
        position_side=position_side,
        self_trade_prevention=self_trade_prevention,
        client_order_id=client_order_id.encode("ascii"),
    )
    return fold(await asend(command))


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
    """New price and total quantity of an open LIMIT order, named as in `cancel_order`."""
    command = AmendOrder(
        account=account_id,
        instrument=instrument_id,
        order_id=order_id,
        price_ticks=price_ticks,
        quantity_lots=quantity_lots,
        client_order_id=b"" if order_id else client_order_id.encode("ascii"),
    )
    return fold(await asend(command))


async def cancel_all_orders(*, account_id: int, instrument_id: int = 0) -> list[OrderResult]:
    """Cancel every open order of the account, in one instrument or (0) in all; those canceled."""
    events = await asend(CancelAllOrders(account=account_id, instrument=instrument_id))
    if isinstance(events[0], CommandRejected):
        raise CommandRefused(events[0].reason)
    return [fold([event]) for event in events if isinstance(event, OrderCanceled)]
