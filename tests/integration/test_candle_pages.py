"""Candles out of memory are the rows' candles, byte for byte: every interval and kind, gaps, the open candle, any bounds.

Method: a seeded story with gaps of minutes to weeks is projected and told to a hub; pages are held against what the
rows alone answer. Then the story goes on: with the projector behind, caught up, after a restart, after a hole.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Coroutine, Iterator
from typing import Any, Literal, TypeVar

import pytest

from apps.common.intervals import INTERVALS, open_of
from apps.common.lane import Encode
from apps.fapi import candle_pages, klines, price_klines
from apps.fapi.candle_pages import Asked
from apps.feeds import hub as hubs
from apps.feeds.hub import FeedHub
from apps.feeds.stored_rows import StoredRows
from apps.instruments.types import InstrumentSpec
from apps.marketdata.selectors import get_premium_candles, get_price_candles
from matcher.protocol.codec import decode_answer
from matcher.protocol.views import Query
from tests.reference.engine import ReferenceEngine
from tests.support.feeds import SPEC
from tests.support.journals import JournalWriter
from tests.support.pace import PATIENCE_S
from tests.support.projection import follow, journal, journal_url
from tests.support.stormy_story import StormyStory

__all__ = ["journal", "journal_url"]

pytestmark = pytest.mark.django_db(transaction=True)
MS, MINUTE_MS, HOUR_MS, DAY_MS = 1_000_000, 60_000, 3_600_000, 86_400_000
Kind = Literal["trade", "mark", "index", "premium"]
Answer = TypeVar("Answer")
KINDS: tuple[Kind, ...] = ("trade", "mark", "index", "premium")


class Rows(StoredRows):
    """The stored rows; instruments are the story's, which no row of the admin names."""

    async def get_instruments(self) -> list[InstrumentSpec]:
        return [SPEC]


class Teller:
    """The bridge's client: the story's engine answers, the story's batches are told."""

    def __init__(self, story: StormyStory) -> None:
        self.story, self.told = story, len(story.batches)
        self._take: Callable[[int, int, bytes, bytes], None] = lambda *_: None
        self.gap: Callable[[int], None] = lambda _: None

    def on_batch(self, callback: Callable[[int, int, bytes, bytes], None]) -> None:
        self._take = callback

    def on_gap(self, callback: Callable[[int], None]) -> None:
        self.gap = callback

    async def query(self, query: Query) -> Any:
        return decode_answer(self.story.engine.query(query.pack()))

    def tell(self) -> None:
        """What happened since."""
        for batch in self.story.batches[self.told :]:
            self._take(batch.first_seq, batch.last_seq, batch.events, b"")
        self.told = len(self.story.batches)


