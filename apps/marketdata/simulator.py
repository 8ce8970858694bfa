"""A seeded stand-in for outside spot venues: the same seed and start tell the same story.

It owns nothing and proves nothing about real markets; it makes the demo move without a network.
"""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass, field

from apps.marketdata.index import SourceSample

PPB = 1_000_000_000
VENUES = (("north", 40), ("south", 35), ("east", 25))


@dataclass(slots=True)
class SimulatedMarket:
    """One underlying. `anchor_units` is where the walk is drawn back to; volatility is per second."""

    symbol: str
    anchor_units: int
    seed: int
    volatility_ppb: int = 60_000
    price_units: int = 0
    drift_ppb: int = 0
    rng: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.rng = random.Random(f"{self.seed}:{self.symbol}")
        self.price_units = self.price_units or self.anchor_units

    def step(self, now_ns: int) -> list[SourceSample]:
        """Move one second on; one sample of every venue, each a little off the others."""
        if self.rng.random() < 0.02:
            self.drift_ppb = int(self.rng.gauss(0, 0.35 * self.volatility_ppb))
        pull = (self.anchor_units - self.price_units) * 40_000 // self.anchor_units
        move = int(self.rng.gauss(0, self.volatility_ppb)) + self.drift_ppb + pull
        self.price_units = max(1, self.price_units + self.price_units * move // PPB)
        return [
            SourceSample(
                venue, self.price_units + self.price_units * int(self.rng.gauss(0, 10_000)) // PPB, weight, now_ns
            )
            for venue, weight in VENUES
        ]

    async def run(self) -> None:
        """It needs no feeding: every step is made when it is asked for."""
        await asyncio.Event().wait()
