"""The price worker's command: the last settled rate and the next moment are the engine's, the mark is worked by hand."""

from __future__ import annotations

from apps.marketdata.index import SourceSample, SourceState
from apps.marketdata.prices import PricedInstrument
from matcher.protocol.commands import SetMarkPrice
from matcher.protocol.units import HOUR_NS
from matcher.protocol.views import InstrumentView
from tests.support.feeds import SPEC

INDEX_UNITS = 50_000 * 10**8  # 500,000 ticks of 0.1


class Sources:
    """Two venues that agree, and one that never spoke."""

    def __init__(self, price_units: int = INDEX_UNITS) -> None:
        self.price_units = price_units

    def step(self, now_ns: int) -> list[SourceSample]:
        told = [SourceSample(name, self.price_units, 1, now_ns) for name in ("one", "two")]
        return [*told, SourceSample("mute", 0, 1, 0)]

    async def run(self) -> None:
        """They need no feeding."""


def command_at(now_ns: int, **view: int) -> SetMarkPrice:
    priced = PricedInstrument(SPEC, Sources())
    index = priced.read(now_ns).price_units
    assert index == INDEX_UNITS
    return priced.command(index, InstrumentView(instrument=SPEC.id, **view), now_ns)


def test_before_the_first_settlement_the_next_whole_interval_is_told() -> None:
    told = command_at(9 * HOUR_NS)
    assert (told.next_funding_ns, told.funding_rate_ppb) == (16 * HOUR_NS, 0)
    assert (told.mark_ticks, told.index_ticks) == (500_000, 500_000)


def test_the_engine_s_rate_leads_the_mark_and_stays_as_it_is() -> None:
    """P1 = 50,000 x (1 + 0.8 % x 4 h / 8 h) = 50,200."""
    told = command_at(12 * HOUR_NS, next_funding_ns=16 * HOUR_NS, funding_rate_ppb=8_000_000)
    assert (told.next_funding_ns, told.funding_rate_ppb) == (16 * HOUR_NS, 8_000_000)
    assert told.mark_ticks == 502_000


def test_a_moment_that_passed_unsettled_is_followed_by_the_next_one() -> None:
    assert command_at(17 * HOUR_NS, next_funding_ns=16 * HOUR_NS).next_funding_ns == 24 * HOUR_NS


def test_everything_an_index_was_made_of_is_told_for_keeping() -> None:
    priced = PricedInstrument(SPEC, Sources(), minimum_sources=3)
    index = priced.read(5 * HOUR_NS)
    kept, parts = priced.reading(index, 5 * HOUR_NS)
    assert index.price_units is None, "three must live"
    assert (kept.index_units, kept.live_sources, kept.minimum_sources) == (0, 2, 3)
    assert [(part.source, part.price_units, part.used_units, SourceState(part.state)) for part in parts] == [
        ("one", INDEX_UNITS, INDEX_UNITS, SourceState.LIVE),
        ("two", INDEX_UNITS, INDEX_UNITS, SourceState.LIVE),
        ("mute", 0, 0, SourceState.SILENT),
    ]


def test_an_index_beyond_the_instrument_s_highest_price_is_held_there() -> None:
    priced = PricedInstrument(SPEC, Sources(10**17))
    told = priced.command(10**17, InstrumentView(instrument=SPEC.id), HOUR_NS)
    assert (told.mark_ticks, told.index_ticks) == (SPEC.max_price_ticks, SPEC.max_price_ticks)


def test_a_basis_is_forgotten_when_the_book_shows_none_for_half_a_minute() -> None:
    """Mid 50,100, so a basis of 100: with last beside it the median is P2. Then a side is missing."""
    priced = PricedInstrument(SPEC, Sources())
    told = InstrumentView(instrument=SPEC.id, best_bid_ticks=500_990, best_ask_ticks=501_010, last_price_ticks=600_000)
    empty = told.replace(best_ask_ticks=0)
    second = 10**9
    assert priced.command(INDEX_UNITS, told, HOUR_NS).mark_ticks == 501_000
    assert priced.command(INDEX_UNITS, empty, HOUR_NS + 29 * second).mark_ticks == 501_000
    assert priced.command(INDEX_UNITS, empty, HOUR_NS + 30 * second).mark_ticks == 500_000
    crossed = told.replace(best_bid_ticks=502_000)
    assert priced.command(INDEX_UNITS, crossed, HOUR_NS + 31 * second).mark_ticks == 500_000


def test_thirty_samples_make_the_basis() -> None:
    priced = PricedInstrument(SPEC, Sources())
    for at in range(100):
        mid = 500_000 + (10 if at < 70 else 40)
        view = InstrumentView(instrument=SPEC.id, best_bid_ticks=mid - 1, best_ask_ticks=mid + 1)
        told = priced.command(INDEX_UNITS, view, HOUR_NS + at * 10**9)
    assert len(priced.basis) == 30
    assert told.mark_ticks == 500_040
