"""A hub that starts in the middle knows what one that was always there knows: rows join the live tape exactly.

Method: seeded stories over hours and days, projected up to a cut; what follows is seen live, overlapping the rows.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import pytest

from apps.common.intervals import DAY_MS, INTERVALS
from apps.feeds.batches import Batch
from apps.feeds.book import Head
from apps.feeds.history import TAPE_TRADES, read_history
from apps.feeds.market import Market
from apps.feeds.types import TradeTick
from tests.reference.engine import ReferenceEngine
from tests.support.feeds import SPEC
from tests.support.journals import JournalWriter
from tests.support.projection import follow, journal, journal_url
from tests.support.story import Batch as StoryBatch
from tests.support.story import Story

__all__ = ["journal", "journal_url"]

pytestmark = pytest.mark.django_db


def see(market: Market, batches: Sequence[StoryBatch]) -> None:
    """What the hub does with a batch's trades."""
    for told in batches:
        batch = Batch(told.first_seq, told.last_seq, told.events, b"")
        for fill in batch.fills():
            if fill.instrument == market.id and not fill.is_maker:
                market.add_trade(
                    TradeTick(
                        fill.trade_id, fill.price_ticks, fill.quantity_lots, fill.time_ns, fill.is_sell, fill.seq
                    ),
                    fill.time_ns,
                )
        change, market.change = market.change, None
        if change is not None:
            market.settle(change)


@pytest.mark.parametrize(("seed", "step_s"), [(1, 1), (2, 60), (3, 1200), (4, 20_000)])
def test_a_late_start_knows_what_an_early_one_knows(
    seed: int, step_s: int, journal: JournalWriter, journal_url: str
) -> None:
    story = Story(ReferenceEngine(), seed=seed, step_ns=step_s * 10**9)
    story.open()
    story.go_on(90)
    cut, overlap = 60, 50
    journal.append(story.batches[:cut])
    follow(journal_url)

    always, late = Market(SPEC, Head()), Market(SPEC, Head())
    see(always, story.batches)
    see(late, story.batches[overlap:cut])
    late.load_history(read_history(SPEC.id, story.batches[cut - 1].time_ns // 1_000_000))
    see(late, story.batches[cut:])

    now_ms = story.time_ns // 1_000_000
    plain = [trade._replace(seq=0) for trade in always.trades][-TAPE_TRADES:]
    assert [trade._replace(seq=0) for trade in late.trades] == plain
    assert len(plain) > 20
    assert late.statistics(now_ms) == always.statistics(now_ms)
    for interval in INTERVALS:
        one, other = late.candles.series[interval], always.candles.series[interval]
        one.roll(now_ms)
        other.roll(now_ms)
        assert one.current is not None
        assert other.current is not None
        assert dataclasses.asdict(one.current.image()) == dataclasses.asdict(other.current.image()), interval


def test_after_days_of_silence_the_long_candles_still_hold_what_was(journal: JournalWriter, journal_url: str) -> None:
    story = Story(ReferenceEngine(), seed=6, step_ns=10**9)
    story.open()
    story.go_on(60)
    journal.append(story.batches)
    follow(journal_url)
    now_ms = story.time_ns // 1_000_000 + 4 * DAY_MS
    always, late = Market(SPEC, Head()), Market(SPEC, Head())
    see(always, story.batches)
    history = read_history(SPEC.id, now_ms)
    assert history.minutes == []
    late.load_history(history)
    for interval in ("1m", "1d", "1M"):
        one, other = late.candles.series[interval], always.candles.series[interval]
        one.roll(now_ms)
        other.roll(now_ms)
        assert one.current is not None
        assert other.current is not None
        assert dataclasses.asdict(one.current.image()) == dataclasses.asdict(other.current.image()), interval
    assert late.statistics(now_ms) == always.statistics(now_ms)


def test_without_rows_there_is_no_history() -> None:
    history = read_history(SPEC.id, 1_795_181_007_000)
    assert (history.trades, history.minutes, history.open_candles, history.last_trade_id) == ([], [], {}, 0)
