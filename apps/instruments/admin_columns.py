# ruff: noqa: ARG001, ARG002 - hooks of the admin have fixed signatures
"""Admin lists of the matcher's rows in people's words: symbols, decimals and times instead of ticks, lots and units.

The integers themselves stay on each row's own page.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from apps.assets.selectors import get_assets
from apps.common.readonly_admin import ReadOnlyAdmin
from apps.common.scaled_field import PERCENT_OF_PPB, PERCENT_OF_PPM, plain
from apps.instruments.selectors import get_instruments
from apps.instruments.types import InstrumentSpec
from matcher.protocol.units import format_scaled

MONEY_DECIMALS = 8
NONE_TEXT = "-"
Column = Callable[[Any, Any], str]


class InstrumentFilter(admin.SimpleListFilter):
    """Rows of one instrument, chosen by its symbol."""

    title = "symbol"
    parameter_name = "instrument_id"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(spec.id), spec.symbol) for spec in get_instruments()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Model]) -> QuerySet[Model]:
        value = self.value()
        known = value is not None and value.isascii() and value.isdigit() and len(value) < 5
        return queryset.filter(instrument_id=int(value)) if known and value is not None else queryset


class InstrumentRowsAdmin(ReadOnlyAdmin):
    """Base of lists whose rows carry `instrument_id` or `asset_id`; the terms are read once a page."""

    _specs: dict[int, InstrumentSpec] = {}
    _codes: dict[int, str] = {}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        self._specs = {spec.id: spec for spec in get_instruments()}
        self._codes = {asset.id: asset.code for asset in get_assets()}
        found: QuerySet[Any] = super().get_queryset(request)
        return found

    @admin.display(description="Symbol", ordering="instrument_id")
    def symbol(self, row: Any) -> str:
        spec = self._specs.get(row.instrument_id)
        return spec.symbol if spec is not None else str(row.instrument_id or NONE_TEXT)

    @admin.display(description="Asset", ordering="asset_id")
    def asset(self, row: Any) -> str:
        return self._codes.get(row.asset_id, str(row.asset_id))

    def text_of_price(self, row: Any, ticks: int) -> str:
        spec = self._specs.get(row.instrument_id)
        return spec.price_text(ticks) if spec is not None and ticks else NONE_TEXT

    def text_of_quantity(self, row: Any, lots: int) -> str:
        spec = self._specs.get(row.instrument_id)
        return spec.quantity_text(lots) if spec is not None else NONE_TEXT


def price_column(field: str, title: str) -> Column:
    """Ticks as a price; none is a dash."""

    @admin.display(description=title, ordering=field)
    def column(self: InstrumentRowsAdmin, row: Any) -> str:
        return self.text_of_price(row, getattr(row, field))

    return column


def quantity_column(field: str, title: str) -> Column:
    """Lots as a quantity."""

    @admin.display(description=title, ordering=field)
    def column(self: InstrumentRowsAdmin, row: Any) -> str:
        return self.text_of_quantity(row, getattr(row, field))

    return column


def money_column(field: str, title: str) -> Column:
    """Units of 1e-8 as an amount."""

    @admin.display(description=title, ordering=field)
    def column(self: InstrumentRowsAdmin, row: Any) -> str:
        return format_scaled(getattr(row, field), MONEY_DECIMALS)

    return column


def rate_column(field: str, title: str) -> Column:
    """Parts per billion as per cent."""

    @admin.display(description=title, ordering=field)
    def column(self: InstrumentRowsAdmin, row: Any) -> str:
        return plain(getattr(row, field), PERCENT_OF_PPB)

    return column


def share_column(field: str, title: str) -> Column:
    """Parts per million as per cent."""

    @admin.display(description=title, ordering=field)
    def column(self: InstrumentRowsAdmin, row: Any) -> str:
        return plain(getattr(row, field), PERCENT_OF_PPM)

    return column


def moment_column(field: str, title: str) -> Column:
    """Nanoseconds since the epoch as a time, UTC to the millisecond."""

    @admin.display(description=title, ordering=field)
    def column(self: InstrumentRowsAdmin, row: Any) -> str:
        seconds, rest = divmod(getattr(row, field), 10**9)
        return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%S}.{rest // 10**6:03d}" if seconds else NONE_TEXT

    return column
