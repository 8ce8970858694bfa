"""The price worker: samples sources once a second, sends the mark of every instrument as a command.

It reads best prices and depth from the matcher and decides nothing about money.
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
from matcher.protocol.views import InstrumentView, LevelView, Query, QueryKind

log = structlog.get_logger(__name__)

SAMPLE_EVERY_S = 1.0
PREMIUM_EVERY = 5
DEPTH_LEVELS = 50
MINIMUM_SOURCES = 2


class Source(Protocol):
    """Anything that can say what the underlying costs now."""

    def step(self, now_ns: int) -> list[SourceSample]: ...


@dataclass(slots=True)
class PricedInstrument:
    """One instrument's memory between samples: the basis of 30 s, the premiums of this interval."""

    spec: InstrumentSpec
    source: Source
    basis: deque[int] = field(default_factory=lambda: deque(maxlen=formulas.BASIS_SAMPLES))
    premiums: deque[int] = field(default_factory=lambda: deque(maxlen=8 * 720))
    rate_ppb: int = 0
    funding_ns: int = 0
    samples: int = 0

    @property
    def tick_units(self) -> int:
        """One tick in units of 1e-8."""
        return int(self.spec.tick_step * 10 ** (ASSET_DECIMALS - self.spec.price_decimals))

    def command(
        self, view: InstrumentView, depth: tuple[list[LevelView], list[LevelView]] | None, now_ns: int
    ) -> SetMarkPrice | None:
        """The mark of this second, or None while the index is stale (the old mark stays)."""
        index = compute_index(self.source.step(now_ns), now_ns=now_ns, minimum_sources=MINIMUM_SOURCES).price_units
        if index is None:
            return None
        tick, hours = self.tick_units, self.spec.funding_interval_hours
        if view.best_bid_ticks and view.best_ask_ticks:
            self.basis.append((view.best_bid_ticks + view.best_ask_ticks) * tick // 2 - index)
        self._sample_premium(index, depth, now_ns)
        mark = formulas.mark_price(
            index=index,
            last=view.last_price_ticks * tick or None,
            basis=tuple(self.basis),
            funding_rate_ppb=self.rate_ppb,
            time_left_ns=self.funding_ns - now_ns,
            interval_ns=hours * formulas.HOUR_NS,
        )
        return SetMarkPrice(
            instrument=self.spec.id,
            mark_ticks=min(max(1, mark // tick), self.spec.max_price_ticks),
            index_ticks=max(1, index // tick),
            next_funding_ns=self.funding_ns,
            funding_rate_ppb=self.rate_ppb,
        )

    def _sample_premium(self, index: int, depth: tuple[list[LevelView], list[LevelView]] | None, now_ns: int) -> None:
        spec = self.spec
        upcoming = formulas.next_funding_ns(now_ns, spec.funding_interval_hours)
        if upcoming != self.funding_ns:
            self.premiums.clear()
            self.funding_ns = upcoming
        if depth is not None:
            impacts = [
                formulas.impact_price(
                    [(level.price_ticks, level.quantity_lots) for level in side],
                    impact_notional=spec.impact_notional_units,
                    tick_lot_units=spec.tick_lot_units,
                )
                for side in depth
            ]
            bid, ask = (i * self.tick_units // 1_000_000 if i is not None else None for i in impacts)
            self.premiums.append(formulas.premium_ppb(index=index, impact_bid=bid, impact_ask=ask))
        self.rate_ppb = formulas.funding_rate_ppb(
            premium_avg_ppb=formulas.time_weighted_ppb(self.premiums),
            interest_rate_ppb=spec.interest_rate_ppb,
            interval_hours=spec.funding_interval_hours,
            cap_ppb=spec.funding_cap_ppb,
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
            depth = await self._depth(priced) if priced.samples % PREMIUM_EVERY == 0 else None
            priced.samples += 1
            command = priced.command(view, depth, time.time_ns())
            if command is not None:
                commands.append(command)
            elif priced.samples % 10 == 1:
                log.warning("index stale, mark frozen", symbol=priced.spec.symbol)
        await asyncio.gather(*(self.client.send(command) for command in commands))
        return len(commands)

    async def _depth(self, priced: PricedInstrument) -> tuple[list[LevelView], list[LevelView]]:
        _, bids, asks = await self.client.query(
            Query(kind=QueryKind.DEPTH, instrument=priced.spec.id, limit=DEPTH_LEVELS)
        )
        return [b for b in bids if isinstance(b, LevelView)], [a for a in asks if isinstance(a, LevelView)]

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
