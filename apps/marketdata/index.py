"""Index price: the weighted, median-clamped mean of live sources (trading semantics, section 4).

Prices are integers in units of 1e-8 of the quote asset, times in nanoseconds. Pure: no clock, no feed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

STALE_AFTER_NS = 10_000_000_000
CLAMP_PPM = 30_000
PPM = 1_000_000


@dataclass(frozen=True, slots=True)
class SourceSample:
    """What one outside venue last said, and when."""

    source: str
    price_units: int
    weight: int
    time_ns: int


@dataclass(frozen=True, slots=True)
class IndexPrice:
    """The index, and the sources that made it. `price_units` is None while too few sources live."""

    price_units: int | None
    live_sources: tuple[str, ...]


def median_units(values: Sequence[int]) -> int:
    """Middle value; of an even count the mean of the middle two, rounded down. `values` is not empty."""
    ordered = sorted(values)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) // 2


def compute_index(samples: Sequence[SourceSample], *, now_ns: int, minimum_sources: int) -> IndexPrice:
    """Drop stale or senseless samples, clamp each to 3 % around the median, weigh, round down.

    With fewer than `minimum_sources` live ones there is no index: the caller freezes the mark.
    """
    live = [
        s
        for s in samples
        if s.price_units > 0 and s.weight > 0 and -STALE_AFTER_NS <= now_ns - s.time_ns <= STALE_AFTER_NS
    ]
    names = tuple(s.source for s in live)
    if len(live) < max(1, minimum_sources):
        return IndexPrice(None, names)
    middle = median_units([s.price_units for s in live])
    low, high = middle * (PPM - CLAMP_PPM) // PPM, middle * (PPM + CLAMP_PPM) // PPM
    total = sum(min(max(s.price_units, low), high) * s.weight for s in live)
    return IndexPrice(total // sum(s.weight for s in live), names)
