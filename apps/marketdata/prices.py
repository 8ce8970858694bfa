"""The price worker: samples sources once a second, sends the mark of every instrument as a command.

It reads best prices and the last funding from the matcher and decides nothing about money.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Protocol

import structlog

from apps.bridge.client import AsyncMatcherClient
from apps.bridge.errors import MatcherUnavailable, OutcomeUnknown
from apps.instruments.types import ASSET_DECIMALS, InstrumentSpec
from apps.marketdata import mark as formulas
from apps.marketdata.index import SourceSample, compute_index
from matcher.protocol.commands import SetMarkPrice
from matcher.protocol.units import HOUR_NS
from matcher.protocol.views import InstrumentView, Query, QueryKind

log = structlog.get_logger(__name__)

SAMPLE_EVERY_S = 1.0
MINIMUM_SOURCES = 2


class Source(Protocol):
    """Anything that can say what the underlying costs now."""

    def step(self, now_ns: int) -> list[SourceSample]: ...


@dataclass(slots=True)
class PricedInstrument:
    """One instrument's memory between samples: the basis of 30 s."""

    spec: InstrumentSpec
    source: Source
    basis: deque[int] = field(default_factory=lambda: deque(maxlen=formulas.BASIS_SAMPLES))
    samples: int = 0

    @property
    def tick_units(self) -> int:
        """One tick in units of 1e-8."""
        return int(self.spec.tick_step * 10 ** (ASSET_DECIMALS - self.spec.price_decimals))

    def command(self, view: InstrumentView, now_ns: int) -> SetMarkPrice | None:
        """The mark of this second, or None while the index is stale (the old mark stays).

        The last settled funding rate and the next moment are the engine's; before the first settlement
        the moment is the next whole interval.
        """
        index = compute_index(self.source.step(now_ns), now_ns=now_ns, minimum_sources=MINIMUM_SOURCES).price_units
        if index is None:
            return None
        tick, hours = self.tick_units, self.spec.funding_interval_hours
        if view.best_bid_ticks and view.best_ask_ticks:
            self.basis.append((view.best_bid_ticks + view.best_ask_ticks) * tick // 2 - index)
        funding_ns = view.next_funding_ns
        if funding_ns <= now_ns:
            funding_ns = formulas.next_funding_ns(now_ns, hours)
        mark = formulas.mark_price(
            index=index,
            last=view.last_price_ticks * tick or None,
            basis=tuple(self.basis),
            funding_rate_ppb=view.funding_rate_ppb,
            time_left_ns=funding_ns - now_ns,
            interval_ns=hours * HOUR_NS,
        )
        return SetMarkPrice(
            instrument=self.spec.id,
            mark_ticks=min(max(1, mark // tick), self.spec.max_price_ticks),
            index_ticks=max(1, index // tick),
            next_funding_ns=funding_ns,
            funding_rate_ppb=view.funding_rate_ppb,
        )


class PriceWorker:
    """Runs all instruments on one grid of seconds over one matcher connection."""

    def __init__(self, client: AsyncMatcherClient, instruments: list[PricedInstrument]) -> None:
        self.client = client
        self.instruments = instruments

    async def sample(self) -> int:
        """One round: every instrument priced once. Returns how many marks were sent."""
        _, views, _ = await self.client.query(Query(kind=QueryKind.INSTRUMENTS))
        by_id = {view.instrument: view for view in views if isinstance(view, InstrumentView)}
        commands = []
        for priced in self.instruments:
            view = by_id.get(priced.spec.id)
            if view is None:
                continue
            priced.samples += 1
            command = priced.command(view, time.time_ns())
            if command is not None:
                commands.append(command)
            elif priced.samples % 10 == 1:
                log.warning("index stale, mark frozen", symbol=priced.spec.symbol)
        await asyncio.gather(*(self.client.send(command) for command in commands))
        return len(commands)

    async def run(self, stop: asyncio.Event, on_ready: asyncio.Event) -> None:
        """Sample until `stop`; a matcher that is away is waited for, the grid is kept."""
        while not stop.is_set():
            try:
                if await self.sample():
                    on_ready.set()
            except (MatcherUnavailable, OutcomeUnknown) as error:
                log.warning("matcher away, prices wait", error=str(error))
            pause = SAMPLE_EVERY_S - time.time() % SAMPLE_EVERY_S
            try:
                await asyncio.wait_for(stop.wait(), pause)
            except TimeoutError:
                continue
