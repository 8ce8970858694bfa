"""Orders, trades and fills to look at."""

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
from apps.orders.models import Fill, Order, Trade


@admin.register(Order)
class OrderAdmin(InstrumentRowsAdmin):
    list_display = (
        "order_id", "account_id", "symbol", "side", "position_side", "order_type", "status", "price", "trigger",
        "quantity", "filled", "created", "triggered",
    )  # fmt: skip
    list_filter = ("status", "order_type", "side", InstrumentFilter)
    search_fields = ("=order_id", "=account_id", "=client_order_id")
    search_help_text = "Order number, account number or client_order_id"
    ordering = ("-order_id",)
    price = price_column("price_ticks", "Price")
    quantity = quantity_column("quantity_lots", "Quantity")
    filled = quantity_column("filled_lots", "Filled")
    trigger = price_column("trigger_ticks", "Trigger")
    created = moment_column("created_ns", "Created")
    triggered = moment_column("triggered_ns", "Triggered")


@admin.register(Trade)
class TradeAdmin(InstrumentRowsAdmin):
    list_display = ("trade_id", "symbol", "taker_side", "price", "quantity", "quote", "time")
    list_filter = (InstrumentFilter, "taker_side")
    search_fields = ("=trade_id",)
    ordering = ("-trade_id",)
    price = price_column("price_ticks", "Price")
    quantity = quantity_column("quantity_lots", "Quantity")
    quote = money_column("quote_units", "Quote")
    time = moment_column("time_ns", "Time")


@admin.register(Fill)
class FillAdmin(InstrumentRowsAdmin):
    list_display = (
        "fill_id", "trade_id", "order_id", "account_id", "symbol", "side", "is_maker", "is_liquidation",
        "price", "quantity", "fee", "realized_pnl",
    )  # fmt: skip
    list_filter = (InstrumentFilter, "side", "is_maker", "is_liquidation")
    search_fields = ("=trade_id", "=order_id", "=account_id")
    search_help_text = "Trade, order or account number"
    ordering = ("-fill_id",)
    price = price_column("price_ticks", "Price")
    quantity = quantity_column("quantity_lots", "Quantity")
    fee = money_column("fee_units", "Fee")
    realized_pnl = money_column("realized_pnl_units", "Realized profit or loss")
