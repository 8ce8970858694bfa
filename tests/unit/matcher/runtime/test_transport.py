"""The wire: who hears what, what is refused with which word, who is cut off."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from matcher.protocol.codec import decode_events, decode_levels
from matcher.protocol.commands import OpenAccount
from matcher.protocol.enums import Side
from matcher.protocol.frames import ANSWER_HEAD, EVENTS_HEAD, HEAD, QUERY_HEAD, REFUSED_HEAD, Frame, Mode
from matcher.protocol.views import Query, QueryKind
from matcher.runtime.errors import ConfigurationRefused, JournalLost
from matcher.runtime.metrics import Metrics
from matcher.runtime.transport import serve_metrics
from tests.support.market import opening, order
from tests.support.matcher_inside import MatcherInside
from tests.support.raw_link import RawLink


@pytest.fixture
async def matcher(tmp_path: Path) -> AsyncIterator[MatcherInside]:
    async with MatcherInside(tmp_path) as inside:
        yield inside


@asynccontextmanager
async def linked(matcher: MatcherInside, mode: int = Mode.REPLIES) -> AsyncIterator[RawLink]:
    link = await RawLink.open(matcher.url)
    await link.hello(mode)
    yield link
    link.close()


def refusal(payload: bytes) -> tuple[int, str]:
    return REFUSED_HEAD.unpack_from(payload)[0], payload[REFUSED_HEAD.size :].decode()


async def test_a_caller_hears_its_own_events_a_gateway_all_a_projector_the_head(matcher: MatcherInside) -> None:
    async with (
        linked(matcher) as maker,
        linked(matcher) as other,
        linked(matcher, Mode.EVENTS) as gateway,
        linked(matcher, Mode.HEADS) as projector,
    ):
        maker.send(*opening(2), order(1, Side.BUY))
        kind, payload = await maker.read()
        first_seq, last_seq, size = EVENTS_HEAD.unpack_from(payload)
        own = decode_events(payload[EVENTS_HEAD.size :])
        assert (kind, first_seq, last_seq, size) == (Frame.EVENTS, 1, 9, len(own) * 128)
        assert [e.command_id & 0xFFFF for e in own] == list(range(1, 10))

        kind, payload = await gateway.read()
        size = EVENTS_HEAD.unpack_from(payload)[2]
        assert decode_events(payload[EVENTS_HEAD.size : EVENTS_HEAD.size + size]) == own
        assert [level.quantity_lots for level in decode_levels(payload[EVENTS_HEAD.size + size :])] == [1]

        assert await projector.read() == (Frame.HEAD, HEAD.pack(9))
        other.send(OpenAccount(account=9))
        kind, payload = await other.read()
        assert [e.account for e in decode_events(payload[EVENTS_HEAD.size :])] == [9]


async def test_a_late_client_is_told_where_history_stands(matcher: MatcherInside) -> None:
    async with linked(matcher) as first:
        first.send(OpenAccount(account=1), OpenAccount(account=2))
        await first.read()
        second = await RawLink.open(matcher.url)
        assert await second.hello() == 2
        assert second.session != first.session
        second.close()


async def test_a_query_is_answered_by_its_id(matcher: MatcherInside) -> None:
    async with linked(matcher) as link:
        link.write(Frame.QUERY, QUERY_HEAD.pack(77) + Query(kind=QueryKind.STATS).pack())
        kind, payload = await link.read()
        assert (kind, ANSWER_HEAD.unpack_from(payload)[0]) == (Frame.ANSWER, 77)


async def test_another_session_is_refused_whole(matcher: MatcherInside) -> None:
    async with linked(matcher) as link:
        own, foreign = link.session << 32 | 1, link.session + 1 << 32 | 1
        link.write(Frame.COMMANDS, b"".join(OpenAccount(account=1, command_id=i).pack() for i in (own, foreign)))
        assert [refusal((await link.read())[1])[0] for _ in range(2)] == [own, foreign]
    assert matcher.sequencer.seq == 0


async def test_too_much_at_once_is_refused_and_not_done(tmp_path: Path) -> None:
    async with MatcherInside(tmp_path, waiting_commands_max=3) as matcher, linked(matcher) as link:
        link.send(*(OpenAccount(account=n) for n in range(1, 5)))
        assert [refusal((await link.read())[1])[1] for _ in range(4)] == ["overloaded"] * 4
        assert matcher.sequencer.seq == 0
        assert matcher.metrics.refused == 4


@pytest.mark.parametrize(
    ("kind", "payload"),
    [
        (Frame.COMMANDS, bytes(100)),
        (Frame.COMMANDS, b""),
        (Frame.QUERY, bytes(10)),
        (Frame.HELLO, bytes(4)),
        (Frame.EVENTS, bytes(20)),
    ],
)
async def test_nonsense_cuts_the_link_and_no_other(matcher: MatcherInside, kind: Frame, payload: bytes) -> None:
    async with linked(matcher) as good, linked(matcher) as bad:
        bad.write(kind, payload)
        assert await bad.is_cut()
        good.send(OpenAccount(account=1))
        assert (await good.read())[0] == Frame.EVENTS
    assert matcher.metrics.clients_dropped == 1


@pytest.mark.parametrize("data", [b"\xff\xff\xff\xff", b"\0\0\0\0", b"\x05\0\0\0\x03aaaa", b"\x02\0\0\0\x01a"])
async def test_a_stranger_is_cut_before_it_says_hello(matcher: MatcherInside, data: bytes) -> None:
    link = await RawLink.open(matcher.url)
    link.writer.write(data)
    assert await link.is_cut()
    link.close()


async def test_a_client_of_another_version_is_told_so(matcher: MatcherInside) -> None:
    link = await RawLink.open(matcher.url)
    with pytest.raises(AssertionError, match="speaks version 1"):
        await link.hello(version=9)
    assert await link.is_cut()
    link.close()


async def test_a_reader_that_does_not_read_is_dropped_and_blocks_nobody(tmp_path: Path) -> None:
    async with MatcherInside(tmp_path, backlog_bytes_max=200_000) as matcher:
        slow = await RawLink.open(matcher.url)
        slow.writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        await slow.hello(Mode.EVENTS)
        slow.writer.transport.pause_reading()
        async with linked(matcher) as link:
            while not matcher.metrics.clients_dropped:
                link.send(*(OpenAccount(account=n) for n in range(1, 101)))
                assert (await link.read())[0] == Frame.EVENTS
            assert matcher.metrics.clients == 1
        slow.close()


async def test_a_stop_finishes_what_was_taken(tmp_path: Path) -> None:
    async with MatcherInside(tmp_path) as matcher:
        link = await RawLink.open(matcher.url)
        await link.hello()
        link.send(OpenAccount(account=1))
        while not matcher.sequencer.waiting:
            await asyncio.sleep(0)
        await matcher.server.stop()
        assert (await link.read())[0] == Frame.EVENTS
        assert await link.is_cut()
        assert matcher.sequencer.seq == 1
        assert not Path(matcher.url.removeprefix("unix://")).exists()
        link.close()


async def test_while_stopping_new_commands_are_refused(matcher: MatcherInside) -> None:
    async with linked(matcher) as link:
        matcher.server._stopping = True
        link.send(OpenAccount(account=1))
        assert refusal((await link.read())[1]) == (link.session << 32 | 1, "stopping")


async def test_a_failed_commit_ends_the_matcher_and_nothing_is_told(matcher: MatcherInside) -> None:
    async with linked(matcher) as link, linked(matcher, Mode.EVENTS) as gateway:
        matcher.journal.close()
        link.send(OpenAccount(account=1))
        while not matcher.fatal:
            await asyncio.sleep(0)
        link.send(OpenAccount(account=2))
        assert isinstance(matcher.fatal[0], JournalLost)
        await matcher.server.stop()
        assert await link.is_cut()
        assert await gateway.is_cut()
    assert len(matcher.fatal) == 1


async def test_an_address_that_cannot_be_had_is_refused(tmp_path: Path) -> None:
    (tmp_path / "m.sock").write_text("a file that is no socket")
    with pytest.raises(ConfigurationRefused, match="cannot listen"):
        async with MatcherInside(tmp_path):
            pass


async def test_metrics_are_served_and_nothing_else() -> None:
    metrics = Metrics(commands=3)
    server = await serve_metrics(0, metrics)
    port = server.sockets[0].getsockname()[1]
    for path, status in ((b"/metrics", b"200 OK"), (b"/", b"404 Not Found")):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET %b HTTP/1.1\r\n\r\n" % path)
        said = await reader.read()
        assert said.startswith(b"HTTP/1.1 " + status)
        assert (b"matcher_commands_total 3" in said) is (path == b"/metrics")
        writer.close()
    with pytest.raises(ConfigurationRefused, match=f"port {port}"):
        await serve_metrics(port, metrics)
    server.close()
    await server.wait_closed()
