"""Decimal texts of a market become integers on its grids, or are refused."""

from dataclasses import replace

import pytest

from apps.backoffice.demo_market import INSTRUMENTS
from matcher.protocol.units import OffGridError

BTC = INSTRUMENTS[0]


@pytest.mark.parametrize(
    ("tick", "expected"), [("0.1", (1, 1)), ("0.05", (2, 5)), ("1", (0, 1)), ("10", (0, 10)), ("0.10", (2, 10))]
)
def test_a_step_is_decimals_and_an_integer(tick: str, expected: tuple[int, int]) -> None:
    fields = replace(BTC, tick_size=tick, max_price="1000").grid_fields()
    assert (fields["price_decimals"], fields["tick_step"]) == expected


def test_bitcoin_in_integers() -> None:
    fields = BTC.grid_fields()
    assert fields["max_price_ticks"] == 16_000_000
    assert fields["max_quantity_lots"] == 1_000_000
    assert fields["min_notional_units"] == 100 * 10**8
    assert (fields["maker_fee_ppb"], fields["taker_fee_ppb"]) == (200_000, 500_000)
    assert fields["price_band_ppm"] == 50_000


@pytest.mark.parametrize("change", [{"max_price": "100.05"}, {"min_quantity": "0.0001"}, {"maker_fee": "1e-4"}])
def test_off_the_grid_is_refused(change: dict[str, object]) -> None:
    with pytest.raises((ValueError, OffGridError)):
        replace(BTC, **change).grid_fields()
