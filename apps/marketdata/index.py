"""Index price: the weighted, median-clamped mean of live sources (trading semantics, section 4).

Prices are integers in units of 1e-8 of the quote asset, times in nanoseconds. Pure: no clock, no feed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

STALE_AFTER_NS = 10_000_000_000
CLAMP_PPM = 30_000
PPM = 1_000_000


class SourceState(IntEnum):
    """What a source's price was worth at the moment of use; only the first two count."""

    LIVE = 0
    CLAMPED = 1
    STALE = 2
    SILENT = 3


@dataclass(frozen=True, slots=True)
class SourceSample:
    """What one outside venue last said, and when; price and time are 0 while it has said nothing."""

    source: str
    price_units: int
    weight: int
    time_ns: int


@dataclass(frozen=True, slots=True)
class UsedSample:
    """A sample and what the index made of it; `used_units` is 0 where it did not count."""

    sample: SourceSample
    used_units: int
    state: SourceState


@dataclass(frozen=True, slots=True)
class IndexPrice:
    """The index, and the sources that made it. `price_units` is None while too few sources live or none agree."""

    price_units: int | None
    live_sources: tuple[str, ...]
    parts: tuple[UsedSample, ...] = ()


def median_units(values: Sequence[int]) -> int:
    """Middle value; of an even count the mean of the middle two, rounded down. `values` is not empty."""
    ordered = sorted(values)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) // 2


def compute_index(samples: Sequence[SourceSample], *, now_ns: int, minimum_sources: int) -> IndexPrice:
    """Drop stale or senseless samples, clamp each to 3 % around the median, weigh, round down.

    With fewer than `minimum_sources` live ones there is no index, nor when every one of several stands
    more than 3 % off the median (nobody can tell who is right): the caller freezes the mark.
    """
    live = [s for s in samples if _is_live(s, now_ns)]
    names = tuple(s.source for s in live)
    middle = median_units([s.price_units for s in live]) if live else 0
    low, high = middle * (PPM - CLAMP_PPM) // PPM, middle * (PPM + CLAMP_PPM) // PPM
    parts = tuple(_used(s, low, high, now_ns) for s in samples)
    agreed = any(part.state == SourceState.LIVE for part in parts)
    if len(live) < max(1, minimum_sources) or not agreed:
        return IndexPrice(None, names, parts)
    total = sum(part.used_units * part.sample.weight for part in parts)
    return IndexPrice(total // sum(s.weight for s in live), names, parts)


def _is_live(sample: SourceSample, now_ns: int) -> bool:
    in_time = -STALE_AFTER_NS <= now_ns - sample.time_ns <= STALE_AFTER_NS
    return sample.price_units > 0 and sample.weight > 0 and in_time


def _used(sample: SourceSample, low: int, high: int, now_ns: int) -> UsedSample:
    if not _is_live(sample, now_ns):
        return UsedSample(sample, 0, SourceState.STALE if sample.price_units > 0 else SourceState.SILENT)
    used = min(max(sample.price_units, low), high)
    return UsedSample(sample, used, SourceState.LIVE if used == sample.price_units else SourceState.CLAMPED)
