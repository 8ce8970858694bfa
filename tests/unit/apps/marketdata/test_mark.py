"""The mark against numbers worked by hand; premium and funding are the engine's (tests/vectors)."""

from apps.marketdata import mark
from matcher.protocol.units import HOUR_NS


def test_mark_is_the_median_of_three() -> None:
    common = {"index": 10_000, "funding_rate_ppb": 0, "time_left_ns": HOUR_NS, "interval_ns": 8 * HOUR_NS}
    assert mark.mark_price(last=10_500, basis=[20, 40], **common) == 10_030
    assert mark.mark_price(last=9_000, basis=[20, 40], **common) == 10_000
    assert mark.mark_price(last=10_010, basis=[20, 40], **common) == 10_010


def test_mark_falls_back_to_what_remains() -> None:
    common = {"index": 10_000, "funding_rate_ppb": 0, "time_left_ns": HOUR_NS, "interval_ns": 8 * HOUR_NS}
    assert mark.mark_price(last=None, basis=[50], **common) == 10_050
    assert mark.mark_price(last=12_000, basis=[], **common) == 10_000


def test_funding_moments_are_whole_intervals_since_midnight() -> None:
    assert mark.next_funding_ns(7 * HOUR_NS, 8) == 8 * HOUR_NS
    assert mark.next_funding_ns(8 * HOUR_NS, 8) == 16 * HOUR_NS
