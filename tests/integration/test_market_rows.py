"""Rows of the market's data: candles rebuilt from trades, premiums, open interest counted once, readings kept and forgotten."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from apps.common.intervals import INTERVALS, next_open, open_of
from apps.funding.models import FundingSample
from apps.instruments.types import InstrumentSpec
from apps.marketdata import index_store, interest, rebuilding
from apps.marketdata.index import SourceState
from apps.marketdata.index_models import IndexReading, IndexSettings, IndexSource, SourceReading
from apps.marketdata.index_selectors import (
    get_index_parts,
    get_index_readings,
    get_minimum_sources,
    get_source_readings,
)
from apps.marketdata.interest import get_interest, sample_interest
from apps.marketdata.management.commands import rebuild_candles
from apps.marketdata.models import Candle, HourCandle, InterestSample
from apps.marketdata.selectors import get_premium_candles
from apps.marketdata.types import IndexRow, SourceRow
from apps.orders.models import Fill, Trade
from apps.orders.selectors import get_trade_seqs
from apps.positions.models import Position
from tests.reference.engine import ReferenceEngine
from tests.support.feeds import SPEC
from tests.support.journals import JournalWriter
from tests.support.projection import follow, journal, journal_url, told
from tests.support.stormy_story import StormyStory

__all__ = ["journal", "journal_url"]

pytestmark = pytest.mark.django_db
MS, SECOND_NS, STEP_NS = 1_000_000, 10**9, 300 * 10**9


@pytest.fixture
def specs(monkeypatch: pytest.MonkeyPatch) -> list[InstrumentSpec]:
    """The story's instruments, which no row of the admin names."""
    found = [SPEC]
    for module in (interest, index_store):
        monkeypatch.setattr(module, "get_instruments", lambda: found)
    return found


@pytest.fixture
def rows(journal: JournalWriter, journal_url: str) -> None:
    story = told(seed=5, batches=80)
    journal.append(story.batches)
    follow(journal_url, events_a_batch=50)


@pytest.mark.usefixtures("rows")
def test_candles_are_what_their_trades_make() -> None:
    assert Candle.objects.count() > 2
    assert [list(rebuilding.differences(instrument)) for instrument in (1, 2)] == [[], []]
    kept = {model: list(model.objects.order_by("candle_id").values()) for model in (Candle, HourCandle)}
    first, last = Candle.objects.earliest("candle_id"), Candle.objects.latest("candle_id")
    Candle.objects.filter(pk=first.pk).update(high_ticks=first.high_ticks + 1)
    Candle.objects.filter(pk=last.pk).delete()
    HourCandle.objects.create(**(HourCandle.objects.values().earliest("candle_id") | {"candle_id": (1 << 32) + 5}))
    found = [difference for instrument in (1, 2) for difference in rebuilding.differences(instrument)]
    assert {difference.candle_id for difference in found} == {first.pk, last.pk, (1 << 32) + 5}
    assert sum(rebuilding.rebuild(instrument) for instrument in (1, 2)) == 3
    assert kept == {model: list(model.objects.order_by("candle_id").values()) for model in (Candle, HourCandle)}


@pytest.mark.usefixtures("rows")
def test_the_command_compares_and_fails_loudly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rebuild_candles, "get_instruments", lambda: [SPEC])
    out = StringIO()
    call_command("rebuild_candles", check=True, stdout=out)
    assert "0 candles differ" in out.getvalue()
    Candle.objects.filter(instrument_id=SPEC.id).update(close_ticks=1)
    with pytest.raises(CommandError, match="are not what their trades make"):
        call_command("rebuild_candles", check=True, stdout=out, stderr=out)
    call_command("rebuild_candles", symbol=SPEC.symbol, stdout=out)
    call_command("rebuild_candles", check=True, stdout=out)
    with pytest.raises(CommandError, match="no instrument"):
        call_command("rebuild_candles", symbol="NONE")


@pytest.mark.usefixtures("rows")
def test_a_trade_s_command_is_its_taker_s() -> None:
    numbers = list(Trade.objects.values_list("trade_id", flat=True)[:5])
    expected = {fill.trade_id: fill.seq for fill in Fill.objects.filter(trade_id__in=numbers, is_maker=False)}
    assert get_trade_seqs(numbers) == expected


