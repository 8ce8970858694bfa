"""Open orders right now, as the engine answers them; ended ones from rows once those have caught up."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import cast

from apps.bridge.errors import MatcherUnavailable
from apps.bridge.services import aquery
from apps.common.rows import ask
from apps.orders.results import OrderResult, of_row, of_view
from apps.orders.selectors import get_order
from matcher.protocol.views import OrderView, Query, QueryKind

Settled = Callable[[int], Awaitable[None]]


async def list_open_orders(account_id: int, instrument_id: int = 0) -> list[OrderResult]:
    """Every open order by ascending id; instrument 0 means all."""
    query = Query(kind=QueryKind.OPEN_ORDERS, account=account_id, instrument=instrument_id)
    _, views, _ = await aquery(query)
    return [of_view(cast("OrderView", view)) for view in views]


async def find_open_order(
    account_id: int, instrument_id: int, *, order_id: int = 0, client_order_id: str = ""
) -> OrderResult | None:
    """The order while it is open, named as a cancel would name it."""
    order, _ = await _ask_engine(account_id, instrument_id, order_id, client_order_id)
    return order


async def find_order(
    account_id: int,
    instrument_id: int,
    *,
    order_id: int = 0,
    client_order_id: str = "",
    settled: Settled,
    open_only: bool = False,
) -> OrderResult | None:
    """The order, open or ended; None when there never was one.

    Raises MatcherUnavailable when the engine remembers the order and its row has not come yet.
    """
    order, remembered = await _ask_engine(account_id, instrument_id, order_id, client_order_id)
    if order is not None or open_only:
        return order
    await settled(account_id)
    row = await ask(get_order, account_id, instrument_id, order_id=order_id, client_order_id=client_order_id)
    if row is not None:
        return of_row(row)
    if remembered:
        raise MatcherUnavailable("the order ended and its row is not written yet")
    return None


async def find_conditional_order(
    account_id: int, *, order_id: int = 0, client_order_id: str = "", settled: Settled | None = None
) -> OrderResult | None:
    """A conditional order of any instrument, open or (with `settled`) ended; None when there never was one."""
    for order in await list_open_orders(account_id):
        if order.is_conditional and (order.order_id == order_id or (not order_id and _bears(order, client_order_id))):
            return order
    if settled is None:
        return None
    await settled(account_id)
    row = await ask(get_order, account_id, None, order_id=order_id, client_order_id=client_order_id)
    ended = None if row is None else of_row(row)
    return ended if ended is not None and ended.is_conditional else None


def _bears(order: OrderResult, client_order_id: str) -> bool:
    return bool(client_order_id) and order.client_order_id == client_order_id


async def _ask_engine(
    account_id: int, instrument_id: int, order_id: int, client_order_id: str
) -> tuple[OrderResult | None, bool]:
    """The open order, and whether the engine remembers its client_order_id."""
    query = Query(
        kind=QueryKind.ORDER,
        account=account_id,
        instrument=instrument_id,
        order_id=order_id,
        client_order_id=b"" if order_id else client_order_id.encode("ascii"),
    )
    _, views, remembered = await aquery(query)
    return (of_view(cast("OrderView", views[0])) if views else None), bool(remembered)
