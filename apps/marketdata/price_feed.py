"""What the price worker is fed with: the instruments and sources as rows say, renewed while it runs, and the
keeping of readings without ever holding up a mark.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import deque
from typing import NamedTuple

import structlog
from django.db import DatabaseError

from apps.common.rows import ask_first
from apps.instruments.selectors import get_instruments
from apps.instruments.types import ASSET_DECIMALS, InstrumentSpec
from apps.marketdata.index_models import SourceKind
from apps.marketdata.index_selectors import get_minimum_sources, get_sources
from apps.marketdata.index_store import store_readings
from apps.marketdata.prices import PricedInstrument, Reading
from apps.marketdata.simulator import VENUES, SimulatedMarket
from apps.marketdata.sources import (
    ANSWER_SECONDS_MAX,
    VENUE_SECONDS_MAX,
    Ask,
    CcxtVenues,
    PolledSource,
    PolledSources,
    Sources,
    http_json,
    open_session,
)
from apps.marketdata.types import SourceTerms

log = structlog.get_logger(__name__)

ANCHORS = {"BTC": 64_000, "ETH": 3_200, "SOL": 150, "LTC": 85}
VOLATILITY_PPB = {"BTC": 55_000, "ETH": 70_000, "SOL": 95_000, "LTC": 20_000}
UNITS = 10**ASSET_DECIMALS
RENEW_EVERY_S = 5.0
KEEP_EVERY_S = 2.0
READINGS_HELD_MAX = 20_000  # while the rows cannot be written


class Plan(NamedTuple):
    """An instrument and how its index is made; no sources: simulated venues stand in."""

    spec: InstrumentSpec
    sources: tuple[SourceTerms, ...]
    minimum_sources: int


def load_plans() -> list[Plan]:
    """Every instrument's, from rows."""
    return [Plan(spec, tuple(get_sources(spec.id)), get_minimum_sources(spec.id)) for spec in get_instruments()]


class Feed:
    """Keeps a list of priced instruments as the rows describe them; what did not change keeps its memory."""

    def __init__(self, seed: int) -> None:
        self.instruments: list[PricedInstrument] = []
        self._seed = seed
        self._plans: dict[int, Plan] = {}
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._session = open_session()
        self._venues = CcxtVenues()

    async def renew(self) -> None:
        """Take what rows say now."""
        plans = {plan.spec.id: plan for plan in await ask_first(load_plans)}
        for instrument_id in [known for known in self._plans if self._plans[known] != plans.get(known)]:
            self._drop(instrument_id)
        for plan in plans.values():
            if plan.spec.id not in self._plans:
                self._add(plan)

    async def renew_for_ever(self) -> None:
        """Look at the rows every few seconds; rows that cannot be read are looked at again."""
        while True:
            await asyncio.sleep(RENEW_EVERY_S)
            try:
                await self.renew()
            except DatabaseError as error:
                log.warning("index sources could not be read anew", error=str(error))

    async def close(self) -> None:
        for instrument_id in list(self._plans):
            self._drop(instrument_id)
        await self._session.close()
        await self._venues.close()

    def _add(self, plan: Plan) -> None:
        sources = self._sources(plan)
        self._plans[plan.spec.id] = plan
        self._tasks[plan.spec.id] = asyncio.create_task(sources.run())
        self.instruments.append(PricedInstrument(plan.spec, sources, plan.minimum_sources))

    def _drop(self, instrument_id: int) -> None:
        del self._plans[instrument_id]
        self._tasks.pop(instrument_id).cancel()
        self.instruments[:] = [priced for priced in self.instruments if priced.spec.id != instrument_id]

    def _sources(self, plan: Plan) -> Sources:
        spec = plan.spec
        if not plan.sources:
            anchor = ANCHORS.get(spec.base_asset, 100) * UNITS
            return SimulatedMarket(spec.symbol, anchor, self._seed, VOLATILITY_PPB.get(spec.base_asset, 60_000))
        return PolledSources([self._source(spec, terms) for terms in plan.sources])

    def _source(self, spec: InstrumentSpec, terms: SourceTerms) -> PolledSource:
        patience = VENUE_SECONDS_MAX if terms.kind == SourceKind.CCXT else ANSWER_SECONDS_MAX
        return PolledSource(terms, self._ask(spec, terms), time.time_ns, patience)

    def _ask(self, spec: InstrumentSpec, terms: SourceTerms) -> Ask:
        if terms.kind == SourceKind.HTTP_JSON:
            return http_json(self._session, terms.address, terms.json_path)
        if terms.kind == SourceKind.CCXT:
            return self._venues.ask(terms)
        return _simulated_venue(spec, terms, self._seed)


def _simulated_venue(spec: InstrumentSpec, terms: SourceTerms, seed: int) -> Ask:
    """One venue of a walk of its own, for trying out weights beside real sources."""
    anchor = ANCHORS.get(spec.base_asset, 100) * UNITS
    market = SimulatedMarket(spec.symbol, anchor, seed, VOLATILITY_PPB.get(spec.base_asset, 60_000))
    place = sum(terms.name.encode()) % len(VENUES)

    async def ask_it() -> int:
        return market.step(time.time_ns())[place].price_units

    return ask_it


class Keeper:
    """Writes readings every few seconds in another thread; while that fails they wait, the oldest given up last."""

    def __init__(self) -> None:
        self._held: deque[Reading] = deque(maxlen=READINGS_HELD_MAX)
        self.given_up = 0

    def take(self, reading: Reading) -> None:
        if len(self._held) == READINGS_HELD_MAX:
            self.given_up += 1
        self._held.append(reading)

    async def flush(self) -> None:
        """Write what is held. Raises DatabaseError, and then holds it still."""
        batch = list(self._held)
        if batch:
            await ask_first(store_readings, batch)
            for _ in range(min(len(batch), len(self._held))):
                self._held.popleft()

    async def run(self) -> None:
        while True:
            await asyncio.sleep(KEEP_EVERY_S)
            try:
                await self.flush()
            except DatabaseError as error:
                log.warning("readings wait to be written", held=len(self._held), lost=self.given_up, error=str(error))

    async def close(self) -> None:
        """Write the rest if that can be done."""
        with contextlib.suppress(DatabaseError):
            await self.flush()
