from __future__ import annotations

from django import forms
from django.contrib import admin

from apps.approvals.guarded_admin import GuardedAdmin
from apps.assets.guarded import CHANGE_ASSET
from apps.assets.models import Asset, Collateral
from apps.assets.selectors import get_assets
from apps.common.readonly_admin import ReadOnlyAdmin
from apps.common.scaled_field import MONEY, PERCENT_OF_PPB, ScaledField, plain

_HAIRCUT, _PRICE = "haircut_ppb", "fixed_price_units"


class AssetForm(forms.ModelForm):  # type: ignore[type-arg]
    haircut_ppb = ScaledField(
        decimals=PERCENT_OF_PPB, label="Haircut, %", help_text="The part of its value that does not count."
    )
    overdraft_units = ScaledField(
        decimals=MONEY, label="Overdraft", help_text="A wallet further below zero is repaid from other assets."
    )
    fixed_price_units = ScaledField(
        decimals=MONEY,
        label="Fixed price",
        help_text="Of one, in the reference; 0 follows the index of the instrument it underlies.",
    )

    class Meta:
        model = Asset
        exclude: tuple[str, ...] = ()


@admin.register(Asset)
class AssetAdmin(GuardedAdmin):
    guarded_kind = CHANGE_ASSET
    form = AssetForm
    list_display = ("id", "code", "name", "decimals", "is_collateral", "haircut", "fixed_price")
    search_fields = ("code", "name")
    ordering = ("id",)

    @admin.display(description="haircut, %", ordering=_HAIRCUT)
    def haircut(self, row: Asset) -> str:
        return plain(row.haircut_ppb, PERCENT_OF_PPB)

    @admin.display(description="fixed price", ordering=_PRICE)
    def fixed_price(self, row: Asset) -> str:
        return plain(row.fixed_price_units, MONEY) if row.fixed_price_units else "of the index"


@admin.register(Collateral)
class CollateralAdmin(ReadOnlyAdmin):
    list_display = ("code", "price", "haircut", "overdraft")
    ordering = ("asset_id",)

    @admin.display(description="asset", ordering="asset_id")
    def code(self, row: Collateral) -> str:
        return next((asset.code for asset in get_assets() if asset.id == row.asset_id), str(row.asset_id))

    @admin.display(description="price", ordering="price_units")
    def price(self, row: Collateral) -> str:
        return plain(row.price_units, MONEY)

    @admin.display(description="haircut, %", ordering=_HAIRCUT)
    def haircut(self, row: Collateral) -> str:
        return plain(row.haircut_ppb, PERCENT_OF_PPB)

    @admin.display(description="overdraft", ordering="threshold_units")
    def overdraft(self, row: Collateral) -> str:
        return plain(row.threshold_units, MONEY)
