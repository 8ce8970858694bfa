"""The stream protocol of one socket: commands, acknowledgements, limits and how it ends."""

import json
from collections.abc import Sequence
from typing import Any

import pytest

from apps.feeds import session as sessions
from apps.feeds.messages import Message, close_reason, message_of, text_frame
from apps.feeds.session import Session
from apps.feeds.streams import Stream
from apps.feeds.topics import Fanout, Listener, Topic, Topics
from apps.feeds.user_stream import Reader as UserReader

KEY, OTHER_KEY = "k" * 64, "n" * 64


class Wire:
    def __init__(self) -> None:
        self.sent, self.closed, self.is_full, self.pieces = [], None, False, []

    def write(self, message: Message) -> bool:
        if self.is_full:
            return False
        self.sent.append(json.loads(message.payload))
        return True

    def write_all(self, messages: Sequence[Message]) -> bool:
        self.pieces.append(len(messages))
        return all(self.write(message) for message in messages)

    def idle_fd(self) -> int:
        return -1

    def close(self, code: int, reason: str) -> None:
        self.closed = (code, reason)

    def take(self) -> list[Any]:
        taken, self.sent = self.sent, []
        return taken


class Source:
    """A hub with the streams a@trade, b@trade, s0@trade.. and one listen key."""

    def __init__(self) -> None:
        self.users = self
        self.readers = {}
        self.keys = {}
        self.early = []

    def has_stream(self, name: str) -> bool:
        return name.endswith("@trade")

    def subscribe(self, name: str, listener: Listener, *, combined: bool) -> bool:
        self.readers[name] = combined
        listener.push(message_of({"first": name}))
        return True

    def unsubscribe(self, name: str, listener: Listener) -> None:
        del self.readers[name]

    async def open(self, listener: Listener, reader: UserReader) -> bool:
        self.keys[reader.listen_key] = reader
        for event in self.early:
            listener.push(message_of(event))
        return reader.listen_key == KEY

    def leave(self, listener: Listener, listen_key: str) -> None:
        self.keys.pop(listen_key, None)


@pytest.fixture
def source() -> Source:
    return Source()


@pytest.fixture
def wire() -> Wire:
    return Wire()


@pytest.fixture
def session(source: Source, wire: Wire) -> Session:
    session = Session(source, combined=False)
    session.attach(wire)
    return session


async def say(session: Session, wire: Wire, **command: Any) -> list[Any]:
    await session.handle(json.dumps(command))
    return wire.take()


async def test_the_acknowledgement_goes_before_the_data(session: Session, wire: Wire) -> None:
    told = await say(session, wire, method="SUBSCRIBE", params=["a@trade", "b@trade"], id=7)
    assert told == [{"result": None, "id": 7}, {"first": "a@trade"}, {"first": "b@trade"}]


@pytest.mark.parametrize("command_id", [1, -5, 2**53, "0f8fad5b-d9cb-469f-a165-70867728950e", "", None])
async def test_the_id_comes_back_unchanged(session: Session, wire: Wire, command_id: int | str | None) -> None:
    assert await say(session, wire, method="LIST_SUBSCRIPTIONS", id=command_id) == [{"result": [], "id": command_id}]


async def test_subscribing_twice_is_one_subscription(session: Session, wire: Wire, source: Source) -> None:
    await say(session, wire, method="SUBSCRIBE", params=["a@trade", "a@trade"], id=1)
    assert await say(session, wire, method="SUBSCRIBE", params=["a@trade"], id=2) == [{"result": None, "id": 2}]
    assert await say(session, wire, method="LIST_SUBSCRIPTIONS", id=3) == [{"result": ["a@trade"], "id": 3}]
    assert list(source.readers) == ["a@trade"]


async def test_unsubscribe_takes_what_is_there_and_accepts_what_is_not(
    session: Session, wire: Wire, source: Source
) -> None:
    await say(session, wire, method="SUBSCRIBE", params=["a@trade", "b@trade"], id=1)
    told = await say(session, wire, method="UNSUBSCRIBE", params=["a@trade", "never@trade"], id=2)
    assert told == [{"result": None, "id": 2}]
    assert list(source.readers) == ["b@trade"]


