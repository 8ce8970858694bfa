"""The native channels: complete, ordered, checkable; and what a reader who was away is given."""

import random
from collections.abc import AsyncIterator
from typing import Any

import pytest

from apps.feeds import archive as archives
from apps.feeds import native_accounts
from apps.feeds.hub import FeedHub
from apps.feeds.native_channels import Facts, open_channel
from matcher.protocol.codec import EVENT_BYTES
from matcher.protocol.commands import (
    AmendOrder,
    CancelAllOrders,
    Deposit,
    OpenAccount,
    SetInsuranceFund,
    SetLeverage,
    SetMarkPrice,
    SettleFunding,
    SetTradingState,
)
from matcher.protocol.enums import Side, TimeInForce, TradingState
from matcher.protocol.views import Query, QueryKind
from tests.support.feeds import ALICE, BOB, INSTRUMENT, SPEC, EngineMatcher, ListedRows, open_hub, tick
from tests.support.native import BookReader, Client

CAROL, FUND = 3, 4
BOOK = "book.BTCUSDT"


class Scene:
    def __init__(self, hub: FeedHub, matcher: EngineMatcher, rows: ListedRows) -> None:
        self.hub, self.matcher, self.rows = hub, matcher, rows

    def client(self) -> Client:
        return Client(self.hub)

    def engine_book(self) -> dict[str, dict[str, str]]:
        _, bids, asks = self.matcher.answer(Query(kind=QueryKind.DEPTH, instrument=INSTRUMENT))
        return {
            side: {SPEC.price_text(v.price_ticks): SPEC.quantity_text(v.quantity_lots) for v in views}
            for side, views in (("bids", bids), ("asks", asks))
        }

    def stir(self, dice: random.Random, turns: int) -> None:
        """Random orders, cancels and moves, one batch each."""
        for _ in range(turns):
            account, kind = dice.choice((ALICE, BOB)), dice.random()
            if kind < 0.1:
                self.matcher.send(CancelAllOrders(account=account))
                continue
            price = 50_000 + dice.randint(-20, 20)
            events = self.matcher.limit(account, dice.choice(list(Side)), price, dice.randint(1, 9))
            if kind > 0.8 and events[0].reason == 0:
                amend = AmendOrder(
                    account=account, instrument=INSTRUMENT, order_id=events[0].order_id, price_ticks=price + 3,
                    quantity_lots=9,
                )  # fmt: skip
                self.matcher.send(amend)

    def write_journal(self, events: list[tuple[int, int, bytes]]) -> None:
        self.rows.journal = events


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    matcher, rows = EngineMatcher(), ListedRows([SPEC])
    matcher.on_batch(lambda first, last, events, _: rows.journal.append((first, last, bytes(events))))
    hub = await open_hub(matcher, rows)
    yield Scene(hub, matcher, rows)
    await hub.stop()


@pytest.mark.parametrize("channel", [BOOK, "book100.BTCUSDT"])
@pytest.mark.parametrize("seed", range(3))
async def test_the_rebuilt_book_is_the_engines_and_every_checksum_holds(scene: Scene, channel: str, seed: int) -> None:
    dice = random.Random(seed)
    scene.stir(dice, 20)
    client, reader = scene.client(), BookReader()
    late, late_reader = scene.client(), BookReader()
    for message in await client.subscribe(channel):
        reader.read(message)
    for turn in range(40):
        scene.stir(dice, 3)
        if turn == 11:
            for message in await late.subscribe(channel):
                late_reader.read(message)
        if turn % 2:
            tick(scene.hub, 2)
    tick(scene.hub, 2)
    for one, own in ((client, reader), (late, late_reader)):
        for message in one.wire.take():
            own.read(message)
        assert own.book == scene.engine_book()


@pytest.mark.parametrize("channel", [BOOK, "book100.BTCUSDT", "trades.BTCUSDT"])
async def test_a_gap_is_filled_from_memory_without_a_hole(scene: Scene, channel: str) -> None:
    """Away at random moments, back with the last seq: the chain goes on and nothing is told twice."""
    dice = random.Random(7)
    reader, trades, expected = BookReader(), [], scene.client()
    await expected.subscribe("trades.BTCUSDT")
    client, seq = scene.client(), None
    for _ in range(12):
        told = await client.subscribe(channel, **({channel.replace(".", "__"): seq} if seq is not None else {}))
        scene.stir(dice, 10)
        tick(scene.hub, 2)
        told += client.wire.take()
        for message in told:
            assert message["type"] != "snapshot" or seq is None
            if channel.startswith("book"):
                reader.read(message)
            else:
                assert message["prev"] in {seq, None}
                trades += message["data"] or []
            seq = message["seq"]
        client.session.leave()
        scene.stir(dice, 5)
        client = scene.client()
    for message in await client.subscribe(channel, **{channel.replace(".", "__"): seq}):
        if channel.startswith("book"):
            reader.read(message)
        else:
            trades += message["data"] or []
    if channel.startswith("book"):
        assert reader.book == scene.engine_book()
    else:
        assert trades == [row for message in expected.wire.take() for row in message["data"]]


