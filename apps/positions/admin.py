"""Positions to look at."""

from __future__ import annotations

from django.contrib import admin

from apps.common.readonly_admin import ReadOnlyAdmin
from apps.positions.models import Position


@admin.register(Position)
class PositionAdmin(ReadOnlyAdmin):
    list_display = ("account_id", "instrument_id", "position_lots", "cost_units", "realized_pnl_units", "leverage")
    list_filter = ("instrument_id",)
    search_fields = ("=account_id",)
    search_help_text = "Account number"
    ordering = ("position_id",)
