"""The text Prometheus reads: cumulative buckets, sums and counts."""

from matcher.runtime.metrics import Histogram, Metrics


def test_buckets_are_cumulative_and_bounds_are_inclusive() -> None:
    histogram = Histogram((1, 4))
    for value in (1, 2, 4, 5):
        histogram.observe(value)
    assert histogram.render("h") == [
        "# TYPE h histogram",
        'h_bucket{le="1"} 1',
        'h_bucket{le="4"} 3',
        'h_bucket{le="+Inf"} 4',
        "h_sum 12",
        "h_count 4",
    ]


def test_every_counter_is_named_once() -> None:
    metrics = Metrics(commands=7)
    lines = metrics.render().splitlines()
    assert "matcher_commands_total 7" in lines
    names = [line.split()[2] for line in lines if line.startswith("# TYPE")]
    assert len(names) == len(set(names)) == 15
