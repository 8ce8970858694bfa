"""Feeds over real sockets: a matcher process, uvicorn as a process, public WebSocket clients.

The recorder applies differences as the venue's documents tell clients to, and compares the rebuilt book
with the engine's own answer at random sequences.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import random
import socket
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from apps.bridge.client import AsyncMatcherClient
from apps.bridge.errors import BridgeError
from matcher.protocol.commands import CancelAllOrders, Command
from matcher.protocol.enums import Side, TimeInForce
from matcher.protocol.views import LevelView, Query, QueryKind
from tests.support.feed_server import FeedServer, listen_key
from tests.support.market import INSTRUMENT, MARK_TICKS, opening, order
from tests.support.matcher_process import MatcherProcess
from tests.support.pace import PATIENCE_S, bar

FLOOD = 200  # messages: ten a second are heard
Levels = dict[str, dict[str, str]]


@pytest.fixture(scope="module")
def matcher(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MatcherProcess]:
    folder = tmp_path_factory.mktemp("m")
    with MatcherProcess(folder, f"sqlite:///{folder}/journal.sqlite3") as process:
        yield process


@pytest.fixture(scope="module", params=["apps.gateway.guarded_websocket:GuardedWebSocket", "websockets"])
def server(matcher: MatcherProcess, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Both ways out: straight to the transport, and through ASGI."""
    with FeedServer(matcher.url, tmp_path_factory.mktemp("f") / "feeds.log", request.param) as process:
        yield process


@pytest.fixture
async def engine(matcher: MatcherProcess) -> AsyncIterator[AsyncMatcherClient]:
    client = AsyncMatcherClient(matcher.url, "test")
    await client.start()
    for command in opening(4):
        await client.send(command)
    for account in range(1, 5):
        await client.send(CancelAllOrders(account=account))
    yield client
    await client.close()


async def hear(link: ClientConnection) -> Any:
    return json.loads(await asyncio.wait_for(link.recv(), PATIENCE_S))


async def ask(link: ClientConnection, **command: Any) -> Any:
    await link.send(json.dumps(command))
    return await hear(link)


async def closing(link: ClientConnection) -> tuple[int, str]:
    """Read on until the server closes."""
    with contextlib.suppress(ConnectionClosed):
        async with asyncio.timeout(PATIENCE_S):
            while True:
                await link.recv()
    assert link.close_code is not None
    return link.close_code, link.close_reason or ""


def random_command(dice: random.Random) -> Command:
    if dice.random() < 0.05:
        return CancelAllOrders(account=dice.randint(1, 4))
    side = dice.choice(list(Side))
    return order(
        dice.randint(1, 4),
        side,
        price_ticks=MARK_TICKS + dice.randint(-30, 30) + (-5 if side is Side.BUY else 5),
        quantity_lots=dice.randint(1, 20),
        time_in_force=dice.choice([TimeInForce.GTC, TimeInForce.GTC, TimeInForce.IOC]),
    )


async def engine_book(engine: AsyncMatcherClient) -> tuple[int, Levels]:
    header, bids, asks = await engine.query(Query(kind=QueryKind.DEPTH, instrument=INSTRUMENT))
    return header.seq, {"b": _texts(bids), "a": _texts(asks)}


def _texts(views: list[Any]) -> dict[str, str]:
    rows: list[LevelView] = views
    return {f"{view.price_ticks / 10:.1f}": f"{view.quantity_lots / 1000:.3f}" for view in rows}


