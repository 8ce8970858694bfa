"""The way out: which one a server gets, that it is bounded, and how it ends."""

import asyncio
from typing import Any

import pytest
import uvloop
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.protocol import State
from websockets.server import ServerProtocol

from apps.feeds import wire as wires
from apps.feeds.messages import Message, text_frame
from apps.feeds.wire import AsgiWire, TransportWire, open_wire
from tests.support.pace import PATIENCE_S

HELLO = Message(b'{"e":"hello"}')


class FakeTransport:
    def __init__(self) -> None:
        self.written: list[bytes] = []
        self.waiting = 0
        self.aborted = False

    def write(self, data: bytes) -> None:
        self.written.append(data)

    def get_write_buffer_size(self) -> int:
        return self.waiting

    def is_closing(self) -> bool:
        return self.aborted

    def abort(self) -> None:
        self.aborted = True

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return default


class SansIOProtocol(WebSocketsSansIOProtocol):
    """uvicorn's protocol, as far as a way out looks at it."""

    def __init__(self, transport: Any) -> None:
        self.transport = transport
        self.conn = ServerProtocol(state=State.OPEN)
        self.close_sent = False
        self.ping_timer = self.pong_timer = None

    async def send(self, message: dict[str, Any]) -> None: ...


class OtherProtocol:
    """Some other server's."""

    def __init__(self, transport: Any) -> None:
        self.transport = transport

    async def send(self, message: dict[str, Any]) -> None: ...


@pytest.mark.parametrize("factory", [asyncio.new_event_loop, uvloop.new_event_loop])
def test_a_real_transport_of_either_loop_is_written_to_directly(factory: Any) -> None:
    async def connect() -> type:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(asyncio.Protocol, "127.0.0.1", 0)
        transport, _ = await loop.create_connection(asyncio.Protocol, *server.sockets[0].getsockname())
        kind = type(open_wire(SansIOProtocol(transport).send))
        transport.abort()
        server.close()
        await asyncio.sleep(0.01)
        return kind

    with asyncio.Runner(loop_factory=factory) as runner:
        assert runner.run(connect()) is TransportWire


async def test_other_servers_are_spoken_to_through_asgi() -> None:
    async def send(message: dict[str, Any]) -> None: ...

    assert isinstance(open_wire(send), AsgiWire)
    assert isinstance(open_wire(OtherProtocol(FakeTransport()).send), AsgiWire)


async def test_the_transport_gets_ready_frames_until_it_is_full() -> None:
    transport = FakeTransport()
    wire = open_wire(SansIOProtocol(transport).send)
    assert wire.write(HELLO)
    assert transport.written == [text_frame(HELLO.payload)]
    assert wire.write_all([HELLO, HELLO])
    assert transport.written[1:] == [2 * text_frame(HELLO.payload)], "one piece"
    transport.waiting = wires.BACKLOG_BYTES + 1
    assert not wire.write(HELLO)
    assert not wire.write_all([HELLO, HELLO])
    assert len(transport.written) == 2


class Collector(asyncio.Protocol):
    """A peer that reads when it is told to."""

    def __init__(self) -> None:
        self.got = bytearray()

    def connection_made(self, transport: Any) -> None:
        transport.pause_reading()
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.got += data


@pytest.mark.parametrize("factory", [asyncio.new_event_loop, uvloop.new_event_loop])
def test_what_the_kernel_does_not_take_follows_in_order_until_it_is_too_much(factory: Any) -> None:
    async def run() -> None:
        loop = asyncio.get_running_loop()
        peers: list[Collector] = []
        server = await loop.create_server(lambda: peers.append(Collector()) or peers[-1], "127.0.0.1", 0)
        transport, _ = await loop.create_connection(asyncio.Protocol, *server.sockets[0].getsockname())
        while not peers:
            await asyncio.sleep(0.005)
        wire = open_wire(SansIOProtocol(transport).send)
        sent = bytearray()
        number = 0
        while wire.write(message := Message(b"%08d" % number * 2_000)):
            sent += message.frame
            number += 1
        assert transport.get_write_buffer_size() < wires.BACKLOG_BYTES + 20_000
        peers[0].transport.resume_reading()
        async with asyncio.timeout(PATIENCE_S):
            while len(peers[0].got) < len(sent):
                await asyncio.sleep(0.005)
        assert peers[0].got == sent
        transport.abort()
        peers[0].transport.abort()
        server.close()
        await asyncio.sleep(0.01)

    with asyncio.Runner(loop_factory=factory) as runner:
        runner.run(run())


async def test_closing_says_why_then_cuts_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wires, "LINGER_S", 0.01)
    transport = FakeTransport()
    wire = open_wire(SansIOProtocol(transport).send)
    wire.close(1008, "no")
    wire.close(1000, "again")
    assert wire.write(HELLO)
    assert transport.written == [b"\x88\x04\x03\xf0no"]
    await asyncio.sleep(0.03)
    assert transport.aborted


class SlowServer:
    """An ASGI send that waits until it is let go."""

    def __init__(self) -> None:
        self.gate = asyncio.Event()
        self.got: list[dict[str, Any]] = []

    async def send(self, message: dict[str, Any]) -> None:
        await self.gate.wait()
        self.got.append(message)


async def test_the_queue_of_an_asgi_server_is_bounded_and_in_order() -> None:
    server = SlowServer()
    wire = open_wire(server.send)
    big = Message(b"x" * (wires.BACKLOG_BYTES // 4))
    assert [wire.write(big) for _ in range(5)] == [True] * 5
    await asyncio.sleep(0)
    assert wire.write(HELLO)
    assert not wire.write(HELLO)
    server.gate.set()
    await asyncio.sleep(0.01)
    assert [len(message["text"]) for message in server.got] == [len(big.text)] * 5 + [len(HELLO.text)]
    assert wire.write_all([HELLO, big])
    await asyncio.sleep(0.01)
    assert [len(message["text"]) for message in server.got[-2:]] == [len(HELLO.text), len(big.text)]


async def test_closing_an_asgi_server_drops_what_waits_and_says_why() -> None:
    server = SlowServer()
    wire = open_wire(server.send)
    wire.write(HELLO)
    await asyncio.sleep(0)
    wire.write(HELLO)
    wire.close(1008, "no")
    server.gate.set()
    await asyncio.sleep(0.01)
    assert [message["type"] for message in server.got] == ["websocket.send", "websocket.close"]
    assert (server.got[1]["code"], server.got[1]["reason"]) == (1008, "no")


async def test_a_peer_that_is_gone_is_no_error() -> None:
    async def send(message: dict[str, Any]) -> None:
        raise OSError("gone")

    wire = open_wire(send)
    assert wire.write(HELLO)
    await asyncio.sleep(0.01)
    assert wire.write(HELLO)
