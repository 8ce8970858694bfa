"""What an account hears of itself, field by field, in order, from the moment it is connected."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest

from apps.feeds import hub as hubs
from apps.feeds.hub import FeedHub
from apps.feeds.user_stream import Reader, event_filter
from apps.gateway import listen_keys
from apps.gateway.identity import Identities
from apps.gateway.service import expire_stream
from matcher.protocol.commands import AmendOrder, CancelOrder, Deposit, PlaceOrder, SetLeverage, SetMarkPrice, Withdraw
from matcher.protocol.enums import OrderFlag, OrderType, SelfTradePrevention, Side, TimeInForce
from matcher.protocol.views import Query
from tests.support.feeds import (
    ALICE,
    BOB,
    INSTRUMENT,
    MARK_TICKS,
    START_NS,
    EngineMatcher,
    RememberingSocket,
    open_hub,
)
from tests.support.market import FUNDS_UNITS, USDT

NOW_MS = START_NS // 1_000_000


class Scene:
    def __init__(self, hub: FeedHub, matcher: EngineMatcher) -> None:
        self.hub, self.matcher = hub, matcher
        self.reader = RememberingSocket()

    async def connect(
        self, account: int = ALICE, *, combined: bool = False, events: frozenset[str] | None = None
    ) -> None:
        self.key = await listen_keys.open_key(account)
        assert await self.hub.users.open(self.reader, Reader(self.key, combined, events))
        self.reader.take()

    def orders(self) -> list[Any]:
        return [event["o"] for event in self.reader.take() if event["e"] == "ORDER_TRADE_UPDATE"]


@pytest.fixture
async def scene(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Scene]:
    monkeypatch.delenv("REDIS_URL", raising=False)
    listen_keys.reset()
    matcher = EngineMatcher()
    hub = await open_hub(matcher)
    yield Scene(hub, matcher)
    await hub.stop()
    listen_keys.reset()


async def test_a_new_order_field_by_field(scene: Scene) -> None:
    await scene.connect()
    order_id = scene.matcher.limit(ALICE, Side.BUY, 49_000, 10, client_order_id=b"demo-2")[0].order_id
    (event,) = scene.reader.take()
    assert event == {
        "e": "ORDER_TRADE_UPDATE",
        "E": event["E"],
        "T": NOW_MS,
        "o": {
            "s": "BTCUSDT",
            "c": "demo-2",
            "S": "BUY",
            "o": "LIMIT",
            "f": "GTC",
            "q": "0.010",
            "p": "4900.0",
            "ap": "0.0",
            "sp": "0",
            "x": "NEW",
            "X": "NEW",
            "i": order_id,
            "l": "0.000",
            "z": "0.000",
            "L": "0.0",
            "T": NOW_MS,
            "t": 0,
            "b": "49.00000000",
            "a": "0.00000000",
            "m": False,
            "R": False,
            "wt": "CONTRACT_PRICE",
            "ot": "LIMIT",
            "ps": "BOTH",
            "cp": False,
            "rp": "0.00000000",
            "pP": False,
            "si": 0,
            "ss": 0,
            "V": "EXPIRE_MAKER",
            "pm": "NONE",
            "gtd": 0,
            "er": "0",
        },
    }
    assert event["E"] >= event["T"]


async def test_a_market_fill_is_one_trade_each_and_one_account_update(scene: Scene) -> None:
    scene.matcher.limit(BOB, Side.SELL, 50_010, 4)
    scene.matcher.limit(BOB, Side.SELL, 50_020, 6)
    await scene.connect()
    scene.matcher.send(
        PlaceOrder(
            account=ALICE,
            instrument=INSTRUMENT,
            side=Side.BUY,
            order_type=OrderType.MARKET,
            quantity_lots=10,
            client_order_id=b"m-1",
        )
    )
    accepted, _, first, _, second, account = scene.reader.take()
    assert (accepted["o"]["x"], accepted["o"]["o"], accepted["o"]["p"]) == ("NEW", "MARKET", "0.0")
    assert {event["o"]["f"] for event in (accepted, first, second)} == {"GTC"}, "as the order object says it"
    one, two = first["o"], second["o"]
    assert (one["x"], one["X"], one["l"], one["z"], one["L"], one["t"]) == (
        "TRADE",
        "PARTIALLY_FILLED",
        "0.004",
        "0.004",
        "5001.0",
        1,
    )
    assert (two["X"], two["z"], two["ap"], two["c"], two["m"]) == ("FILLED", "0.010", "5001.6", "m-1", False)
    fee = 50_010 * 4 * 10_000 * 500_000 // 10**9
    assert (one["N"], one["n"]) == ("USDT", f"{fee / 1e8:.8f}")
    wallet = FUNDS_UNITS - fee - 50_020 * 6 * 10_000 * 500_000 // 10**9
    whole, part = divmod(wallet, 10**8)
    text = f"{whole}.{part:08d}"
    assert account == {
        "e": "ACCOUNT_UPDATE",
        "E": account["E"],
        "T": NOW_MS,
        "a": {
            "m": "ORDER",
            "B": [{"a": "USDT", "wb": text, "cw": text, "bc": "0.00000000"}],
            "P": [
                {
                    "s": "BTCUSDT",
                    "pa": "0.010",
                    "ep": "5001.6",
                    "bep": "5001.6",
                    "cr": "0.00000000",
                    "up": "-0.01600000",
                    "mt": "cross",
                    "iw": "0",
                    "ps": "BOTH",
                }
            ],
        },
    }


async def test_what_one_command_did_to_the_account_comes_in_one_piece(scene: Scene) -> None:
    """A client that looks at the order when it hears of it sees it filled, not on its way."""
    scene.matcher.limit(BOB, Side.SELL, 50_000, 10)
    await scene.connect()
    scene.reader.pieces.clear()
    scene.matcher.limit(ALICE, Side.BUY, 50_000, 4)
    names = [event["e"] for event in scene.reader.take()]
    assert names == ["ORDER_TRADE_UPDATE", "TRADE_LITE", "ORDER_TRADE_UPDATE", "ACCOUNT_UPDATE"]
    assert scene.reader.pieces == [4]


async def test_a_fill_is_told_in_little_before_it_is_told_whole(scene: Scene) -> None:
    scene.matcher.limit(BOB, Side.SELL, 50_010, 4)
    await scene.connect()
    scene.matcher.limit(ALICE, Side.BUY, 50_020, 10, client_order_id=b"m-1")
    _, lite, first, _ = scene.reader.take()
    assert lite == {
        "e": "TRADE_LITE",
        "E": lite["E"],
        "T": NOW_MS,
        "s": "BTCUSDT",
        "q": "0.010",
        "p": "5002.0",
        "m": False,
        "c": "m-1",
        "S": "BUY",
        "L": "5001.0",
        "l": "0.004",
        "t": 1,
        "i": first["o"]["i"],
    }
    assert first["e"] == "ORDER_TRADE_UPDATE"


async def test_the_maker_hears_his_half_and_a_closed_position_has_a_row_of_zero(scene: Scene) -> None:
    scene.matcher.limit(BOB, Side.BUY, 50_000, 5)
    scene.matcher.limit(ALICE, Side.SELL, 50_000, 5)
    scene.matcher.limit(ALICE, Side.BUY, 49_000, 8, client_order_id=b"rest")
    await scene.connect()
    scene.matcher.limit(BOB, Side.SELL, 49_000, 5)
    lite, fill, account = scene.reader.take()
    assert (lite["e"], lite["m"], lite["q"]) == ("TRADE_LITE", True, "0.008")
    order = fill["o"]
    assert (order["m"], order["c"], order["X"], order["S"], order["b"]) == (
        True,
        "rest",
        "PARTIALLY_FILLED",
        "BUY",
        "14.70000000",
    )
    assert order["rp"] == "0.50000000"
    (row,) = account["a"]["P"]
    assert (row["pa"], row["ep"], row["up"], row["cr"]) == ("0.000", "0.0", "0.00000000", "0.50000000")


async def test_amendment_and_cancel(scene: Scene) -> None:
    order_id = scene.matcher.limit(ALICE, Side.BUY, 49_000, 8)[0].order_id
    await scene.connect()
    scene.matcher.send(
        AmendOrder(account=ALICE, instrument=INSTRUMENT, order_id=order_id, price_ticks=48_000, quantity_lots=9)
    )
    (amended,) = scene.orders()
    assert (amended["x"], amended["X"], amended["p"], amended["q"]) == ("AMENDMENT", "NEW", "4800.0", "0.009")
    scene.matcher.send(CancelOrder(account=ALICE, instrument=INSTRUMENT, order_id=order_id))
    (canceled,) = scene.orders()
    assert (canceled["x"], canceled["X"], canceled["er"], canceled["b"]) == ("CANCELED", "CANCELED", "0", "0.00000000")


@pytest.mark.parametrize(("order_type", "reason"), [(OrderType.LIMIT, "2"), (OrderType.MARKET, "9")])
async def test_what_an_ioc_leaves_expires(scene: Scene, order_type: OrderType, reason: str) -> None:
    scene.matcher.limit(BOB, Side.SELL, 50_000, 1)
    await scene.connect()
    scene.matcher.send(
        PlaceOrder(
            account=ALICE,
            instrument=INSTRUMENT,
            side=Side.BUY,
            order_type=order_type,
            time_in_force=TimeInForce.IOC,
            price_ticks=50_000 if order_type == OrderType.LIMIT else 0,
            quantity_lots=3,
        )
    )
    told = scene.orders()
    assert [(o["x"], o["X"]) for o in told] == [("NEW", "NEW"), ("TRADE", "PARTIALLY_FILLED"), ("EXPIRED", "EXPIRED")]
    assert (told[2]["er"], told[2]["z"]) == (reason, "0.001")


async def test_self_trade_prevention_is_named(scene: Scene) -> None:
    scene.matcher.limit(ALICE, Side.SELL, 50_000, 1)
    await scene.connect()
    scene.matcher.limit(
        ALICE, Side.BUY, 50_000, 1, self_trade_prevention=SelfTradePrevention.EXPIRE_MAKER, client_order_id=b"t"
    )
    told = {(o["c"], o["x"]): o for o in scene.orders()}
    maker = told["", "TRADE_PREVENTION"]
    assert (maker["X"], maker["er"], maker["S"]) == ("EXPIRED_IN_MATCH", "1", "SELL")
    assert ("t", "NEW") in told


async def test_a_reduce_only_order_cut_by_the_rule(scene: Scene) -> None:
    scene.matcher.limit(BOB, Side.SELL, 50_000, 5)
    scene.matcher.limit(ALICE, Side.BUY, 50_000, 5)
    scene.matcher.limit(ALICE, Side.SELL, 51_000, 5, flags=OrderFlag.REDUCE_ONLY, client_order_id=b"ro")
    scene.matcher.limit(BOB, Side.BUY, 49_990, 3)
    await scene.connect()
    scene.matcher.limit(ALICE, Side.SELL, 49_990, 3)
    cut = next(o for o in scene.orders() if o["c"] == "ro")
    assert (cut["x"], cut["q"], cut["R"], cut["er"]) == ("AMENDMENT", "0.002", True, "4")


async def test_deposit_and_withdrawal_change_the_balance_alone(scene: Scene) -> None:
    await scene.connect()
    scene.matcher.send(Deposit(account=ALICE, asset=USDT, amount_units=10**8, reference=b"d-9"))
    scene.matcher.send(Withdraw(account=ALICE, asset=USDT, amount_units=3 * 10**8, reference=b"w-9"))
    paid, taken = (event["a"] for event in scene.reader.take())
    assert (paid["m"], paid["B"][0]["bc"], paid["P"]) == ("DEPOSIT", "1.00000000", [])
    assert (taken["m"], taken["B"][0]["bc"]) == ("WITHDRAW", "-3.00000000")
    assert taken["B"][0]["wb"] == "9999998.00000000"


async def test_leverage_is_told_when_it_changes(scene: Scene) -> None:
    await scene.connect()
    scene.matcher.send(SetLeverage(account=ALICE, instrument=INSTRUMENT, leverage=20))
    scene.matcher.send(SetLeverage(account=ALICE, instrument=INSTRUMENT, leverage=20))
    (event,) = scene.reader.take()
    assert event == {
        "e": "ACCOUNT_CONFIG_UPDATE",
        "E": event["E"],
        "T": NOW_MS,
        "ac": {"s": "BTCUSDT", "l": 20},
    }


async def test_others_hear_nothing_and_refusals_are_no_events(scene: Scene) -> None:
    await scene.connect()
    scene.matcher.limit(BOB, Side.BUY, 49_000, 1)
    scene.matcher.limit(ALICE, Side.BUY, 49_000, 0)
    scene.matcher.send(SetMarkPrice(instrument=INSTRUMENT, mark_ticks=MARK_TICKS, index_ticks=MARK_TICKS))
    assert scene.reader.take() == []


async def test_the_combined_form_wraps_with_the_listen_key(scene: Scene) -> None:
    await scene.connect(combined=True)
    scene.matcher.limit(ALICE, Side.BUY, 49_000, 1)
    (message,) = scene.reader.take()
    assert message["stream"] == scene.key
    assert message["data"]["e"] == "ORDER_TRADE_UPDATE"


async def test_the_filter_lets_through_what_was_asked_for(scene: Scene) -> None:
    await scene.connect(events=event_filter("ACCOUNT_UPDATE/ALGO_ORDER_UPDATE"))
    scene.matcher.limit(BOB, Side.SELL, 50_000, 1)
    scene.matcher.limit(ALICE, Side.BUY, 50_000, 1)
    assert [event["e"] for event in scene.reader.take()] == ["ACCOUNT_UPDATE"]


def test_event_filters() -> None:
    assert event_filter(None) is None
    assert event_filter("") is None
    assert event_filter("ALGO_ORDER_UPDATE/ORDER_TRADE_UPDATE") == {"ALGO_UPDATE", "ORDER_TRADE_UPDATE"}


async def test_times_never_go_back_and_events_of_a_batch_keep_their_order(scene: Scene) -> None:
    await scene.connect()
    for step in range(20):
        scene.matcher.now_ns += 700_000
        scene.matcher.limit(BOB, Side.SELL, 50_000, 1)
        scene.matcher.limit(ALICE, Side.BUY, 50_000, 1 + step % 2)
    told = scene.reader.take()
    assert [event["E"] for event in told] == sorted(event["E"] for event in told)
    assert [event["T"] for event in told] == sorted(event["T"] for event in told)


async def test_what_happens_while_the_account_is_read_is_told_once(scene: Scene) -> None:
    """Events arrive between the engine's answer and the end of loading; the answer's own are not repeated."""
    matcher, seen = scene.matcher, []
    answer = matcher.answer

    def busy_answer(query: Query) -> Any:
        turn = len(seen)
        matcher.limit(ALICE, Side.BUY, 48_000 - turn, 3, client_order_id=b"before-%d" % turn)
        matcher.limit(BOB, Side.SELL, 47_900, 1)
        matcher.limit(ALICE, Side.SELL, 52_000 - turn, 2, client_order_id=b"ask-%d" % turn)
        matcher.limit(BOB, Side.BUY, 52_000 - turn, 1)
        result = answer(query)
        matcher.limit(ALICE, Side.BUY, 47_000 - turn, 1, client_order_id=b"after-%d" % turn)
        matcher.limit(BOB, Side.SELL, 47_900, 1)
        seen.append(query.kind)
        return result

    matcher.answer = busy_answer  # type: ignore[method-assign]
    key = await listen_keys.open_key(ALICE)
    assert await scene.hub.users.open(scene.reader, Reader(key, False, None))
    matcher.answer = answer  # type: ignore[method-assign]
    assert [(order["c"], order["x"], order["z"]) for order in scene.orders()] == [
        ("after-1", "NEW", "0.000"),
        ("before-1", "TRADE", "0.001"),
    ]
    account = scene.hub.users._streams[ALICE].account
    assert {order.client_order_id: order.filled_lots for order in account.orders.values()} == {
        "after-0": 0,
        "after-1": 0,
        "before-1": 1,
        "ask-0": 1,
        "ask-1": 1,
    }
    assert account.open_value(INSTRUMENT, Side.BUY) == 47_000 + 46_999 + 2 * 47_999


async def test_the_wall_clock_may_go_back_but_no_event_does(scene: Scene) -> None:
    await scene.connect()
    stream = scene.hub.users._streams[ALICE]
    for step, now_ms in enumerate((NOW_MS + 50, NOW_MS + 20, NOW_MS - 1000)):
        events = scene.matcher.limit(ALICE, Side.BUY, 49_000 - step, 1)
        scene.reader.take()
        stream._told_ms = min(stream._told_ms, NOW_MS + 50)
        stream.apply(events, now_ms)
    assert [event["E"] for event in scene.reader.take()] == [NOW_MS + 50]


async def test_an_unknown_key_opens_nothing(scene: Scene) -> None:
    assert not await scene.hub.users.open(scene.reader, Reader("u" * 64, False, None))
    assert not scene.hub.users._streams


async def test_a_deleted_key_is_told_and_its_sockets_are_closed(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.feeds.user_streams.KEY_CHECK_S", 0.01)
    await scene.connect()
    await listen_keys.close(ALICE)
    while not scene.reader.closed:
        await asyncio.sleep(0.01)
    (event,) = scene.reader.take()
    assert (event["e"], event["listenKey"]) == ("listenKeyExpired", scene.key)
    assert scene.reader.closed == (1000, "the listenKey has expired")


async def test_a_key_closed_elsewhere_is_heard_of_at_once(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the channel `identity` tells it to every gateway."""
    await scene.connect()
    monkeypatch.setattr(hubs, "_hub", scene.hub)
    identities = Identities()
    identities.listen(expire_stream)
    identities._obey(msgspec.json.encode({"kind": "listen_key", "id": "another", "account_id": ALICE}))
    assert scene.reader.closed is None
    identities._obey(msgspec.json.encode({"kind": "listen_key", "id": scene.key, "account_id": ALICE}))
    assert [event["e"] for event in scene.reader.take()] == ["listenKeyExpired"]
    assert scene.reader.closed == (1000, "the listenKey has expired")


async def test_an_order_the_picture_does_not_know_closes_instead_of_guessing(scene: Scene) -> None:
    order_id = scene.matcher.limit(ALICE, Side.BUY, 49_000, 8)[0].order_id
    await scene.connect()
    scene.hub.users._streams[ALICE].account.orders.pop(order_id)
    scene.matcher.limit(BOB, Side.SELL, 49_000, 1)
    assert scene.reader.closed[0] == 1012


async def test_a_stream_nobody_reads_ends(scene: Scene) -> None:
    await scene.connect()
    scene.hub.users.leave(scene.reader, scene.key)
    assert not scene.hub.users._streams
