"""The simulated venues: same seed, same story; prices stay positive and near their anchor."""

from apps.marketdata.simulator import VENUES, SimulatedMarket

ANCHOR = 64_000 * 10**8


def walk(seed: int, steps: int) -> list[int]:
    market = SimulatedMarket("BTCUSDT", ANCHOR, seed)
    return [market.step(n)[0].price_units for n in range(steps)]


def test_same_seed_same_story() -> None:
    assert walk(1, 200) == walk(1, 200)
    assert walk(1, 200) != walk(2, 200)


def test_every_venue_speaks_and_stays_near_the_anchor() -> None:
    market = SimulatedMarket("BTCUSDT", ANCHOR, 3)
    for second in range(5_000):
        samples = market.step(second)
        assert [s.source for s in samples] == [name for name, _ in VENUES]
        assert all(ANCHOR // 2 < s.price_units < 2 * ANCHOR for s in samples)