class World:
    """A story, its rows, and the hub of one gateway."""

    def __init__(
        self, journal: JournalWriter, url: str, runner: asyncio.Runner, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        began_ns = (time.time_ns() // (DAY_MS * MS) - 75) * DAY_MS * MS  # the same minutes of a day on every run
        self.story = StormyStory(ReferenceEngine(), seed=12, time_ns=began_ns, step_ns=9_000 * MS)
        self._journal, self._url, self._runner, self._monkeypatch = journal, url, runner, monkeypatch
        self._written = 0
        self.story.open()
        for pause_ms in (MINUTE_MS, 7 * MINUTE_MS, HOUR_MS, 9 * HOUR_MS, DAY_MS, 14 * DAY_MS, 40 * DAY_MS, 3 * HOUR_MS):
            self.go_on(pause_ms)
        self.project()
        self.start_gateway()

    def go_on(self, pause_ms: int, batches: int = 14) -> None:
        self.story.go_on(batches)
        self.story.time_ns += pause_ms * MS

    def project(self) -> None:
        self._journal.append(self.story.batches[self._written :])
        self._written = len(self.story.batches)
        follow(self._url)

    def start_gateway(self) -> None:
        """Another process's hub: it begins empty."""

        async def start() -> None:
            self.teller, self.hub = Teller(self.story), FeedHub(Rows())
            await self.hub.start(self.teller)
            self.hub._pulse.stop()
            await self.hub.wait_ready(PATIENCE_S)

        self.run(start())
        self._monkeypatch.setattr(hubs, "_hub", self.hub)
        self.await_history()

    def tell(self) -> None:
        """What happened since reaches the hub."""

        async def tell() -> None:
            self.teller.tell()

        self.run(tell())

    def await_history(self) -> None:
        async def wait() -> None:
            await self.hub.wait_ready(PATIENCE_S)
            while self.hub.markets[SPEC.id].since_load is not None:  # a state, not an event
                await asyncio.sleep(0.005)

        self.run(wait())

    def run(self, question: Coroutine[Any, Any, Answer]) -> Answer:
        return self._runner.run(question)

    # the same page twice

    def remembered(self, kind: Kind, asked: Asked) -> bytes | None:
        if kind == "trade":
            page = self.run(candle_pages.trade_page(asked, klines.FORM))
        else:
            form = price_klines.PREMIUM_FORM if kind == "premium" else price_klines.PRICE_FORM
            page = self.run(candle_pages.price_page(kind, asked, form))
        return None if page is None else candle_pages.listed(page).body

    def from_rows(self, kind: Kind, asked: Asked) -> bytes:
        spec, interval, start_ms, end_ms, limit = asked
        if kind == "trade":
            return Encode([klines.kline(spec, row) for row in self.run(klines.find_candles(*asked))])
        bounds: dict[str, Any] = {"start_ms": start_ms, "end_ms": end_ms, "limit": limit}
        span_ms = INTERVALS[interval]
        if kind == "premium":
            rows: Any = get_premium_candles(spec.id, span_ms, **bounds)
            return Encode([price_klines.premium_array(spec, row) for row in rows])
        return Encode(
            [price_klines.price_array(spec, row) for row in get_price_candles(spec.id, kind, span_ms, **bounds)]
        )

    def compare(self, seed: int, kinds: tuple[Kind, ...] = KINDS, pages: int = 4) -> int:
        """Random pages of every interval; how many came out of memory."""
        dice, remembered = random.Random(seed), 0
        now_ms = time.time_ns() // MS
        for kind in kinds:
            newest_ms = now_ms if kind != "trade" else self.hub.head.time_ms
            for interval in INTERVALS:
                for asked in _pages(dice, interval, newest_ms, pages):
                    expected, found = self.from_rows(kind, asked), self.remembered(kind, asked)
                    if found != expected and found is not None:  # the wall's minute may have turned between the two
                        expected = self.from_rows(kind, asked)
                        found = self.remembered(kind, asked)
                    assert found in {None, expected}, (kind, asked[1:])
                    newest = asked.start_ms is None and asked.end_ms is None
                    assert found is not None or not newest, (kind, asked[1:])
                    remembered += found is not None
        return remembered


def _pages(dice: random.Random, interval: str, newest_ms: int, count: int) -> Iterator[Asked]:
    """The newest, and windows within the reach of memory, beyond it, and on the very edge of a candle."""
    yield Asked(SPEC, interval, None, None, dice.choice([1, 2, 99, 100, 500]))
    span_ms = INTERVALS[interval]
    for _ in range(count):
        far = dice.choice([3, 60, 600, 3000]) * span_ms
        start_ms: int | None = max(0, newest_ms - dice.randrange(far))
        end_ms: int | None = newest_ms + 2 * span_ms - dice.randrange(far)
        if dice.random() < 0.5:
            start_ms = open_of(INTERVALS[interval], start_ms or 0) + dice.choice([-1, 0, 1])
        start_ms, end_ms = dice.choice([(start_ms, None), (None, end_ms), (start_ms, max(end_ms or 0, start_ms or 0))])
        yield Asked(
            SPEC, interval, start_ms, None if end_ms is None else max(0, end_ms), dice.choice([1, 7, 500, 1500])
        )


@pytest.fixture
def world(journal: JournalWriter, journal_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    with asyncio.Runner() as runner:
        made = World(journal, journal_url, runner, monkeypatch)
        yield made
        runner.run(made.hub.stop())


def test_pages_are_the_rows_candles_through_everything(world: World) -> None:
    possible = len(KINDS) * len(INTERVALS) * 5
    assert possible // 2 < world.compare(1) <= possible
    for seed, pause_ms in enumerate((MINUTE_MS, 0, 5 * HOUR_MS, 3 * DAY_MS), start=2):
        world.go_on(pause_ms)
        world.tell()
        if pause_ms:
            before = {asked: world.remembered("trade", asked) for asked in _newest("trade", world)}
            world.project()
            assert before == {asked: world.remembered("trade", asked) for asked in before}, "told before it was stored"
        else:
            world.compare(seed, ("mark", "index", "premium"), 1)  # the projector is behind
            world.project()
        assert world.compare(seed, pages=1) > len(KINDS) * len(INTERVALS)
    world.start_gateway()
    assert world.compare(9, pages=2) > len(KINDS) * len(INTERVALS)


def _newest(kind: Kind, world: World) -> Iterator[Asked]:
    for interval in INTERVALS:
        asked = Asked(SPEC, interval, None, None, 100)
        if world.remembered(kind, asked) is not None:
            yield asked


def test_after_a_hole_nothing_missed_is_remembered(world: World) -> None:
    world.compare(1, ("trade",), 1)
    world.go_on(2 * MINUTE_MS)
    world.teller.told = len(world.story.batches) - 2
    world.tell()  # a hole
    world.project()
    world.await_history()
    assert world.compare(2, ("trade",)) > len(INTERVALS)
    world.go_on(MINUTE_MS)
    world.tell()
    world.project()
    assert world.compare(3, ("trade",)) > len(INTERVALS)


def test_a_remembered_page_asks_no_rows(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Asked(SPEC, "1M", None, None, 500)
    before = {kind: world.remembered(kind, asked) for kind in KINDS}
    minutes = Asked(SPEC, "1m", None, None, 500)
    first = world.remembered("trade", minutes)

    async def ask(*_: object) -> None:
        raise AssertionError("rows were asked")

    with monkeypatch.context() as patch:
        patch.setattr(candle_pages, "ask", ask)
        assert before == {kind: world.remembered(kind, asked) for kind in KINDS}, "nothing newer was seen"
        world.go_on(0)
        world.tell()
        with pytest.raises(AssertionError, match="rows were asked"):
            world.remembered("mark", asked)  # a newer mark was seen: only the rows know its candle
        second = world.remembered("trade", minutes)
        assert second not in {None, first}
    world.project()
    assert second == world.from_rows("trade", minutes)


def test_series_and_candles_are_bounded(world: World) -> None:
    for limit in (100, 500, 1500):
        world.remembered("trade", Asked(SPEC, "1m", None, None, limit))
    hub = world.hub
    series = candle_pages._series(hub, ("fapi", "trade", SPEC.id, "1m"))
    assert 0 < len(series.opens) == len(series.bodies) <= 1500
    for _ in range(3):
        world.go_on(16 * HOUR_MS, 3)
        world.tell()
        world.remembered("trade", Asked(SPEC, "1m", None, None, 100))
        assert len(series.opens) == len(series.bodies) <= candle_pages.KEPT_MAX
    world.project()
    world.compare(4, ("trade",), 2)
    for number in range(candle_pages.SERIES_MAX + 5):
        candle_pages._series(hub, ("fapi", "trade", 100 + number, "1m"))
    assert candle_pages._shelf is not None
    assert len(candle_pages._shelf[1]) == candle_pages.SERIES_MAX
