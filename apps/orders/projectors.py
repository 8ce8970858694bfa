"""Order, trade and fill rows of one batch of events, column by column.

Within a batch only an order's last image and the fills after it matter. Owned rows: orders' four tables.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from apps.common.event_rows import BoolArray, EventRows, IntArray, Terms, last_of_each, leg_sides, sums_of_each
from apps.common.row_sink import Merge, RowSink, constant
from apps.orders.amendment_rows import write_amendments
from apps.orders.models import Fill, Order, Trade
from matcher.protocol.enums import EventFlag, OrderStatus, Side

# Columns an image names like the row does.
_FIXED = (
    "side",
    "order_type",
    "time_in_force",
    "order_flags",
    "position_side",
    "working_type",
    "self_trade_prevention",
)
_CHANGING = ("status", "price_ticks", "quantity_lots", "filled_lots", "filled_quote_units")
# Columns that OrderTerms names like the row does.
_TERMS = ("trigger_ticks", "callback_ppm", "good_till_ns", "linked_order_id", "take_profit_ticks", "stop_loss_ticks")


class Projector:
    """What a batch does to orders, trades and fills."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._accepted: EventRows | None = None
        self._amended: EventRows | None = None
        self._images: list[EventRows] = []
        self._fills: EventRows | None = None
        self._told_terms: EventRows | None = None
        self._triggered: EventRows | None = None

    def on_order_accepted(self, events: EventRows) -> None:
        self._accepted = events
        self._images.append(events)

    def on_order_amended(self, events: EventRows) -> None:
        self._amended = events
        self._images.append(events)

    def on_order_canceled(self, events: EventRows) -> None:
        self._images.append(events)

    def on_order_expired(self, events: EventRows) -> None:
        self._images.append(events)

    def on_order_triggered(self, events: EventRows) -> None:
        self._triggered = events
        self._images.append(events)

    def on_order_terms(self, events: EventRows) -> None:
        self._told_terms = events

    def on_order_filled(self, events: EventRows) -> None:
        self._fills = events

    def write(self, rows: RowSink) -> None:
        if self._fills is not None:
            self._write_fills(self._fills, rows)
            self._write_trades(self._fills, rows)
        if self._amended is not None:
            write_amendments(self._amended, self._images, rows)
        state = _last_images(self._images)
        fills = None if self._fills is None else _FillsAfterImages(self._fills, state)
        if fills is not None:
            fills.add_to(state)
        self._write_new_orders(state, rows)
        self._write_known_orders(state, rows)
        if fills is not None:
            fills.write_orders_without_image(rows)
        if self._told_terms is not None:
            _write_terms(self._told_terms, rows)
        if self._triggered is not None:
            _write_triggers(self._triggered, rows)

    def _write_new_orders(self, state: _OrderState, rows: RowSink) -> None:
        if self._accepted is None:
            return
        accepted = self._accepted
        order_ids = accepted.integers("order_id")
        at = np.searchsorted(state.order_ids, order_ids)
        columns: dict[str, npt.NDArray[np.generic]] = {
            "order_id": order_ids,
            "account_id": accepted.integers("account"),
            "instrument_id": accepted.integers("instrument"),
            "client_order_id": accepted.texts("client_order_id"),
            **{name: accepted.integers(name) for name in _FIXED},
            **{name: values[at] for name, values in state.columns.items()},
            "created_ns": accepted.integers("time_ns"),
            **dict.fromkeys((*_TERMS, "triggered_ns"), constant(0, len(accepted))),
        }
        rows.insert(Order, columns)

    def _write_known_orders(self, state: _OrderState, rows: RowSink) -> None:
        new = np.array([], np.int64) if self._accepted is None else self._accepted.integers("order_id")
        known = ~np.isin(state.order_ids, new)
        columns = {"order_id": state.order_ids[known], **{n: v[known] for n, v in state.columns.items()}}
        rows.update(Order, columns, dict.fromkeys(state.columns, Merge.REPLACE))

    def _write_fills(self, fills: EventRows, rows: RowSink) -> None:
        trade_ids, is_maker = fills.integers("trade_id"), fills.flagged(EventFlag.MAKER).astype(np.int64)
        instruments = fills.integers("instrument")
        columns = {
            "fill_id": trade_ids * 2 + is_maker,
            "trade_id": trade_ids,
            "order_id": fills.integers("order_id"),
            "account_id": fills.integers("account"),
            "instrument_id": instruments,
            "side": _sides(fills),
            "is_maker": is_maker,
            "price_ticks": fills.integers("price_ticks"),
            "quantity_lots": fills.integers("quantity_lots"),
            "quote_units": self._quote_units(fills),
            "fee_asset_id": self._terms.settlement_assets[instruments],
            "fee_units": fills.integers("fee_units"),
            "realized_pnl_units": fills.integers("realized_pnl_units"),
            "seq": fills.integers("seq"),
            "time_ns": fills.integers("time_ns"),
            "position_side": leg_sides(fills),
            "is_liquidation": fills.flagged(EventFlag.LIQUIDATION).astype(np.int64),
        }
        rows.insert(Fill, columns)

    def _write_trades(self, fills: EventRows, rows: RowSink) -> None:
        takers = fills.where(~fills.flagged(EventFlag.MAKER))
        columns = {
            "trade_id": takers.integers("trade_id"),
            "instrument_id": takers.integers("instrument"),
            "taker_side": _sides(takers),
            "price_ticks": takers.integers("price_ticks"),
            "quantity_lots": takers.integers("quantity_lots"),
            "quote_units": self._quote_units(takers),
            "time_ns": takers.integers("time_ns"),
        }
        rows.insert(Trade, columns)

    def _quote_units(self, fills: EventRows) -> IntArray:
        scale = self._terms.tick_lot_units[fills.integers("instrument")]
        return fills.integers("price_ticks") * fills.integers("quantity_lots") * scale


