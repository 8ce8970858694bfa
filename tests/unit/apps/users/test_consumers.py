"""The session socket's clocks and edges, in memory; its life on a real server is in tests/integration."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from channels.layers import get_channel_layer
from channels.testing import WebsocketCommunicator
from redis.exceptions import ConnectionError as RedisConnectionError

from apps.notifications.services import _send
from apps.users import consumers
from apps.users.consumers import SessionConsumer
from apps.users.session_watch import watch
from apps.users.types import TokenIdentity
from tests.support.pace import PATIENCE_S

ALICE = TokenIdentity(user_id=7, account_id=41, session_id="s-1", is_staff=False)
OTHER_DEVICE = TokenIdentity(user_id=7, account_id=41, session_id="s-2", is_staff=False)
BOB = TokenIdentity(user_id=8, account_id=42, session_id="s-3", is_staff=False)
# No row is read here, but Channels closes old connections of its thread, which may hold one from an earlier test.
pytestmark = pytest.mark.django_db
TOKENS = {"alice": ALICE, "phone": OTHER_DEVICE, "bob": BOB}


@pytest.fixture(autouse=True)
async def surroundings(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    monkeypatch.setattr(consumers, "authenticate_token", TOKENS.get)
    monkeypatch.setattr("apps.users.session_watch.get_ended_sessions", lambda _: {})
    monkeypatch.setattr("apps.users.session_watch.CHECK_EVERY_S", 0.01)
    yield
    await get_channel_layer().flush()
    assert not watch._sockets


async def opened(token: str | None = None) -> WebsocketCommunicator:
    link = WebsocketCommunicator(SessionConsumer.as_asgi(), "/ws/v1/session")
    assert (await link.connect(PATIENCE_S))[0]
    if token is not None:
        await link.send_json_to({"method": "auth", "token": token})
        assert (await link.receive_json_from(PATIENCE_S))["event"] == "authenticated"
    return link


async def last_words(link: WebsocketCommunicator) -> tuple[dict[str, Any], int]:
    word = json.loads((await link.receive_output(PATIENCE_S))["text"])
    close = await link.receive_output(PATIENCE_S)
    assert close["type"] == "websocket.close"
    await link.disconnect(close["code"])
    return word, close["code"]


async def test_who_says_nothing_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consumers, "AUTH_WAIT_S", 0.05)
    word, code = await last_words(await opened())
    assert (word["code"], code) == ("NOT_AUTHENTICATED", 4401)


async def test_silence_and_a_day_end_a_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consumers, "AUTH_WAIT_S", 3.0)  # alice has to say who she is before that
    monkeypatch.setattr(consumers, "IDLE_S", 0.1)
    word, code = await last_words(await opened("alice"))
    assert (word["code"], code) == ("IDLE", 4408)
    monkeypatch.setattr(consumers, "IDLE_S", PATIENCE_S)
    monkeypatch.setattr(consumers, "LIFETIME_S", 0.01)
    word, code = await last_words(await opened("alice"))
    assert (word["code"], code) == ("CONNECTION_EXPIRED", 1001)


async def test_a_notice_reaches_its_person_alone_and_an_end_closes_its_own_socket_alone() -> None:
    alice, phone, bob = [await opened(token) for token in ("alice", "phone", "bob")]
    silent = await opened()
    await sync_to_async(_send)(7, {"event": "key_revoked", "time_ms": 1, "key": "k", "label": "bot"})
    for link in (alice, phone):
        assert await link.receive_json_from(PATIENCE_S) == {
            "event": "key_revoked",
            "time_ms": 1,
            "key": "k",
            "label": "bot",
        }
    ended = {"event": "session_ended", "time_ms": 2, "session_id": "s-1", "reason": "staff"}
    await sync_to_async(_send)(7, ended)
    assert await last_words(alice) == ({**ended, "current": True}, 4403)
    assert await phone.receive_json_from(PATIENCE_S) == {**ended, "current": False}
    assert await bob.receive_nothing()
    assert await silent.receive_nothing()
    for link in (phone, bob, silent):
        await link.disconnect()


async def test_an_end_that_no_notice_told_is_found_in_the_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    alice = await opened("alice")
    monkeypatch.setattr("apps.users.session_watch.get_ended_sessions", lambda ids: dict.fromkeys(ids, "expired"))
    word, code = await last_words(alice)
    assert (word["event"], word["reason"], word["current"], code) == ("session_ended", "expired", True, 4403)


@pytest.mark.parametrize("when", ["new_channel", "group_add"])
async def test_a_lost_layer_asks_the_client_to_come_again(monkeypatch: pytest.MonkeyPatch, when: str) -> None:
    async def refuse(*_: Any) -> None:
        raise RedisConnectionError("gone")

    monkeypatch.setattr(type(get_channel_layer()), when, refuse)
    link = await opened()
    await link.send_json_to({"method": "auth", "token": "alice"})
    word = await link.receive_json_from(PATIENCE_S)
    assert (word["code"], (await link.receive_output(PATIENCE_S))["code"]) == ("SERVICE_UNAVAILABLE", 1013)
    await link.wait()


async def test_one_user_cannot_hold_sockets_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.users.session_watch.SOCKETS_A_USER", 2)
    links = [await opened("alice") for _ in range(2)]
    refused = await opened()
    await refused.send_json_to({"method": "auth", "token": "phone"})
    word, code = await last_words(refused)
    assert (word["code"], code) == ("TOO_MANY_SOCKETS", 1008)
    for link in links:
        await link.disconnect()
