"""Verbs of assets. The engine hears of them through instruments.services.push_definitions."""

from __future__ import annotations

from apps.assets.models import Asset
from apps.assets.types import AssetSpec


def define_asset(*, asset_id: int, code: str, name: str, decimals: int) -> AssetSpec:
    """Create the asset or leave the one of this code as it is; `asset_id` becomes the engine's number."""
    row, _ = Asset.objects.get_or_create(code=code, defaults={"id": asset_id, "name": name, "decimals": decimals})
    return AssetSpec(id=row.id, code=row.code, name=row.name, decimals=row.decimals)
