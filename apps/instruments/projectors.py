"""Market rules, changes of trading state and delistings of one batch of events.

The event of a rule says only that it was taken; what it says stands in its command.
"""

from __future__ import annotations

import numpy as np

from apps.common.event_rows import EventRows, Terms, last_of_each
from apps.common.row_sink import Merge, RowSink
from apps.instruments.models import InstrumentSettlement, MarketRules, TradingStateChange
from matcher.protocol.commands import DefineMarketRules
from matcher.protocol.rejects import EndReason

# Columns that the command names like the row does.
_RULES = (
    "mark_max_age_ns", "impact_notional_units", "breaker_window_ns", "breaker_halt_ns", "max_conditional_orders",
    "price_protect_ppm", "breaker_move_ppm", "interest_rate_ppb", "funding_cap_ppb", "funding_floor_ppb",
    "funding_hours", "breaker_state", "profit_opens",
)  # fmt: skip


class Projector:
    """What a batch does to the rules and states of instruments."""

    def __init__(self, terms: Terms) -> None:
        self._commands = terms.commands
        self._rules: EventRows | None = None
        self._states: EventRows | None = None
        self._settled: EventRows | None = None

    def on_market_rules_defined(self, events: EventRows) -> None:
        self._rules = events

    def on_trading_state_changed(self, events: EventRows) -> None:
        self._states = events

    def on_instrument_settled(self, events: EventRows) -> None:
        self._settled = events

    def write(self, rows: RowSink) -> None:
        if self._rules is not None:
            self._write_rules(self._rules, rows)
        if self._states is not None:
            _write_states(self._states, rows)
        if self._settled is not None:
            _write_settlements(self._settled, rows)

    def _write_rules(self, taken: EventRows, rows: RowSink) -> None:
        told = self._commands.of(taken, DefineMarketRules)
        columns = {
            "seq": taken.integers("seq"),
            "instrument_id": taken.integers("instrument"),
            "time_ns": taken.integers("time_ns"),
            **{name: told[name].astype(np.int64) for name in _RULES},
        }
        rows.insert(MarketRules, columns)


def _write_states(changed: EventRows, rows: RowSink) -> None:
    first = rows.next_number(TradingStateChange)
    columns = {
        "change_id": np.arange(first, first + len(changed), dtype=np.int64),
        "seq": changed.integers("seq"),
        "instrument_id": changed.integers("instrument"),
        "state_before": changed.integers("detail"),
        "trading_state": changed.integers("trading_state"),
        "by_rule": (changed.integers("reason") == EndReason.CIRCUIT_BREAKER).astype(np.int64),
        "resume_ns": changed.integers("resume_ns"),
        "time_ns": changed.integers("time_ns"),
    }
    rows.insert(TradingStateChange, columns)


def _write_settlements(settled: EventRows, rows: RowSink) -> None:
    last = settled.where(last_of_each(settled.integers("instrument")))
    columns = {
        "instrument_id": last.integers("instrument"),
        "seq": last.integers("seq"),
        "price_ticks": last.integers("price_ticks"),
        "positions": last.integers("positions"),
        "time_ns": last.integers("time_ns"),
    }
    rows.upsert(
        InstrumentSettlement, columns, dict.fromkeys(("seq", "price_ticks", "positions", "time_ns"), Merge.REPLACE)
    )
