"""Orders, trades and fills to look at."""

from __future__ import annotations

from django.contrib import admin

from apps.common.readonly_admin import ReadOnlyAdmin
from apps.orders.models import Fill, Order, Trade


@admin.register(Order)
class OrderAdmin(ReadOnlyAdmin):
    list_display = (
        "order_id", "account_id", "instrument_id", "side", "order_type", "time_in_force", "status",
        "price_ticks", "quantity_lots", "filled_lots", "client_order_id",
    )  # fmt: skip
    list_filter = ("status", "order_type", "side", "instrument_id")
    search_fields = ("=order_id", "=account_id", "=client_order_id")
    search_help_text = "Order number, account number or client_order_id"
    ordering = ("-order_id",)


@admin.register(Trade)
class TradeAdmin(ReadOnlyAdmin):
    list_display = ("trade_id", "instrument_id", "taker_side", "price_ticks", "quantity_lots", "quote_units", "time_ns")
    list_filter = ("instrument_id", "taker_side")
    search_fields = ("=trade_id",)
    ordering = ("-trade_id",)


@admin.register(Fill)
class FillAdmin(ReadOnlyAdmin):
    list_display = (
        "fill_id", "trade_id", "order_id", "account_id", "instrument_id", "side", "is_maker",
        "price_ticks", "quantity_lots", "fee_units", "realized_pnl_units",
    )  # fmt: skip
    list_filter = ("instrument_id", "side", "is_maker")
    search_fields = ("=trade_id", "=order_id", "=account_id")
    search_help_text = "Trade, order or account number"
    ordering = ("-fill_id",)
