"""Liquidations, their steps and the receipts of deleveraging to look at."""

from __future__ import annotations

from django.contrib import admin

from apps.instruments.admin_columns import (
    InstrumentFilter,
    InstrumentRowsAdmin,
    moment_column,
    money_column,
    price_column,
    quantity_column,
)
from apps.liquidations.models import Liquidation, LiquidationStep, PositionMove


@admin.register(Liquidation)
class LiquidationAdmin(InstrumentRowsAdmin):
    list_display = (
        "liquidation_id", "account_id", "symbol", "is_isolated", "asset", "equity", "maintenance", "steps",
        "end_equity", "time",
    )  # fmt: skip
    list_filter = ("is_isolated", InstrumentFilter)
    search_fields = ("=liquidation_id", "=account_id", "=seq")
    search_help_text = "Liquidation, account or command number"
    ordering = ("-liquidation_id",)
    equity = money_column("equity_units", "Equity")
    maintenance = money_column("maintenance_units", "Maintenance")
    end_equity = money_column("end_equity_units", "Equity after")
    time = moment_column("time_ns", "Time")


@admin.register(LiquidationStep)
class LiquidationStepAdmin(InstrumentRowsAdmin):
    list_display = (
        "step_id", "liquidation_id", "account_id", "symbol", "position_side", "risk_tier", "mark", "bankruptcy",
        "quantity", "position", "order_id", "time",
    )  # fmt: skip
    list_filter = (InstrumentFilter, "position_side")
    search_fields = ("=liquidation_id", "=account_id", "=order_id")
    search_help_text = "Liquidation, account or order number"
    ordering = ("-step_id",)
    mark = price_column("mark_ticks", "Mark")
    bankruptcy = price_column("bankruptcy_ticks", "Bankruptcy price")
    quantity = quantity_column("quantity_lots", "Reduced by")
    position = quantity_column("position_lots", "Position")
    time = moment_column("time_ns", "Time")


@admin.register(PositionMove)
class PositionMoveAdmin(InstrumentRowsAdmin):
    list_display = (
        "move_id", "cause", "is_liquidated", "liquidation_id", "account_id", "counterparty_id", "symbol",
        "position_side", "price", "quantity", "realized_pnl", "adl_rank", "score", "time",
    )  # fmt: skip
    list_filter = ("cause", "is_liquidated", InstrumentFilter)
    search_fields = ("=liquidation_id", "=account_id", "=counterparty_id")
    search_help_text = "Liquidation or account number"
    ordering = ("-move_id",)
    price = price_column("price_ticks", "Price")
    quantity = quantity_column("quantity_lots", "Quantity")
    realized_pnl = money_column("realized_pnl_units", "Realized profit or loss")
    time = moment_column("time_ns", "Time")
