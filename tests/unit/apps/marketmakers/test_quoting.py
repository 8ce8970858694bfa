"""The demo ladder: never crossed, and it leans against the maker's position."""

from random import Random

import pytest

from apps.marketmakers.quoting import Ladder, ladder_quotes

SHAPE = Ladder(half_spread_ppm=60, step_ppm=120, levels=6, level_lots=60, inventory_lots=1_000)


@pytest.mark.parametrize("position", [-5_000, -300, 0, 300, 5_000])
@pytest.mark.parametrize("mark", [50, 15_000, 640_000])
def test_bids_stand_below_asks(position: int, mark: int) -> None:
    quotes = ladder_quotes(SHAPE, fair_ticks=mark, position_lots=position, rng=Random(1))
    bids = [q.price_ticks for q in quotes if q.side == "BUY"]
    asks = [q.price_ticks for q in quotes if q.side == "SELL"]
    assert max(bids) < min(asks)
    assert len(bids) == len(asks) == SHAPE.levels
    assert all(q.quantity_lots > 0 for q in quotes)
    assert len({q.slot for q in quotes}) == 2 * SHAPE.levels


def test_a_long_maker_quotes_lower_and_the_lean_is_bounded() -> None:
    def best_bid(position: int) -> int:
        quotes = ladder_quotes(SHAPE, fair_ticks=640_000, position_lots=position, rng=Random(1))
        return max(q.price_ticks for q in quotes if q.side == "BUY")

    assert best_bid(1_000) < best_bid(0) < best_bid(-1_000)
    assert best_bid(1_000) == best_bid(100_000)
