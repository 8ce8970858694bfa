"""The stream of orders and fills for those who look at all of it, in pages by number: few columns, index ranges only.

Numbers rise with time, so a time bound becomes a number bound by one index look-up.
"""

from __future__ import annotations

from typing import NamedTuple

from django.db.models import Max, Min, Sum

from apps.orders.models import Fill, Order, Trade


class OrderGlance(NamedTuple):
    """An order as far as its price, size and fate go; ticks, lots, nanoseconds."""

    order_id: int
    account_id: int
    instrument_id: int
    side: int
    status: int
    end_reason: int
    price_ticks: int
    quantity_lots: int
    filled_lots: int
    created_ns: int
    updated_ns: int


class FillGlance(NamedTuple):
    """One party's half of a trade; an even `fill_id` is the taker's, the next one the maker's."""

    fill_id: int
    trade_id: int
    order_id: int
    account_id: int
    instrument_id: int
    side: int
    price_ticks: int
    quantity_lots: int
    time_ns: int
    is_liquidation: bool


def get_last_order_before(time_ns: int) -> int:
    """The number of the last order made before the time; 0 when there is none."""
    rows = Order.objects.filter(created_ns__lt=time_ns).order_by("-created_ns", "-order_id")
    return rows.values_list("order_id", flat=True).first() or 0


def get_last_fill_before(time_ns: int) -> int:
    """The greatest fill number before the time; 0 when there is none."""
    rows = Trade.objects.filter(time_ns__lt=time_ns).order_by("-time_ns", "-trade_id")
    trade_id = rows.values_list("trade_id", flat=True).first()
    return 0 if trade_id is None else 2 * trade_id + 1


def list_orders(after: int, through: int, limit: int) -> list[OrderGlance]:
    """Orders numbered above `after` up to `through`, ascending."""
    rows = Order.objects.filter(order_id__gt=after, order_id__lte=through).order_by("order_id")
    return [OrderGlance(*row) for row in rows.values_list(*OrderGlance._fields)[:limit]]


def list_orders_of(account_id: int, instrument_id: int, after: int, through: int, limit: int) -> list[OrderGlance]:
    """The account's newest orders of the instrument in the range of numbers, ascending."""
    rows = Order.objects.filter(
        account_id=account_id, instrument_id=instrument_id, order_id__gt=after, order_id__lte=through
    ).order_by("-order_id")
    return [OrderGlance(*row) for row in rows.values_list(*OrderGlance._fields)[:limit]][::-1]


def list_fills(after: int, limit: int) -> list[FillGlance]:
    """Fills numbered above `after`, ascending; both halves of a trade or none of them."""
    rows = Fill.objects.filter(fill_id__gt=after).order_by("fill_id").values_list(*FillGlance._fields)[:limit]
    found = [FillGlance(*row) for row in rows]
    if found and found[-1].fill_id % 2 == 0:
        found.pop()
    return found


def list_fills_of(account_id: int, instrument_id: int, after: int, limit: int) -> list[FillGlance]:
    """The account's newest fills of the instrument above the number, ascending."""
    rows = Fill.objects.filter(account_id=account_id, instrument_id=instrument_id, fill_id__gt=after)
    found = rows.order_by("-fill_id").values_list(*FillGlance._fields)[:limit]
    return [FillGlance(*row) for row in found][::-1]


def get_turnover_units(account_id: int, start_ns: int, end_ns: int) -> int:
    """What the account traded between two times, as price x quantity over all instruments."""
    span = Trade.objects.filter(time_ns__gte=start_ns, time_ns__lte=end_ns).aggregate(
        first=Min("trade_id"), last=Max("trade_id")
    )
    if span["first"] is None:
        return 0
    rows = Fill.objects.filter(account_id=account_id, fill_id__gte=2 * span["first"], fill_id__lte=2 * span["last"] + 1)
    return int(rows.aggregate(total=Sum("quote_units"))["total"] or 0)
