"""Market streams field by field, from commands to payload, as the compatible surface writes them."""

from collections.abc import AsyncIterator

import pytest

from apps.feeds.book import Head
from apps.feeds.catalogue import open_stream
from apps.feeds.hub import FeedHub
from apps.feeds.market import Market
from matcher.protocol.commands import CancelOrder, PlaceOrder, SetMarkPrice
from matcher.protocol.enums import OrderType, Side, TimeInForce
from tests.support.feeds import (
    ALICE,
    BOB,
    INSTRUMENT,
    MARK_TICKS,
    SPEC,
    START_NS,
    EngineMatcher,
    RememberingSocket,
    open_hub,
    tick,
)

NOW_MS = START_NS // 1_000_000
DAY_NAMES = ["btcusdt@ticker", "btcusdt@miniTicker", "!ticker@arr", "!miniTicker@arr"]


class Scene:
    """A hub, an engine and one reader of some streams."""

    def __init__(self, hub: FeedHub, matcher: EngineMatcher, reader: RememberingSocket) -> None:
        self.hub, self.matcher, self.reader = hub, matcher, reader

    def read(self, *names: str, combined: bool = False) -> None:
        for name in names:
            assert self.hub.subscribe(name, self.reader, combined=combined)
        self.reader.take()


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    matcher = EngineMatcher()
    hub = await open_hub(matcher)
    yield Scene(hub, matcher, RememberingSocket())
    await hub.stop()


async def test_real_time_depth_tells_totals_and_tiles_the_sequence(scene: Scene) -> None:
    scene.read("btcusdt@depth@0ms")
    before = scene.hub.head.seq
    scene.matcher.limit(ALICE, Side.BUY, 49_990, 20)
    (first,) = scene.reader.take()
    seq = scene.matcher.engine.seq
    assert first == {
        "e": "depthUpdate",
        "E": first["E"],
        "T": NOW_MS,
        "s": "BTCUSDT",
        "U": before + 1,
        "u": seq,
        "pu": before,
        "b": [["4999.0", "0.020"]],
        "a": [],
    }
    scene.matcher.send(SetMarkPrice(instrument=INSTRUMENT, mark_ticks=MARK_TICKS, index_ticks=MARK_TICKS))
    assert scene.reader.take() == []
    scene.matcher.limit(BOB, Side.SELL, 49_990, 20)
    (second,) = scene.reader.take()
    assert (second["U"], second["pu"], second["u"]) == (seq + 1, seq, seq + 2)
    assert second["b"] == [["4999.0", "0.000"]]


@pytest.mark.parametrize(("speed", "beat"), [("@100ms", 2), ("", 5), ("@250ms", 5), ("@500ms", 10)])
async def test_slower_depth_folds_and_keeps_its_own_chain(scene: Scene, speed: str, beat: int) -> None:
    scene.read(f"btcusdt@depth{speed}")
    start = scene.hub.head.seq
    scene.matcher.limit(ALICE, Side.BUY, 49_990, 20)
    scene.matcher.limit(ALICE, Side.BUY, 49_990, 10)
    scene.matcher.limit(ALICE, Side.SELL, 50_010, 5)
    tick(scene.hub, beat * 7 + 1)
    assert scene.reader.take() == []
    tick(scene.hub, beat * 8)
    (event,) = scene.reader.take()
    assert (event["U"], event["u"], event["pu"]) == (start + 1, start + 3, start)
    assert (event["b"], event["a"]) == ([["4999.0", "0.030"]], [["5001.0", "0.005"]])
    tick(scene.hub, beat * 9)
    assert scene.reader.take() == []
    scene.matcher.limit(ALICE, Side.BUY, 49_980, 1)
    tick(scene.hub, beat * 10)
    (event,) = scene.reader.take()
    assert (event["U"], event["pu"]) == (start + 4, start + 3)


async def test_a_snapshot_taken_at_any_time_joins_the_differences(scene: Scene) -> None:
    scene.read("btcusdt@depth@100ms")
    for step in range(12):
        scene.matcher.limit(ALICE, Side.BUY, 49_900 + step, 1)
        snapshot = scene.hub.book(INSTRUMENT).depth(0)
        if step % 3 == 2:
            scene.matcher.send(SetMarkPrice(instrument=INSTRUMENT, mark_ticks=MARK_TICKS, index_ticks=MARK_TICKS))
        scene.matcher.limit(ALICE, Side.BUY, 49_800 + step, 1)
        tick(scene.hub, 2)
        (event,) = scene.reader.take()
        assert event["U"] <= snapshot.last_update_id <= event["u"]


