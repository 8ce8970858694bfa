from django.contrib import admin
from unfold.admin import ModelAdmin

from apps.assets.models import Asset


@admin.register(Asset)
class AssetAdmin(ModelAdmin):  # type: ignore[misc]
    list_display = ("id", "code", "name", "decimals")
    search_fields = ("code", "name")
    ordering = ("id",)
