"""The native socket's protocol: answers before data, refusals by name, limits, and who may read what."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from django.db import OperationalError

from apps.bridge.errors import MatcherUnavailable
from apps.common.lane import Caller, LaneError
from apps.common.refusals import CommandRefused
from apps.feeds import native_session as sessions
from apps.feeds.hub import FeedHub
from matcher.protocol.rejects import RejectReason
from tests.support.feeds import EngineMatcher, open_hub
from tests.support.native import Client


@pytest.fixture
async def hub() -> AsyncIterator[FeedHub]:
    hub = await open_hub(EngineMatcher())
    yield hub
    await hub.stop()


@pytest.fixture
def client(hub: FeedHub) -> Client:
    return Client(hub)


async def test_the_answer_goes_before_the_data(client: Client) -> None:
    told = await client.say(method="subscribe", id="a", channels=["book.BTCUSDT", "trades.BTCUSDT"])
    assert told[0] == {"id": "a", "result": {"channels": ["book.BTCUSDT", "trades.BTCUSDT"]}}
    assert [(message["channel"], message["type"]) for message in told[1:]] == [
        ("book.BTCUSDT", "snapshot"),
        ("trades.BTCUSDT", "snapshot"),
    ]
    assert await client.say(method="subscribe", id=2, channels=["book.BTCUSDT"]) == [
        {"id": 2, "result": {"channels": ["book.BTCUSDT", "trades.BTCUSDT"]}}
    ]


async def test_list_and_unsubscribe(client: Client, hub: FeedHub) -> None:
    await client.subscribe("book.BTCUSDT", "insurance")
    assert await client.say(method="list", id=1) == [{"id": 1, "result": {"channels": ["book.BTCUSDT", "insurance"]}}]
    left = await client.say(method="unsubscribe", id=2, channels=["book.BTCUSDT", "trades.BTCUSDT"])
    assert left == [{"id": 2, "result": {"channels": ["insurance"]}}]
    client.session.leave()
    assert not hub.native._topics
    assert client.door.left == [client.session]


async def test_heartbeats_both_ways(client: Client, hub: FeedHub) -> None:
    client.session.beat()
    (beat,) = client.wire.take()
    assert (beat["event"], beat["seq"]) == ("heartbeat", hub.head.seq)
    client.session.heard_at = 0.0
    assert await client.say(method="heartbeat") == []
    assert client.session.heard_at > 0
    (pong,) = await client.say(method="ping", id=5)
    assert (pong["id"], pong["result"]["seq"]) == (5, hub.head.seq)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ({"method": "dance", "id": 4}, "UNKNOWN_METHOD"),
        ({"method": "subscribe", "id": 4}, "MALFORMED_REQUEST"),
        ({"method": "subscribe", "id": 4, "channels": "book.BTCUSDT"}, "MALFORMED_REQUEST"),
        ({"method": "subscribe", "id": 4, "channels": ["book.BTCUSDT"], "from": {"book.BTCUSDT": "x"}}, "MALFORMED_REQUEST"),
        ({"method": "subscribe", "id": 4, "what": 1}, "MALFORMED_REQUEST"),
        ({"id": 4}, "MALFORMED_REQUEST"),
        ({"method": "subscribe", "id": 4, "channels": ["book.XYZUSDT"]}, "UNKNOWN_CHANNEL"),
        ({"method": "subscribe", "id": 4, "channels": ["book.btcusdt"]}, "UNKNOWN_CHANNEL"),
        ({"method": "subscribe", "id": 4, "channels": ["candles.BTCUSDT.7m"]}, "UNKNOWN_CHANNEL"),
        ({"method": "subscribe", "id": 4, "channels": ["trades.BTCUSDT.1m"]}, "UNKNOWN_CHANNEL"),
        ({"method": "subscribe", "id": 4, "channels": ["insurance", ""]}, "UNKNOWN_CHANNEL"),
        ({"method": "subscribe", "id": 4, "channels": ["account"]}, "NOT_AUTHENTICATED"),
        ({"method": "subscribe", "id": 4, "channels": ["adl"]}, "NOT_AUTHENTICATED"),
        ({"method": "subscribe", "id": 4, "channels": [f"c{n}" for n in range(1000)]}, "TOO_MANY_CHANNELS"),
        ({"method": "cancel_on_disconnect", "id": 4, "timeout_ms": 5000}, "NOT_AUTHENTICATED"),
        ({"method": "auth", "id": 4, "api_key": "nobody"}, "NOT_AUTHENTICATED"),
    ],
)  # fmt: skip
async def test_refusals_have_names_and_the_id(client: Client, words: dict[str, Any], code: str) -> None:
    (told,) = await client.say(**words)
    assert (told["id"], told["error"]["code"]) == (4, code)
    assert set(told["error"]) == {"code", "message", "details"}
    assert code in sessions.ERRORS
    assert not client.session.names
    assert client.wire.closed is None


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "3", "[" * 30_000, '"x"', "null", '{"method":"list","id":{"a":1}}', "\ud800"]
)
async def test_nonsense_is_refused_without_an_id(client: Client, text: str) -> None:
    await client.session.handle(text)
    (told,) = client.wire.take()
    assert (told["id"], told["error"]["code"]) == (None, "MALFORMED_REQUEST")


async def test_three_failed_proofs_close(client: Client) -> None:
    for _ in range(3):
        await client.say(method="auth", id=1, api_key="nobody")
    assert client.wire.closed == (4401, "authentication failed")


@pytest.mark.parametrize("fault", [LaneError(-1008, "busy", 503), OperationalError("gone"), MatcherUnavailable("away")])
async def test_a_store_that_is_away_is_no_failed_proof(
    client: Client, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    """A client that tries again while the rows are away is not taken for one that guesses."""

    async def away(*_: object) -> Caller:
        raise fault

    with monkeypatch.context() as patched:
        patched.setattr(client.door, "prove", away)
        for _ in range(4):
            (told,) = await client.say(method="auth", id=1, api_key="7")
            assert told["error"]["code"] == "SERVICE_UNAVAILABLE"
    (told,) = await client.say(method="auth", id=2, api_key="7")
    assert told["result"]["account_id"] == 7


async def test_what_the_engine_refuses_is_answered(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    async def refused(*_: object) -> None:
        raise CommandRefused(RejectReason.UNKNOWN_ACCOUNT)

    monkeypatch.setattr(client.door, "set_timeout", refused)
    await client.say(method="auth", id=1, api_key="7")
    (told,) = await client.say(method="cancel_on_disconnect", id=2, timeout_ms=10_000)
    assert (told["error"]["code"], told["error"]["details"]) == ("REFUSED", {"reason": "UNKNOWN_ACCOUNT"})
    assert client.wire.closed is None


async def test_auth_binds_once(client: Client) -> None:
    (told,) = await client.say(method="auth", id=1, api_key="7")
    assert told == {"id": 1, "result": {"account_id": 7, "permissions": ["read", "trade"]}}
    (told,) = await client.say(method="auth", id=1, api_key="8")
    assert told["error"]["code"] == "ALREADY_AUTHENTICATED"


async def test_cancel_on_disconnect_is_opt_in_and_bounded(client: Client, hub: FeedHub) -> None:
    await client.say(method="auth", id=1, api_key="7")
    for wrong in (4999, 300_001, -1, None):
        words = {"method": "cancel_on_disconnect", "id": 2} | ({} if wrong is None else {"timeout_ms": wrong})
        (told,) = await client.say(**words)
        assert told["error"]["code"] == "INVALID_AMOUNT"
    (told,) = await client.say(method="cancel_on_disconnect", id=2, timeout_ms=10_000)
    assert told == {"id": 2, "result": {"timeout_ms": 10_000}}
    await client.say(method="cancel_on_disconnect", id=3, timeout_ms=0)
    assert client.door.timeouts == [10_000, 0]
    client.door.broken = True
    (told,) = await client.say(method="cancel_on_disconnect", id=3, timeout_ms=10_000)
    assert told["error"]["code"] == "SERVICE_UNAVAILABLE"
    reader = Client(hub)
    await reader.say(method="auth", id=1, api_key="9")
    (told,) = await reader.say(method="cancel_on_disconnect", id=2, timeout_ms=10_000)
    assert told["error"]["code"] == "FORBIDDEN"


async def test_too_many_too_long_and_too_slow_close(hub: FeedHub) -> None:
    fast, long, slow = Client(hub), Client(hub), Client(hub)
    for _ in range(sessions.COMMANDS_MAX + 1):
        await fast.say(method="heartbeat")
    assert fast.wire.closed == (1008, "more than 10 messages a second")
    await long.session.handle(" " * (sessions.TEXT_MAX + 1))
    assert long.wire.closed == (1009, "message too long")
    await slow.subscribe("book.BTCUSDT")
    slow.wire.is_full = True
    slow.session.beat()
    assert slow.wire.closed == (1008, "too slow: messages would be skipped")
    assert not hub.native._topics
    assert all(client.wire.closed[0] in sessions.CLOSES for client in (fast, long, slow))


async def test_every_reader_gets_the_same_bytes(hub: FeedHub) -> None:
    one, two = Client(hub), Client(hub)
    assert json.dumps(await one.subscribe("book.BTCUSDT")) == json.dumps(await two.subscribe("book.BTCUSDT"))