class Recorder:
    """A client's book: a snapshot, then differences whose chain is checked link by link."""

    def __init__(self, link: ClientConnection) -> None:
        self.link = link
        self.early: list[Any] = []
        self.book: Levels = {"b": {}, "a": {}}
        self.seq = 0
        self.synced = False
        self.history: list[tuple[int, str]] = []
        self.task = asyncio.create_task(self._read())

    async def _read(self) -> None:
        while True:
            event = json.loads(await self.link.recv())
            if self.seq:
                self._apply(event)
            else:
                self.early.append(event)

    def start(self, seq: int, book: Levels) -> None:
        """Join a snapshot to the events, those that came before it included."""
        self.book = {side: dict(levels) for side, levels in book.items()}
        self.seq = seq
        self._note()
        for event in self.early:
            self._apply(event)

    def _apply(self, event: Any) -> None:
        if not self.synced:
            if event["u"] < self.seq:
                return
            assert event["U"] <= self.seq <= event["u"] or event["pu"] == self.seq, (event, self.seq)
            self.synced = True
        else:
            assert event["pu"] == self.seq, "a hole"
        for side in "ba":
            for price, quantity in event[side]:
                if float(quantity):
                    self.book[side][price] = quantity
                else:
                    self.book[side].pop(price, None)
        self.seq = event["u"]
        self._note()

    def _note(self) -> None:
        self.history.append((self.seq, json.dumps(self.book, sort_keys=True)))

    def as_of(self, seq: int) -> Any:
        return json.loads(next(book for at, book in reversed(self.history) if at <= seq))

    async def reach(self, book: Levels) -> None:
        """Wait until the rebuilt book is this one."""
        async with asyncio.timeout(PATIENCE_S):
            while self.book != book:
                assert not self.task.done(), self.task
                await asyncio.sleep(0.02)

    async def stop(self) -> None:
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)