@pytest.mark.parametrize("channel", ["trades.BTCUSDT", BOOK])
async def test_a_gap_older_than_this_process_is_filled_from_the_journal(scene: Scene, channel: str) -> None:
    client, reader = scene.client(), BookReader()
    first = await client.subscribe(channel)
    seq = first[-1]["seq"]
    if channel == BOOK:
        reader.read(first[0])
    scene.matcher.limit(ALICE, Side.SELL, 50_000, 5)
    scene.matcher.limit(BOB, Side.BUY, 50_000, 2)
    scene.matcher.limit(BOB, Side.BUY, 49_990, 2)
    told = [row for message in client.wire.take() for row in message["data"]]
    again = await open_hub(scene.matcher, scene.rows)
    assert again.archive.start_seq == scene.matcher.engine.seq
    back = Client(again)
    messages = await back.subscribe(channel, **{channel.replace(".", "__"): seq})
    assert {message["type"] for message in messages} == {"replay"}
    if channel == BOOK:
        for message in messages:
            reader.read(message)
        assert reader.book == scene.engine_book()
    else:
        assert [row for message in messages for row in message["data"] or ()] == told
    await again.stop()


async def test_an_order_that_moved_in_the_journal_makes_the_book_begin_anew(scene: Scene) -> None:
    order_id = scene.matcher.limit(ALICE, Side.BUY, 49_000, 5)[0].order_id
    seq = scene.matcher.engine.seq
    scene.matcher.send(
        AmendOrder(account=ALICE, instrument=INSTRUMENT, order_id=order_id, price_ticks=49_100, quantity_lots=5)
    )
    again = await open_hub(scene.matcher, scene.rows)
    gap, snapshot = await Client(again).subscribe(BOOK, book__BTCUSDT=seq)
    assert gap == {"event": "gap_too_old", "channel": BOOK, "from": seq}
    assert (snapshot["type"], snapshot["data"]["bids"]) == ("snapshot", [["4910.0", "0.005"]])
    await again.stop()


