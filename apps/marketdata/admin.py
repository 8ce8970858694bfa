"""Candles and price samples to look at."""

from __future__ import annotations

from typing import Any

from django.contrib import admin

from apps.instruments.admin_columns import (
    InstrumentFilter,
    InstrumentRowsAdmin,
    moment_column,
    price_column,
    quantity_column,
)
from apps.marketdata.models import Candle, PriceSample
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
