"""The price worker's feed follows the rows while it runs; readings wait for the rows and never hold up a mark."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
import structlog
from django.db import DatabaseError

from apps.marketdata import alerts, price_feed
from apps.marketdata.index import IndexPrice
from apps.marketdata.price_feed import Feed, Keeper, Plan
from apps.marketdata.prices import PricedInstrument, Reading
from apps.marketdata.simulator import SimulatedMarket
from apps.marketdata.sources import PolledSources
from apps.marketdata.types import IndexRow, SourceTerms
from tests.support.feeds import SPEC

HTTP = SourceTerms("north", "http_json", 2, 250, "http://127.0.0.1:1/price", "last")
WALK = SourceTerms("south", "simulated", 1)

# Its threads may hold a connection that an earlier test opened; they look at it before each question.
pytestmark = pytest.mark.django_db


def run(story: Any) -> None:
    asyncio.run(story())


def test_a_changed_row_makes_new_sources_and_an_unchanged_one_keeps_its_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    plans = [Plan(SPEC, (), 2)]
    monkeypatch.setattr(price_feed, "load_plans", lambda: plans)

    async def story() -> None:
        feed = Feed(seed=7)
        try:
            await feed.renew()
            (simulated,) = feed.instruments
            assert isinstance(simulated.source, SimulatedMarket)
            await feed.renew()
            assert feed.instruments == [simulated], "nothing changed"
            plans[:] = [Plan(SPEC, (HTTP, WALK), 1)]
            await feed.renew()
            (polled,) = feed.instruments
            assert isinstance(polled.source, PolledSources)
            assert polled.minimum_sources == 1
            assert [sample.source for sample in polled.source.step(0)] == ["north", "south"]
            south = polled.source.sources[1]
            await south.ask_once()
            assert south.last.price_units > 0
            plans.clear()
            await feed.renew()
            assert feed.instruments == []
        finally:
            await feed.close()

    run(story)


def test_the_walk_is_the_same_for_the_same_seed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(price_feed, "load_plans", lambda: [Plan(SPEC, (), 2)])

    async def walked() -> list[int]:
        feed = Feed(seed=7)
        await feed.renew()
        found = [sample.price_units for second in range(20) for sample in feed.instruments[0].source.step(second)]
        await feed.close()
        return found

    assert asyncio.run(walked()) == asyncio.run(walked())


def reading(second: int) -> Reading:
    return IndexRow(SPEC.id, second, 1, 1, 1), []


def test_readings_wait_while_the_rows_cannot_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[list[Reading]] = []
    broken = True

    def store(batch: list[Reading]) -> None:
        if broken:
            raise DatabaseError("away")
        written.append(batch)

    monkeypatch.setattr(price_feed, "store_readings", store)

    async def story() -> None:
        nonlocal broken
        keeper = Keeper()
        for second in range(3):
            keeper.take(reading(second))
        with pytest.raises(DatabaseError):
            await keeper.flush()
        await keeper.close()
        broken = False
        keeper.take(reading(3))
        await keeper.close()
        await keeper.flush()
        assert written == [[reading(second) for second in range(4)]]

    run(story)


def test_what_cannot_be_held_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(price_feed, "READINGS_HELD_MAX", 2)
    keeper = Keeper()
    for second in range(5):
        keeper.take(reading(second))
    assert keeper.given_up == 3


def test_an_index_that_ends_and_returns_is_told_loudly(monkeypatch: pytest.MonkeyPatch) -> None:
    recorded: list[str] = []
    monkeypatch.setattr(alerts, "record", lambda action, **facts: recorded.append(f"{action} {facts['subject']}"))
    priced = PricedInstrument(SPEC, SimulatedMarket(SPEC.symbol, 10**8, 1))

    async def story() -> None:
        for is_stale in (True, False):
            priced.is_stale = is_stale
            alerts.tell_index_state(priced, IndexPrice(None if is_stale else 1, ()))
        while len(recorded) < 2:
            await asyncio.sleep(0.01)

    with structlog.testing.capture_logs() as told:
        run(story)
    assert [(line["event"], line["log_level"]) for line in told] == [
        ("index stale, mark frozen", "error"),
        ("index is back", "warning"),
    ]
    assert sorted(recorded) == [f"marketdata.index_{word} {SPEC.symbol}" for word in ("back", "stale")]
