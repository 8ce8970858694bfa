"""Clients that follow a book or everything there is, and come back by themselves whenever their socket ends."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from abc import ABC, abstractmethod
from typing import Any

import aiohttp
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from tests.recorder.books import Book, HoleError, Tally

AGAIN_S = 0.1
INTERVALS = ("1m", "3m", "5m", "15m", "30m", "1h", "2h", "4h", "6h", "8h", "12h", "1d", "3d", "1w", "1M")
LOST = (OSError, ConnectionClosed, InvalidHandshake, TimeoutError, aiohttp.ClientError, EOFError)


class Reader(ABC):
    """Connects, follows, comes back. `synced_at` is when it last became whole, 0 while it is not."""

    name = ""

    def __init__(self, tally: Tally) -> None:
        self.tally = tally
        self.synced_at = 0.0
        self.task = asyncio.create_task(self._run())

    async def _run(self) -> None:
        while True:
            try:
                await self.follow()
            except HoleError as error:
                self.tally.holes.append(f"{self.name}: {error}")
            except LOST:
                self.tally.reconnects += 1
            self.synced_at = 0.0
            await asyncio.sleep(AGAIN_S)

    @abstractmethod
    async def follow(self) -> None:
        """Read until the link is lost or a hole is met (HoleError)."""

    async def stop(self) -> None:
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)


class CompatibleBook(Reader):
    """`<s>@depth@<speed>` joined to a REST snapshot as the venue's documents say."""

    def __init__(self, tally: Tally, base: str, symbol: str, speed: str, faster: CompatibleBook | None = None) -> None:
        self.base, self.symbol, self.speed, self.faster = base, symbol, speed, faster
        self.name, self.book = f"{symbol}@depth@{speed}", Book()
        super().__init__(tally)

    async def follow(self) -> None:
        url = f"ws{self.base.removeprefix('http')}/ws/{self.symbol.lower()}@depth@{self.speed}"
        async with connect(url, compression=None, max_queue=None) as link, aiohttp.ClientSession() as session:
            early = [json.loads(await link.recv())]
            query = {"symbol": self.symbol, "limit": "1000"}
            async with session.get(f"{self.base}/fapi/v1/depth", params=query) as answer:
                snapshot = await answer.json()
                if answer.status != 200:
                    raise OSError(str(snapshot))
            start = int(snapshot["lastUpdateId"])
            self.book.begin(start, snapshot["bids"], snapshot["asks"])
            joined = False
            while True:
                event = early.pop(0) if early else json.loads(await link.recv())
                self.tally.count("depthUpdate")
                if event["u"] < start:
                    continue
                if not joined and not (event["U"] <= start <= event["u"] or event["pu"] == start):
                    raise HoleError(f"{event['U']}..{event['u']} does not join {start}")
                if joined and event["pu"] != self.book.seq:
                    raise HoleError(f"{event['pu']} after {self.book.seq}")
                self.book.change(event["u"], event["b"], event["a"])
                if not joined:
                    joined, self.synced_at = True, time.monotonic()
                if self.faster is not None and self.faster.synced_at:
                    known = self.faster.book.as_of(event["u"])
                    if known is not None:
                        self.tally.compare(self.name, event["u"], known, (self.book.bids, self.book.asks))