def test_premium_candles_hold_every_sample(journal: JournalWriter, journal_url: str) -> None:
    story = StormyStory(ReferenceEngine(), seed=3)
    story.open()
    story.go_on(120)
    journal.append(story.batches)
    follow(journal_url)
    samples = list(FundingSample.objects.filter(instrument_id=1).order_by("sample_ns"))
    assert samples
    for interval in ("1m", "1h", "1d", "1M"):
        span = INTERVALS[interval]
        expected: dict[int, list[int]] = {}
        for sample in samples:
            expected.setdefault(open_of(span, sample.sample_ns // MS), []).append(sample.premium_ppb)
        rows = get_premium_candles(1, span, limit=100_000, now_ms=samples[-1].sample_ns // MS)
        made = {row.open_ms: row for row in rows if row.sample_count}
        assert made.keys() == expected.keys()
        for opens, premiums in expected.items():
            row = made[opens]
            assert row.close_ms == next_open(span, opens) - 1
            assert (row.open_ppb, row.high_ppb, row.low_ppb) == (premiums[0], max(premiums), min(premiums))
            assert (row.close_ppb, row.sample_count) == (premiums[-1], len(premiums))


def position(account: int, lots: int) -> Position:
    return Position.objects.create(
        position_id=(account * 1024 + SPEC.id) * 4,
        account_id=account,
        instrument_id=SPEC.id,
        position_side=0,
        position_lots=lots,
        cost_units=0,
        realized_pnl_units=0,
        leverage=1,
        updated_ns=0,
    )


@pytest.mark.usefixtures("specs")
def test_open_interest_is_counted_once_a_step() -> None:
    for account, lots in enumerate((50, 30, 20, 5, -70, -20, -10, -5, 0), start=1):
        position(account, lots)
    now_ns = 1_000 * STEP_NS + 12 * SECOND_NS
    assert sample_interest(now_ns=now_ns) == 1
    Position.objects.filter(account_id=1).update(position_lots=500)
    assert sample_interest(now_ns=now_ns + SECOND_NS) == 0, "a step is counted once"
    sample = InterestSample.objects.get()
    assert (sample.time_ns, sample.open_interest_lots) == (1_000 * STEP_NS, 105)
    assert (sample.long_accounts, sample.short_accounts) == (4, 4)
    assert (sample.top_long_accounts, sample.top_short_accounts) == (1, 1), "two of eight: the largest of each side"
    assert (sample.top_long_lots, sample.top_short_lots) == (50, 70)
    for step in range(1_001, 1_030):
        assert sample_interest(now_ns=step * STEP_NS) == 1
    hour_ms = INTERVALS["1h"]
    found = get_interest(SPEC.id, hour_ms)
    assert [row.time_ns // STEP_NS for row in found] == [1_008, 1_020]
    assert [row.time_ns // STEP_NS for row in get_interest(SPEC.id, INTERVALS["5m"], limit=3)] == [1027, 1028, 1029]
    start_ms = 1_003 * STEP_NS // MS + 1
    assert [row.time_ns // STEP_NS for row in get_interest(SPEC.id, INTERVALS["5m"], start_ms=start_ms, limit=2)] == [
        1_004,
        1_005,
    ]
    assert get_interest(SPEC.id + 1, hour_ms) == []


def reading(second: int, price: int = 500) -> tuple[IndexRow, list[SourceRow]]:
    time_ns = second * SECOND_NS
    parts = [
        SourceRow(SPEC.id, time_ns, name, price, price if live else 0, 1, time_ns, int(state))
        for name, live, state in (("a", True, SourceState.LIVE), ("b", False, SourceState.STALE))
    ]
    return IndexRow(SPEC.id, time_ns, price, 1, 1), parts


@pytest.mark.usefixtures("specs")
def test_readings_are_kept_served_and_forgotten(settings: Any) -> None:
    index_store.store_readings([reading(second) for second in range(100, 110)])
    index_store.store_readings([reading(105, price=999)])
    assert [row.time_ns // SECOND_NS for row in get_index_readings(SPEC.id, limit=3)] == [107, 108, 109]
    assert [row.time_ns // SECOND_NS for row in get_index_readings(SPEC.id, start_ms=103_000, limit=2)] == [103, 104]
    assert get_index_readings(SPEC.id, start_ms=105_000, end_ms=105_999)[0].index_units == 500, "the first is kept"
    assert [(row.source, row.used_units) for row in get_source_readings(SPEC.id, start_ms=109_000)] == [
        ("a", 500),
        ("b", 0),
    ]
    assert [part.source for part in get_index_parts(SPEC.id)] == ["a", "b"]
    assert get_index_parts(SPEC.id + 1) == []
    settings.INDEX_READING_DAYS = 0
    assert index_store.forget_readings(now_ns=10**18) == 0
    settings.INDEX_READING_DAYS = 1
    assert index_store.forget_readings(now_ns=(86_400 + 105) * SECOND_NS) == 15
    assert (IndexReading.objects.count(), SourceReading.objects.count()) == (5, 10)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"address": "ftp://somewhere/"}, "address"),
        ({"address": "https://name:word@somewhere/"}, "address"),
        ({"json_path": "a..b"}, "json_path"),
        ({"kind": "ccxt", "exchange": "no venue"}, "exchange"),
        ({"kind": "ccxt", "exchange": "kraken", "market": ""}, "market"),
        ({"name": "Big Name"}, "name"),
        ({"weight": 0}, "weight"),
        ({"interval_ms": 10}, "interval_ms"),
        ({"kind": "guess"}, "kind"),
    ],
)
def test_a_source_that_could_not_be_asked_is_not_taken(changes: dict[str, Any], field: str) -> None:
    terms = {"name": "north", "kind": "http_json", "address": "https://somewhere/price", "json_path": "data.0.last"}
    source = IndexSource(**(terms | changes))
    with pytest.raises(ValidationError) as refused:
        source.full_clean(exclude=["instrument"])
    assert field in refused.value.message_dict


def test_without_settings_two_sources_must_live() -> None:
    assert get_minimum_sources(77) == 2
    assert IndexSettings._meta.get_field("minimum_sources").default == 2
