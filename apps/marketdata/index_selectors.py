"""Questions about what indexes are made of: sources as configured, readings as used."""

from __future__ import annotations

import json
from dataclasses import fields

from apps.marketdata.index_models import (
    READING_KEY_BITS,
    SLOT_KEY_BITS,
    IndexReading,
    IndexSettings,
    IndexSource,
    SourceReading,
)
from apps.marketdata.types import IndexRow, SourceRow, SourceTerms

SECOND_MS, NS_PER_MS = 1000, 1_000_000
MINIMUM_SOURCES = 2
_INDEX_FIELDS = tuple(field.name for field in fields(IndexRow))
_SOURCE_FIELDS = tuple(field.name for field in fields(SourceRow))


def get_sources(instrument_id: int) -> list[SourceTerms]:
    """The active sources of an instrument, by name; none: simulated venues stand in."""
    rows = IndexSource.objects.filter(instrument_id=instrument_id, is_active=True).order_by("name")
    return [
        SourceTerms(
            name=row.name,
            kind=row.kind,
            weight=row.weight,
            interval_ms=row.interval_ms,
            address=row.address,
            json_path=row.json_path,
            exchange=row.exchange,
            market=row.market,
            options=json.dumps(row.options, sort_keys=True),
        )
        for row in rows
    ]


def get_minimum_sources(instrument_id: int) -> int:
    """How many sources must live for an index."""
    found: int | None = (
        IndexSettings.objects.filter(instrument_id=instrument_id).values_list("minimum_sources", flat=True).first()
    )
    return MINIMUM_SOURCES if found is None else found


def get_index_readings(
    instrument_id: int, *, start_ms: int | None = None, end_ms: int | None = None, limit: int = 100
) -> list[IndexRow]:
    """Indexes by the second, ascending: the first `limit` from `start_ms` on, else the newest up to `end_ms`."""
    low, high = _bounds(instrument_id, start_ms, end_ms)
    rows = IndexReading.objects.filter(reading_id__gte=low, reading_id__lt=high)
    if start_ms is not None:
        return [IndexRow(*row) for row in rows.order_by("reading_id").values_list(*_INDEX_FIELDS)[:limit]]
    return [IndexRow(*row) for row in rows.order_by("-reading_id").values_list(*_INDEX_FIELDS)[:limit]][::-1]


def get_source_readings(
    instrument_id: int, *, start_ms: int | None = None, end_ms: int | None = None, limit: int = 100
) -> list[SourceRow]:
    """Every source at every second; as `get_index_readings`, rows counted."""
    low, high = (bound << SLOT_KEY_BITS for bound in _bounds(instrument_id, start_ms, end_ms))
    rows = SourceReading.objects.filter(reading_id__gte=low, reading_id__lt=high)
    if start_ms is not None:
        return [SourceRow(*row) for row in rows.order_by("reading_id").values_list(*_SOURCE_FIELDS)[:limit]]
    return [SourceRow(*row) for row in rows.order_by("-reading_id").values_list(*_SOURCE_FIELDS)[:limit]][::-1]


def get_index_parts(instrument_id: int) -> list[SourceRow]:
    """The sources at the last second that was read, by name."""
    low, high = (bound << SLOT_KEY_BITS for bound in _bounds(instrument_id, None, None))
    rows = SourceReading.objects.filter(reading_id__gte=low, reading_id__lt=high).order_by("-reading_id")
    newest: int | None = rows.values_list("reading_id", flat=True).first()
    if newest is None:
        return []
    second = newest >> SLOT_KEY_BITS << SLOT_KEY_BITS
    found = rows.filter(reading_id__gte=second).order_by("reading_id").values_list(*_SOURCE_FIELDS)
    return [SourceRow(*row) for row in found]


def _bounds(instrument_id: int, start_ms: int | None, end_ms: int | None) -> tuple[int, int]:
    """First key, and the first key after the last."""
    base = instrument_id << READING_KEY_BITS
    last = (1 << READING_KEY_BITS) - 1
    start = 0 if start_ms is None else min(-(-start_ms // SECOND_MS), last)
    end = last if end_ms is None else min(end_ms // SECOND_MS, last)
    return base + start, base + max(start, end + 1)
