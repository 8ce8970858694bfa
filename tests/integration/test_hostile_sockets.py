"""Sockets that mean harm: each gets a stated close code or error, memory stays bounded, others hear everything.

One feed server, a bystander that follows the book in real time, and the server's resident memory from /proc.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import struct
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from apps.bridge.client import AsyncMatcherClient
from apps.feeds.wire import LINGER_S
from matcher.protocol.commands import CancelAllOrders
from matcher.protocol.enums import Side
from tests.support.feed_server import FeedServer
from tests.support.market import MARK_TICKS, opening, order
from tests.support.matcher_process import MatcherProcess
from tests.support.pace import PATIENCE_S

STREAM = "btcusdt@depth@0ms"
CLOSE = 8
MIB = 1 << 20


@pytest.fixture(scope="module")
def matcher(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MatcherProcess]:
    folder = tmp_path_factory.mktemp("m")
    with MatcherProcess(folder, f"sqlite:///{folder}/journal.sqlite3") as process:
        yield process


@pytest.fixture(scope="module")
def server(matcher: MatcherProcess, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FeedServer]:
    with FeedServer(matcher.url, tmp_path_factory.mktemp("f") / "feeds.log") as process:
        yield process


def resident(server: FeedServer) -> int:
    """Bytes of the server in memory now."""
    return int(Path(f"/proc/{server.pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def frame(opcode: int, payload: bytes = b"", *, fin: bool = True) -> bytes:
    """A client's frame, masked with zeros."""
    head = bytes([opcode | (0x80 if fin else 0)])
    if len(payload) < 126:
        return head + bytes([0x80 | len(payload)]) + bytes(4) + payload
    if len(payload) < 65_536:
        return head + struct.pack(">BH", 0x80 | 126, len(payload)) + bytes(4) + payload
    return head + struct.pack(">BQ", 0x80 | 127, len(payload)) + bytes(4) + payload


class RawSocket:
    """A peer below the WebSocket libraries."""

    def __init__(self, server: FeedServer, path: str = f"/ws/{STREAM}", *, window: int = 0) -> None:
        self.link = socket.socket()
        if window:
            self.link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window)
        self.link.connect(("127.0.0.1", server.port))
        self.link.sendall(
            f"GET {path} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n".encode()
        )
        self.link.settimeout(PATIENCE_S)
        self.head = b""
        while b"\r\n\r\n" not in self.head:
            self.head += self.link.recv(1)

    def end(self) -> tuple[int, str]:
        """Read to the end: the close code and reason; (1006, "") when cut off without one. Nothing may follow it."""
        data = b""
        while True:
            try:
                part = self.link.recv(1 << 16)
            except ConnectionResetError:
                part = b""
            if not part:
                break
            data += part
        self.link.close()
        at = 0
        while at < len(data):
            opcode, size = data[at] & 0xF, data[at + 1] & 0x7F
            at += 2
            if size == 126:
                size, at = int.from_bytes(data[at : at + 2], "big"), at + 2
            if opcode == CLOSE:
                assert at + size == len(data), f"after the goodbye came {data[at + size :]!r}"
                return int.from_bytes(data[at : at + 2], "big"), data[at + 2 : at + size].decode()
            at += size
        return 1006, ""


async def in_thread(work: Any, *arguments: Any) -> Any:
    return await asyncio.get_running_loop().run_in_executor(None, work, *arguments)


class Bystander:
    """Follows the book in real time; every difference must continue the one before."""

    def __init__(self, link: ClientConnection) -> None:
        self.link, self.count = link, 0
        self.task = asyncio.create_task(self._read())

    async def _read(self) -> None:
        last = 0
        while True:
            event = json.loads(await self.link.recv())
            assert not last or event["pu"] == last, "a hole"
            last, self.count = event["u"], self.count + 1


async def flow(engine: AsyncMatcherClient, changes: int) -> None:
    for number in range(changes):
        await engine.send(order(1, Side.BUY, price_ticks=MARK_TICKS - 100 - number % 50))
    await engine.send(CancelAllOrders(account=1))


@pytest.fixture
async def scene(matcher: MatcherProcess, server: FeedServer) -> Any:
    """(engine, bystander); at the end the bystander must have heard every change."""
    engine = AsyncMatcherClient(matcher.url, "test")
    await engine.start()
    for command in opening(2):
        await engine.send(command)
    async with connect(f"{server.url}/ws/{STREAM}", compression=None) as link:
        bystander = Bystander(link)
        yield engine, bystander
        before = bystander.count
        await flow(engine, 20)
        async with asyncio.timeout(PATIENCE_S):
            while bystander.count < before + 21:
                assert not bystander.task.done(), bystander.task
                await asyncio.sleep(0.01)
        bystander.task.cancel()
        await asyncio.gather(bystander.task, return_exceptions=True)
    await engine.close()


def ping_flood(server: FeedServer) -> tuple[int, str]:
    raw = RawSocket(server)
    for _ in range(40):
        raw.link.sendall(frame(9, b"p" * 100) * 25)
    return raw.end()


def deaf_ping_flood(server: FeedServer) -> int:
    """Pings by the megabyte from a peer that reads none of the pongs: bytes taken before the server hung up."""
    raw = RawSocket(server, "/ws", window=4096)
    sent, block = 0, frame(9, b"p" * 125) * 500
    try:
        for _ in range(2000):
            raw.link.sendall(block)
            sent += len(block)
    except OSError:
        return sent
    finally:
        raw.link.close()
    raise AssertionError("nobody hung up")


