"""Numbers on the wire: exact decimals, never fewer than the grid's."""

import pytest

from apps.fapi import formats
from apps.instruments.types import InstrumentSpec
from tests.unit.apps.fapi.conftest import make_spec


def test_money_and_rates() -> None:
    assert formats.money(-50_020_000) == "-0.50020000"
    assert formats.rate(100_000) == "0.00010000"
    assert formats.rate(-1, 8) == "0.00000000"
    assert formats.rate(500_000, 6) == "0.000500"
    assert (formats.plain("100.00000000"), formats.plain("0.05"), formats.plain("7")) == ("100", "0.05", "7")


def test_quote_is_exact(spec: InstrumentSpec) -> None:
    assert formats.quote(spec, spec.notional_units(500_200, 20)) == "1000.4000"


@pytest.mark.parametrize(
    ("quote_units", "lots", "text"),
    [
        (0, 0, "0.0"),
        (1000_40 * 10**6, 20, "50020.0"),
        (-1000_40 * 10**6, 20, "50020.0"),
        (1000_45 * 10**6, 20, "50022.5"),
        (100 * 10**8, 3, "33333.33333333"),
    ],
)
def test_an_average_has_the_ticks_decimals_or_more(
    spec: InstrumentSpec, quote_units: int, lots: int, text: str
) -> None:
    assert formats.average(spec, quote_units, lots) == text


def test_averages_on_coarse_lots() -> None:
    coarse = make_spec(lot_step=10)
    assert formats.average(coarse, coarse.notional_units(500_000, 3), 3) == "50000.0"


def test_marks_have_eight_decimals(spec: InstrumentSpec) -> None:
    assert formats.long_price(spec, 500_001) == "50000.10000000"
