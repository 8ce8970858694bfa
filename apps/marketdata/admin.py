"""Candles and price samples to look at."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from apps.audit.services import record
from apps.audit.staff import staff_actor
from apps.instruments.admin_columns import (
    InstrumentFilter,
    InstrumentRowsAdmin,
    moment_column,
    price_column,
    quantity_column,
)
from apps.marketdata.index_models import SOURCES_MAX, IndexReading, IndexSettings, IndexSource, SourceReading
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


class IndexSourceForm(forms.ModelForm):  # type: ignore[type-arg]
    """The rules of one source are its own; how many an instrument may have is known here."""

    class Meta:
        model = IndexSource
        fields = "__all__"  # noqa: DJ007 -- every column is meant to be edited

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        instrument = found.get("instrument")
        others = IndexSource.objects.filter(instrument=instrument, is_active=True).exclude(pk=self.instance.pk)
        if instrument is not None and found.get("is_active") and others.count() >= SOURCES_MAX:
            raise forms.ValidationError(f"An instrument has at most {SOURCES_MAX} active sources.")
        return found


class RecordedAdmin(ModelAdmin):  # type: ignore[misc]
    """Every change stands in the audit trail: an index decides about people's money."""

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        before = {name: form.initial.get(name) for name in form.changed_data} if change else {}
        super().save_model(request, obj, form, change)
        self._record(request, obj, "changed" if change else "created", before)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        self._record(request, obj, "deleted", {})
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        for row in queryset:
            self.delete_model(request, row)

    def _record(self, request: HttpRequest, obj: Any, done: str, before: dict[str, Any]) -> None:
        names = [field.name for field in obj._meta.concrete_fields]  # noqa: SLF001 -- Django's documented name
        record(
            f"marketdata.{obj._meta.model_name}_{done}",  # noqa: SLF001
            actor=staff_actor(request),
            subject=f"marketdata.{obj._meta.model_name}:{obj.pk}",  # noqa: SLF001
            before={name: str(value) for name, value in before.items()},
            after={name: str(getattr(obj, name)) for name in names},
        )


@admin.register(IndexSource)
class IndexSourceAdmin(RecordedAdmin):
    form = IndexSourceForm
    list_display = ("instrument", "name", "kind", "weight", "is_active", "updated_at")
    list_filter = ("instrument", "kind", "is_active")
    fieldsets = (
        (None, {"fields": ("instrument", "name", "kind", "weight", "is_active", "interval_ms")}),
        ("JSON document", {"fields": ("address", "json_path")}),
        ("Real venue", {"fields": ("exchange", "market", "options")}),
    )


@admin.register(IndexSettings)
class IndexSettingsAdmin(RecordedAdmin):
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
