"""Questions about assets."""

from __future__ import annotations

from apps.assets.models import Asset
from apps.assets.types import AssetSpec


def get_assets() -> list[AssetSpec]:
    return [_spec(row) for row in Asset.objects.order_by("id")]


def get_asset(code: str) -> AssetSpec | None:
    row = Asset.objects.filter(code=code).first()
    return _spec(row) if row else None


def _spec(row: Asset) -> AssetSpec:
    return AssetSpec(
        id=row.id,
        code=row.code,
        name=row.name,
        decimals=row.decimals,
        is_collateral=row.is_collateral,
        haircut_ppb=row.haircut_ppb,
        overdraft_units=row.overdraft_units,
        fixed_price_units=row.fixed_price_units,
    )
