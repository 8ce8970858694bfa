"""The identity cache: asked once, forgotten by event and by age, strangers included."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import pytest

from apps.common.lane import LaneError
from apps.gateway import identity
from apps.gateway.identity import AGE_ALONE_S, AGE_WITH_CHANNEL_S, Identities
from apps.users.types import ApiKeyIdentity, TokenIdentity

KEY = "k" * 64
TOKEN = b"Bearer aaaaaaaaaa.bbbbbbbbbb.cccccccccc"


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Registry:
    """What the rows would answer, and how often they were asked."""

    key: ApiKeyIdentity | None
    token: TokenIdentity | None
    asked: int = 0

    def authenticate_api_key(self, key: str) -> ApiKeyIdentity | None:
        self.asked += 1
        return self.key

    def authenticate_token(self, token: str) -> TokenIdentity | None:
        self.asked += 1
        return self.token


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> Registry:
    known = ApiKeyIdentity(key=KEY, secret=b"s", account_id=7, user_id=3, permissions=frozenset(("read",)))
    registry = Registry(known, TokenIdentity(user_id=3, account_id=None, session_id="one", is_staff=False))

    async def ask(selector: object, *args: object) -> object:
        await asyncio.sleep(0)
        assert callable(selector)
        return selector(*args)

    monkeypatch.setattr(identity, "ask_first", ask)
    monkeypatch.setattr(identity, "authenticate_api_key", registry.authenticate_api_key)
    monkeypatch.setattr(identity, "authenticate_token", registry.authenticate_token)
    return registry


@pytest.fixture
def clock() -> Clock:
    return Clock()


async def test_a_key_is_asked_once_until_it_is_old(registry: Registry, clock: Clock) -> None:
    identities = Identities(clock)
    identities.channel_up = True
    for _ in range(3):
        caller, secret = await identities.of_key(KEY.encode(), "1.2.3.4")
    assert (caller.account_id, secret, registry.asked) == (7, b"s", 1)
    clock.now += AGE_WITH_CHANNEL_S
    await identities.of_key(KEY.encode(), "1.2.3.4")
    assert registry.asked == 2


async def test_without_the_channel_a_revoked_key_dies_within_a_second(registry: Registry, clock: Clock) -> None:
    identities = Identities(clock)
    await identities.of_key(KEY.encode(), "1.2.3.4")
    registry.key = None
    clock.now += AGE_ALONE_S
    with pytest.raises(LaneError) as error:
        await identities.of_key(KEY.encode(), "1.2.3.4")
    assert (error.value.code, error.value.status) == (-2015, 401)


async def test_an_event_drops_the_key_at_once(registry: Registry, clock: Clock) -> None:
    identities = Identities(clock)
    identities.channel_up = True
    await identities.of_key(KEY.encode(), "1.2.3.4")
    registry.key = None
    identities._obey(b'{"kind": "api_key", "id": "%s"}' % KEY.encode())
    with pytest.raises(LaneError):
        await identities.of_key(KEY.encode(), "1.2.3.4")


async def test_what_is_loaded_while_the_event_comes_is_not_kept(registry: Registry, clock: Clock) -> None:
    """The answer may be older than the event: it serves this request and no later one."""
    identities = Identities(clock)
    loading = asyncio.create_task(identities.of_key(KEY.encode(), "1.2.3.4"))
    await asyncio.sleep(0)
    identities.forget("api_key", KEY)
    await loading
    registry.key = None
    with pytest.raises(LaneError):
        await identities.of_key(KEY.encode(), "1.2.3.4")


async def test_strangers_are_remembered_briefly(registry: Registry, clock: Clock) -> None:
    registry.key = None
    identities = Identities(clock)
    for _ in range(3):
        with pytest.raises(LaneError):
            await identities.of_key(KEY.encode(), "1.2.3.4")
    assert registry.asked == 1


@pytest.mark.parametrize("raw", [None, b"", b"short", b"k" * 200, b"with space" * 3, "ключ".encode() * 4])
async def test_a_garbled_key_asks_nobody(registry: Registry, clock: Clock, raw: bytes | None) -> None:
    with pytest.raises(LaneError) as error:
        await Identities(clock).of_key(raw, "1.2.3.4")
    assert (error.value.code, registry.asked) == (-2014, 0)


async def test_a_token_dies_with_its_session(registry: Registry, clock: Clock) -> None:
    identities = Identities(clock)
    identities.channel_up = True
    assert (await identities.of_token(TOKEN)).user_id == 3
    registry.token = None
    identities._obey(b'{"kind": "session", "id": "other"}')
    assert (await identities.of_token(TOKEN)).account_id == 0
    identities._obey(b'{"kind": "session", "id": "one"}')
    with pytest.raises(LaneError):
        await identities.of_token(TOKEN)


@pytest.mark.parametrize(
    "raw", [b"", b"Bearer", b"Bearer x", b"Basic " + b"a" * 30, b"Bearer " + b"a" * 5000, b"\xff\xfe"]
)
async def test_what_is_no_token_asks_nobody(registry: Registry, clock: Clock, raw: bytes) -> None:
    with pytest.raises(LaneError):
        await Identities(clock).of_token(raw)
    assert registry.asked == 0


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"null", b'{"kind": 5}'])
async def test_nonsense_on_the_channel_is_ignored(registry: Registry, clock: Clock, data: bytes) -> None:
    Identities(clock)._obey(data)
