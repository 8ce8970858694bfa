"""Premium samples, settlements and payments of one batch of events. Owned rows: funding's three tables."""

from __future__ import annotations

import numpy as np

from apps.common.event_rows import EventRows, IntArray, Terms, leg_sides
from apps.common.row_sink import RowSink
from apps.funding.models import FundingPayment, FundingSample, FundingSettlement

# Columns that events name like the row does.
_SAMPLE = (
    "seq", "sample_ns", "impact_bid_microticks", "impact_ask_microticks", "index_ticks", "premium_ppb",
    "average_premium_ppb", "predicted_rate_ppb", "samples", "time_ns",
)  # fmt: skip
_SETTLEMENT = (
    "seq", "funding_ns", "next_funding_ns", "rate_ppb", "mark_ticks", "average_premium_ppb", "samples", "positions",
    "paid_units", "received_units", "residue_units", "time_ns",
)  # fmt: skip
_PAYMENT = ("seq", "funding_ns", "rate_ppb", "mark_ticks", "position_lots", "amount_units", "time_ns")


class Projector:
    """What a batch does to funding."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._samples: EventRows | None = None
        self._settled: EventRows | None = None
        self._paid: EventRows | None = None

    def on_funding_sampled(self, events: EventRows) -> None:
        self._samples = events

    def on_funding_settled(self, events: EventRows) -> None:
        self._settled = events

    def on_funding_paid(self, events: EventRows) -> None:
        self._paid = events

    def write(self, rows: RowSink) -> None:
        if self._samples is not None:
            rows.insert(FundingSample, _columns(self._samples, _SAMPLE))
        if self._settled is not None:
            columns = _columns(self._settled, _SETTLEMENT)
            rows.insert(FundingSettlement, {**columns, "asset_id": self._assets(self._settled)})
        if self._paid is not None:
            self._write_payments(self._paid, rows)

    def _write_payments(self, paid: EventRows, rows: RowSink) -> None:
        first = rows.next_number(FundingPayment)
        columns = {
            "payment_id": np.arange(first, first + len(paid), dtype=np.int64),
            "account_id": paid.integers("account"),
            "position_side": leg_sides(paid),
            "asset_id": self._assets(paid),
            **_columns(paid, _PAYMENT),
        }
        rows.insert(FundingPayment, columns)

    def _assets(self, events: EventRows) -> IntArray:
        assets: IntArray = self._terms.settlement_assets[events.integers("instrument")]
        return assets


def _columns(events: EventRows, names: tuple[str, ...]) -> dict[str, IntArray]:
    return {"instrument_id": events.integers("instrument"), **{name: events.integers(name) for name in names}}
