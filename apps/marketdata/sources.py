"""Index sources: what an outside price is asked from, however it behaves.

A source is asked by a loop of its own and remembered; whoever makes the index reads what was remembered and
never waits. An answer that is late, too large, malformed or no price counts as none: the last good one ages.
"""

from __future__ import annotations

import asyncio
import importlib
import json
from collections.abc import Awaitable, Callable, Sequence
from decimal import Decimal
from typing import Any, NoReturn, Protocol

import aiohttp
import structlog

from apps.marketdata.index import SourceSample
from apps.marketdata.json_path import find, parse_path, price_units
from apps.marketdata.types import SourceTerms

ANSWER_BYTES_MAX = 64 * 1024
ANSWER_SECONDS_MAX = 2.5
VENUE_SECONDS_MAX = 15.0  # ccxt reads a venue's list of markets first
BACKOFF_S_MAX = 10.0
FAULT_CHARS_MAX = 120
log = structlog.get_logger(__name__)


class SourceFault(Exception):
    """A source gave no price; the text says why."""


class Sources(Protocol):
    """The sources of one instrument."""

    def step(self, now_ns: int) -> list[SourceSample]:
        """What each source last said, in the order of their names; price 0 of one that never spoke."""

    async def run(self) -> None:
        """Keep them asked until canceled."""


Ask = Callable[[], Awaitable[int]]


class PolledSource:
    """One source, asked again and again by `ask`, which gives units of 1e-8 or raises."""

    def __init__(
        self, terms: SourceTerms, ask: Ask, clock_ns: Callable[[], int], seconds_max: float = ANSWER_SECONDS_MAX
    ) -> None:
        self.terms = terms
        self._seconds_max = seconds_max
        self.faults = 0
        self._ask, self._clock_ns = ask, clock_ns
        self._last = SourceSample(terms.name, 0, terms.weight, 0)

    @property
    def last(self) -> SourceSample:
        return self._last

    async def run(self) -> None:
        """Ask at the source's interval; after a fault wait longer each time, up to ten seconds."""
        interval_s = self.terms.interval_ms / 1000
        while True:
            await self.ask_once()
            await asyncio.sleep(interval_s if not self.faults else min(interval_s * 2**self.faults, BACKOFF_S_MAX))

    async def ask_once(self) -> None:
        """Remember the answer, or count a fault; the first fault of a row is logged."""
        try:
            async with asyncio.timeout(self._seconds_max):
                units = await self._ask()
        except Exception as error:  # noqa: BLE001 -- whatever an outside source does is its fault
            if not self.faults:
                log.warning("index source fails", source=self.terms.name, error=_told(error))
            self.faults = min(self.faults + 1, 10)
            return
        if self.faults:
            log.info("index source speaks again", source=self.terms.name)
        self.faults = 0
        self._last = SourceSample(self.terms.name, units, self.terms.weight, self._clock_ns())


def _told(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:FAULT_CHARS_MAX]


class PolledSources:
    """Several polled sources of one instrument."""

    def __init__(self, sources: Sequence[PolledSource]) -> None:
        self.sources = list(sources)

    def step(self, now_ns: int) -> list[SourceSample]:  # noqa: ARG002 -- they keep their own time
        return [source.last for source in self.sources]

    async def run(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            for source in self.sources:
                tasks.create_task(source.run())


def http_json(session: aiohttp.ClientSession, address: str, json_path: str) -> Ask:
    """Asks for the number at `json_path` of the JSON document at `address`; follows no redirect."""
    steps = parse_path(json_path)

    async def ask() -> int:
        async with session.get(address, allow_redirects=False) as answer:
            if answer.status != 200:
                raise SourceFault(f"status {answer.status}")
            body = bytearray()
            async for piece in answer.content.iter_any():
                body += piece
                if len(body) > ANSWER_BYTES_MAX:
                    raise SourceFault("the answer is too large")
        return read_price(bytes(body), steps)

    return ask


def read_price(body: bytes, steps: tuple[str, ...]) -> int:
    """The price in a JSON document. Raises SourceFault."""
    try:
        document = json.loads(body, parse_float=Decimal, parse_int=Decimal, parse_constant=_refuse_constant)
        return price_units(find(document, steps))
    except (ValueError, LookupError, RecursionError, ArithmeticError) as error:
        raise SourceFault(_told(error)) from None


def _refuse_constant(word: str) -> NoReturn:
    raise ValueError(f"{word} is not a number")


def open_session() -> aiohttp.ClientSession:
    """One for all HTTP sources: nothing is unpacked, no cookie kept, few connections."""
    return aiohttp.ClientSession(
        auto_decompress=False,
        cookie_jar=aiohttp.DummyCookieJar(),
        connector=aiohttp.TCPConnector(limit=64, limit_per_host=8),
        headers={"Accept": "application/json", "Accept-Encoding": "identity"},
        timeout=aiohttp.ClientTimeout(total=ANSWER_SECONDS_MAX),
    )


class CcxtVenues:
    """Real venues through ccxt, which is installed apart (the extra `venues`); one object per venue and options."""

    def __init__(self) -> None:
        self._open: dict[tuple[str, str], Any] = {}

    def ask(self, terms: SourceTerms) -> Ask:
        """Asks a market for its last price, or the middle of its best prices when it names none."""

        async def ask() -> int:
            ticker = await self._venue(terms).fetch_ticker(terms.market)
            last = ticker.get("last")
            if last is None and ticker.get("bid") and ticker.get("ask"):
                last = (Decimal(str(ticker["bid"])) + Decimal(str(ticker["ask"]))) / 2
            try:
                return price_units(Decimal(str(last)) if isinstance(last, float) else last)
            except ValueError as error:
                raise SourceFault(str(error)) from None

        return ask

    def _venue(self, terms: SourceTerms) -> Any:
        key = (terms.exchange, terms.options)
        venue = self._open.get(key)
        if venue is None:
            try:
                ccxt = importlib.import_module("ccxt.async_support")
            except ImportError:
                raise SourceFault("ccxt is not installed: pip install exchange[venues]") from None
            made = getattr(ccxt, terms.exchange, None)
            if made is None:
                raise SourceFault(f"ccxt knows no venue {terms.exchange!r}")
            venue = self._open[key] = made({"enableRateLimit": True, **json.loads(terms.options)})
        return venue

    async def close(self) -> None:
        for venue in self._open.values():
            await venue.close()
        self._open.clear()
