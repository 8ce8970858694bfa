"""What changes seldom and what is no trade: contract terms, and candles of mark, index and premium."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from apps.feeds.hub import FeedHub
from apps.feeds.price_streams import StoredPrice
from apps.instruments.types import RiskTierSpec
from matcher.protocol.commands import DefineInstrument, SampleFunding, SetMarkPrice, SetTradingState
from matcher.protocol.enums import TradingState
from tests.support.feeds import (
    INSTRUMENT,
    SPEC,
    START_NS,
    EngineMatcher,
    ListedRows,
    RememberingSocket,
    open_hub,
    tick,
)
from tests.support.market import opening

MINUTE_NS = 60 * 10**9
OPEN_MS = START_NS // MINUTE_NS * 60_000
TIERS = (
    RiskTierSpec(0, 0, 5 * 10**12, 4_000_000, 0, 100),
    RiskTierSpec(1, 5 * 10**12, None, 5_000_000, 5 * 10**9, 50),
)


class Scene:
    def __init__(self, hub: FeedHub, matcher: EngineMatcher, rows: ListedRows) -> None:
        self.hub, self.matcher, self.rows = hub, matcher, rows
        self.reader = RememberingSocket()

    def mark(self, mark_ticks: int, index_ticks: int) -> None:
        self.matcher.send(SetMarkPrice(instrument=INSTRUMENT, mark_ticks=mark_ticks, index_ticks=index_ticks))

    async def watch(self, name: str) -> None:
        """Subscribe and have what the rows hold."""
        assert self.hub.subscribe(name, self.reader, combined=False)
        for task in list(self.hub._loader._rules):
            await task

    def beat(self) -> list[Any]:
        tick(self.hub, 5)
        return self.reader.take()


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    matcher, rows = EngineMatcher(), ListedRows([replace(SPEC, tiers=TIERS)])
    hub = await open_hub(matcher, rows)
    yield Scene(hub, matcher, rows)
    await hub.stop()


async def test_contract_info_tells_a_new_state_once_with_the_brackets(scene: Scene) -> None:
    scene.hub.subscribe("!contractInfo", scene.reader, combined=False)
    for _ in range(2):
        scene.matcher.send(SetTradingState(instrument=INSTRUMENT, trading_state=TradingState.HALTED))
    (told,) = scene.reader.take()
    assert {name: told[name] for name in ("e", "s", "ps", "ct", "cs", "dt")} == {
        "e": "contractInfo",
        "s": "BTCUSDT",
        "ps": "BTCUSDT",
        "ct": "PERPETUAL",
        "cs": "TRADING_HALT",
        "dt": 4_133_404_800_000,
    }
    assert told["bks"] == [
        {"bs": 1, "bnf": 0, "bnc": 50_000, "mmr": 0.004, "cf": 0.0, "mi": 51, "ma": 100},
        {"bs": 2, "bnf": 50_000, "bnc": 10_000_000, "mmr": 0.005, "cf": 50.0, "mi": 1, "ma": 50},
    ]


async def test_contract_info_tells_of_edited_terms_and_new_instruments(scene: Scene) -> None:
    scene.hub.subscribe("!contractInfo", scene.reader, combined=False)
    scene.rows.specs = [replace(SPEC, tiers=TIERS[:1]), replace(SPEC, id=2, symbol="ETHUSDT")]
    scene.matcher.send(next(command for command in opening(0) if isinstance(command, DefineInstrument)))
    await scene.hub._loader._task
    told = scene.reader.take()
    assert [(one["s"], len(one["bks"])) for one in told] == [("BTCUSDT", 1), ("ETHUSDT", 0)]


@pytest.mark.parametrize(
    ("name", "event", "opened", "high", "low", "closed"),
    [
        ("markPriceKline_1m", "markPrice_kline", "5000.00000000", "5001.00000000", "4999.00000000", "4999.00000000"),
        ("indexPriceKline_1m", "indexPrice_kline", "5000.00000000", "5000.00000000", "4998.00000000", "4998.00000000"),
    ],
)
async def test_price_candles_tell_changes_and_the_closed_one_once(  # noqa: PLR0917 -- a row of the table
    scene: Scene, name: str, event: str, opened: str, high: str, low: str, closed: str
) -> None:
    await scene.watch(f"btcusdt@{name}")
    scene.mark(50_010, 50_000)
    scene.mark(49_990, 49_980)
    (told,) = scene.beat()
    candle = told["k"]
    assert (told["e"], told["s"], candle["t"], candle["x"], candle["n"]) == (event, "BTCUSDT", OPEN_MS, False, 3)
    assert (candle["o"], candle["l"], candle["c"]) == (opened, low, closed)
    assert candle["h"] >= high
    assert scene.beat() == []
    scene.matcher.now_ns += MINUTE_NS
    scene.mark(50_000, 50_000)
    last, first = scene.beat()
    assert (last["k"]["x"], last["k"]["t"], last["k"]["c"]) == (True, OPEN_MS, closed)
    assert (first["k"]["x"], first["k"]["t"], first["k"]["n"]) == (False, OPEN_MS + 60_000, 1)


async def test_what_the_rows_hold_of_the_open_candle_goes_under_it(scene: Scene) -> None:
    scene.rows.prices = [StoredPrice(OPEN_MS, 49_000, 51_000, 48_000, 50_500, 7)]
    await scene.watch("btcusdt@markPriceKline_1m")
    (told,) = scene.beat()
    assert (told["k"]["o"], told["k"]["h"], told["k"]["l"], told["k"]["c"], told["k"]["n"]) == (
        "4900.00000000",
        "5100.00000000",
        "4800.00000000",
        "5000.00000000",
        8,
    )


async def test_the_premium_is_that_of_the_samples(scene: Scene) -> None:
    """Nothing before the first sample but what the rows hold."""
    scene.rows.prices = [StoredPrice(OPEN_MS, 1_000, 5_000, 1_000, 4_000, 2)]
    await scene.watch("btcusdt@premiumIndexKline_1m")
    (told,) = scene.beat()
    assert (told["e"], told["k"]["o"], told["k"]["h"], told["k"]["c"], told["k"]["n"]) == (
        "premiumIndex_kline", "0.00000100", "0.00000500", "0.00000400", 2,
    )  # fmt: skip
    scene.mark(50_500, 50_000)
    assert scene.beat() == []
    scene.matcher.send(SampleFunding(instrument=INSTRUMENT, sample_ns=scene.matcher.now_ns // (5 * 10**9) * 5 * 10**9))
    (told,) = scene.beat()
    assert told["k"]["n"] == 3


async def test_nothing_is_told_of_a_candle_before_the_rows_have_answered(scene: Scene) -> None:
    """Not even that it closed: its high stands in the rows."""
    scene.rows.reached = False
    scene.rows.prices = [
        StoredPrice(OPEN_MS, 49_000, 51_000, 48_000, 50_500, 7),
        StoredPrice(OPEN_MS + 60_000, 50_500, 50_500, 50_500, 50_500, 0),
    ]
    scene.hub.subscribe("btcusdt@markPriceKline_1m", scene.reader, combined=False)
    scene.matcher.now_ns += MINUTE_NS
    scene.mark(50_010, 50_000)
    assert scene.beat() == []
    scene.rows.reached = True
    await asyncio.gather(*scene.hub._loader._rules)
    last, first = scene.beat()
    assert (last["k"]["x"], last["k"]["h"], last["k"]["l"], last["k"]["c"]) == (
        True, "5100.00000000", "4800.00000000", "5000.00000000",
    )  # fmt: skip
    assert (first["k"]["x"], first["k"]["o"], first["k"]["h"]) == (False, "5001.00000000", "5001.00000000")


async def test_a_candle_that_closed_before_the_first_reader_came_is_not_told(scene: Scene) -> None:
    """The mark is of the minute before; the engine's clock has gone on without a new one."""
    scene.matcher.now_ns += MINUTE_NS
    scene.matcher.send(SetTradingState(instrument=INSTRUMENT, trading_state=TradingState.HALTED))
    scene.rows.prices = [StoredPrice(OPEN_MS, 49_000, 51_000, 48_000, 50_000, 7)]
    await scene.watch("btcusdt@markPriceKline_1m")
    assert [one["k"]["x"] for one in scene.beat()] in ([], [False])
    scene.mark(50_020, 50_000)
    (told,) = scene.beat()
    assert (told["k"]["t"], told["k"]["o"], told["k"]["l"]) == (OPEN_MS + 60_000, "5002.00000000", "5002.00000000")


