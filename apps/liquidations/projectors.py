"""Liquidations, steps and moves of one batch of events. Owned rows: liquidations' three tables.

A liquidation begins and ends within one command, and none begins within another.
"""

from __future__ import annotations

import numpy as np

from apps.common.event_rows import EventRows, IntArray, Terms, leg_sides
from apps.common.row_sink import RowSink, constant
from apps.liquidations.models import Liquidation, LiquidationStep, PositionMove
from matcher.protocol.enums import EventFlag, MoveCause, OrderFlag

# Columns that events name like the row does.
_STEP = (
    "seq", "mark_ticks", "bankruptcy_ticks", "quantity_lots", "position_lots", "equity_units", "maintenance_units",
    "time_ns",
)  # fmt: skip
_MOVE = ("seq", "price_ticks", "quantity_lots", "realized_pnl_units", "position_lots", "score", "time_ns")
_AMOUNTS = ("equity_units", "maintenance_units", "wallet_units")


class Projector:
    """What a batch does to liquidations."""

    def __init__(self, terms: Terms) -> None:  # noqa: ARG002  every projector is made alike
        self._started: EventRows | None = None
        self._ended: EventRows | None = None
        self._steps: EventRows | None = None
        self._moves: EventRows | None = None
        self._accepted: EventRows | None = None

    def on_liquidation_started(self, events: EventRows) -> None:
        self._started = events

    def on_liquidation_ended(self, events: EventRows) -> None:
        self._ended = events

    def on_liquidation_step(self, events: EventRows) -> None:
        self._steps = events

    def on_position_moved(self, events: EventRows) -> None:
        self._moves = events

    def on_order_accepted(self, events: EventRows) -> None:
        self._accepted = events

    def write(self, rows: RowSink) -> None:
        groups = _Groups(self._started, rows)
        if self._started is not None:
            self._write_liquidations(self._started, groups, rows)
        if self._steps is not None:
            self._write_steps(self._steps, groups, rows)
        if self._moves is not None:
            _write_moves(self._moves, groups, rows)

    def _write_liquidations(self, started: EventRows, groups: _Groups, rows: RowSink) -> None:
        ended = self._ended
        if ended is None or len(ended) != len(started):
            raise ValueError("a liquidation began and did not end within its command")
        steps = constant(0, len(started))
        if self._steps is not None:
            np.add.at(steps, groups.numbers(self._steps) - groups.first, 1)
        columns = {
            "liquidation_id": groups.numbers(started),
            "seq": started.integers("seq"),
            "account_id": started.integers("account"),
            "instrument_id": started.integers("instrument"),
            "position_side": leg_sides(started),
            "is_isolated": started.flagged(EventFlag.ISOLATED).astype(np.int64),
            "asset_id": started.integers("asset"),
            **{name: started.integers(name) for name in _AMOUNTS},
            **{f"end_{name}": ended.integers(name) for name in _AMOUNTS},
            "steps": steps,
            "time_ns": started.integers("time_ns"),
        }
        rows.insert(Liquidation, columns)

    def _write_steps(self, steps: EventRows, groups: _Groups, rows: RowSink) -> None:
        first = rows.next_number(LiquidationStep)
        columns = {
            "step_id": np.arange(first, first + len(steps), dtype=np.int64),
            "liquidation_id": groups.numbers(steps),
            "account_id": steps.integers("account"),
            "instrument_id": steps.integers("instrument"),
            "position_side": leg_sides(steps),
            "risk_tier": steps.integers("detail"),
            "order_id": self._forced_orders(steps),
            **{name: steps.integers(name) for name in _STEP},
        }
        rows.insert(LiquidationStep, columns)

    def _forced_orders(self, steps: EventRows) -> IntArray:
        """The order each step placed: the first forced one accepted after it and before the next step."""
        found = constant(0, len(steps))
        if self._accepted is None:
            return found
        forced = self._accepted.where((self._accepted.data["order_flags"] & OrderFlag.LIQUIDATION) != 0)
        of_step = np.searchsorted(steps.at, forced.at) - 1
        found[of_step[of_step >= 0]] = forced.integers("order_id")[of_step >= 0]
        return found


class _Groups:
    """Numbers of the batch's liquidations, and which one an event within a liquidation belongs to."""

    def __init__(self, started: EventRows | None, rows: RowSink) -> None:
        self._starts = np.array([], np.int64) if started is None else started.at
        self.first = 1 if started is None else rows.next_number(Liquidation)

    def numbers(self, events: EventRows) -> IntArray:
        """Number of the liquidation begun last before (or by) each event."""
        found: IntArray = self.first + np.searchsorted(self._starts, events.at, side="right").astype(np.int64) - 1
        return found


def _write_moves(moves: EventRows, groups: _Groups, rows: RowSink) -> None:
    """Of a forced move the liquidated party's event comes first, the other's follows it."""
    first = rows.next_number(PositionMove)
    forced = moves.integers("detail") != MoveCause.SETTLED
    place = np.cumsum(forced) - 1
    columns = {
        "move_id": np.arange(first, first + len(moves), dtype=np.int64),
        "liquidation_id": np.where(forced, groups.numbers(moves), 0),
        "cause": moves.integers("detail"),
        "is_liquidated": (forced & (place % 2 == 0)).astype(np.int64),
        "account_id": moves.integers("account"),
        "counterparty_id": moves.integers("counterparty"),
        "instrument_id": moves.integers("instrument"),
        "position_side": leg_sides(moves),
        "is_sell": moves.flagged(EventFlag.SELL).astype(np.int64),
        "adl_rank": moves.integers("rank"),
        **{name: moves.integers(name) for name in _MOVE},
    }
    rows.insert(PositionMove, columns)
