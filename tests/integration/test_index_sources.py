"""Index sources that lie, stall, jump, answer garbage or flood: a real venue process misbehaves, the index survives."""

from __future__ import annotations

import asyncio
import json
import resource
import subprocess
import sys
import time
import urllib.request
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest

from apps.marketdata.index import SourceState
from apps.marketdata.prices import PricedInstrument
from apps.marketdata.sources import (
    CcxtVenues,
    PolledSource,
    PolledSources,
    SourceFault,
    http_json,
    open_session,
)
from apps.marketdata.types import SourceTerms
from tests.support.feeds import SPEC
from tests.support.matcher_process import ROOT
from tests.support.pace import PATIENCE_S
from tests.support.price_venue import GARBAGE

HONEST = 50_000 * 10**8


class Venue:
    """The process, and words to steer it."""

    def __init__(self) -> None:
        argv = [sys.executable, "-m", "tests.support.price_venue"]
        self.process = subprocess.Popen(argv, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.address = f"http://127.0.0.1:{int(self.process.stdout.readline())}"

    def steer(self, manner: str, price: str = "50000") -> None:
        with urllib.request.urlopen(
            f"{self.address}/steer?manner={manner}&price={price}", timeout=PATIENCE_S
        ) as answer:
            assert json.load(answer)["asked"] >= 0

    def stop(self) -> None:
        self.process.communicate(input="", timeout=PATIENCE_S)


@pytest.fixture(scope="module")
def venues() -> Iterator[list[Venue]]:
    made = [Venue() for _ in range(3)]
    yield made
    for venue in made:
        venue.stop()


@asynccontextmanager
async def market(
    venues: list[Venue], path: str = "data.0.last"
) -> AsyncIterator[tuple[PricedInstrument, list[PolledSource]]]:
    """Three venues asked as a price worker asks them, four times a second."""
    session = open_session()
    sources = [
        PolledSource(
            SourceTerms(f"venue-{n}", "http_json", 1, 250),
            http_json(session, f"{venue.address}/price", path),
            time.time_ns,
        )
        for n, venue in enumerate(venues)
    ]
    polled = PolledSources(sources)
    task = asyncio.create_task(polled.run())
    try:
        yield PricedInstrument(SPEC, polled), sources
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await session.close()
        for venue in venues:
            venue.steer("honest")


async def until(priced: PricedInstrument, *states: SourceState) -> int | None:
    """The index as soon as the sources stand so."""
    end = time.monotonic() + PATIENCE_S
    while True:
        index = priced.read(time.time_ns())
        if tuple(part.state for part in index.parts) == states:
            return index.price_units
        assert time.monotonic() < end, index
        await asyncio.sleep(0.05)


LIVE, CLAMPED, STALE, SILENT = SourceState
THREE = (LIVE, LIVE, LIVE)


def test_a_liar_is_clamped_and_a_jump_is_followed_when_most_jump(venues: list[Venue]) -> None:
    async def story() -> None:
        async with market(venues) as (priced, _):
            assert await until(priced, *THREE) == HONEST
            venues[2].steer("honest", "500000")
            assert await until(priced, LIVE, LIVE, CLAMPED) == HONEST * 101 // 100
            venues[1].steer("honest", "500000")
            assert await until(priced, CLAMPED, LIVE, LIVE) == 10 * HONEST * 99 // 100
            venues[0].steer("honest", "500000")
            assert await until(priced, *THREE) == 10 * HONEST

    asyncio.run(story())


@pytest.mark.parametrize("manner", [*GARBAGE, "refuse", "redirect"])
def test_garbage_is_no_price(venues: list[Venue], manner: str) -> None:
    async def story() -> None:
        session = open_session()
        try:
            with pytest.raises(SourceFault):
                await http_json(session, f"{venues[0].address}/{manner}", "last")()
        finally:
            await session.close()

    asyncio.run(story())


@pytest.mark.parametrize("manner", ["stall", "drip", "flood"])
def test_one_that_stalls_or_floods_holds_up_nobody(venues: list[Venue], manner: str) -> None:
    """It is given up, its last price ages; the others are read all the while, in bounded memory."""

    async def story() -> None:
        async with market(venues) as (priced, sources):
            assert await until(priced, *THREE) == HONEST
            before_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            venues[2].steer(manner)
            end = time.monotonic() + PATIENCE_S
            heard: list[set[int]] = [set(), set()]
            while not sources[2].faults:
                assert priced.read(time.time_ns()).price_units == HONEST
                for times, source in zip(heard, sources, strict=False):
                    times.add(source.last.time_ns)
                assert time.monotonic() < end
                await asyncio.sleep(0.02)
            if manner != "flood":  # that is found out at once
                assert all(len(times) > 1 for times in heard), "the honest ones were not read meanwhile"
            assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before_kb < 64 * 1024
            aged = priced.source.step(0)[2].time_ns + 10_000_000_001
            assert priced.read(aged).parts[2].state == STALE

    asyncio.run(story())


def test_a_source_that_never_spoke_is_silent_and_one_that_returns_counts_again(venues: list[Venue]) -> None:
    async def story() -> None:
        venues[0].steer("text")
        async with market(venues) as (priced, sources):
            assert await until(priced, SILENT, LIVE, LIVE) == HONEST
            assert sources[0].faults
            venues[0].steer("honest")
            assert await until(priced, *THREE) == HONEST
            assert not sources[0].faults

    asyncio.run(story())


def test_ccxt_asks_a_real_venue_in_its_own_dialect(venues: list[Venue]) -> None:
    """The adapter, unmodified ccxt, and a venue that speaks one of its dialects; then nobody at that address."""

    async def story() -> None:
        through_ccxt = CcxtVenues()

        def source(address: str) -> PolledSource:
            options = json.dumps({"urls": {"api": {"public": address}}})
            terms = SourceTerms("real", "ccxt", 1, exchange="bitstamp", market="BTC/USD", options=options)
            return PolledSource(terms, through_ccxt.ask(terms), time.time_ns, PATIENCE_S)

        try:
            venues[0].steer("honest", "51234.5")
            speaks, mute = source(f"{venues[0].address}/api"), source(f"{venues[0].address}/nobody")
            await speaks.ask_once()
            await mute.ask_once()
            assert (speaks.faults, speaks.last.price_units) == (0, 51_234 * 10**8 + 5 * 10**7)
            assert (mute.faults, mute.last.price_units) == (1, 0)
            with pytest.raises(SourceFault, match="knows no venue"):
                await through_ccxt.ask(SourceTerms("none", "ccxt", 1, exchange="no_such_venue", market="BTC/USD"))()
        finally:
            await through_ccxt.close()

    asyncio.run(story())
