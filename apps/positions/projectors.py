"""Position rows of one batch of events, a row a leg. Owned rows: positions, margin changes."""

from __future__ import annotations

import numpy as np

from apps.common.event_rows import EventRows, IntArray, Terms, in_order, last_of_each, leg_sides, sums_of_each
from apps.common.row_sink import Merge, RowSink, constant
from apps.positions.models import MarginChange, Position

INSTRUMENT_KEY_SPAN = 1024
SIDE_KEY_SPAN = 4
ASKED_FOR = 1  # `detail` of an IsolatedMarginChanged that the account itself wanted


class Projector:
    """What a batch does to positions."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._changes: list[EventRows] = []
        self._isolated: list[EventRows] = []
        self._asked: EventRows | None = None
        self._leverages: EventRows | None = None
        self._modes: EventRows | None = None

    def on_order_filled(self, events: EventRows) -> None:
        self._changes.append(events)

    def on_position_moved(self, events: EventRows) -> None:
        self._changes.append(events)
        self._isolated.append(events)

    def on_isolated_margin_changed(self, events: EventRows) -> None:
        self._isolated.append(events)
        self._asked = events.where(events.integers("detail") == ASKED_FOR)

    def on_funding_paid(self, events: EventRows) -> None:
        self._isolated.append(events)

    def on_leverage_changed(self, events: EventRows) -> None:
        self._leverages = events

    def on_margin_mode_changed(self, events: EventRows) -> None:
        self._modes = events

    def write(self, rows: RowSink) -> None:
        flat = np.array([], np.int64)
        if self._changes:
            flat = self._write_changes(rows)
        if self._isolated:
            self._write_isolated(rows, flat)
        if self._asked is not None and len(self._asked):
            self._write_margin_changes(self._asked, rows)
        if self._leverages is not None:
            _write_setting(self._leverages, "leverage", rows)
        if self._modes is not None:
            _write_setting(self._modes, "margin_mode", rows)

    def _write_changes(self, rows: RowSink) -> IntArray:
        """Write what fills and moves left; returns the keys of the legs that are flat now."""
        joined = _Joined(self._changes)
        last = last_of_each(joined.keys)
        lots = joined.integers("position_lots")[last]
        columns = {
            **joined.identity(last),
            "position_lots": lots,
            "cost_units": joined.integers("position_cost_units")[last],
            "realized_pnl_units": sums_of_each(joined.keys, joined.integers("realized_pnl_units")),
            "isolated_units": constant(0, len(last)),
            "leverage": constant(0, len(last)),
            "margin_mode": constant(0, len(last)),
            "updated_ns": joined.integers("time_ns")[last],
        }
        merge = {
            "position_lots": Merge.REPLACE,
            "cost_units": Merge.REPLACE,
            "realized_pnl_units": Merge.ADD,
            "updated_ns": Merge.GREATEST,
        }
        rows.upsert(Position, columns, merge)
        flat: IntArray = joined.keys[last][lots == 0]
        return flat

    def _write_isolated(self, rows: RowSink, flat: IntArray) -> None:
        """The isolated margin each leg was left with; a flat leg holds none, whoever got the rest [LIQ-008]."""
        joined = _Joined(self._isolated)
        last = last_of_each(joined.keys)
        keys = joined.keys[last]
        units = np.where(np.isin(keys, flat), 0, joined.integers("isolated_units")[last])
        columns = {**_blank(joined.identity(last)), "isolated_units": units}
        columns["updated_ns"] = joined.integers("time_ns")[last]
        rows.upsert(Position, columns, {"isolated_units": Merge.REPLACE, "updated_ns": Merge.GREATEST})

    def _write_margin_changes(self, asked: EventRows, rows: RowSink) -> None:
        names = ("seq", "amount_units", "isolated_units", "time_ns")
        instruments = asked.integers("instrument")
        columns = {
            "account_id": asked.integers("account"),
            "instrument_id": instruments,
            "position_side": leg_sides(asked),
            "asset_id": self._terms.settlement_assets[instruments],
            **{name: asked.integers(name) for name in names},
        }
        rows.insert(MarginChange, columns)


def _write_setting(events: EventRows, name: str, rows: RowSink) -> None:
    """A setting of account and instrument stands on the BOTH row."""
    joined = _Joined([events])
    last = last_of_each(joined.keys)
    columns = {**_blank(joined.identity(last)), name: joined.integers(name)[last]}
    columns["updated_ns"] = joined.integers("time_ns")[last]
    rows.upsert(Position, columns, {name: Merge.REPLACE, "updated_ns": Merge.GREATEST})


def _blank(identity: dict[str, IntArray]) -> dict[str, IntArray]:
    """Columns of a row that nothing happened to yet, for `identity`."""
    nothing = constant(0, len(identity["position_id"]))
    names = ("position_lots", "cost_units", "realized_pnl_units", "isolated_units", "leverage", "margin_mode")
    return {**identity, **dict.fromkeys(names, nothing)}


class _Joined:
    """Events of several kinds in journal order, with the key of the leg each one speaks of."""

    def __init__(self, kinds: list[EventRows]) -> None:
        self._kinds, self._order = kinds, in_order(*kinds)
        self._accounts, self._instruments = self.integers("account"), self.integers("instrument")
        self._sides = np.concatenate([leg_sides(events) for events in kinds])[self._order]
        self.keys = (self._accounts * INSTRUMENT_KEY_SPAN + self._instruments) * SIDE_KEY_SPAN + self._sides

    def integers(self, field: str) -> IntArray:
        joined: IntArray = np.concatenate([events.integers(field) for events in self._kinds])[self._order]
        return joined

    def identity(self, chosen: IntArray) -> dict[str, IntArray]:
        return {
            "position_id": self.keys[chosen],
            "account_id": self._accounts[chosen],
            "instrument_id": self._instruments[chosen],
            "position_side": self._sides[chosen],
        }
