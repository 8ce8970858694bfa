"""Writes what indexes were made of. A second written twice keeps what was written first."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings

from apps.instruments.selectors import get_instruments
from apps.marketdata.index_models import READING_KEY_BITS, SLOT_KEY_BITS, IndexReading, SourceReading
from apps.marketdata.types import IndexRow, SourceRow

SECOND_NS = 1_000_000_000
DAY_NS = 24 * 3600 * SECOND_NS
PIECE_SECONDS = 3600


def store_readings(readings: Sequence[tuple[IndexRow, Sequence[SourceRow]]]) -> None:
    """One index and its sources for each second told."""
    indexes: list[IndexReading] = []
    sources: list[SourceReading] = []
    for index, parts in readings:
        key = index.instrument_id << READING_KEY_BITS | index.time_ns // SECOND_NS
        indexes.append(
            IndexReading(
                reading_id=key,
                instrument_id=index.instrument_id,
                time_ns=index.time_ns,
                index_units=index.index_units,
                live_sources=index.live_sources,
                minimum_sources=index.minimum_sources,
            )
        )
        sources += [
            SourceReading(
                reading_id=key << SLOT_KEY_BITS | slot,
                instrument_id=part.instrument_id,
                time_ns=part.time_ns,
                source=part.source,
                price_units=part.price_units,
                used_units=part.used_units,
                weight=part.weight,
                told_ns=part.told_ns,
                state=part.state,
            )
            for slot, part in enumerate(parts)
        ]
    IndexReading.objects.bulk_create(indexes, ignore_conflicts=True, batch_size=200)
    SourceReading.objects.bulk_create(sources, ignore_conflicts=True, batch_size=100)


def forget_readings(*, now_ns: int) -> int:
    """Delete readings older than INDEX_READING_DAYS (0: none ever), an hour of an instrument at a time."""
    days = settings.INDEX_READING_DAYS
    if not days:
        return 0
    gone = 0
    last = (now_ns - days * DAY_NS) // SECOND_NS
    for spec in get_instruments():
        base = spec.id << READING_KEY_BITS
        while True:
            rows = IndexReading.objects.filter(reading_id__gte=base, reading_id__lt=base + last)
            first: int | None = rows.order_by("reading_id").values_list("reading_id", flat=True).first()
            if first is None:
                break
            until = min(first + PIECE_SECONDS, base + last)
            within = {"reading_id__gte": base << SLOT_KEY_BITS, "reading_id__lt": until << SLOT_KEY_BITS}
            gone += SourceReading.objects.filter(**within).delete()[0]
            gone += IndexReading.objects.filter(reading_id__gte=base, reading_id__lt=until).delete()[0]
    return gone
