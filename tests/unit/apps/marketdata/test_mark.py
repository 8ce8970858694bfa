"""Mark, premium and funding formulas against the worked numbers of public documents."""

from decimal import Decimal

import pytest

from apps.marketdata import mark

UNIT = 10**8
HOUR = mark.HOUR_NS


def units(text: str) -> int:
    return int(Decimal(text) * UNIT)


@pytest.mark.parametrize(
    ("bid", "ask", "index", "premium"),
    [("10100", "10110", "10000", "0.01"), ("9900", "9950", "10000", "-0.005"), ("9995", "10005", "10000", "0")],
)
def test_premium_index(bid: str, ask: str, index: str, premium: str) -> None:
    got = mark.premium_ppb(index=units(index), impact_bid=units(bid), impact_ask=units(ask))
    assert got == int(Decimal(premium) * mark.PPB)


@pytest.mark.parametrize(
    ("premium", "interest", "rate"),
    [("0.01", "0.0001", "0.0095"), ("0.0001", "0.0001", "0.0001"), ("-0.01", "0.0001", "-0.0095")],
)
def test_funding_rate(premium: str, interest: str, rate: str) -> None:
    got = mark.funding_rate_ppb(
        premium_avg_ppb=int(Decimal(premium) * mark.PPB),
        interest_rate_ppb=int(Decimal(interest) * mark.PPB),
        interval_hours=8,
        cap_ppb=20_000_000,
    )
    assert got == int(Decimal(rate) * mark.PPB)


def test_funding_rate_is_capped() -> None:
    got = mark.funding_rate_ppb(
        premium_avg_ppb=100_000_000, interest_rate_ppb=100_000, interval_hours=8, cap_ppb=20_000_000
    )
    assert got == 20_000_000


def test_thin_side_counts_nothing() -> None:
    assert mark.premium_ppb(index=100, impact_bid=None, impact_ask=90) == -mark.PPB // 10
    assert mark.premium_ppb(index=100, impact_bid=None, impact_ask=None) == 0


def test_impact_price_averages_over_levels() -> None:
    levels = [(100, 10), (110, 10)]
    got = mark.impact_price(levels, impact_notional=100 * 10 + 110 * 5, tick_lot_units=1)
    assert got == pytest.approx((100 * 10 + 110 * 5) / 15 * 1_000_000, rel=1e-6)


def test_impact_price_of_a_thin_side_is_none() -> None:
    assert mark.impact_price([(100, 1)], impact_notional=1_000, tick_lot_units=1) is None
    assert mark.impact_price([], impact_notional=1, tick_lot_units=1) is None


def test_mark_is_the_median_of_three() -> None:
    common = {"index": 10_000, "funding_rate_ppb": 0, "time_left_ns": HOUR, "interval_ns": 8 * HOUR}
    assert mark.mark_price(last=10_500, basis=[20, 40], **common) == 10_030
    assert mark.mark_price(last=9_000, basis=[20, 40], **common) == 10_000
    assert mark.mark_price(last=10_010, basis=[20, 40], **common) == 10_010


def test_mark_falls_back_to_what_remains() -> None:
    common = {"index": 10_000, "funding_rate_ppb": 0, "time_left_ns": HOUR, "interval_ns": 8 * HOUR}
    assert mark.mark_price(last=None, basis=[50], **common) == 10_050
    assert mark.mark_price(last=12_000, basis=[], **common) == 10_000


def test_time_weights_favor_the_newest() -> None:
    assert mark.time_weighted_ppb([0, 30]) == 20
    assert mark.time_weighted_ppb([]) == 0


def test_funding_moments_are_whole_intervals_since_midnight() -> None:
    assert mark.next_funding_ns(7 * HOUR, 8) == 8 * HOUR
    assert mark.next_funding_ns(8 * HOUR, 8) == 16 * HOUR
