"""Ladders carry caps and maintenance amounts as the engine computes them."""

from apps.instruments.models import RiskTier
from apps.instruments.selectors import ladder

UNIT = 10**8


def rung(tier: int, floor: int, rate_ppb: int, leverage: int) -> RiskTier:
    return RiskTier(tier=tier, notional_floor_units=floor * UNIT, maintenance_rate_ppb=rate_ppb, max_leverage=leverage)


def test_caps_and_amounts() -> None:
    tiers = ladder([rung(1, 300_000, 5_000_000, 100), rung(0, 0, 4_000_000, 125), rung(2, 800_000, 6_500_000, 75)])
    assert [tier.tier for tier in tiers] == [0, 1, 2]
    assert [tier.notional_cap_units for tier in tiers] == [300_000 * UNIT, 800_000 * UNIT, None]
    # cum_1 = 300,000 x 0.001 = 300; cum_2 = 300 + 800,000 x 0.0015 = 1,500
    assert [tier.maintenance_amount_units for tier in tiers] == [0, 300 * UNIT, 1_500 * UNIT]


def test_no_rungs_no_ladder() -> None:
    assert ladder([]) == ()