async def test_partial_depth_is_the_top_of_the_book(scene: Scene) -> None:
    scene.read("btcusdt@depth5@0ms")
    for step in range(7):
        scene.matcher.limit(ALICE, Side.BUY, 49_990 - step, 10 + step)
    event = scene.reader.take()[-1]
    assert event["e"] == "depthUpdate"
    assert event["b"] == [[f"{(49_990 - step) / 10:.1f}", f"0.0{10 + step}"] for step in range(5)]
    assert event["a"] == []


async def test_one_taker_order_at_one_price_is_one_aggregate(scene: Scene) -> None:
    scene.matcher.limit(ALICE, Side.SELL, 50_010, 2)
    scene.matcher.limit(ALICE, Side.SELL, 50_010, 3)
    scene.matcher.limit(ALICE, Side.SELL, 50_020, 4)
    scene.read("btcusdt@aggTrade", "btcusdt@trade")
    scene.matcher.limit(BOB, Side.BUY, 50_020, 9)
    told = scene.reader.take()
    trades = [event for event in told if event["e"] == "trade"]
    folded = [event for event in told if event["e"] == "aggTrade"]
    assert [(t["t"], t["p"], t["q"]) for t in trades] == [
        (1, "5001.0", "0.002"),
        (2, "5001.0", "0.003"),
        (3, "5002.0", "0.004"),
    ]
    assert trades[0] == {
        "e": "trade",
        "E": trades[0]["E"],
        "T": NOW_MS,
        "s": "BTCUSDT",
        "t": 1,
        "p": "5001.0",
        "q": "0.002",
        "X": "MARKET",
        "m": False,
    }
    assert folded[0] == {
        "e": "aggTrade",
        "E": folded[0]["E"],
        "a": 1,
        "s": "BTCUSDT",
        "p": "5001.0",
        "q": "0.005",
        "f": 1,
        "l": 2,
        "T": NOW_MS,
        "m": False,
    }
    assert (folded[1]["a"], folded[1]["q"], folded[1]["f"], folded[1]["l"]) == (3, "0.004", 3, 3)


async def test_two_takers_of_one_batch_are_two_aggregates_and_a_seller_meets_a_buying_maker(scene: Scene) -> None:
    scene.matcher.limit(ALICE, Side.BUY, 49_990, 10)
    scene.read("btcusdt@aggTrade")
    sell = PlaceOrder(
        account=BOB,
        instrument=INSTRUMENT,
        side=Side.SELL,
        order_type=OrderType.LIMIT,
        price_ticks=49_990,
        quantity_lots=1,
    )
    scene.matcher.send(sell, sell.replace(account=3))
    first, second = scene.reader.take()
    assert (first["m"], second["m"]) == (True, True)
    assert first["a"] != second["a"]


async def test_book_ticker_speaks_only_when_the_best_changes(scene: Scene) -> None:
    scene.read("btcusdt@bookTicker", "!bookTicker")
    scene.matcher.limit(ALICE, Side.BUY, 49_990, 20)
    one, other = scene.reader.take()
    assert one == other
    assert one == {
        "e": "bookTicker",
        "u": scene.matcher.engine.seq,
        "s": "BTCUSDT",
        "b": "4999.0",
        "B": "0.020",
        "a": "0.0",
        "A": "0.000",
        "T": NOW_MS,
        "E": one["E"],
    }
    scene.matcher.limit(ALICE, Side.BUY, 49_980, 20)
    assert scene.reader.take() == []
    scene.matcher.limit(ALICE, Side.BUY, 49_990, 1)
    assert [event["B"] for event in scene.reader.take()] == ["0.021", "0.021"]


