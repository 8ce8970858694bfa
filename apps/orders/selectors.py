"""Questions about orders, trades and fills of the past, answered from rows by key ranges.

Pages ascend by number. With a beginning (`from_id` or `start_ns`) a page starts there; without one, or when
`newest` is wanted, it holds the newest rows. Numbers rise with time, so a time bound becomes a number bound by one index look-up.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import fields
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet

from apps.orders.models import Amendment, Fill, Order, Trade
from apps.orders.types import AmendmentRow, FillRow, OrderKind, OrderRow, TradeRow
from matcher.protocol.enums import OrderType

R = TypeVar("R")

_NONE = -1  # an upper bound below every number
_ORDER_FIELDS = tuple(field.name for field in fields(OrderRow))
_TRADE_FIELDS = tuple(field.name for field in fields(TradeRow))
_CONDITIONAL = Q(order_type__gte=OrderType.STOP)
_OF_KIND = {
    OrderKind.ANY: None,
    OrderKind.CONDITIONAL: _CONDITIONAL,
    OrderKind.WORKED: ~_CONDITIONAL | Q(triggered_ns__gt=0),
}
_FILL_FIELDS = tuple(field.name for field in fields(FillRow))


def get_order(
    account_id: int, instrument_id: int | None, *, order_id: int | None = None, client_order_id: str | None = None
) -> OrderRow | None:
    """The account's order by number, or the newest one that bears the client_order_id; instrument None: of any."""
    rows = Order.objects.filter(account_id=account_id)
    if instrument_id is not None:
        rows = rows.filter(instrument_id=instrument_id)
    if order_id:
        rows = rows.filter(order_id=order_id)
    elif client_order_id:
        rows = rows.filter(client_order_id=client_order_id)
    else:
        return None
    found = rows.order_by("-order_id").values_list(*_ORDER_FIELDS).first()
    return OrderRow(*found) if found else None


def get_orders(
    account_id: int,
    instrument_id: int | None,
    *,
    from_id: int | None = None,
    start_ns: int | None = None,
    end_ns: int | None = None,
    limit: int = 500,
    kind: OrderKind = OrderKind.ANY,
    newest: bool = False,
    offset: int = 0,
) -> list[OrderRow]:
    """Orders of an account, by creation; instrument None or 0 means all. `offset` leaves out rows of one instrument."""
    low, high = _bounds(Order, "created_ns", "order_id", start_ns, end_ns)
    page = _Page("order_id", _later(low, from_id), high, limit, newest=newest, offset=offset)
    found = page.of_account(Order, account_id, instrument_id, _ORDER_FIELDS, _OF_KIND[kind])
    return [OrderRow(*row) for row in found]


def get_trades(
    instrument_id: int,
    limit: int = 500,
    from_id: int | None = None,
    start_ns: int | None = None,
    end_ns: int | None = None,
    *,
    to_id: int | None = None,
) -> list[TradeRow]:
    """Trades of an instrument, none beyond number `to_id`."""
    low, high = _bounds(Trade, "time_ns", "trade_id", start_ns, end_ns)
    if to_id is not None:
        high = to_id if high is None else min(high, to_id)
    page = _Page("trade_id", _later(low, from_id), high, limit)
    found = page.of(Trade.objects.filter(instrument_id=instrument_id), _TRADE_FIELDS)
    return [TradeRow(*row) for row in found]


