"""What the demo quotes: a ladder around the fair price that leans against inventory. Pure integers."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

PPM = 1_000_000


@dataclass(frozen=True, slots=True)
class Quote:
    """One resting order wanted; `slot` is stable so that an order can be amended to its new price."""

    slot: int
    side: str
    price_ticks: int
    quantity_lots: int


@dataclass(frozen=True, slots=True)
class Ladder:
    """Shape of a maker's ladder: half spread and step in ppm of the fair price, levels a side, value a level."""

    half_spread_ppm: int
    step_ppm: int
    levels: int
    level_lots: int
    inventory_lots: int


def ladder_quotes(shape: Ladder, *, fair_ticks: int, position_lots: int, rng: Random) -> list[Quote]:
    """Bids and asks, best first; the whole ladder shifts down when long, up when short.

    The lean is at most one half spread and a step at a position of `inventory_lots`.
    """
    lean = -position_lots * (shape.half_spread_ppm + shape.step_ppm) // max(1, shape.inventory_lots)
    lean = min(max(lean, -shape.half_spread_ppm - shape.step_ppm), shape.half_spread_ppm + shape.step_ppm)
    center = fair_ticks * (PPM + lean) // PPM
    quotes = []
    for level in range(shape.levels):
        jitter = rng.randrange(max(1, shape.step_ppm // 2))
        away = max(level + 1, fair_ticks * (shape.half_spread_ppm + level * shape.step_ppm + jitter) // PPM)
        lots = max(1, shape.level_lots * (level + 1) * rng.randrange(60, 140) // 100)
        quotes.append(Quote(2 * level, "BUY", max(1, center - away), lots))
        quotes.append(Quote(2 * level + 1, "SELL", center + away, lots))
    return quotes
