"""Positions to look at."""

from __future__ import annotations

from django.contrib import admin

from apps.instruments.admin_columns import (
    InstrumentFilter,
    InstrumentRowsAdmin,
    moment_column,
    money_column,
    quantity_column,
)
from apps.positions.models import Position


@admin.register(Position)
class PositionAdmin(InstrumentRowsAdmin):
    list_display = ("account_id", "symbol", "quantity", "cost", "realized_pnl", "leverage", "updated")
    list_filter = (InstrumentFilter,)
    search_fields = ("=account_id",)
    search_help_text = "Account number"
    ordering = ("position_id",)
    quantity = quantity_column("position_lots", "Quantity")
    cost = money_column("cost_units", "Entry cost")
    realized_pnl = money_column("realized_pnl_units", "Realized profit or loss")
    updated = moment_column("updated_ns", "Updated")
