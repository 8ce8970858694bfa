"""Verbs of assets. The engine hears of them through instruments.services.push_definitions."""

from __future__ import annotations

from dataclasses import asdict

from apps.assets.models import Asset
from apps.assets.selectors import get_asset
from apps.assets.types import AssetSpec, CollateralTerms


def define_asset(
    *, asset_id: int, code: str, name: str, decimals: int, collateral: CollateralTerms | None = None
) -> AssetSpec:
    """Create the asset or leave the one of this code as it is; `asset_id` becomes the engine's number."""
    terms = {**asdict(collateral), "is_collateral": True} if collateral is not None else {}
    Asset.objects.get_or_create(code=code, defaults={"id": asset_id, "name": name, "decimals": decimals, **terms})
    spec = get_asset(code)
    assert spec is not None, "just created"
    return spec
