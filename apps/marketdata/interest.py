"""Open interest and who holds it, every five minutes, from the projected positions.

A step is counted once: whoever comes second, on whatever worker, changes nothing. A step nobody counted in its
five minutes stays a gap; nothing is guessed afterwards.
"""

from __future__ import annotations

from dataclasses import fields

from apps.instruments.selectors import get_instruments
from apps.marketdata.models import (
    CANDLE_KEY_BITS,
    INTEREST_STEP_NS,
    SAMPLE_KEY_BITS,
    InterestSample,
    PriceSample,
)
from apps.marketdata.types import InterestRow
from apps.positions.selectors import get_holdings

TOP_SHARE = 5  # top holders are one in so many
NS_PER_MS = 1_000_000
_FIELDS = tuple(field.name for field in fields(InterestRow))


def sample_interest(*, now_ns: int) -> int:
    """Count the step of `now_ns` for every instrument not counted yet; how many were."""
    step = now_ns // INTEREST_STEP_NS
    keys = {spec.id << CANDLE_KEY_BITS | step: spec.id for spec in get_instruments()}
    counted = set(InterestSample.objects.filter(sample_id__in=keys).values_list("sample_id", flat=True))
    samples = [
        InterestSample(sample_id=key, time_ns=step * INTEREST_STEP_NS, taken_ns=now_ns, **_holders(instrument_id))
        for key, instrument_id in keys.items()
        if key not in counted
    ]
    InterestSample.objects.bulk_create(samples, ignore_conflicts=True)
    return len(samples)


def _holders(instrument_id: int) -> dict[str, int]:
    held = get_holdings(instrument_id, top_share=TOP_SHARE)
    base = instrument_id << SAMPLE_KEY_BITS
    marks = PriceSample.objects.filter(sample_id__gte=base, sample_id__lt=(instrument_id + 1) << SAMPLE_KEY_BITS)
    mark: int | None = marks.order_by("-sample_id").values_list("mark_ticks", flat=True).first()
    return {
        "instrument_id": instrument_id,
        "open_interest_lots": held.long_lots,
        "mark_ticks": mark or 0,
        "long_accounts": held.long_accounts,
        "short_accounts": held.short_accounts,
        "top_long_accounts": held.top_long_accounts,
        "top_short_accounts": held.top_short_accounts,
        "top_long_lots": held.top_long_lots,
        "top_short_lots": held.top_short_lots,
    }


def get_interest(
    instrument_id: int,
    period_ms: int,
    *,
    start_ms: int | None = None,
    end_ms: int | None = None,
    limit: int = 30,
) -> list[InterestRow]:
    """Samples at whole periods (a multiple of five minutes), ascending: the first from `start_ms` on, else the newest.

    Keys of a period's steps are known beforehand, so a page of any depth is so many look-ups of the primary key.
    """
    period = period_ms * NS_PER_MS // INTEREST_STEP_NS
    base = instrument_id << CANDLE_KEY_BITS
    known = InterestSample.objects.filter(sample_id__gte=base, sample_id__lt=(instrument_id + 1) << CANDLE_KEY_BITS)
    edges = [known.order_by(order).values_list("sample_id", flat=True).first() for order in ("sample_id", "-sample_id")]
    if edges[0] is None or edges[1] is None:
        return []
    low, high = edges[0] - base, edges[1] - base
    if start_ms is not None:
        low = max(low, -(-start_ms * NS_PER_MS // INTEREST_STEP_NS))
    if end_ms is not None:
        high = min(high, end_ms * NS_PER_MS // INTEREST_STEP_NS)
    steps = range(-(-low // period) * period, high + 1, period)
    wanted = steps[:limit] if start_ms is not None else steps[-limit:]
    rows = known.filter(sample_id__in=[base | step for step in wanted]).order_by("sample_id")
    return [InterestRow(*row) for row in rows.values_list(*_FIELDS)]