async def test_one_unknown_stream_refuses_the_whole_command(session: Session, wire: Wire, source: Source) -> None:
    told = await say(session, wire, method="SUBSCRIBE", params=["a@trade", "what"], id=9)
    assert told == [{"error": {"code": 2, "msg": "Invalid request: unknown stream 'what'"}, "id": 9}]
    assert not source.readers


@pytest.mark.parametrize(
    "command",
    [
        {"method": "SUBSCRIBE", "id": 4},
        {"method": "SUBSCRIBE", "params": [], "id": 4},
        {"method": "SUBSCRIBE", "params": "a@trade", "id": 4},
        {"method": "SUBSCRIBE", "params": [1], "id": 4},
        {"method": "DANCE", "params": ["a@trade"], "id": 4},
        {"params": ["a@trade"], "id": 4},
        {"method": 5, "id": 4},
    ],
)
async def test_malformed_commands_are_answered_with_code_2_and_their_id(
    session: Session, wire: Wire, command: dict[str, Any]
) -> None:
    (told,) = await say(session, wire, **command)
    assert told["id"] == 4
    assert told["error"]["code"] == 2
    assert told["error"]["msg"].startswith("Invalid request: ")


@pytest.mark.parametrize("text", ["", "{", "nonsense", '{"method":"SUBSCRIBE",}', "\ud800"])
async def test_what_is_no_json_is_answered_with_code_3(session: Session, wire: Wire, text: str) -> None:
    await session.handle(text)
    (told,) = wire.take()
    assert (told["error"]["code"], told["id"]) == (3, None)


@pytest.mark.parametrize(
    "text", ["[]", "3", "[" * 30_000, '"x"', "null", '{"method":"LIST_SUBSCRIPTIONS","id":{"a":1}}']
)
async def test_json_that_is_no_command_is_answered_with_code_2(session: Session, wire: Wire, text: str) -> None:
    await session.handle(text)
    (told,) = wire.take()
    assert (told["error"]["code"], told["id"]) == (2, None)


async def test_at_most_200_streams(session: Session, wire: Wire, source: Source) -> None:
    names = [f"s{n}@trade" for n in range(sessions.MAX_STREAMS)]
    await say(session, wire, method="SUBSCRIBE", params=names, id=1)
    (told,) = await say(session, wire, method="SUBSCRIBE", params=["a@trade"], id=2)
    assert told["error"]["msg"] == "Invalid request: more than 200 streams on one connection"
    assert len(source.readers) == 200
    assert wire.closed is None


async def test_at_most_10_commands_a_second(session: Session, wire: Wire) -> None:
    for number in range(sessions.MAX_COMMANDS):
        await say(session, wire, method="LIST_SUBSCRIPTIONS", id=number)
    await session.handle("{}")
    assert wire.closed == (1008, "more than 10 messages a second")


async def test_a_very_long_message_closes(session: Session, wire: Wire) -> None:
    await session.handle(" " * (sessions.MAX_TEXT + 1))
    assert wire.closed == (1009, "message too long")


async def test_a_listen_key_as_a_stream_name(session: Session, wire: Wire, source: Source) -> None:
    source.early = [{"e": "ORDER_TRADE_UPDATE"}]
    told = await say(session, wire, method="SUBSCRIBE", params=[KEY], id="x")
    assert told == [{"result": None, "id": "x"}, {"e": "ORDER_TRADE_UPDATE"}]
    await say(session, wire, method="UNSUBSCRIBE", params=[KEY], id=2)
    assert not source.keys


async def test_an_unknown_listen_key_closes(session: Session, wire: Wire) -> None:
    assert await say(session, wire, method="SUBSCRIBE", params=[OTHER_KEY], id=1) == []
    assert wire.closed == (1008, "This listenKey does not exist.")