@pytest.mark.parametrize("seed", [1, 2])
async def test_the_recorded_book_is_the_engines_at_random_sequences(
    server: FeedServer, engine: AsyncMatcherClient, seed: int
) -> None:
    dice = random.Random(seed)
    recorders = {}
    for speed in ("0ms", "100ms", "500ms"):
        link = await connect(f"{server.url}/public/ws/btcusdt@depth@{speed}", compression=None)
        recorders[speed] = Recorder(link)
    answers = []
    for step in range(400):
        await asyncio.gather(*(engine.send(random_command(dice)) for _ in range(dice.randint(1, 6))))
        if step % 100 == 30:
            speed = ["0ms", "100ms", "500ms"][step // 100 % 3]
            if not recorders[speed].seq:
                recorders[speed].start(*await engine_book(engine))
        if dice.random() < 0.2:
            answers.append(await engine_book(engine))
    last = (await engine_book(engine))[1]
    for recorder in recorders.values():
        await recorder.reach(last)
    real_time = recorders["0ms"]
    compared = [(seq, book) for seq, book in answers if seq >= real_time.history[0][0]]
    assert len(compared) > 20
    for seq, book in compared:
        assert real_time.as_of(seq) == book, seq
    for recorder in recorders.values():
        await recorder.stop()
        await recorder.link.close()


async def test_the_protocol_over_the_wire(server: FeedServer, engine: AsyncMatcherClient) -> None:
    async with connect(f"{server.url}/market/stream") as link:
        name = "btcusdt@aggTrade"
        assert await ask(link, method="SUBSCRIBE", params=[name], id="a-b") == {"result": None, "id": "a-b"}
        await engine.send(order(1, Side.SELL, quantity_lots=3))
        await engine.send(order(2, Side.BUY, quantity_lots=3))
        told = await hear(link)
        assert (told["stream"], told["data"]["q"], told["data"]["m"]) == (name, "0.003", False)
        assert await ask(link, method="LIST_SUBSCRIPTIONS", id=2) == {"result": [name], "id": 2}
        assert await ask(link, method="UNSUBSCRIBE", params=[name], id=3) == {"result": None, "id": 3}
        assert (await ask(link, method="SUBSCRIBE", params=["x@y"], id=4))["error"]["code"] == 2
        await link.send("{")
        assert (await hear(link))["error"]["code"] == 3
        await (await link.ping())


@pytest.mark.parametrize(
    ("address", "code", "reason"),
    [
        ("/ws/nothing@depth", 1008, "unknown stream 'nothing@depth'"),
        (f"/ws/{'x' * 64}", 1008, "This listenKey does not exist."),
        ("/private/ws?listenKey=gone", 1008, "This listenKey does not exist."),
        ("/stream?streams=" + "/".join(f"btcusdt@kline_1m{n}" for n in range(300)), 1008, "more than 200 streams"),
    ],
)
async def test_addresses_that_cannot_be_had_are_closed_with_a_reason(
    server: FeedServer, address: str, code: int, reason: str
) -> None:
    async with connect(f"{server.url}{address}") as link:
        told = await closing(link)
    assert told[0] == code
    assert told[1].startswith(reason)


async def test_other_paths_are_refused_at_the_handshake(server: FeedServer) -> None:
    with pytest.raises(InvalidStatus):
        await connect(f"{server.url}/nowhere")


async def test_binary_long_and_too_many_messages_close_with_their_code(server: FeedServer) -> None:
    async with connect(f"{server.url}/ws") as link:
        await link.send(b"\x00")
        assert await closing(link) == (1003, "text messages only")
    async with connect(f"{server.url}/ws") as link:
        await link.send(" " * 70_000)
        assert (await closing(link))[0] == 1009
    async with connect(f"{server.url}/ws") as link:
        with contextlib.suppress(ConnectionClosed):  # it may be closed before we have said all
            for number in range(FLOOD):
                await link.send(json.dumps({"method": "LIST_SUBSCRIPTIONS", "id": number}))
        assert await closing(link) == (1008, "more than 10 messages a second")


@pytest.mark.parametrize("form", ["/ws/{key}", "/private/ws?listenKey={key}", "/private/stream?streams={key}"])
async def test_user_events_by_every_address(server: FeedServer, engine: AsyncMatcherClient, form: str) -> None:
    key = listen_key(3)
    async with connect(server.url + form.format(key=key)) as link:
        await engine.send(order(3, Side.BUY, price_ticks=MARK_TICKS - 500))
        told = await hear(link)
        if "stream?" in form:
            assert told["stream"] == key
            told = told["data"]
        assert (told["e"], told["o"]["x"]) == ("ORDER_TRADE_UPDATE", "NEW")
        await engine.send(CancelAllOrders(account=3))
        told = await hear(link)
        assert (told.get("data") or told)["o"]["x"] == "CANCELED"


async def test_orders_and_fills_of_an_account_arrive_whole_and_in_order(
    server: FeedServer, engine: AsyncMatcherClient
) -> None:
    dice = random.Random(9)
    async with connect(f"{server.url}/ws/{listen_key(2)}") as link:
        expected = []
        for _ in range(150):
            command = random_command(dice)
            own = [e for e in await engine.send(command) if e.account == 2]
            expected += [
                e for e in own if type(e).__name__ in {"OrderAccepted", "OrderFilled", "OrderCanceled", "OrderExpired"}
            ]
        told: list[Any] = []
        while len([e for e in told if e["e"] == "ORDER_TRADE_UPDATE"]) < len(expected):
            told.append(await hear(link))
    orders = [event["o"] for event in told if event["e"] == "ORDER_TRADE_UPDATE"]
    names = {"OrderAccepted": "NEW", "OrderFilled": "TRADE", "OrderCanceled": "CANCELED"}
    assert len(orders) >= len(expected) > 50
    for kind in ("NEW", "TRADE"):
        assert [o["i"] for o in orders if o["x"] == kind] == [
            e.order_id for e in expected if names.get(type(e).__name__) == kind
        ]
    assert [e["T"] for e in told] == sorted(e["T"] for e in told)
    assert [e["E"] for e in told] == sorted(e["E"] for e in told)


async def test_a_socket_that_never_reads_is_dropped_and_costs_the_others_nothing(
    server: FeedServer, engine: AsyncMatcherClient
) -> None:
    # Symbols match in any case, so these are many streams of one book: some 15 KB a change, beyond any kernel buffer.
    names = ["".join(letters) for letters in itertools.product("bB", "tT", "cC", "uU")]
    streams = [f"{name}sdt@depth20@0ms" for name in names]
    for step in range(25):
        await engine.send(order(1, Side.BUY, price_ticks=MARK_TICKS - 100 - step, quantity_lots=5))
    stalled = socket.socket()
    stalled.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    stalled.connect(("127.0.0.1", server.port))
    stalled.sendall(
        f"GET /stream?streams={'/'.join(streams)} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n".encode()
    )
    link = await connect(f"{server.url}/ws/btcusdt@depth@0ms", compression=None)
    recorder = Recorder(link)
    recorder.start(*await engine_book(engine))
    linked = open_files(server)
    for turn in range(60_000):  # as many as it takes: a server that lags behind joins changes into one message
        await engine.send(order(2, Side.BUY, price_ticks=MARK_TICKS - 100 - turn % 25))
        if turn % 100 == 99:
            await engine.send(CancelAllOrders(account=2))
            if open_files(server) < linked:
                break
    await engine.send(CancelAllOrders(account=2))
    await recorder.reach((await engine_book(engine))[1])
    assert not recorder.task.done()
    assert not _is_open(stalled)
    stalled.close()
    await recorder.stop()
    await link.close()


def open_files(server: FeedServer) -> int:
    return len(list(Path(f"/proc/{server.pid}/fd").iterdir()))


def _is_open(link: socket.socket) -> bool:
    """Read what the kernel holds; False when the server has hung up behind it."""
    link.settimeout(bar(5.0))
    try:
        while link.recv(1 << 20):
            pass
    except TimeoutError:
        return True
    except OSError:
        return False
    return False


async def test_a_killed_matcher_leaves_no_silent_hole(tmp_path: Path) -> None:
    """SIGKILL under load, five times: a chain goes on without a hole or its socket is closed; books agree in the end."""
    dice = random.Random(5)
    process = MatcherProcess(tmp_path / "m", f"sqlite:///{tmp_path}/journal.sqlite3")
    with process, FeedServer(process.url, tmp_path / "feeds.log") as server:
        engine = AsyncMatcherClient(process.url, "test")
        await engine.start()
        for command in opening(4):
            await engine.send(command)
        for _ in range(5):
            link = await connect(f"{server.url}/ws/btcusdt@depth@0ms", compression=None)
            recorder = Recorder(link)
            recorder.start(*await engine_book(engine))
            for _ in range(30):
                await engine.send(random_command(dice))
            flood = [asyncio.create_task(engine.send(random_command(dice))) for _ in range(200)]
            await asyncio.sleep(0.002 * dice.random())
            process.kill()
            await asyncio.gather(*flood, return_exceptions=True)
            process.start()
            await engine.wait_connected(PATIENCE_S)
            book = await _settled_book(engine, dice)
            try:
                await recorder.reach(book)
            except AssertionError:
                error = recorder.task.exception()
                assert isinstance(error, ConnectionClosed), error
                assert error.rcvd is not None
                assert error.rcvd.code == 1012
            await recorder.stop()
            await link.close()
            await _rebuilds(server, engine)
        await engine.close()


async def _settled_book(engine: AsyncMatcherClient, dice: random.Random) -> Levels:
    for _ in range(20):
        try:
            await engine.send(random_command(dice))
        except BridgeError:
            await asyncio.sleep(0.05)
    return (await engine_book(engine))[1]


async def _rebuilds(server: FeedServer, engine: AsyncMatcherClient) -> None:
    """A new reader's book is the engine's."""
    async with connect(f"{server.url}/ws/btcusdt@depth20@0ms", compression=None) as link:
        await engine.send(CancelAllOrders(account=1))
        await engine.send(order(1, Side.BUY, price_ticks=MARK_TICKS - 400))
        event = await hear(link)
        while event["u"] < (await engine_book(engine))[0]:
            event = await hear(link)
        book = (await engine_book(engine))[1]
        assert dict(event["b"]) == dict(list(book["b"].items())[:20])
        assert dict(event["a"]) == dict(list(book["a"].items())[:20])


async def test_all_sockets_are_back_soon_after_the_gateway_was_killed(matcher: MatcherProcess, tmp_path: Path) -> None:
    """R15, short form: 300 sockets, SIGKILL, everyone connects again and follows the book within 30 s."""
    engine = AsyncMatcherClient(matcher.url, "test")
    await engine.start()
    for command in opening(4):
        await engine.send(command)
    server = FeedServer(matcher.url, tmp_path / "feeds.log")
    server.start()
    address = f"{server.url}/ws/btcusdt@depth@0ms"
    links = await asyncio.gather(*(connect(address, compression=None, open_timeout=PATIENCE_S) for _ in range(300)))
    server.kill()
    await asyncio.gather(*(link.wait_closed() for link in links))
    began = asyncio.get_running_loop().time()
    server.start()
    links = await asyncio.gather(*(connect(address, compression=None, open_timeout=PATIENCE_S) for _ in range(300)))
    await engine.send(order(4, Side.BUY, price_ticks=MARK_TICKS - 450))
    events = await asyncio.gather(*(hear(link) for link in links))
    assert asyncio.get_running_loop().time() - began < bar(30.0)
    assert len({json.dumps(event) for event in events}) == 1
    await asyncio.gather(*(link.close() for link in links))
    server.__exit__(None, None, None)
    await engine.close()
