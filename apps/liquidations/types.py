"""What may leave the app: liquidations, steps and moves, integers all through."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LiquidationRow:
    """One liquidated margin group; instrument 0 is the cross group of `asset_id` (0: of all assets, as values)."""

    liquidation_id: int
    seq: int
    account_id: int
    instrument_id: int
    position_side: int
    is_isolated: bool
    asset_id: int
    equity_units: int
    maintenance_units: int
    wallet_units: int
    end_equity_units: int
    end_maintenance_units: int
    end_wallet_units: int
    steps: int
    time_ns: int


@dataclass(frozen=True, slots=True)
class StepRow:
    """One reduction of one leg; `order_id` is the forced order."""

    step_id: int
    liquidation_id: int
    account_id: int
    instrument_id: int
    position_side: int
    risk_tier: int
    mark_ticks: int
    bankruptcy_ticks: int
    quantity_lots: int
    position_lots: int
    order_id: int
    time_ns: int


@dataclass(frozen=True, slots=True)
class MoveRow:
    """One party of a position change without an order; `adl_rank` and `score` are the deleveraged party's."""

    move_id: int
    liquidation_id: int
    cause: int
    is_liquidated: bool
    account_id: int
    instrument_id: int
    position_side: int
    is_sell: bool
    price_ticks: int
    quantity_lots: int
    realized_pnl_units: int
    position_lots: int
    adl_rank: int
    score: int
    time_ns: int


@dataclass(frozen=True, slots=True)
class SweepResult:
    """What a sweep did: groups liquidated, conversions made, lots the insurance funds unwound."""

    liquidated: int
    converted: int
    unwound_lots: int