def _write_terms(told: EventRows, rows: RowSink) -> None:
    """What more an order says of itself [ORD-013]; told again when a link was made later."""
    last = told.where(last_of_each(told.integers("order_id")))
    columns = {"order_id": last.integers("order_id"), **{name: last.integers(name) for name in _TERMS}}
    rows.update(Order, columns, dict.fromkeys(_TERMS, Merge.REPLACE))


def _write_triggers(triggered: EventRows, rows: RowSink) -> None:
    columns = {"order_id": triggered.integers("order_id"), "triggered_ns": triggered.integers("time_ns")}
    rows.update(Order, columns, {"triggered_ns": Merge.REPLACE})


class _OrderState:
    """The changing columns of orders that had an image in the batch, by ascending order_id."""

    def __init__(self, order_ids: IntArray, at: IntArray, columns: dict[str, IntArray]) -> None:
        self.order_ids, self.at, self.columns = order_ids, at, columns


def _last_images(images: list[EventRows]) -> _OrderState:
    """Last image of every order; `at` is its place in the batch."""
    empty = np.array([], np.int64)
    if not images:
        return _OrderState(empty, empty, dict.fromkeys((*_CHANGING, "end_reason", "updated_ns"), empty))

    def joined(field: str) -> IntArray:
        return np.concatenate([events.integers(field) for events in images])

    at = np.concatenate([events.at for events in images])
    order_ids, by_place = joined("order_id"), np.argsort(at)
    last = by_place[last_of_each(order_ids[by_place])]
    columns = {name: joined(name)[last] for name in _CHANGING}
    status, reason = columns["status"], joined("reason")[last]
    # An amendment by rule carries a reason too, but the order goes on.
    columns["end_reason"] = np.where(status >= OrderStatus.CANCELED, reason, 0)
    columns["updated_ns"] = joined("time_ns")[last]
    return _OrderState(order_ids[last], at[last], columns)


class _FillsAfterImages:
    """Fills that no image of the batch contains yet, summed per order by ascending order_id."""

    def __init__(self, fills: EventRows, state: _OrderState) -> None:
        order_ids = fills.integers("order_id")
        place, found = _places(state.order_ids, order_ids)
        image_at = np.where(found, state.at[place] if len(state.at) else -1, -1)
        later = fills.where(fills.at > image_at)
        order_ids = later.integers("order_id")
        last = later.where(last_of_each(order_ids))
        self.order_ids = last.integers("order_id")
        self.lots = sums_of_each(order_ids, later.integers("quantity_lots"))
        self.quote_units = last.integers("filled_quote_units")
        self.time_ns = last.integers("time_ns")
        self.status = np.where(
            last.integers("leaves_lots") == 0, int(OrderStatus.FILLED), int(OrderStatus.PARTIALLY_FILLED)
        )
        self.place, self.has_image = _places(state.order_ids, self.order_ids)

    def add_to(self, state: _OrderState) -> None:
        """Bring the images of filled orders up to their last fill."""
        at, chosen = self.place[self.has_image], self.has_image
        state.columns["filled_lots"][at] += self.lots[chosen]
        state.columns["filled_quote_units"][at] = self.quote_units[chosen]
        state.columns["status"][at] = self.status[chosen]
        state.columns["updated_ns"][at] = self.time_ns[chosen]

    def write_orders_without_image(self, rows: RowSink) -> None:
        chosen = ~self.has_image
        columns = {
            "order_id": self.order_ids[chosen],
            "filled_lots": self.lots[chosen],
            "filled_quote_units": self.quote_units[chosen],
            "status": self.status[chosen],
            "updated_ns": self.time_ns[chosen],
        }
        rows.update(Order, columns, {**dict.fromkeys(columns, Merge.REPLACE), "filled_lots": Merge.ADD})


def _places(ordered: IntArray, wanted: IntArray) -> tuple[IntArray, BoolArray]:
    """Where each wanted number stands in `ordered` (any place when it does not), and whether it does."""
    if not len(ordered):
        return np.zeros(len(wanted), np.int64), np.zeros(len(wanted), np.bool_)
    place = np.minimum(np.searchsorted(ordered, wanted), len(ordered) - 1).astype(np.int64)
    return place, ordered[place] == wanted


def _sides(fills: EventRows) -> IntArray:
    return np.where(fills.flagged(EventFlag.SELL), int(Side.SELL), int(Side.BUY)).astype(np.int64)
