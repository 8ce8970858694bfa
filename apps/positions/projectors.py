"""Position rows of one batch of events. Owned rows: positions."""

from __future__ import annotations

import numpy as np

from apps.common.event_rows import EventRows, IntArray, Terms, last_of_each, sums_of_each
from apps.common.row_sink import Merge, RowSink, constant
from apps.positions.models import Position

INSTRUMENT_KEY_SPAN = 1024


class Projector:
    """What a batch does to positions."""

    def __init__(self, terms: Terms) -> None:  # noqa: ARG002  every projector is made alike
        self._fills: EventRows | None = None
        self._leverages: EventRows | None = None

    def on_order_filled(self, events: EventRows) -> None:
        self._fills = events

    def on_leverage_changed(self, events: EventRows) -> None:
        self._leverages = events

    def write(self, rows: RowSink) -> None:
        if self._fills is not None:
            self._write_fills(self._fills, rows)
        if self._leverages is not None:
            self._write_leverages(self._leverages, rows)

    def _write_fills(self, fills: EventRows, rows: RowSink) -> None:
        keys = _keys(fills)
        last = fills.where(last_of_each(keys))
        columns = {
            **_identity(last),
            "position_lots": last.integers("position_lots"),
            "cost_units": last.integers("position_cost_units"),
            "realized_pnl_units": sums_of_each(keys, fills.integers("realized_pnl_units")),
            "leverage": constant(0, len(last)),
            "updated_ns": last.integers("time_ns"),
        }
        merge = {
            "position_lots": Merge.REPLACE,
            "cost_units": Merge.REPLACE,
            "realized_pnl_units": Merge.ADD,
            "updated_ns": Merge.GREATEST,
        }
        rows.upsert(Position, columns, merge)

    def _write_leverages(self, leverages: EventRows, rows: RowSink) -> None:
        last = leverages.where(last_of_each(_keys(leverages)))
        nothing = constant(0, len(last))
        columns = {
            **_identity(last),
            "position_lots": nothing,
            "cost_units": nothing,
            "realized_pnl_units": nothing,
            "leverage": last.integers("leverage"),
            "updated_ns": last.integers("time_ns"),
        }
        rows.upsert(Position, columns, {"leverage": Merge.REPLACE, "updated_ns": Merge.GREATEST})


def _keys(events: EventRows) -> IntArray:
    return events.integers("account") * INSTRUMENT_KEY_SPAN + events.integers("instrument")


def _identity(events: EventRows) -> dict[str, IntArray]:
    return {
        "position_id": _keys(events),
        "account_id": events.integers("account"),
        "instrument_id": events.integers("instrument"),
        "position_side": np.zeros(len(events), np.int64),
    }
