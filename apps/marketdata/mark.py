"""Mark price, premium and predicted funding rate (trading semantics, section 4). Pure integers.

Prices in units of 1e-8, rates in parts per billion, times in nanoseconds. Divisions round down.
"""

from __future__ import annotations

from collections.abc import Sequence

from apps.marketdata.index import median_units

PPB = 1_000_000_000
HOUR_NS = 3_600 * 1_000_000_000
DAMPER_PPB = 500_000  # the 0.05 % within which interest and premium meet
BASIS_SAMPLES = 30


def mark_price(
    *, index: int, last: int | None, basis: Sequence[int], funding_rate_ppb: int, time_left_ns: int, interval_ns: int
) -> int:
    """median(P1, P2, last): P1 = index x (1 + rate x time left / interval), P2 = index + mean basis.

    `basis` holds mid - index of the last 30 seconds; a missing input leaves the median of the others.
    """
    candidates = [index + index * funding_rate_ppb * time_left_ns // (PPB * interval_ns)]
    if basis:
        recent = basis[-BASIS_SAMPLES:]
        candidates.append(index + sum(recent) // len(recent))
    if last is not None and len(candidates) == 2:
        candidates.append(last)
    return max(1, median_units(candidates) if len(candidates) == 3 else candidates[-1])


def impact_price(levels: Sequence[tuple[int, int]], *, impact_notional: int, tick_lot_units: int) -> int | None:
    """Average price (same scale as the level prices, x 1e6) to fill the notional, None on a thin side.

    `levels` are (price_ticks, quantity_lots), best first; `impact_notional` in units of 1e-8.
    """
    left, lots_ppm = impact_notional * 1_000_000, 0
    for ticks, lots in levels:
        value = ticks * lots * tick_lot_units * 1_000_000
        if value >= left:
            lots_ppm += left // (ticks * tick_lot_units)
            return impact_notional * 1_000_000 * 1_000_000 // (lots_ppm * tick_lot_units) if lots_ppm else None
        left -= value
        lots_ppm += lots * 1_000_000
    return None


def premium_ppb(*, index: int, impact_bid: int | None, impact_ask: int | None) -> int:
    """(max(0, impact_bid - I) - max(0, I - impact_ask)) / I; a side too thin counts 0."""
    over = max(0, impact_bid - index) if impact_bid is not None else 0
    under = max(0, index - impact_ask) if impact_ask is not None else 0
    return (over - under) * PPB // index


def time_weighted_ppb(premiums: Sequence[int]) -> int:
    """Average with weights 1..n: the newest sample weighs most. 0 without samples."""
    weights = len(premiums) * (len(premiums) + 1) // 2
    return sum(p * n for n, p in enumerate(premiums, 1)) // weights if weights else 0


def funding_rate_ppb(*, premium_avg_ppb: int, interest_rate_ppb: int, interval_hours: int, cap_ppb: int) -> int:
    """(premium + clamp(interest - premium, +-0.05 %)) / (8 / hours), capped by the instrument."""
    damped = min(max(interest_rate_ppb - premium_avg_ppb, -DAMPER_PPB), DAMPER_PPB)
    rate = (premium_avg_ppb + damped) * interval_hours // 8
    return min(max(rate, -cap_ppb), cap_ppb)


def next_funding_ns(now_ns: int, interval_hours: int) -> int:
    """The next settlement moment: whole multiples of the interval since midnight UTC."""
    interval = interval_hours * HOUR_NS
    return (now_ns // interval + 1) * interval