def get_trade_seqs(trade_ids: Collection[int]) -> dict[int, int]:
    """The command that made each trade: its taker's order."""
    found: dict[int, int] = {}
    wanted = [2 * trade_id for trade_id in trade_ids]
    for start in range(0, len(wanted), 900):
        rows = Fill.objects.filter(fill_id__in=wanted[start : start + 900])
        found.update((fill_id // 2, seq) for fill_id, seq in rows.values_list("fill_id", "seq"))
    return found


def get_fills(
    account_id: int,
    instrument_id: int | None,
    *,
    order_id: int | None = None,
    from_id: int | None = None,
    start_ns: int | None = None,
    end_ns: int | None = None,
    limit: int = 500,
    newest: bool = False,
) -> list[FillRow]:
    """Fills of an account or of one of its orders; `from_id` is a trade_id, instrument None or 0 means all."""
    low, high = _bounds(Trade, "time_ns", "trade_id", start_ns, end_ns)
    low = _later(low, from_id)
    # A fill's key is twice its trade's number, plus one for the maker.
    first, last = None if low is None else 2 * low, None if high is None else 2 * high + 1
    page = _Page("fill_id", first, last, limit, newest=newest)
    if order_id:
        rows = Fill.objects.filter(account_id=account_id, order_id=order_id)
        found = page.of(rows.filter(instrument_id=instrument_id) if instrument_id else rows, _FILL_FIELDS)
    else:
        found = page.of_account(Fill, account_id, instrument_id, _FILL_FIELDS)
    return [FillRow(*row) for row in found]


def get_orders_by_number(order_ids: Collection[int]) -> dict[int, OrderRow]:
    """The orders of these numbers that there are."""
    rows = Order.objects.filter(order_id__in=list(order_ids)).values_list(*_ORDER_FIELDS)
    return {row[0]: OrderRow(*row) for row in rows}


def get_amendments(
    account_id: int,
    instrument_id: int,
    *,
    order_id: int = 0,
    client_order_id: str = "",
    start_ns: int | None = None,
    end_ns: int | None = None,
    limit: int = 50,
) -> list[AmendmentRow]:
    """Amendments of an account's orders in an instrument, or of one of them; the newest `limit`, newest first."""
    rows = Amendment.objects.filter(account_id=account_id, instrument_id=instrument_id)
    if not order_id and client_order_id:
        order = get_order(account_id, instrument_id, client_order_id=client_order_id)
        order_id = order.order_id if order is not None else _NONE
    if order_id:
        rows = rows.filter(order_id=order_id)
    if start_ns is not None:
        rows = rows.filter(time_ns__gte=start_ns)
    if end_ns is not None:
        rows = rows.filter(time_ns__lte=end_ns)
    found = list(rows.order_by("-amendment_id")[:limit])
    names = dict(
        Order.objects.filter(order_id__in={row.order_id for row in found}).values_list("pk", "client_order_id")
    )
    return [
        AmendmentRow(
            row.amendment_id,
            row.order_id,
            names.get(row.order_id, ""),
            row.price_ticks_before,
            row.price_ticks,
            row.quantity_lots_before,
            row.quantity_lots,
            row.time_ns,
            Amendment.objects.filter(order_id=row.order_id, amendment_id__lte=row.amendment_id).count(),
        )
        for row in found
    ]


def count_amendments(account_id: int, order_id: int, to_seq: int, most: int) -> int:
    """How often an account's order was amended by commands up to `to_seq`; no further than `most`."""
    rows = Amendment.objects.filter(order_id=order_id, account_id=account_id, seq__lte=to_seq)
    return rows[:most].count()


class _Page:
    """A range of keys and how many rows of it are wanted: the first ones, or without a beginning the `newest`."""

    def __init__(
        self, key: str, low: int | None, high: int | None, limit: int, *, newest: bool = False, offset: int = 0
    ) -> None:
        self.key, self.low, self.high, self.limit, self.offset = key, low, high, limit, offset
        self.newest = newest or low is None

    def of(self, rows: QuerySet[Any], names: tuple[str, ...]) -> list[tuple[Any, ...]]:
        """The page's rows, ascending."""
        if self.high is not None:
            rows = rows.filter(**{f"{self.key}__lte": self.high})
        if self.low is not None:
            rows = rows.filter(**{f"{self.key}__gte": self.low})
        wanted = slice(self.offset, self.offset + self.limit)
        if self.newest:
            return list(rows.order_by(f"-{self.key}").values_list(*names)[wanted])[::-1]
        return list(rows.order_by(self.key).values_list(*names)[wanted])

    def of_account(
        self,
        model: type[Model],
        account_id: int,
        instrument_id: int | None,
        names: tuple[str, ...],
        wanted: Q | None = None,
    ) -> list[tuple[Any, ...]]:
        rows = model._default_manager.filter(account_id=account_id)  # noqa: SLF001  Django's documented name
        if wanted is not None:
            rows = rows.filter(wanted)
        if instrument_id:
            return self.of(rows.filter(instrument_id=instrument_id), names)
        # One range of the index per instrument, so that a rare instrument never means a long scan.
        found: list[tuple[Any, ...]] = []
        for touched in _touched_instruments(rows):
            found += self.of(rows.filter(instrument_id=touched), names)
        at = 0 if self.key == names[0] else names.index("trade_id")
        found.sort(key=_by(at))
        return found[-self.limit :] if self.newest else found[: self.limit]


def _by(at: int) -> Callable[[tuple[Any, ...]], int]:
    return lambda row: int(row[at])


def _touched_instruments(rows: QuerySet[Any]) -> list[int]:
    """The instruments among an account's rows, one index look-up each."""
    found: list[int] = []
    last = 0
    while True:
        following = rows.filter(instrument_id__gt=last).order_by("instrument_id")
        instrument: int | None = following.values_list("instrument_id", flat=True).first()
        if instrument is None:
            return found
        found.append(instrument)
        last = instrument


def _bounds(
    model: type[Model], time: str, key: str, start_ns: int | None, end_ns: int | None
) -> tuple[int | None, int | None]:
    """Lowest and highest key between two times; None where no bound was asked for."""
    rows = model._default_manager.order_by(time, key).values_list(key, flat=True)  # noqa: SLF001
    low = high = None
    if end_ns is not None:
        high = rows.filter(**{f"{time}__lte": end_ns}).last()
        high = _NONE if high is None else high
    if start_ns is not None:
        low = rows.filter(**{f"{time}__gte": start_ns}).first()
        if low is None:
            low, high = 0, _NONE
    return low, high


def _later(low: int | None, from_id: int | None) -> int | None:
    return low if from_id is None else max(low or 0, from_id)
