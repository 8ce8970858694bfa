"""What may leave the app."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PositionRow:
    """A leg as the rows know it: signed lots and cost in units; leverage 0 until the account set one."""

    account_id: int
    instrument_id: int
    position_side: int
    position_lots: int
    cost_units: int
    realized_pnl_units: int
    leverage: int
    updated_ns: int
    margin_mode: int = 0
    isolated_units: int = 0


@dataclass(frozen=True, slots=True)
class PositionMismatch:
    """An instrument whose positions do not sum to zero."""

    instrument_id: int
    sum_lots: int


@dataclass(frozen=True, slots=True)
class MarginChangeRow:
    """Margin moved into (> 0) or out of an isolated leg because its account asked."""

    seq: int
    account_id: int
    instrument_id: int
    position_side: int
    asset_id: int
    amount_units: int
    isolated_units: int
    time_ns: int


@dataclass(frozen=True, slots=True)
class Holdings:
    """Legs that hold an instrument and how much; lots are counted positive on both sides."""

    long_accounts: int
    short_accounts: int
    long_lots: int
    short_lots: int
    top_long_accounts: int
    top_short_accounts: int
    top_long_lots: int
    top_short_lots: int
