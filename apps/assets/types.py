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