class NativeReader(Reader):
    """Everything public of one instrument on the native socket; every return resumes."""

    def __init__(self, tally: Tally, base: str, symbol: str) -> None:
        self.base, self.symbol = base, symbol
        self.name = f"native {symbol}"
        self.books = {f"book.{symbol}": Book(), f"book100.{symbol}": Book()}
        self.seqs: dict[str, int] = {}
        self.trades: list[int] = []
        self.channels = [*self.books, "insurance", f"candles.{symbol}.1m"]
        self.channels += [
            f"{kind}.{symbol}" for kind in ("trades", "best", "ticker", "mark", "funding", "state", "liquidations")
        ]
        super().__init__(tally)

    async def follow(self) -> None:
        url = f"ws{self.base.removeprefix('http')}/ws/v1"
        async with connect(url, compression=None, max_queue=None) as link:
            words = {"method": "subscribe", "id": 1, "channels": self.channels, "from": self.seqs}
            await link.send(json.dumps(words))
            waiting = set(self.channels)
            while True:
                message = json.loads(await link.recv())
                if "channel" not in message or "event" in message:
                    await self._other(link, message)
                    continue
                self.take(message)
                waiting.discard(message["channel"])
                if not waiting and not self.synced_at:
                    self.synced_at = time.monotonic()

    async def _other(self, link: ClientConnection, message: Any) -> None:
        if message.get("event") == "heartbeat":
            await link.send('{"method":"heartbeat"}')
        elif message.get("event") == "gap_too_old":
            self.tally.snapshots_after_gap += 1
        elif "error" in message:
            raise OSError(str(message))

    def take(self, message: Any) -> None:
        """One data message: its chain, its book, its trades."""
        channel, data, kind = message["channel"], message["data"], message["type"]
        self.tally.count(f"native {channel.partition('.')[0]}")
        self.tally.replays += kind == "replay"
        known = self.seqs.get(channel)
        if kind != "snapshot" and message["prev"] != known:
            raise HoleError(f"{channel}: {message['prev']} after {known}")
        self.seqs[channel] = message["seq"]
        book = self.books.get(channel)
        if book is not None and data is not None:
            (book.begin if kind == "snapshot" else book.change)(message["seq"], data["bids"], data["asks"])
            if book.checksum() != data["checksum"]:
                self.tally.mismatches += 1
                self.tally.differences.append(f"{channel} at {message['seq']}: checksum")
            self.tally.compared += 1
        elif channel.startswith("trades") and data:
            for row in data:
                number = int(row["trade_id"])
                if self.trades and number <= self.trades[-1]:
                    raise HoleError(f"{channel}: trade {number} after {self.trades[-1]}")
                self.trades.append(number)


class Everything(Reader):
    """Every compatible stream of one instrument on combined sockets, counted by kind."""

    def __init__(self, tally: Tally, base: str, symbol: str) -> None:
        self.base, self.name = base, f"everything of {symbol}"
        lower = symbol.lower()
        kinds = ["aggTrade", "trade", "bookTicker", "markPrice", "markPrice@1s", "ticker", "miniTicker", "forceOrder"]
        kinds += [f"depth{n}{speed}" for n in (5, 10, 20) for speed in ("", "@0ms", "@100ms", "@250ms", "@500ms")]
        kinds += [f"kline_{interval}" for interval in INTERVALS]
        kinds += ["markPriceKline_1m", "indexPriceKline_1m", "premiumIndexKline_1m", "rpiDepth@500ms"]
        self.streams = [f"{lower}@{kind}" for kind in kinds]
        self.streams += [f"{lower}_perpetual@continuousKline_{interval}" for interval in INTERVALS]
        self.streams += ["!ticker@arr", "!miniTicker@arr", "!markPrice@arr", "!markPrice@arr@1s", "!bookTicker"]
        self.streams += ["!forceOrder@arr", "!contractInfo"]
        super().__init__(tally)

    async def follow(self) -> None:
        url = f"ws{self.base.removeprefix('http')}/stream"
        async with connect(url, compression=None, max_queue=None) as link:
            await link.send(json.dumps({"method": "SUBSCRIBE", "params": self.streams, "id": 1}))
            while "result" not in json.loads(await link.recv()):
                pass
            self.synced_at = time.monotonic()
            while True:
                data = json.loads(await link.recv())["data"]
                self.tally.count((data[0] if isinstance(data, list) else data)["e"])


class Crowd:
    """Many plain sockets that only want to be connected; below the libraries, so that they cost little."""

    def __init__(self, base: str, sockets: int, symbol: str) -> None:
        self.host, self.port = base.removeprefix("http://").split(":")
        self.path = f"/ws/{symbol.lower()}@markPrice@1s"
        self.connected: set[int] = set()
        self.tasks = [asyncio.create_task(self._run(number)) for number in range(sockets)]

    async def _run(self, number: int) -> None:
        while True:
            with contextlib.suppress(*LOST, asyncio.IncompleteReadError):
                reader, writer = await asyncio.open_connection(self.host, int(self.port), limit=4096)
                try:
                    await self._follow(number, reader, writer)
                finally:
                    self.connected.discard(number)
                    writer.close()
            await asyncio.sleep(AGAIN_S)

    async def _follow(self, number: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(
            f"GET {self.path} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n".encode()
        )
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 101"):
            raise OSError(head[:60])
        while data := await reader.read(4096):
            if data[0] == 0x88:  # a close frame
                return
            self.connected.add(number)

    async def stop(self) -> None:
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