@pytest.mark.parametrize("away", ["lost", "future", "inside", "broken"])
async def test_a_gap_that_cannot_be_filled_is_said_before_the_snapshot(
    scene: Scene, away: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seq = scene.matcher.engine.seq
    scene.matcher.send(CancelAllOrders(account=ALICE), CancelAllOrders(account=BOB))
    for _ in range(5):
        scene.matcher.limit(ALICE, Side.BUY, 49_000, 1)
    if away == "lost":
        scene.rows.journal = scene.rows.journal[-2:]
        scene.hub.archive.restart(scene.matcher.engine.seq)
    elif away == "future":
        seq = scene.matcher.engine.seq + 5
    elif away == "inside":
        seq += 1
    else:

        async def broken(seq: int, limit: int) -> list[tuple[int, int, bytes]]:
            raise OSError("out of reach")

        monkeypatch.setattr(scene.rows, "read_journal", broken)
        scene.hub.archive.restart(scene.matcher.engine.seq)
    gap, snapshot = await scene.client().subscribe(BOOK, book__BTCUSDT=seq)
    assert gap == {"event": "gap_too_old", "channel": BOOK, "from": seq}
    assert (snapshot["type"], snapshot["prev"]) == ("snapshot", None)


async def test_memory_is_bounded(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "KEPT_BYTES", 40 * EVENT_BYTES)
    for _ in range(100):
        scene.matcher.limit(ALICE, Side.BUY, 49_000, 1)
    kept = scene.hub.archive
    assert kept._bytes <= archives.KEPT_BYTES
    assert kept.start_seq > scene.matcher.engine.seq - 40
    assert len(kept.after(kept.start_seq)) == scene.matcher.engine.seq - kept.start_seq


async def test_a_journal_too_long_to_load_is_asked_once(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """Anybody may say that he comes from long ago, as often as he likes."""
    seq = scene.matcher.engine.seq
    for _ in range(20):
        scene.matcher.limit(ALICE, Side.BUY, 49_000, 1)
    monkeypatch.setattr(archives, "GAP_BYTES", 10 * EVENT_BYTES)
    asked: list[int] = []
    read = scene.rows.read_journal

    async def counted(seq: int, limit: int) -> list[tuple[int, int, bytes]]:
        asked.append(limit)
        return await read(seq, limit)

    monkeypatch.setattr(scene.rows, "read_journal", counted)
    archive = scene.hub.archive
    archive.restart(scene.matcher.engine.seq)
    assert not await archive.reach(seq)
    assert asked == [1, 4, 16], "no question reads far beyond the bound"
    assert not await archive.reach(seq)
    assert not await archive.reach(seq - 1)
    assert len(asked) == 3
    assert await archive.reach(archive.start_seq - 2)


async def test_a_replay_is_made_piece_by_piece_and_only_of_what_traded(scene: Scene) -> None:
    """Its cost is that of what is sent, however much was traded beside it."""
    seq = scene.matcher.engine.seq
    for _ in range(3):
        scene.matcher.limit(ALICE, Side.SELL, 50_000, 1)
        scene.matcher.limit(BOB, Side.BUY, 50_000, 1)
    batches = scene.hub.archive.after(seq)
    assert batches is not None
    facts = [Facts(batch) for batch in batches]
    assert [one.trades(INSTRUMENT + 1) for one in facts] == [[]] * 6
    channel = open_channel("trades.BTCUSDT", seq, scene.hub)
    assert channel is not None
    told = iter(channel.replay(facts) or ())
    next(told)
    assert [one._trades is None for one in facts] == [True, False, True, True, True, True]
    assert len(list(told)) == 2


async def test_who_missed_too_much_of_the_account_is_shown_how_it_stands(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(native_accounts, "REPLAY_EVENTS", 3)
    seq = scene.matcher.engine.seq
    for missed in (3, 4):
        for _ in range(missed):
            scene.matcher.limit(ALICE, Side.BUY, 49_000, 1)
        client = scene.client()
        await client.say(method="auth", id=1, api_key=str(ALICE), timestamp=1, signature="x")
        told = await client.subscribe("account", account=seq)
        kinds = [message.get("event", message.get("type")) for message in told]
        assert kinds == (["replay"] * 3 if missed == 3 else ["gap_too_old", "snapshot"])
        seq = told[-1]["seq"]
        client.session.leave()


async def test_prices_funding_state_and_insurance(scene: Scene) -> None:
    scene.matcher.send(OpenAccount(account=FUND), SetInsuranceFund(account=FUND, asset=1))
    client = scene.client()
    names = ["mark.BTCUSDT", "funding.BTCUSDT", "state.BTCUSDT", "insurance", "best.BTCUSDT", "ticker.BTCUSDT"]
    first = {message["channel"]: message["data"] for message in await client.subscribe(*names)}
    assert first["mark.BTCUSDT"]["mark_price"] == "5000.0"
    assert first["state.BTCUSDT"] == {"trading_state": "active"}
    assert first["best.BTCUSDT"] == {"bid": None, "ask": None}
    assert first["ticker.BTCUSDT"]["mark_price"] == "5000.0"
    scene.matcher.send(SetMarkPrice(instrument=INSTRUMENT, mark_ticks=50_010, index_ticks=50_000))
    scene.matcher.limit(ALICE, Side.BUY, 49_990, 5)
    scene.matcher.send(SetTradingState(instrument=INSTRUMENT, trading_state=TradingState.HALTED))
    mark, best, state = client.wire.take()
    assert (mark["type"], mark["data"]["mark_price"], mark["data"]["index_price"]) == ("update", "5001.0", "5000.0")
    assert best["data"] == {"bid": ["4999.0", "0.005"], "ask": None}
    assert (state["data"][0]["event"], state["data"][0]["trading_state"]) == ("trading_state_changed", "halted")
    tick(scene.hub, 20)
    (ticker,) = client.wire.take()
    assert ticker["data"]["mark_price"] == "5001.0"
    tick(scene.hub, 20)
    assert client.wire.take() == []
    scene.matcher.now_ns += 8 * 3600 * 10**9
    hour_ns = 3600 * 10**9
    scene.matcher.send(SettleFunding(instrument=INSTRUMENT, funding_ns=scene.matcher.now_ns // hour_ns * hour_ns))
    told = {message["channel"]: message["data"] for message in client.wire.take()}
    assert not told or told["funding.BTCUSDT"][-1]["event"] == "funding_settled"


async def test_a_liquidation_is_told_with_what_it_did_to_the_fund(scene: Scene) -> None:
    scene.matcher.send(OpenAccount(account=FUND), SetInsuranceFund(account=FUND, asset=1))
    scene.matcher.send(
        OpenAccount(account=10),
        Deposit(account=10, asset=1, amount_units=60 * 10**8, reference=b"small"),
        SetLeverage(account=10, instrument=INSTRUMENT, leverage=100),
    )
    scene.matcher.limit(BOB, Side.SELL, 50_000, 1000)
    scene.matcher.limit(10, Side.BUY, 50_000, 1000)
    scene.matcher.limit(BOB, Side.BUY, 49_700, 5000)
    client = scene.client()
    await client.subscribe("liquidations.BTCUSDT", "insurance")
    scene.matcher.send(SetMarkPrice(instrument=INSTRUMENT, mark_ticks=49_600, index_ticks=49_600))
    told = {message["channel"]: message["data"] for message in client.wire.take()}
    assert told["liquidations.BTCUSDT"][0]["side"] == "sell"
    assert told["liquidations.BTCUSDT"][0]["filled_quantity"] != "0.000"
    assert {row["event"] for row in told["insurance"]} == {"insurance_changed"}
    assert told["insurance"][-1]["asset"] == "USDT"
    assert "account" not in str(told["insurance"])


async def test_candles_tell_the_open_one_and_the_closed_one_once(scene: Scene) -> None:
    client = scene.client()
    (first,) = await client.subscribe("candles.BTCUSDT.1m")
    assert first["data"] == []
    scene.matcher.limit(ALICE, Side.SELL, 50_000, 5)
    scene.matcher.limit(BOB, Side.BUY, 50_000, 2)
    tick(scene.hub, 5)
    (told,) = client.wire.take()
    (candle,) = told["data"]
    assert (candle["close"], candle["volume"], candle["closed"]) == ("5000.0", "0.002", False)
    scene.matcher.now_ns += 60 * 10**9
    scene.matcher.limit(BOB, Side.BUY, 50_000, 1)
    tick(scene.hub, 5)
    (told,) = client.wire.take()
    assert [(row["volume"], row["closed"]) for row in told["data"]] == [("0.002", True), ("0.001", False)]


async def test_the_account_channel_is_a_snapshot_and_then_every_event(scene: Scene) -> None:
    client = scene.client()
    await client.say(method="auth", id=1, api_key=str(ALICE), timestamp=1, signature="x")
    scene.matcher.limit(ALICE, Side.BUY, 49_000, 5, client_order_id=b"rest")
    (snapshot,) = await client.subscribe("account")
    (order,) = snapshot["data"]["orders"]
    assert (order["client_order_id"], order["price"], order["side"], order["status"]) == (
        "rest", "4900.0", "buy", "new",
    )  # fmt: skip
    assert snapshot["data"]["balances"][0]["asset"] == "USDT"
    scene.matcher.limit(BOB, Side.SELL, 49_000, 2)
    (told,) = client.wire.take()
    (fill,) = told["data"]
    assert told["prev"] == snapshot["seq"]
    assert (fill["event"], fill["maker"], fill["quantity"], fill["leaves_quantity"], fill["position"]) == (
        "order_filled", True, "0.002", "0.003", "0.002",
    )  # fmt: skip
    seq = told["seq"]
    client.session.leave()
    scene.matcher.send(CancelAllOrders(account=ALICE))
    scene.matcher.limit(BOB, Side.SELL, 51_000, 2)
    back = scene.client()
    await back.say(method="auth", id=1, api_key=str(ALICE), timestamp=1, signature="x")
    replay, *joint = await back.subscribe("account", account=seq)
    assert (replay["type"], replay["prev"], replay["data"][0]["event"]) == ("replay", seq, "order_canceled")
    assert [message["data"] for message in joint] == [None]
    scene.matcher.limit(ALICE, Side.BUY, 48_000, 5, time_in_force=TimeInForce.GTX)
    (update,) = back.wire.take()
    assert update["prev"] == joint[-1]["seq"]


async def test_the_lights_of_a_position(scene: Scene) -> None:
    client = scene.client()
    await client.say(method="auth", id=1, api_key=str(ALICE), timestamp=1, signature="x")
    (first,) = await client.subscribe("adl")
    assert first["data"] == []
    scene.matcher.limit(ALICE, Side.SELL, 50_000, 5)
    scene.matcher.limit(BOB, Side.BUY, 50_000, 5)
    tick(scene.hub, 100)
    task: Any = scene.hub.native.accounts._task
    await task
    (told,) = client.wire.take()
    assert told["data"] == [{"symbol": "BTCUSDT", "position_side": "both", "rank": 1, "holders": 1, "lights": 5}]


async def test_a_gap_of_this_process_sends_everybody_away(scene: Scene) -> None:
    client = scene.client()
    await client.subscribe(BOOK)
    scene.matcher.mute = True
    scene.matcher.limit(ALICE, Side.BUY, 49_000, 1)
    scene.matcher.mute = False
    scene.matcher.limit(ALICE, Side.BUY, 49_000, 1)
    assert client.wire.closed == (1012, "updates were missed: connect again and resume")
