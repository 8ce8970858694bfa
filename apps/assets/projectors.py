"""What the engine counts assets for, of one batch of events. Owned rows: collateral."""

from __future__ import annotations

from apps.assets.models import Collateral
from apps.common.event_rows import EventRows, Terms, last_of_each
from apps.common.row_sink import Merge, RowSink

_COLUMNS = ("price_units", "haircut_ppb", "threshold_units")


class Projector:
    """What a batch does to collateral."""

    def __init__(self, terms: Terms) -> None:  # noqa: ARG002  every projector is made alike
        self._defined: EventRows | None = None

    def on_collateral_defined(self, events: EventRows) -> None:
        self._defined = events

    def write(self, rows: RowSink) -> None:
        if self._defined is None:
            return
        last = self._defined.where(last_of_each(self._defined.integers("asset")))
        columns = {
            "asset_id": last.integers("asset"),
            **{name: last.integers(name) for name in _COLUMNS},
            "updated_ns": last.integers("time_ns"),
        }
        rows.upsert(Collateral, columns, dict.fromkeys((*_COLUMNS, "updated_ns"), Merge.REPLACE))
