"""Conditional orders in the user stream: told as such while they wait, as orders once their price was reached."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from apps.feeds.hub import FeedHub
from apps.feeds.user_stream import Reader
from apps.gateway import listen_keys
from matcher.protocol.commands import CancelOrder, PlaceOrder, SetMarkPrice
from matcher.protocol.enums import OrderFlag, OrderType, Side, TimeInForce, WorkingType
from tests.support.feeds import ALICE, BOB, INSTRUMENT, MARK_TICKS, START_NS, EngineMatcher, RememberingSocket, open_hub


class Scene:
    def __init__(self, hub: FeedHub, matcher: EngineMatcher) -> None:
        self.hub, self.matcher = hub, matcher
        self.reader = RememberingSocket()

    async def connect(self, account: int = ALICE) -> None:
        key = await listen_keys.open_key(account)
        assert await self.hub.users.open(self.reader, Reader(key, combined=False, events=None))
        self.reader.take()

    def stop(self, **changes: Any) -> int:
        """A sell stop of 10 lots at 49,900 of the mark; its number."""
        words: dict[str, Any] = {
            "account": ALICE,
            "instrument": INSTRUMENT,
            "side": Side.SELL,
            "order_type": OrderType.STOP_MARKET,
            "time_in_force": TimeInForce.GTC,
            "quantity_lots": 10,
            "trigger_ticks": 49_900,
            "working_type": WorkingType.MARK_PRICE,
            "client_order_id": b"guard",
        }
        (accepted, *_) = self.matcher.send(PlaceOrder(**words | changes))
        return int(accepted.order_id)  # type: ignore[attr-defined]

    def mark(self, ticks: int) -> None:
        self.matcher.send(SetMarkPrice(instrument=INSTRUMENT, mark_ticks=ticks, index_ticks=ticks))

    def told(self) -> list[tuple[str, str, str]]:
        """(event, its status, its execution type) of what was told."""
        return [
            (event["e"], event.get("o", {}).get("X", ""), event.get("o", {}).get("x", ""))
            for event in self.reader.take()
        ]


@pytest.fixture
async def scene(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Scene]:
    monkeypatch.delenv("REDIS_URL", raising=False)
    listen_keys.reset()
    matcher = EngineMatcher()
    hub = await open_hub(matcher)
    yield Scene(hub, matcher)
    await hub.stop()
    listen_keys.reset()


async def test_a_waiting_order_field_by_field(scene: Scene) -> None:
    await scene.connect()
    order_id = scene.stop()
    (event,) = scene.reader.take()
    assert event == {
        "e": "ALGO_UPDATE",
        "T": START_NS // 1_000_000,
        "E": event["E"],
        "o": {
            "caid": "guard",
            "aid": order_id,
            "at": "CONDITIONAL",
            "o": "STOP_MARKET",
            "s": "BTCUSDT",
            "S": "SELL",
            "ps": "BOTH",
            "f": "GTC",
            "q": "0.010",
            "X": "NEW",
            "ai": "",
            "ap": "0.0",
            "aq": "0.000",
            "act": "",
            "tp": "4990.0",
            "p": "0.0",
            "V": "EXPIRE_MAKER",
            "wt": "MARK_PRICE",
            "pm": "NONE",
            "cp": False,
            "pP": False,
            "R": False,
            "tt": 0,
            "gtd": 0,
            "rm": "",
        },
    }


async def test_a_trigger_makes_an_order_of_the_market_under_the_same_names(scene: Scene) -> None:
    await scene.connect()
    scene.matcher.limit(BOB, Side.BUY, 49_800, 10)
    order_id = scene.stop()
    scene.reader.take()
    scene.mark(49_850)
    triggered, new, _, fill, finished, account = scene.reader.take()
    assert (triggered["o"]["X"], triggered["o"]["ai"], triggered["o"]["act"]) == ("TRIGGERED", str(order_id), "MARKET")
    assert triggered["o"]["tt"] == triggered["T"]
    assert (new["o"]["x"], new["o"]["X"], new["o"]["o"], new["o"]["ot"]) == ("NEW", "NEW", "MARKET", "STOP_MARKET")
    assert (new["o"]["c"], new["o"]["i"], new["o"]["sp"]) == ("guard", order_id, "4990.0")
    assert (fill["o"]["x"], fill["o"]["X"], fill["o"]["l"]) == ("TRADE", "FILLED", "0.010")
    assert (finished["o"]["X"], finished["o"]["aq"], finished["o"]["ap"]) == ("FINISHED", "0.010", "4980.0")
    assert (account["a"]["m"], account["a"]["P"][0]["pa"]) == ("ORDER", "-0.010")


async def test_a_canceled_one_was_never_an_order(scene: Scene) -> None:
    await scene.connect()
    order_id = scene.stop()
    scene.matcher.send(CancelOrder(account=ALICE, instrument=INSTRUMENT, order_id=order_id))
    assert scene.told() == [("ALGO_UPDATE", "NEW", ""), ("ALGO_UPDATE", "CANCELED", "")]


async def test_a_market_that_refuses_it_rejects_it(scene: Scene) -> None:
    """Nobody bids: the stop fires, finds no liquidity and leaves no trace among the orders."""
    await scene.connect()
    scene.stop()
    scene.reader.take()
    scene.mark(49_850)
    triggering, rejected = scene.reader.take()
    assert (triggering["o"]["X"], rejected["o"]["X"], rejected["o"]["rm"]) == ("TRIGGERING", "REJECTED", "NO_LIQUIDITY")


async def test_one_that_rests_is_finished_when_the_order_ends(scene: Scene) -> None:
    await scene.connect()
    order_id = scene.stop(order_type=OrderType.STOP, price_ticks=49_950)
    scene.mark(49_850)
    assert scene.told() == [
        ("ALGO_UPDATE", "NEW", ""),
        ("ALGO_UPDATE", "TRIGGERED", ""),
        ("ORDER_TRADE_UPDATE", "NEW", "NEW"),
    ]
    scene.matcher.send(CancelOrder(account=ALICE, instrument=INSTRUMENT, order_id=order_id))
    assert scene.told() == [("ALGO_UPDATE", "FINISHED", ""), ("ORDER_TRADE_UPDATE", "CANCELED", "CANCELED")]


async def test_who_connects_while_it_waits_hears_the_rest(scene: Scene) -> None:
    """The picture loaded from the engine knows that it waits, and what it waits for."""
    scene.stop()
    scene.matcher.limit(ALICE, Side.SELL, 50_500, 3)
    await scene.connect()
    scene.matcher.limit(ALICE, Side.SELL, 50_600, 1)
    (new,) = scene.reader.take()
    assert new["o"]["a"] == f"{(50_500 * 3 + 50_600) * 10_000 / 1e8:.8f}", "what waits is not in the book"
    scene.matcher.limit(BOB, Side.BUY, 49_800, 10)
    scene.mark(49_850)
    assert scene.told()[0] == ("ALGO_UPDATE", "TRIGGERED", "")


async def test_a_trailing_order_shows_callback_and_activation(scene: Scene) -> None:
    await scene.connect()
    scene.stop(order_type=OrderType.TRAILING_STOP_MARKET, trigger_ticks=51_000, callback_ppm=12_500)
    (event,) = scene.reader.take()
    assert (event["o"]["cr"], event["o"]["AP"], event["o"]["tp"]) == ("1.25", "5100.0", "0.0")


async def test_good_till_and_expiry(scene: Scene) -> None:
    await scene.connect()
    until = START_NS + 10**9
    scene.matcher.limit(ALICE, Side.BUY, 49_000, 1, time_in_force=TimeInForce.GTD, good_till_ns=until)
    (new,) = scene.reader.take()
    assert (new["o"]["f"], new["o"]["gtd"]) == ("GTD", until // 1_000_000)
    scene.matcher.now_ns = until
    scene.mark(MARK_TICKS)
    assert scene.told() == [("ORDER_TRADE_UPDATE", "EXPIRED", "EXPIRED")]


async def test_attached_orders_are_born_waiting(scene: Scene) -> None:
    await scene.connect()
    scene.matcher.limit(BOB, Side.SELL, 50_010, 5)
    scene.matcher.limit(ALICE, Side.BUY, 50_010, 5, take_profit_ticks=51_000, stop_loss_ticks=49_000)
    told = scene.reader.take()
    children = [event["o"] for event in told if event["e"] == "ALGO_UPDATE"]
    assert [(child["o"], child["S"], child["tp"], child["R"]) for child in children] == [
        ("TAKE_PROFIT_MARKET", "SELL", "5100.0", True),
        ("STOP_MARKET", "SELL", "4900.0", True),
    ]
    assert told[0]["o"]["x"] == "NEW"
    scene.stop(side=Side.SELL, quantity_lots=0, flags=OrderFlag.CLOSE_POSITION, client_order_id=b"all")
    (closing,) = scene.reader.take()
    assert closing["o"]["cp"] is True
