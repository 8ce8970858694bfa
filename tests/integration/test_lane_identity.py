"""A key revoked in one process is dead in the lane of another at once; the channel itself may die and come back."""

from __future__ import annotations

import asyncio
import json

import pytest
from redis.asyncio import Redis

from apps.common.lane import Caller
from apps.gateway import listen_keys
from apps.gateway.identity import AGE_WITH_CHANNEL_S, CHANNEL, Identities, KnownKey
from tests.support.pace import PATIENCE_S

KEY = "k" * 64


async def until(condition: object) -> None:
    assert callable(condition)
    async with asyncio.timeout(PATIENCE_S):
        while not condition():
            await asyncio.sleep(0.005)


def remember(identities: Identities) -> None:
    caller = Caller(7, 3, KEY, frozenset(("read",)))
    identities._keys[KEY] = KnownKey(caller, b"s", identities._clock() + AGE_WITH_CHANNEL_S)


async def test_the_channel_drops_what_it_names(private_redis: str) -> None:
    redis, identities = Redis.from_url(private_redis), Identities()
    following = asyncio.create_task(identities.follow(redis))
    try:
        await until(lambda: identities.channel_up)
        remember(identities)
        await redis.publish(CHANNEL, json.dumps({"kind": "api_key", "id": "another"}))
        await redis.publish(CHANNEL, b"nonsense")
        await asyncio.sleep(0.05)
        assert identities.cached_key(KEY) is not None
        await redis.publish(CHANNEL, json.dumps({"kind": "api_key", "id": KEY}))
        await until(lambda: identities.cached_key(KEY) is None)
    finally:
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)
        await redis.aclose()
    assert not identities.channel_up


async def test_a_lost_channel_forgets_everything_and_is_taken_up_again(private_redis: str) -> None:
    redis, identities = Redis.from_url(private_redis), Identities()
    following = asyncio.create_task(identities.follow(redis))
    try:
        await until(lambda: identities.channel_up)
        remember(identities)
        await redis.client_kill_filter(_type="pubsub", skipme=True)
        await until(lambda: identities.cached_key(KEY) is None)
        await until(lambda: identities.channel_up)
    finally:
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)
        await redis.aclose()


async def test_listen_keys_are_shared_by_processes(private_redis: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", private_redis)
    listen_keys.reset()
    try:
        first, second = await asyncio.gather(listen_keys.open_key(7), listen_keys.open_key(7))
        assert first == second
        await listen_keys.shut()
        assert await listen_keys.resolve(first) == 7
        redis = Redis.from_url(private_redis)
        async with redis.pubsub() as channel:
            await channel.subscribe(CHANNEL)
            await listen_keys.close(7)
            async with asyncio.timeout(PATIENCE_S):
                while (notice := await channel.get_message(ignore_subscribe_messages=True, timeout=1)) is None:
                    pass
        await redis.aclose()
        assert json.loads(notice["data"]) == {"kind": "listen_key", "id": first, "account_id": 7}
        assert await listen_keys.resolve(first) is None
    finally:
        await listen_keys.shut()
