"""Instruments of the simulated exchange, drawn so that rounding, tiers and bands are met often."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from matcher.protocol.commands import DefineInstrument, DefineRiskTier, SetMarkPrice
from matcher.protocol.enums import TradingState

ASSETS = (1, 2)
# mark in ticks, and what a tick of a lot is worth: lots of all markets are worth about the same
LOT_UNITS = {7: (10_000, 30_001), 100: (1_000, 3_001), 1_000: (100, 333), 50_000: (1, 3, 7)}
Ladder = tuple[tuple[int, int, int], ...]
# floor in units of k x 10^4, maintenance rate in ppb, highest leverage
LADDERS: tuple[Ladder, ...] = (
    ((0, 5_000_000, 125),),
    ((0, 4_000_000, 100), (2, 6_500_001, 50), (10, 25_000_000, 20), (40, 333_333_333, 2)),
    ((0, 10_000_000, 50), (3, 123_456_789, 7)),
    ((0, 900_000_000, 1),),
)


@dataclass
class Market:
    """One instrument's terms and where its mark stands."""

    number: int
    terms: DefineInstrument
    ladder: Ladder
    mark_ticks: int
    tier_at: int = 0
    trend: int = 1

    def tiers(self) -> list[DefineRiskTier]:
        unit = self.terms.tick_lot_units * 10_000
        count = len(self.ladder)
        return [
            DefineRiskTier(
                instrument=self.number,
                notional_floor_units=floor * unit,
                maintenance_rate_ppb=rate,
                max_leverage=leverage,
                tier=tier,
                tier_count=count,
            )
            for tier, (floor, rate, leverage) in enumerate(self.ladder)
        ]

    def mark_command(self) -> SetMarkPrice:
        return SetMarkPrice(instrument=self.number, mark_ticks=self.mark_ticks, index_ticks=self.mark_ticks + 1)

    def any_mark_command(self, random: Random) -> SetMarkPrice:
        """The mark with an index that leads or lags, at times with none."""
        away = self.mark_ticks // 200 + 1
        index = max(0, self.mark_ticks + random.randint(-away, away)) if random.random() < 0.97 else 0
        return self.mark_command().replace(index_ticks=index)

    def move_mark(self, random: Random) -> None:
        """Mostly a step with the trend, at times a gap of up to a third; trends turn now and then."""
        if random.random() < 0.12:
            self.trend = -self.trend
        reach = self.mark_ticks // 3 if random.random() < 0.15 else self.mark_ticks // 100 + 1
        moved = self.mark_ticks + self.trend * random.randint(-reach // 3, reach)
        self.mark_ticks = max(2, min(self.terms.max_price_ticks // 2, moved))

    def price_near_mark(self, random: Random, side: int) -> int:
        """Around the mark, a little on the passive side, at times beyond the band."""
        width = max(2, self.mark_ticks // (8 if random.random() < 0.06 else 150))
        away = random.randint(-width, width)
        return max(1, self.mark_ticks - away if side == 0 else self.mark_ticks + away)

    def order_value(self) -> int:
        """What a usual order is worth, in units."""
        return self.terms.max_quantity_lots // 20 * self.mark_ticks * self.terms.tick_lot_units

    def quantity(self, random: Random) -> int:
        least, most = self.terms.min_quantity_lots, self.terms.max_quantity_lots
        if random.random() < 0.05:
            return random.randint(0, 2 * most)
        return least + random.randrange(max(1, most // 20))

    def change_terms(self, random: Random) -> None:
        self.terms = self.terms.replace(
            maker_fee_ppb=random.choice([-150_000, 0, 200_000]),
            taker_fee_ppb=random.choice([150_000, 500_000, 999_999]),
            max_open_orders=random.choice([3, 8, 100]),
            min_notional_units=random.choice([0, 0, 0, 3 * self.mark_ticks * self.terms.tick_lot_units]),
            price_band_ppm=random.choice([30_000, 100_000, 500_000]),
            market_band_ppm=random.choice([5_000, 50_000]),
            default_leverage=random.choice([2, 20, 1000, 1000]),
            liquidation_fee_ppb=random.choice([0, 2_000_000, 15_000_000]),
        )

    def change_ladder(self, random: Random) -> None:
        self.ladder = random.choice(LADDERS)


def open_markets(random: Random) -> list[Market]:
    """Two instruments settled in the first asset, one in the second."""
    return [_market(random, number, ASSETS[number // 3]) for number in (1, 2, 3)]


def _market(random: Random, number: int, asset: int) -> Market:
    mark = random.choice(list(LOT_UNITS))
    terms = DefineInstrument(
        instrument=number,
        settlement_asset=asset,
        trading_state=TradingState.ACTIVE,
        tick_lot_units=random.choice(LOT_UNITS[mark]),
        max_price_ticks=mark * 8,
        min_quantity_lots=random.choice([1, 1, 5]),
        max_quantity_lots=random.choice([60, 400]),
        max_market_quantity_lots=50,
    )
    market = Market(number, terms, random.choice(LADDERS[:3]), mark)
    market.change_terms(random)
    market.terms = market.terms.replace(price_band_ppm=100_000, market_band_ppm=50_000)
    return market
