"""Candles and price samples to look at."""

from __future__ import annotations

from django.contrib import admin

from apps.common.readonly_admin import ReadOnlyAdmin
from apps.marketdata.models import Candle, PriceSample


@admin.register(Candle)
class CandleAdmin(ReadOnlyAdmin):
    list_display = (
        "instrument_id", "open_ns", "open_ticks", "high_ticks", "low_ticks", "close_ticks", "volume_lots", "trade_count",
    )  # fmt: skip
    list_filter = ("instrument_id",)
    ordering = ("-candle_id",)


@admin.register(PriceSample)
class PriceSampleAdmin(ReadOnlyAdmin):
    list_display = ("instrument_id", "time_ns", "mark_ticks", "index_ticks", "funding_rate_ppb")
    list_filter = ("instrument_id",)
    ordering = ("-sample_id",)