@pytest.mark.parametrize(
    ("name", "beat"), [("btcusdt@markPrice", 60), ("btcusdt@markPrice@1s", 20), ("!markPrice@arr@1s", 20)]
)
async def test_mark_price_on_its_beat(scene: Scene, name: str, beat: int) -> None:
    scene.matcher.send(
        SetMarkPrice(
            instrument=INSTRUMENT,
            mark_ticks=50_001,
            index_ticks=49_998,
            next_funding_ns=(NOW_MS + 5000) * 1_000_000,
            funding_rate_ppb=-123_456,
        )
    )
    scene.read(name)
    tick(scene.hub, beat - 1)
    assert scene.reader.take() == []
    tick(scene.hub, beat, NOW_MS + 7)
    (told,) = scene.reader.take()
    event = told[0] if name.startswith("!") else told
    assert event == {
        "e": "markPriceUpdate",
        "E": NOW_MS + 7,
        "s": "BTCUSDT",
        "p": "5000.10000000",
        "i": "4999.80000000",
        "P": "4999.80000000",
        "r": "-0.00012345",
        "T": NOW_MS + 5000,
    }


async def test_kline_tells_the_open_candle_when_it_changed_and_the_closed_one_once(scene: Scene) -> None:
    scene.matcher.limit(ALICE, Side.SELL, 50_010, 100)
    scene.read("btcusdt@kline_1m")
    tick(scene.hub, 5)
    assert scene.reader.take() == []
    scene.matcher.limit(BOB, Side.BUY, 50_010, 4)
    tick(scene.hub, 10, NOW_MS)
    (event,) = scene.reader.take()
    open_ms = NOW_MS // 60_000 * 60_000
    assert event == {
        "e": "kline",
        "E": NOW_MS,
        "s": "BTCUSDT",
        "k": {
            "t": open_ms,
            "T": open_ms + 59_999,
            "s": "BTCUSDT",
            "i": "1m",
            "f": 1,
            "L": 1,
            "o": "5001.0",
            "c": "5001.0",
            "h": "5001.0",
            "l": "5001.0",
            "v": "0.004",
            "n": 1,
            "x": False,
            "q": "20.00400000",
            "V": "0.004",
            "Q": "20.00400000",
            "B": "0",
        },
    }
    tick(scene.hub, 15)
    assert scene.reader.take() == []
    scene.matcher.now_ns += 120 * 1_000_000_000
    scene.matcher.send(SetMarkPrice(instrument=INSTRUMENT, mark_ticks=MARK_TICKS, index_ticks=MARK_TICKS))
    tick(scene.hub, 20)
    told = [(event["k"]["t"] - open_ms, event["k"]["x"], event["k"]["n"]) for event in scene.reader.take()]
    assert told == [(0, True, 1), (60_000, True, 0), (120_000, False, 0)]


async def test_kline_minutes_that_passed_unread_are_no_news_to_a_later_reader(scene: Scene) -> None:
    scene.matcher.limit(ALICE, Side.SELL, 50_010, 100)
    scene.matcher.limit(BOB, Side.BUY, 50_010, 4)
    scene.matcher.now_ns += 3 * 60_000_000_000
    scene.matcher.send(SetMarkPrice(instrument=INSTRUMENT, mark_ticks=MARK_TICKS, index_ticks=MARK_TICKS))
    scene.read("btcusdt@kline_1m")
    tick(scene.hub, 5, NOW_MS + 180_000)
    assert scene.reader.take() == []
    scene.matcher.limit(BOB, Side.BUY, 50_010, 4)
    tick(scene.hub, 10, NOW_MS + 180_250)
    (told,) = scene.reader.take()
    assert (told["k"]["x"], told["k"]["n"], told["k"]["v"]) == (False, 1, "0.004")


async def test_continuous_kline_names_pair_and_contract(scene: Scene) -> None:
    scene.matcher.limit(ALICE, Side.SELL, 50_010, 100)
    scene.read("btcusdt_perpetual@continuousKline_1h")
    scene.matcher.limit(BOB, Side.BUY, 50_010, 4)
    tick(scene.hub, 5)
    (event,) = scene.reader.take()
    assert (event["e"], event["ps"], event["ct"], event["k"]["i"]) == ("continuous_kline", "BTCUSDT", "PERPETUAL", "1h")
    assert "s" not in event["k"]


