"""What the rest of the house may know of an asset."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AssetSpec:
    """`id` is the engine's number; amounts are always units of 1e-8, `decimals` is only for showing."""

    id: int
    code: str
    name: str
    decimals: int
    is_collateral: bool = False
    haircut_ppb: int = 0
    overdraft_units: int = 0
    fixed_price_units: int = 0


@dataclass(frozen=True, slots=True)
class CollateralTerms:
    """What an asset counts for in multi-asset mode: discount, overdraft, and a price that never moves (0: the index)."""

    haircut_ppb: int
    overdraft_units: int = 0
    fixed_price_units: int = 0