async def test_rows_that_are_ahead_of_the_feeds_are_taken_whole(scene: Scene) -> None:
    """What this process has not heard yet of the new minute is not mixed with the close of the old one."""
    scene.matcher.now_ns += MINUTE_NS
    scene.matcher.send(SetTradingState(instrument=INSTRUMENT, trading_state=TradingState.HALTED))
    scene.rows.prices = [StoredPrice(OPEN_MS + 60_000, 50_010, 50_030, 50_010, 50_020, 2)]
    await scene.watch("btcusdt@markPriceKline_1m")
    (told,) = scene.beat()
    assert [told["k"][name] for name in "ohlc"] == [
        "5001.00000000", "5003.00000000", "5001.00000000", "5002.00000000",
    ]  # fmt: skip


async def test_minutes_without_a_mark_are_told_flat(scene: Scene) -> None:
    await scene.watch("btcusdt@markPriceKline_1m")
    scene.beat()
    scene.matcher.now_ns += 3 * MINUTE_NS
    scene.mark(50_030, 50_000)
    told = scene.beat()
    assert [(one["k"]["t"] - OPEN_MS, one["k"]["x"]) for one in told] == [
        (0, True), (60_000, True), (120_000, True), (180_000, False),
    ]  # fmt: skip
    assert told[1]["k"]["h"] == told[1]["k"]["l"] == "5000.00000000"


async def test_a_premium_sampled_late_belongs_to_its_slot(scene: Scene) -> None:
    """The rows put it there too; the minute closes with the first sample of the next one."""
    await scene.watch("btcusdt@premiumIndexKline_1m")
    scene.mark(50_500, 50_000)
    slot_ns = OPEN_MS * 1_000_000 + 55 * 10**9
    scene.matcher.now_ns = OPEN_MS * 1_000_000 + MINUTE_NS + 10**9
    scene.matcher.send(SampleFunding(instrument=INSTRUMENT, sample_ns=slot_ns))
    (told,) = scene.beat()
    assert (told["k"]["t"], told["k"]["n"], told["k"]["x"]) == (OPEN_MS, 1, False)
    scene.matcher.send(SampleFunding(instrument=INSTRUMENT, sample_ns=slot_ns + 5 * 10**9))
    assert [(one["k"]["t"], one["k"]["x"]) for one in scene.beat()] == [(OPEN_MS, True), (OPEN_MS + 60_000, False)]


@pytest.mark.parametrize("name", ["btcusdt@markPriceKline_7m", "btcusdt@markPriceKline", "x@indexPriceKline_1m"])
async def test_price_candles_that_are_no_stream(scene: Scene, name: str) -> None:
    assert not scene.hub.subscribe(name, scene.reader, combined=False)