async def test_the_day_in_four_forms(scene: Scene) -> None:
    scene.matcher.limit(ALICE, Side.SELL, 50_000, 10)
    scene.matcher.limit(ALICE, Side.SELL, 50_500, 10)
    scene.matcher.limit(BOB, Side.BUY, 50_500, 15)
    scene.read(*DAY_NAMES)
    tick(scene.hub, 40, NOW_MS)
    by_name = {
        type(event).__name__ + (event[0] if isinstance(event, list) else event)["e"]: event
        for event in scene.reader.take()
    }
    full = by_name["dict24hrTicker"]
    assert by_name["list24hrTicker"] == [full]
    assert by_name["list24hrMiniTicker"] == [by_name["dict24hrMiniTicker"]]
    assert full == {
        "e": "24hrTicker",
        "E": NOW_MS,
        "s": "BTCUSDT",
        "p": "50.0",
        "P": "1.000",
        "w": "5016.66666666",
        "c": "5050.0",
        "Q": "0.005",
        "o": "5000.0",
        "h": "5050.0",
        "l": "5000.0",
        "v": "0.015",
        "q": "75.25000000",
        "O": (NOW_MS // 60_000 + 1) * 60_000 - 86_400_000,
        "C": NOW_MS,
        "F": 1,
        "L": 2,
        "n": 2,
    }
    mini = {key: full[key] for key in ("E", "s", "c", "o", "h", "l", "v", "q")} | {"e": "24hrMiniTicker"}
    assert by_name["dict24hrMiniTicker"] == mini


async def test_before_the_first_trade_the_mark_stands_for_the_last_price(scene: Scene) -> None:
    scene.read("btcusdt@ticker")
    tick(scene.hub, 40)
    (event,) = scene.reader.take()
    assert (event["c"], event["o"], event["v"], event["n"], event["w"]) == ("5000.0", "5000.0", "0.000", 0, "0.0")


async def test_open_interest_is_the_sum_of_longs(scene: Scene) -> None:
    scene.matcher.limit(ALICE, Side.SELL, 50_000, 10)
    scene.matcher.limit(BOB, Side.BUY, 50_000, 10)
    assert scene.hub.open_interest(INSTRUMENT) == 10
    scene.matcher.limit(BOB, Side.SELL, 50_000, 15)
    scene.matcher.limit(3, Side.BUY, 50_000, 15)
    assert scene.hub.open_interest(INSTRUMENT) == 15
    scene.matcher.limit(ALICE, Side.BUY, 50_000, 12, time_in_force=TimeInForce.GTC)
    scene.matcher.limit(3, Side.SELL, 50_000, 12)
    assert scene.hub.open_interest(INSTRUMENT) == 5


async def test_reading_the_hub(scene: Scene) -> None:
    scene.matcher.limit(ALICE, Side.SELL, 50_000, 10)
    order_id = scene.matcher.limit(BOB, Side.BUY, 50_000, 3)[0].order_id
    assert [trade.quantity_lots for trade in scene.hub.trades(INSTRUMENT, 5)] == [3]
    assert scene.hub.best(INSTRUMENT).ask_lots == 7
    assert scene.hub.account_seq(BOB) == scene.matcher.engine.seq
    assert scene.hub.account_seq(4) < scene.matcher.engine.seq
    assert scene.hub.candle(INSTRUMENT, "1d").trade_count == 1
    scene.matcher.send(CancelOrder(account=BOB, instrument=INSTRUMENT, order_id=order_id))
    assert scene.hub.account_seq(BOB) == scene.matcher.engine.seq


@pytest.mark.parametrize(
    "name",
    [
        "btcusdt@depth@1ms",
        "btcusdt@depth7",
        "btcusdt@kline_2m",
        "btcusdt@nothing",
        "dogeusdt@trade",
        "btcusdt",
        "btcusdt@",
        "@trade",
        "!nothing",
        "btcusdt@continuousKline_1m",
        "btcusdt_perpetual@continuousKline_9m",
        "btcusdt@depth5@",
    ],
)
def test_names_that_are_no_stream(name: str) -> None:
    market = Market(SPEC, Head())
    assert open_stream(name, {1: market}, {"btcusdt": market}) is None


@pytest.mark.parametrize(
    "name", ["btcusdt@forceOrder", "!forceOrder@arr", "btcusdt@rpiDepth@500ms", "BTCUSDT@aggTrade"]
)
def test_names_that_are_known_but_silent_or_in_other_case(name: str) -> None:
    market = Market(SPEC, Head())
    assert open_stream(name, {1: market}, {"btcusdt": market}) is not None
