"""The asyncio client against a matcher in the same loop: answers, pushes, and honest failures."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Self

import pytest

from apps.bridge.client import AsyncMatcherClient
from apps.bridge.errors import MatcherUnavailable, OutcomeUnknown
from matcher.protocol.codec import decode_events
from matcher.protocol.commands import OpenAccount
from matcher.protocol.enums import Side
from matcher.protocol.events import AccountOpened, CommandRejected, OrderAccepted, OrderFilled
from matcher.protocol.frames import FRAME_VERSION, WELCOME, Frame, Mode, frame
from matcher.protocol.views import BalanceView, Query, QueryKind
from tests.support.market import FUNDS_UNITS, opening, order
from tests.support.matcher_inside import MatcherInside
from tests.support.pace import PATIENCE_S


@pytest.fixture
async def matcher(tmp_path: Path) -> AsyncIterator[MatcherInside]:
    async with MatcherInside(tmp_path) as inside:
        yield inside


@pytest.fixture
async def client(matcher: MatcherInside) -> AsyncIterator[AsyncMatcherClient]:
    made = AsyncMatcherClient(matcher.url, "test")
    await made.start()
    yield made
    await made.close()


class Mute:
    """A matcher that welcomes everybody, takes everything and answers nothing."""

    def __init__(self, folder: Path) -> None:
        self.url = f"unix://{folder}/mute.sock"
        self.received = 0
        self.writers: list[asyncio.StreamWriter] = []

    async def __aenter__(self) -> Self:
        self.server = await asyncio.start_unix_server(self._serve, self.url.removeprefix("unix://"))
        return self

    async def __aexit__(self, *_: object) -> None:
        self.server.close()
        self.hang_up()

    def hang_up(self) -> None:
        for writer in self.writers:
            writer.close()
        self.writers.clear()

    def say(self, data: bytes) -> None:
        for writer in self.writers:
            writer.write(data)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.writers.append(writer)
        await reader.read(64)
        writer.write(frame(Frame.WELCOME, WELCOME.pack(FRAME_VERSION, 7, 100)))
        while data := await reader.read(65536):
            self.received += len(data)


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not condition():
            await asyncio.sleep(0.001)


async def test_send_returns_the_commands_own_events_with_the_last_one(client: AsyncMatcherClient) -> None:
    await asyncio.gather(*(client.send(command) for command in opening(2)))
    (accepted,) = await client.send(order(1, Side.BUY, quantity_lots=3))
    assert isinstance(accepted, OrderAccepted)
    events = await client.send(order(2, Side.SELL, quantity_lots=2))
    assert [type(e) for e in events] == [OrderAccepted, OrderFilled, OrderFilled]
    assert client.last_seq == 10


async def test_a_refusal_is_an_answer(client: AsyncMatcherClient) -> None:
    (event,) = await client.send(OpenAccount(account=0))
    assert isinstance(event, CommandRejected)


async def test_many_at_once_travel_together_and_each_gets_its_own(
    client: AsyncMatcherClient, matcher: MatcherInside
) -> None:
    answers = await asyncio.gather(*(client.send(OpenAccount(account=n)) for n in range(1, 2001)))
    assert [events[0].account for events in answers] == list(range(1, 2001))
    assert matcher.metrics.batch_commands.total == 2000
    assert sum(matcher.metrics.batch_commands.counts) <= 4  # frames of 1,024, so hardly any batch


async def test_two_clients_never_hear_each_other(matcher: MatcherInside) -> None:
    clients = [AsyncMatcherClient(matcher.url, f"c{n}", mode) for n, mode in enumerate((0, 1, 1))]
    for client in clients:
        await client.start()
    answers = await asyncio.gather(
        *(client.send(OpenAccount(account=100 * k + n)) for n in range(1, 20) for k, client in enumerate(clients, 1))
    )
    assert [e.account for events in answers for e in events] == [100 * k + n for n in range(1, 20) for k in (1, 2, 3)]
    for client in clients:
        await client.close()


async def test_a_query_sees_what_was_sent_before(client: AsyncMatcherClient) -> None:
    sent = [client.submit(command.pack()) for command in opening(1)]
    header, balances, positions = await client.query(Query(kind=QueryKind.ACCOUNT, account=1))
    assert header.seq == len(sent)
    assert isinstance(balances[0], BalanceView)
    assert balances[0].wallet_units == FUNDS_UNITS
    assert positions == []


async def test_mode_1_gets_every_batch_once_as_raw_bytes(matcher: MatcherInside, client: AsyncMatcherClient) -> None:
    gateway = AsyncMatcherClient(matcher.url, "gateway", Mode.EVENTS)
    batches: list[tuple[int, int, bytes, bytes]] = []
    gateway.on_batch(lambda *batch: batches.append(batch))
    await gateway.start()
    await asyncio.gather(*(client.send(command) for command in [*opening(1), order(1, Side.BUY)]))
    await gateway.send(OpenAccount(account=5))
    assert batches[0][:2] == (1, 7)
    assert [e.seq for e in decode_events(batches[0][2])] == list(range(1, 8))
    assert len(batches[0][3]) == 32
    assert batches[-1][:2] == (8, 8)
    assert gateway.last_seq == 8
    await gateway.close()


async def test_mode_2_hears_the_head(matcher: MatcherInside, client: AsyncMatcherClient) -> None:
    heads: list[int] = []
    projector = AsyncMatcherClient(matcher.url, "projector", Mode.HEADS)
    projector.on_head(heads.append)
    await projector.start()
    await client.send(OpenAccount(account=1))
    await until(lambda: heads == [1])
    assert projector.last_seq == 1
    await projector.close()


async def test_a_broken_callback_breaks_nothing(matcher: MatcherInside, caplog: pytest.LogCaptureFixture) -> None:
    gateway = AsyncMatcherClient(matcher.url, "gateway", Mode.EVENTS)
    gateway.on_batch(lambda *_: 1 // 0)
    await gateway.start()
    assert isinstance((await gateway.send(OpenAccount(account=5)))[0], AccountOpened)
    assert "a callback of the bridge failed" in caplog.text
    await gateway.close()


async def test_no_matcher_is_unavailable_and_comes_up_when_there_is_one(tmp_path: Path) -> None:
    client = AsyncMatcherClient(f"unix://{tmp_path}/m.sock", "early")
    with pytest.raises(MatcherUnavailable, match="no matcher answers"):
        await client.start(timeout_s=0.05)
    with pytest.raises(MatcherUnavailable, match="no link"):
        await client.send(OpenAccount(account=1))
    with pytest.raises(MatcherUnavailable, match="no link"):
        await client.query(Query(kind=QueryKind.STATS))
    async with MatcherInside(tmp_path):
        await client.wait_connected(5)
        assert isinstance((await client.send(OpenAccount(account=1)))[0], AccountOpened)
        await client.close()


async def test_refused_is_unavailable_because_it_is_surely_not_done(tmp_path: Path) -> None:
    async with MatcherInside(tmp_path, waiting_commands_max=1) as matcher:
        client = AsyncMatcherClient(matcher.url, "test")
        await client.start()
        outcomes = await asyncio.gather(*(client.send(OpenAccount(account=n)) for n in (1, 2)), return_exceptions=True)
        assert [str(o) for o in outcomes] == ["refused: overloaded"] * 2
        assert {type(o) for o in outcomes} == {MatcherUnavailable}
        await client.close()


async def test_no_answer_in_time_is_unknown(tmp_path: Path) -> None:
    async with Mute(tmp_path) as mute:
        client = AsyncMatcherClient(mute.url, "test")
        await client.start()
        late = client.submit(OpenAccount(account=1).pack(), timeout_s=0.01)
        patient = client.submit(OpenAccount(account=2).pack())
        with pytest.raises(OutcomeUnknown, match="in time"):
            await late
        with pytest.raises(OutcomeUnknown, match="in time"):
            await client.query(Query(kind=QueryKind.STATS), timeout_s=0.01)
        assert not patient.done()
        await client.close()
        with pytest.raises(OutcomeUnknown, match="link"):
            await patient


async def test_a_lost_link_is_unknown_for_what_was_sent_and_unavailable_for_what_was_not(tmp_path: Path) -> None:
    async with Mute(tmp_path) as mute:
        client = AsyncMatcherClient(mute.url, "test")
        await client.start()
        sent = client.submit(OpenAccount(account=1).pack())
        await until(lambda: mute.received)
        unsent = client.submit(OpenAccount(account=2).pack())
        client.link_lost()
        with pytest.raises(OutcomeUnknown):
            await sent
        with pytest.raises(MatcherUnavailable, match="before sending"):
            await unsent
        await client.close()


async def test_it_reconnects_and_says_what_was_missed(tmp_path: Path) -> None:
    told: list[tuple[str, int]] = []
    async with MatcherInside(tmp_path) as first:
        gateway = AsyncMatcherClient(first.url, "gateway", Mode.EVENTS)
        gateway.on_gap(lambda seq: told.append(("gap behind", seq)))
        gateway.on_reconnect(lambda seq: told.append(("connected at", seq)))
        await gateway.start()
        await gateway.send(OpenAccount(account=1))
    await until(lambda: not gateway.connected)
    async with MatcherInside(tmp_path) as second:
        await until(lambda: gateway.connected)
        assert told == [("connected at", 1)]
        assert isinstance((await gateway.send(OpenAccount(account=2)))[0], AccountOpened)
    await until(lambda: not gateway.connected)
    elsewhere = AsyncMatcherClient(second.url, "other")
    async with MatcherInside(tmp_path) as third:
        third.server._readers[Mode.EVENTS].clear()
        await elsewhere.start()
        await gateway.wait_connected(5)
        third.server._readers[Mode.EVENTS].clear()
        await elsewhere.send(OpenAccount(account=3))
    await elsewhere.close()
    await until(lambda: not gateway.connected)
    async with MatcherInside(tmp_path):
        await gateway.wait_connected(5)
        assert told[1:] == [("connected at", 2), ("gap behind", 2), ("connected at", 3)]
        assert gateway.last_seq == 3
        await gateway.close()


async def test_a_hole_between_batches_is_a_gap(tmp_path: Path) -> None:
    from matcher.protocol.frames import EVENTS_HEAD

    async with Mute(tmp_path) as mute:
        gateway = AsyncMatcherClient(mute.url, "gateway", Mode.EVENTS)
        told: list[object] = []
        gateway.on_gap(told.append)
        gateway.on_batch(lambda first, last, _events, _levels: told.append((first, last)))
        await gateway.start()
        mute.say(
            frame(Frame.EVENTS, EVENTS_HEAD.pack(101, 102, 0)) + frame(Frame.EVENTS, EVENTS_HEAD.pack(105, 105, 0))
        )
        await until(lambda: len(told) == 3)
        assert told == [(101, 102), 102, (105, 105)]
        await gateway.close()


@pytest.mark.parametrize("data", [b"\0\0\0\0", b"\xff\xff\xff\xff", frame(Frame.HELLO), frame(Frame.EVENTS, b"x")])
async def test_nonsense_from_the_other_side_cuts_the_link(tmp_path: Path, data: bytes) -> None:
    async with Mute(tmp_path) as mute:
        client = AsyncMatcherClient(mute.url, "test")
        await client.start()
        waiting = client.submit(OpenAccount(account=1).pack())
        await until(lambda: mute.received)
        mute.say(data)
        with pytest.raises(OutcomeUnknown):
            await waiting
        await client.close()


async def test_a_given_up_answer_disturbs_nobody(client: AsyncMatcherClient) -> None:
    task = asyncio.create_task(client.send(OpenAccount(account=1)))
    await asyncio.sleep(0)
    task.cancel()
    assert isinstance((await client.send(OpenAccount(account=2)))[0], AccountOpened)
    assert len(client._replies) == 0


async def test_only_whole_commands_are_taken(client: AsyncMatcherClient) -> None:
    with pytest.raises(ValueError, match="128 bytes"):
        client.submit(b"short")


async def test_an_address_of_another_form_is_an_error() -> None:
    from apps.bridge.address import connect

    with pytest.raises(ValueError, match="unix:///path"):
        await connect("http://x", asyncio.Protocol)


async def test_tcp_works_the_same(tmp_path: Path) -> None:
    from dataclasses import replace

    matcher = MatcherInside(tmp_path)
    matcher.settings = replace(matcher.settings, matcher_url="tcp://127.0.0.1:0")
    async with matcher:
        port = matcher.server._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        client = AsyncMatcherClient(f"tcp://127.0.0.1:{port}", "tcp")
        await client.start()
        assert isinstance((await client.send(OpenAccount(account=2)))[0], AccountOpened)
        await client.close()
