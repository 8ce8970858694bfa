"""Candles and price samples to look at; index sources and settings, which two people change."""

from __future__ import annotations

from typing import Any

from django.contrib import admin

from apps.approvals.guarded_admin import GuardedAdmin
from apps.instruments.admin_columns import (
    InstrumentFilter,
    InstrumentRowsAdmin,
    moment_column,
    price_column,
    quantity_column,
)
from apps.marketdata.guarded import CHANGE_SETTINGS, CHANGE_SOURCE
from apps.marketdata.index_models import IndexReading, IndexSettings, IndexSource, SourceReading
from apps.marketdata.models import Candle, InterestSample, PriceSample
from matcher.protocol.units import format_scaled


@admin.register(Candle)
class CandleAdmin(InstrumentRowsAdmin):
    list_display = ("symbol", "opened", "open", "high", "low", "close", "volume", "trade_count")
    list_filter = (InstrumentFilter,)
    ordering = ("-candle_id",)
    opened = moment_column("open_ns", "Opened")
    open = price_column("open_ticks", "Open")
    high = price_column("high_ticks", "High")
    low = price_column("low_ticks", "Low")
    close = price_column("close_ticks", "Close")
    volume = quantity_column("volume_lots", "Volume")


@admin.register(PriceSample)
class PriceSampleAdmin(InstrumentRowsAdmin):
    list_display = ("symbol", "time", "mark", "index", "funding_rate")
    list_filter = (InstrumentFilter,)
    ordering = ("-sample_id",)
    time = moment_column("time_ns", "Time")
    mark = price_column("mark_ticks", "Mark")
    index = price_column("index_ticks", "Index")

    @admin.display(description="Funding rate, %", ordering="funding_rate_ppb")
    def funding_rate(self, row: Any) -> str:
        return format_scaled(row.funding_rate_ppb, 7)


@admin.register(IndexSource)
class IndexSourceAdmin(GuardedAdmin):
    guarded_kind = CHANGE_SOURCE
    list_display = ("instrument", "name", "kind", "weight", "is_active", "updated_at")
    list_filter = ("instrument", "kind", "is_active")
    fieldsets = (
        (None, {"fields": ("instrument", "name", "kind", "weight", "is_active", "interval_ms")}),
        ("JSON document", {"fields": ("address", "json_path")}),
        ("Real venue", {"fields": ("exchange", "market", "options")}),
    )


@admin.register(IndexSettings)
class IndexSettingsAdmin(GuardedAdmin):
    guarded_kind = CHANGE_SETTINGS
    list_display = ("instrument", "minimum_sources")


@admin.register(IndexReading)
class IndexReadingAdmin(InstrumentRowsAdmin):
    list_display = ("symbol", "time", "index_price", "live_sources", "minimum_sources")
    list_filter = (InstrumentFilter,)
    ordering = ("-reading_id",)
    time = moment_column("time_ns", "Time")

    @admin.display(description="Index", ordering="index_units")
    def index_price(self, row: Any) -> str:
        return format_scaled(row.index_units, 8) if row.index_units else "stale"


@admin.register(SourceReading)
class SourceReadingAdmin(InstrumentRowsAdmin):
    list_display = ("symbol", "time", "source", "price", "used", "weight", "state", "told")
    list_filter = (InstrumentFilter, "state")
    ordering = ("-reading_id",)
    time = moment_column("time_ns", "Time")
    told = moment_column("told_ns", "Told")

    @admin.display(description="Price", ordering="price_units")
    def price(self, row: Any) -> str:
        return format_scaled(row.price_units, 8)

    @admin.display(description="Used", ordering="used_units")
    def used(self, row: Any) -> str:
        return format_scaled(row.used_units, 8)


@admin.register(InterestSample)
class InterestSampleAdmin(InstrumentRowsAdmin):
    list_display = ("symbol", "time", "open_interest", "long_accounts", "short_accounts")
    list_filter = (InstrumentFilter,)
    ordering = ("-sample_id",)
    time = moment_column("time_ns", "Time")
    open_interest = quantity_column("open_interest_lots", "Open interest")
