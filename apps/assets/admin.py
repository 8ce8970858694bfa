from django.contrib import admin
from unfold.admin import ModelAdmin

from apps.assets.models import Asset, Collateral
from apps.common.readonly_admin import ReadOnlyAdmin


@admin.register(Asset)
class AssetAdmin(ModelAdmin):  # type: ignore[misc]
    list_display = ("id", "code", "name", "decimals", "is_collateral", "haircut_ppb", "fixed_price_units")
    search_fields = ("code", "name")
    ordering = ("id",)


@admin.register(Collateral)
class CollateralAdmin(ReadOnlyAdmin):
    list_display = ("asset_id", "price_units", "haircut_ppb", "threshold_units")
    ordering = ("asset_id",)
