"""The price worker: reads sources once a second, sends the mark of every instrument as a command.

It reads best prices and the last funding from the matcher and decides nothing about money.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog

from apps.bridge.client import AsyncMatcherClient
from apps.bridge.errors import MatcherUnavailable, OutcomeUnknown
from apps.instruments.types import ASSET_DECIMALS, InstrumentSpec
from apps.marketdata import mark as formulas
from apps.marketdata.index import IndexPrice, compute_index
from apps.marketdata.index_selectors import MINIMUM_SOURCES
from apps.marketdata.sources import Sources
from apps.marketdata.types import IndexRow, SourceRow
from matcher.protocol.commands import SetMarkPrice
from matcher.protocol.units import HOUR_NS
from matcher.protocol.views import InstrumentView, Query, QueryKind

log = structlog.get_logger(__name__)

SAMPLE_EVERY_S = 1.0
Reading = tuple[IndexRow, list[SourceRow]]


@dataclass(slots=True)
class PricedInstrument:
    """One instrument's memory between samples: the basis of 30 s, and whether its index is stale."""

    spec: InstrumentSpec
    source: Sources
    minimum_sources: int = MINIMUM_SOURCES
    basis: deque[tuple[int, int]] = field(default_factory=deque)  # (time_ns, mid - index)
    is_stale: bool = False

    @property
    def tick_units(self) -> int:
        """One tick in units of 1e-8."""
        return int(self.spec.tick_step * 10 ** (ASSET_DECIMALS - self.spec.price_decimals))

    def read(self, now_ns: int) -> IndexPrice:
        """The index of this second."""
        return compute_index(self.source.step(now_ns), now_ns=now_ns, minimum_sources=self.minimum_sources)

    def reading(self, index: IndexPrice, now_ns: int) -> Reading:
        """The index and everything it was made of, as it is kept."""
        parts = [
            SourceRow(
                self.spec.id,
                now_ns,
                part.sample.source,
                part.sample.price_units,
                part.used_units,
                part.sample.weight,
                part.sample.time_ns,
                int(part.state),
            )
            for part in index.parts
        ]
        live = len(index.live_sources)
        return IndexRow(self.spec.id, now_ns, index.price_units or 0, live, self.minimum_sources), parts

    def command(self, index: int, view: InstrumentView, now_ns: int) -> SetMarkPrice:
        """The mark of this second from `index` in units of 1e-8.

        The last settled funding rate and the next moment are the engine's; before the first settlement
        the moment is the next whole interval.
        """
        tick, hours = self.tick_units, self.spec.funding_interval_hours
        while self.basis and self.basis[0][0] <= now_ns - formulas.BASIS_SPAN_NS:
            self.basis.popleft()
        if 0 < view.best_bid_ticks < view.best_ask_ticks:
            self.basis.append((now_ns, (view.best_bid_ticks + view.best_ask_ticks) * tick // 2 - index))
        funding_ns = view.next_funding_ns
        if funding_ns <= now_ns:
            funding_ns = formulas.next_funding_ns(now_ns, hours)
        mark = formulas.mark_price(
            index=index,
            last=view.last_price_ticks * tick or None,
            basis=[basis for _, basis in self.basis],
            funding_rate_ppb=view.funding_rate_ppb,
            time_left_ns=funding_ns - now_ns,
            interval_ns=hours * HOUR_NS,
        )
        return SetMarkPrice(
            instrument=self.spec.id,
            mark_ticks=min(max(1, mark // tick), self.spec.max_price_ticks),
            index_ticks=min(max(1, index // tick), self.spec.max_price_ticks),
            next_funding_ns=funding_ns,
            funding_rate_ppb=view.funding_rate_ppb,
        )


class PriceWorker:
    """Runs all instruments on one grid of seconds over one matcher connection.

    `keep` takes what indexes were made of, `on_stale` is told when an instrument's index ends or returns.
    """

    def __init__(
        self,
        client: AsyncMatcherClient,
        instruments: list[PricedInstrument],
        *,
        keep: Callable[[Reading], None] | None = None,
        on_stale: Callable[[PricedInstrument, IndexPrice], None] | None = None,
    ) -> None:
        self.client = client
        self.instruments = instruments
        self._keep, self._on_stale = keep, on_stale

    async def sample(self) -> int:
        """One round: every instrument priced once. Returns how many marks were sent."""
        _, views, _ = await self.client.query(Query(kind=QueryKind.INSTRUMENTS))
        by_id = {view.instrument: view for view in views if isinstance(view, InstrumentView)}
        commands = []
        for priced in self.instruments:
            view = by_id.get(priced.spec.id)
            if view is None:
                continue
            now_ns = time.time_ns()
            index = priced.read(now_ns)
            if self._keep is not None:
                self._keep(priced.reading(index, now_ns))
            if priced.is_stale != (index.price_units is None):
                priced.is_stale = not priced.is_stale
                if self._on_stale is not None:
                    self._on_stale(priced, index)
            if index.price_units is not None:
                commands.append(priced.command(index.price_units, view, now_ns))
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
