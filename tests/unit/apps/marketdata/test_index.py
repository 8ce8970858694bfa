"""Index rules of the trading semantics, section 4: weights, staleness, the 3 % clamp, too few sources."""

import pytest

from apps.marketdata.index import SourceSample, SourceState, compute_index, median_units

NOW = 1_000_000_000_000
SECOND = 1_000_000_000


def sample(source: str, price: int, weight: int = 1, age_s: float = 0) -> SourceSample:
    return SourceSample(source, price, weight, NOW - int(age_s * SECOND))


def test_weights_count() -> None:
    index = compute_index([sample("a", 10_000, 3), sample("b", 10_100, 1)], now_ns=NOW, minimum_sources=2)
    assert index.price_units == 10_025
    assert index.live_sources == ("a", "b")


def test_a_source_older_than_ten_seconds_is_dropped() -> None:
    samples = [sample("a", 10_000), sample("b", 10_010), sample("old", 90_000, age_s=10.1)]
    assert compute_index(samples, now_ns=NOW, minimum_sources=2).price_units == 10_005


def test_a_source_from_the_far_future_is_dropped() -> None:
    samples = [sample("a", 10_000), sample("b", 10_000), sample("ahead", 90_000, age_s=-60)]
    assert compute_index(samples, now_ns=NOW, minimum_sources=2).live_sources == ("a", "b")


def test_a_liar_moves_the_index_by_its_clamped_share_only() -> None:
    samples = [sample("a", 10_000), sample("b", 10_000), sample("liar", 1_000_000)]
    assert compute_index(samples, now_ns=NOW, minimum_sources=2).price_units == (10_000 + 10_000 + 10_300) // 3


@pytest.mark.parametrize("price", [0, -5])
def test_senseless_prices_do_not_count_as_live(price: int) -> None:
    index = compute_index([sample("a", 10_000), sample("b", price)], now_ns=NOW, minimum_sources=2)
    assert index.price_units is None
    assert index.live_sources == ("a",)


def test_median_of_even_count_rounds_down() -> None:
    assert median_units([4, 1, 2, 8]) == 3
    assert median_units([5, 1, 9]) == 5


def test_what_was_made_of_every_source_is_told() -> None:
    samples = [sample("a", 10_000), sample("b", 10_000), sample("liar", 1_000_000), sample("old", 10_000, age_s=11)]
    parts = compute_index([*samples, SourceSample("mute", 0, 1, 0)], now_ns=NOW, minimum_sources=2).parts
    assert [(part.sample.source, part.used_units, part.state) for part in parts] == [
        ("a", 10_000, SourceState.LIVE),
        ("b", 10_000, SourceState.LIVE),
        ("liar", 10_300, SourceState.CLAMPED),
        ("old", 0, SourceState.STALE),
        ("mute", 0, SourceState.SILENT),
    ]


def test_two_that_contradict_each_other_make_no_index() -> None:
    """Both stand more than 3 % off their middle: one of them lies, and nobody can say which."""
    index = compute_index([sample("a", 10_000), sample("b", 11_000)], now_ns=NOW, minimum_sources=2)
    assert (index.price_units, index.live_sources) == (None, ("a", "b"))