async def test_what_comes_before_the_handshake_is_kept_in_order(source: Source, wire: Wire) -> None:
    session = Session(source, combined=True)
    session.open_streams(["a@trade"])
    session.push(message_of({"n": 2}))
    session.attach(wire)
    assert wire.take() == [{"first": "a@trade"}, {"n": 2}]
    assert source.readers == {"a@trade": True}


async def test_what_is_kept_before_the_handshake_is_bounded(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "KEPT_MESSAGES", 3)
    session = Session(source, combined=False)
    for number in range(5):
        session.push(message_of({"n": number}))
    assert session.refusal == (1008, "too slow: messages would be skipped")


async def test_a_reader_that_is_too_slow_is_closed_and_leaves_everything(
    session: Session, wire: Wire, source: Source
) -> None:
    await say(session, wire, method="SUBSCRIBE", params=["a@trade", KEY], id=1)
    wire.is_full = True
    session.push(message_of({}))
    assert wire.closed == (1008, "too slow: messages would be skipped")
    assert not source.readers
    assert not source.keys
    wire.is_full = False
    session.push(message_of({}))
    assert wire.take() == []


def test_frames_are_those_of_the_standard() -> None:
    assert text_frame(b"ab") == b"\x81\x02ab"
    assert text_frame(b"x" * 126)[:4] == b"\x81\x7e\x00\x7e"
    assert text_frame(b"x" * 70_000)[:10] == b"\x81\x7f" + (70_000).to_bytes(8, "big")
    assert close_reason("no") == "no"
    assert close_reason("r" * 500) == "r" * 120
    assert close_reason("r" * 119 + "é" * 9) == "r" * 119


def test_a_message_is_encoded_once_and_wrapped_with_the_subscribed_name() -> None:
    message = Message(b'{"e":"trade"}')
    assert message.frame is message.frame
    assert message.text is message.text
    assert message.wrapped(b'"A@trade"').payload == b'{"stream":"A@trade","data":{"e":"trade"}}'


class Reader:
    def __init__(self) -> None:
        self.got = []

    def push(self, message: Message) -> None:
        self.got.append(message)

    def idle_fd(self) -> int:
        return -1

    def close(self, code: int, reason: str) -> None: ...


def test_all_readers_of_a_form_get_the_same_object_and_order_is_kept_over_slices(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    topics, fanout, topic = Topics(), Fanout(), Topic("a@trade", Stream())
    topics.add(topic)
    readers = [Reader() for _ in range(100)]
    for at, reader in enumerate(readers):
        topics.subscribe(topic, reader, combined=at % 2 == 0)
    monkeypatch.setattr("apps.feeds.topics.SLICE_S", -1.0)
    fanout.add(topic, [{"n": 1}, {"n": 2}])
    slices = 1
    while fanout.write():
        slices += 1
    assert slices > 3
    bare, wrapped = readers[1::2], readers[0::2]
    assert all(reader.got == bare[0].got for reader in bare)
    assert [json.loads(m.payload) for m in bare[0].got] == [{"n": 1}, {"n": 2}]
    assert all(reader.got[1] is wrapped[0].got[1] for reader in wrapped)
    assert json.loads(wrapped[0].got[1].payload) == {"stream": "a@trade", "data": {"n": 2}}
    for reader in readers:
        topics.unsubscribe("a@trade", reader)
    assert not topics.by_name


def test_messages_of_one_cause_leave_in_one_piece_and_a_slow_reader_is_closed() -> None:
    """Before the handshake they are kept like every other."""
    session, wire = Session(Source(), combined=False), Wire()
    both = [message_of({"e": "NEW"}), message_of({"e": "FILLED"})]
    session.push_all(both)
    session.attach(wire)
    assert (wire.take(), wire.pieces) == ([{"e": "NEW"}, {"e": "FILLED"}], [])
    session.push_all(both)
    assert (wire.take(), wire.pieces) == ([{"e": "NEW"}, {"e": "FILLED"}], [2])
    wire.is_full = True
    session.push_all(both)
    assert wire.closed == (1008, "too slow: messages would be skipped")
    session.push_all(both)
    assert wire.pieces == [2, 2]
