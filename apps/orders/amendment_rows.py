"""Rows of what amendments changed: every image of a batch beside the one before it."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from apps.common.event_rows import EventRows, IntArray
from apps.common.row_sink import RowSink
from apps.orders.models import Amendment, Order

_ROWS_ASKED = 500
_AMENDED = ("price_ticks", "quantity_lots")


def write_amendments(amended: EventRows, images: list[EventRows], rows: RowSink) -> None:
    """Those that were asked for; a cut by rule is none. Before the batch's orders are written: the rows are asked too."""
    asked = amended.where(amended.data["reason"] == 0)
    if not len(asked):
        return
    joined = {name: np.concatenate([events.integers(name) for events in images]) for name in ("order_id", *_AMENDED)}
    at = np.concatenate([events.at for events in images])
    by_order = np.lexsort((at, joined["order_id"]))
    ordered = {name: values[by_order] for name, values in joined.items()}
    place = np.empty(len(at), np.int64)
    place[by_order] = np.arange(len(at))
    # Where each asked amendment stands among the images of its order.
    by_place = np.argsort(at)
    mine = place[by_place[np.searchsorted(at[by_place], asked.at)]]
    before = {name: ordered[name][np.maximum(mine - 1, 0)] for name in _AMENDED}
    is_first = (mine == 0) | (ordered["order_id"][np.maximum(mine - 1, 0)] != ordered["order_id"][mine])
    _take_from_rows(before, is_first, asked.integers("order_id"))
    first = rows.next_number(Amendment)
    columns = {
        "amendment_id": np.arange(first, first + len(asked), dtype=np.int64),
        "seq": asked.integers("seq"),
        "order_id": asked.integers("order_id"),
        "account_id": asked.integers("account"),
        "instrument_id": asked.integers("instrument"),
        **{f"{name}_before": before[name] for name in _AMENDED},
        **{name: asked.integers(name) for name in _AMENDED},
        "time_ns": asked.integers("time_ns"),
    }
    rows.insert(Amendment, columns)


def _take_from_rows(before: dict[str, IntArray], wanted: IntArray, order_ids: IntArray) -> None:
    """What an order was before this batch, as its row says."""
    at = np.flatnonzero(wanted)
    known = dict(_rows_of(order_ids[at].tolist()))
    for index in at.tolist():
        for name, value in zip(_AMENDED, known[int(order_ids[index])], strict=True):
            before[name][index] = value


def _rows_of(order_ids: list[int]) -> Iterable[tuple[int, tuple[int, int]]]:
    for start in range(0, len(order_ids), _ROWS_ASKED):
        some = Order.objects.filter(order_id__in=order_ids[start : start + _ROWS_ASKED])
        for order_id, price_ticks, quantity_lots in some.values_list("order_id", *_AMENDED):
            yield order_id, (price_ticks, quantity_lots)
