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
from apps.positions.models import MarginChange, Position


@admin.register(Position)
class PositionAdmin(InstrumentRowsAdmin):
    list_display = (
        "account_id", "symbol", "position_side", "quantity", "cost", "isolated", "realized_pnl", "margin_mode",
        "leverage", "updated",
    )  # fmt: skip
    list_filter = (InstrumentFilter, "position_side", "margin_mode")
    search_fields = ("=account_id",)
    search_help_text = "Account number"
    ordering = ("position_id",)
    quantity = quantity_column("position_lots", "Quantity")
    cost = money_column("cost_units", "Entry cost")
    isolated = money_column("isolated_units", "Isolated margin")
    realized_pnl = money_column("realized_pnl_units", "Realized profit or loss")
    updated = moment_column("updated_ns", "Updated")


@admin.register(MarginChange)
class MarginChangeAdmin(InstrumentRowsAdmin):
    list_display = ("seq", "account_id", "symbol", "position_side", "amount", "isolated", "moved")
    list_filter = (InstrumentFilter, "position_side")
    search_fields = ("=account_id",)
    search_help_text = "Account number"
    ordering = ("-seq",)
    amount = money_column("amount_units", "Amount")
    isolated = money_column("isolated_units", "Isolated margin")
    moved = moment_column("time_ns", "Moved")
