"""Mark price and the moments of funding (trading semantics, section 4). Pure integers.

Prices in units of 1e-8, rates in parts per billion, times in nanoseconds. Divisions round down.
Premium and funding rate are the engine's own (docs/engine.md, FUND-001 and FUND-002).
"""

from __future__ import annotations

from collections.abc import Sequence

from apps.marketdata.index import median_units
from matcher.protocol.units import HOUR_NS, PPB

BASIS_SAMPLES = 30
BASIS_SPAN_NS = BASIS_SAMPLES * 1_000_000_000  # a side that is missing for so long leaves no basis


def mark_price(
    *, index: int, last: int | None, basis: Sequence[int], funding_rate_ppb: int, time_left_ns: int, interval_ns: int
) -> int:
    """median(P1, P2, last): P1 = index x (1 + last rate x time left / interval), P2 = index + mean basis.

    `basis` holds mid - index of the last 30 seconds; a missing input leaves the median of the others.
    """
    candidates = [index + index * funding_rate_ppb * time_left_ns // (PPB * interval_ns)]
    if basis:
        recent = basis[-BASIS_SAMPLES:]
        candidates.append(index + sum(recent) // len(recent))
    if last is not None and len(candidates) == 2:
        candidates.append(last)
    return max(1, median_units(candidates) if len(candidates) == 3 else candidates[-1])


def next_funding_ns(now_ns: int, interval_hours: int) -> int:
    """The next settlement moment: whole multiples of the interval since midnight UTC."""
    interval = interval_hours * HOUR_NS
    return (now_ns // interval + 1) * interval
