"""Funds and their changes of one batch of events. Owned rows: insurance's two tables."""

from __future__ import annotations

import numpy as np

from apps.common.event_rows import EventRows, Terms, last_of_each
from apps.common.row_sink import Merge, RowSink
from apps.insurance.models import InsuranceChange, InsuranceFund


class Projector:
    """What a batch does to insurance funds."""

    def __init__(self, terms: Terms) -> None:  # noqa: ARG002  every projector is made alike
        self._defined: EventRows | None = None
        self._changes: EventRows | None = None

    def on_insurance_fund_defined(self, events: EventRows) -> None:
        self._defined = events

    def on_insurance_changed(self, events: EventRows) -> None:
        self._changes = events

    def write(self, rows: RowSink) -> None:
        if self._defined is not None:
            _write_funds(self._defined, rows)
        if self._changes is not None:
            _write_changes(self._changes, rows)


def _write_funds(defined: EventRows, rows: RowSink) -> None:
    last = defined.where(last_of_each(defined.integers("asset")))
    columns = {
        "asset_id": last.integers("asset"),
        "account_id": last.integers("account"),
        "seq": last.integers("seq"),
        "time_ns": last.integers("time_ns"),
    }
    rows.upsert(InsuranceFund, columns, dict.fromkeys(("account_id", "seq", "time_ns"), Merge.REPLACE))


def _write_changes(changes: EventRows, rows: RowSink) -> None:
    first = rows.next_number(InsuranceChange)
    columns = {
        "change_id": np.arange(first, first + len(changes), dtype=np.int64),
        "seq": changes.integers("seq"),
        "account_id": changes.integers("account"),
        "asset_id": changes.integers("asset"),
        "instrument_id": changes.integers("instrument"),
        "cause": changes.integers("detail"),
        "amount_units": changes.integers("amount_units"),
        "wallet_units": changes.integers("wallet_units"),
        "source_account_id": changes.integers("source_account"),
        "time_ns": changes.integers("time_ns"),
    }
    rows.insert(InsuranceChange, columns)