async def test_pings_every_millisecond(server: FeedServer, scene: Any) -> None:
    assert await in_thread(ping_flood, server) == (1008, "more than 50 pings a second")
    before = resident(server)
    await in_thread(deaf_ping_flood, server)
    assert resident(server) - before < 8 * MIB


async def test_ordinary_pings_are_answered(server: FeedServer, scene: Any) -> None:
    async with connect(f"{server.url}/ws") as link:
        for _ in range(20):
            await (await link.ping())


async def test_frames_too_long_too_many_or_of_the_wrong_kind(server: FeedServer, scene: Any) -> None:
    def send(*frames: bytes) -> tuple[int, str]:
        raw = RawSocket(server)
        for one in frames:
            raw.link.sendall(one)
        return raw.end()

    assert (await in_thread(send, frame(1, b" " * 70_000)))[0] == 1009
    assert await in_thread(send, frame(2, b"\0")) == (1003, "text messages only")
    pieces = [frame(1, b" ", fin=False), *[frame(0, b" ", fin=False)] * 500]
    assert await in_thread(send, *pieces) == (1009, "more than 128 fragments")
    assert (await in_thread(send, frame(3, b"?")))[0] == 1002
    assert (await in_thread(send, frame(1, b"\xff")))[0] == 1007
    assert (await in_thread(send, b"\x81\x01x"))[0] == 1002, "frames of clients are masked"


async def test_a_server_says_goodbye_once(server: FeedServer, scene: Any) -> None:
    """Whoever begins it, and when both do at the same time; the connection ends with the peer's answer."""
    goodbye, ours = frame(CLOSE, struct.pack(">H", 1000)), (1003, "text messages only")

    def hang_up(*parts: bytes) -> tuple[tuple[int, str], float]:
        raw = RawSocket(server, "/ws")
        raw.link.sendall(parts[0])
        for part in parts[1:]:
            assert raw.link.recv(1, socket.MSG_PEEK) == bytes([0x80 | CLOSE])
            raw.link.sendall(part)
        begun = time.monotonic()
        return raw.end(), time.monotonic() - begun

    for parts, told in (
        ((goodbye,), (1000, "")),
        ((frame(2, b"\0"), goodbye), ours),
        ((frame(2, b"\0"), frame(9, b"still here") + frame(1, b"{}") + goodbye), ours),
        ((frame(2, b"\0") + goodbye,), (1000, "")),
    ):
        ends = [await in_thread(hang_up, *parts) for _ in range(3)]
        assert {end for end, _ in ends} == {told}
        assert min(took for _, took in ends) < LINGER_S / 2


async def test_ten_thousand_subscriptions(server: FeedServer, scene: Any) -> None:
    names = [f"btcusdt@kline_{n}m" for n in range(10_000)]
    before = resident(server)
    async with connect(f"{server.url}/ws") as link:
        await link.send(json.dumps({"method": "SUBSCRIBE", "params": names[:2500], "id": 1}))
        told = json.loads(await link.recv())
        assert told == {
            "error": {"code": 2, "msg": "Invalid request: more than 200 streams on one connection"},
            "id": 1,
        }
        await link.send(json.dumps({"method": "SUBSCRIBE", "params": names[:100], "id": 2}))
        assert json.loads(await link.recv())["error"]["msg"].startswith("Invalid request: unknown stream")
        await link.send(json.dumps({"method": "SUBSCRIBE", "params": names, "id": 3}))
        with pytest.raises(ConnectionClosed) as ended:
            await link.recv()
    assert ended.value.rcvd is not None
    assert ended.value.rcvd.code == 1009
    assert resident(server) - before < 8 * MIB


async def test_sockets_that_never_read_cost_bounded_memory(server: FeedServer, scene: Any) -> None:
    """Fifty of them under a flood of whole books: at most the backlog each, and none is left in the end."""
    engine, _ = scene
    streams = "/".join(f"{name}@depth20@0ms" for name in ("btcusdt", "Btcusdt", "bTcusdt", "BTcusdt", "btCusdt"))
    for step in range(30):
        await engine.send(order(2, Side.BUY, price_ticks=MARK_TICKS - 100 - step, quantity_lots=5))
    deaf = [RawSocket(server, f"/stream?streams={streams}", window=4096) for _ in range(50)]
    before = peak = resident(server)
    for _ in range(20):
        await flow(engine, 40)
        peak = max(peak, resident(server))
    assert peak - before < 50 * 700 * 1024, f"{(peak - before) / MIB:.1f} MiB for 50 sockets"
    for raw in deaf:
        raw.link.close()
    await engine.send(CancelAllOrders(account=2))
    assert resident(server) - before < 20 * MIB


async def test_half_open_sockets_hold_little_and_end(server: FeedServer, scene: Any) -> None:
    """Peers that vanished without a word are as those that never read; ones that never asked for anything too."""
    before = resident(server)
    silent = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(200)]
    async with connect(f"{server.url}/ws") as link:
        await (await link.ping())
    assert resident(server) - before < 200 * 64 * 1024
    for one in silent:
        one.close()
