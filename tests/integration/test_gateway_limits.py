"""Several gateways, one count: limits, bans, replays and revoked keys over a real shared store."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from redis.asyncio import Redis

from apps.common.lane import Caller, LaneError, LaneRequest, Route, Security, answer
from apps.gateway import key_watch, shared_store
from apps.gateway.identity import Identities
from apps.gateway.key_watch import KeyWatch
from apps.gateway.limits import STUBBORN_REQUESTS, Limits, LimitTerms
from apps.gateway.replay import ReplayGuard
from apps.gateway.shared_store import SharedStore
from apps.users.api_keys import create_api_key, revoke_api_key
from apps.users.services import attach_account, register_user
from tests.support.pace import PATIENCE_S, bar

ROOT = Path(__file__).resolve().parents[2]
TERMS = LimitTerms(weight_1m=2400, orders_10s=300, orders_1m=1200)
NOW_MS = 1_800_000_000_000.0


class Clock:
    def __init__(self) -> None:
        self.ms = NOW_MS

    def __call__(self) -> float:
        return self.ms


@pytest.fixture
async def stores(private_redis: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[SharedStore, SharedStore]]:
    """A store that answers slowly is not given up here: what is shared has to be exact on any machine."""
    monkeypatch.setattr(shared_store, "PATIENCE_S", PATIENCE_S)
    pair = SharedStore(private_redis), SharedStore(private_redis)
    yield pair
    for one in pair:
        await one.close()


async def spend_all(limits: Limits, tries: int) -> int:
    admitted = 0
    for _ in range(tries):
        try:
            await limits.spend_orders(7, 1, 1)
        except LaneError:
            continue
        admitted += 1
    return admitted


async def test_two_gateways_admit_exactly_the_limit_together(stores: tuple[SharedStore, SharedStore]) -> None:
    gateways = [Limits(TERMS, Clock(), one) for one in stores]
    admitted = await asyncio.gather(*(spend_all(one, 250) for one in gateways for _ in range(2)))
    assert sum(admitted) == TERMS.orders_10s


async def test_the_count_that_is_told_is_everybodys(stores: tuple[SharedStore, SharedStore]) -> None:
    first, second = (Limits(TERMS, Clock(), one) for one in stores)
    await first.spend_weight("a", 100)
    ((_, told),) = await second.spend_weight("a", 40)
    assert int(told) >= 140


async def test_what_lies_idle_comes_back(stores: tuple[SharedStore, SharedStore]) -> None:
    """One gateway leased a block for a single order and went silent: the other can spend the rest."""
    first, second = (Limits(TERMS, Clock(), one) for one in stores)
    await first.spend_orders(7, 1, 1)
    for _ in range(2):
        await first.tend("first")
    assert await spend_all(second, 400) == TERMS.orders_10s - 1


def test_two_processes_do_not_pass_the_limit(private_redis: str) -> None:
    """S9: at most 1 % over; here none at all, because what is leased is never more than the limit."""
    program = (
        "import asyncio, sys, django; django.setup()\n"
        "from apps.common.lane import LaneError\n"
        "from apps.gateway.limits import Limits, LimitTerms\n"
        "from apps.gateway import shared_store\n"
        f"shared_store.PATIENCE_S = {PATIENCE_S}\n"
        "from apps.gateway.shared_store import SharedStore\n"
        "async def main():\n"
        f"    limits = Limits(LimitTerms(), lambda: {NOW_MS}, SharedStore({private_redis!r}))\n"
        "    print('ready', flush=True); sys.stdin.readline(); admitted = 0\n"
        "    for _ in range(2000):\n"
        "        try: await limits.spend_weight('1.2.3.4', 1); admitted += 1\n"
        "        except LaneError: await asyncio.sleep(0)\n"
        "        if admitted % 10 == 0: await asyncio.sleep(0.0002)\n"
        "    print(admitted)\n"
        "asyncio.run(main())\n"
    )
    pipe = subprocess.PIPE
    pair = [
        subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdin=pipe, stdout=pipe, text=True)
        for _ in range(2)
    ]
    for one in pair:
        assert one.stdout
        assert one.stdout.readline() == "ready\n"
    for one in pair:
        assert one.stdin
        one.stdin.write("go\n")
        one.stdin.flush()
    admitted = [int(one.communicate(timeout=PATIENCE_S)[0]) for one in pair]
    assert 0.94 * 2400 <= sum(admitted) <= 2400
    assert all(admitted)


async def test_a_ban_holds_on_every_gateway(private_redis: str, stores: tuple[SharedStore, SharedStore]) -> None:
    first, second = (Limits(LimitTerms(weight_1m=1), Clock(), one) for one in stores)
    identities, redis = Identities(), Redis.from_url(private_redis)
    identities.listen(second.hear)
    following = asyncio.create_task(identities.follow(redis))
    try:
        await until(lambda: identities.channel_up)
        for _ in range(STUBBORN_REQUESTS + 1):
            with pytest.raises(LaneError):
                await first.spend_weight("a", 2)
        await until(lambda: second._bans)
        with pytest.raises(LaneError) as error:
            await second.spend_weight("a", 1)
        assert error.value.status == 418
        assert b"retry-after" in dict(error.value.headers)
    finally:
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)
        await redis.aclose()


async def test_without_the_store_each_gateway_keeps_to_its_share(
    private_redis: str, stores: tuple[SharedStore, SharedStore]
) -> None:
    first, second = (Limits(TERMS, clock := Clock(), one) for one in stores)
    for _ in range(2):
        await first.tend("first")
        await second.tend("second")
    clock.ms += 60_000
    for one in stores:
        one._down_until = time.monotonic() + 60
    assert await spend_all(first, 400) == await spend_all(second, 400) == TERMS.orders_10s // 2


async def test_a_dead_store_costs_its_patience_once_and_no_refusal(tmp_path: Path) -> None:
    store = SharedStore(f"unix://{tmp_path}/nobody.sock")
    limits = Limits(TERMS, Clock(), store)
    began = time.perf_counter()
    for number in range(50):
        await limits.spend_weight(f"10.0.0.{number}", 1)
    assert time.perf_counter() - began < 25 * shared_store.PATIENCE_S
    await store.close()


async def test_limits_of_user_and_key(stores: tuple[SharedStore, SharedStore]) -> None:
    terms = LimitTerms(user_weight_1m=30, key_weight_1m=20)
    first, second = (Limits(terms, Clock(), one) for one in stores)
    one_key, another = (Caller(1, 9, key, frozenset()) for key in ("k1", "k2"))
    await first.spend_caller(one_key, 20)
    for limits, caller, weight in ((second, one_key, 1), (second, another, 11)):
        with pytest.raises(LaneError) as error:
            await limits.spend_caller(caller, weight)
        assert (error.value.status, error.value.code) == (429, -1003)
    await second.spend_caller(Caller(1, 8, "k3", frozenset()), 20)


# replays


async def handler(_: LaneRequest) -> object:
    return answer({})


ROUTE = Route(handler, 1, Security.SIGNED, permission="trade")  # type: ignore[arg-type]


def request(path: str = "/fapi/v1/leverage", method: str = "POST", nonce: str = "ab" * 32) -> LaneRequest:
    now = time.time_ns() // 1_000_000
    made = LaneRequest(method, path, {"timestamp": str(now)}, now)
    made.nonce = nonce
    return made


async def test_a_signed_request_has_its_effect_once_on_all_gateways(stores: tuple[SharedStore, SharedStore]) -> None:
    first, second = (ReplayGuard(one) for one in stores)
    asked = request()
    await first.claim(ROUTE, asked)
    for guard in (first, second):
        with pytest.raises(LaneError) as error:
            await guard.claim(ROUTE, asked)
        assert (error.value.code, error.value.status) == (-1022, 400)
    await second.claim(ROUTE, request(nonce="cd" * 32))
    left_ms = await stores[0].redis.pttl(f"nonce:{asked.nonce}")
    assert 0 < left_ms <= 5001


async def test_twenty_at_once_on_two_gateways_are_one(stores: tuple[SharedStore, SharedStore]) -> None:
    guards, asked = [ReplayGuard(one) for one in stores], request()
    outcomes = await asyncio.gather(*(guards[n % 2].claim(ROUTE, asked) for n in range(20)), return_exceptions=True)
    assert [one for one in outcomes if one is None] == [None]


def test_what_the_engine_tells_apart_needs_no_memory() -> None:
    assert not ReplayGuard.watches(ROUTE, request("/fapi/v1/order"))
    assert not ReplayGuard.watches(ROUTE, request("/fapi/v1/order", "DELETE"))
    assert ReplayGuard.watches(ROUTE, request("/fapi/v1/order", "PUT"))
    assert ReplayGuard.watches(ROUTE, request("/fapi/v1/allOpenOrders", "DELETE"))
    assert not ReplayGuard.watches(ROUTE, request(nonce=""))
    assert not ReplayGuard.watches(Route(handler), request())  # type: ignore[arg-type]


async def test_without_the_store_trading_goes_on_and_money_stays(tmp_path: Path) -> None:
    guard = ReplayGuard(store := SharedStore(f"unix://{tmp_path}/nobody.sock"))
    asked = request()
    await guard.claim(ROUTE, asked)
    with pytest.raises(LaneError):
        await guard.claim(ROUTE, asked)
    withdrawal = Route(handler, 1, Security.SIGNED, permission="withdraw")  # type: ignore[arg-type]
    with pytest.raises(LaneError) as error:
        await guard.claim(withdrawal, request(nonce="ef" * 32))
    assert error.value.status == 503
    await store.close()


async def until(condition: object) -> None:
    assert callable(condition)
    async with asyncio.timeout(PATIENCE_S):
        while not condition():
            await asyncio.sleep(0.005)


# keys that end


class Socket:
    def __init__(self) -> None:
        self.ended = 0

    def key_over(self) -> None:
        self.ended += 1


@pytest.mark.django_db(transaction=True)
async def test_a_revoked_key_is_dead_on_every_gateway_and_so_are_its_sockets(
    private_redis: str, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    """S3, S5: both gateways refuse within a second; the sockets hear within five, of which the notice needs none."""
    settings.REDIS_URL = private_redis
    monkeypatch.setenv("REDIS_URL", private_redis)
    key, user_id = await sync_to_async(make_key_of_alice)()
    gateways = [Identities(), Identities()]
    sockets, watches = [Socket(), Socket()], [KeyWatch(), KeyWatch()]
    redis = Redis.from_url(private_redis)
    following = [asyncio.create_task(one.follow(redis)) for one in gateways]
    try:
        for identities, watch, socket in zip(gateways, watches, sockets, strict=True):
            identities.listen(watch.hear)
            watch.join(socket, key)
            await until(lambda one=identities: one.channel_up)
            caller, _ = await identities.of_key(key.encode(), "127.0.0.1")
            assert caller.user_id == user_id
        began = time.monotonic()
        await sync_to_async(revoke_api_key)(user_id=user_id, key=key)
        await until(lambda: all(socket.ended for socket in sockets))
        for identities in gateways:
            with pytest.raises(LaneError) as error:
                await identities.of_key(key.encode(), "127.0.0.1")
            assert error.value.status == 401
        assert time.monotonic() - began < bar(1.0)
        assert [socket.ended for socket in sockets] == [1, 1]
    finally:
        for task in following:
            task.cancel()
        await asyncio.gather(*following, return_exceptions=True)
        await redis.aclose()


@pytest.mark.django_db(transaction=True)
async def test_a_socket_ends_with_its_key_where_the_notice_was_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(key_watch, "CHECK_EVERY_S", 0.02)
    key, user_id = await sync_to_async(make_key_of_alice)()
    watch, socket, gone = KeyWatch(), Socket(), Socket()
    watch.join(socket, key)
    watch.join(gone, key)
    watch.leave(gone)
    await asyncio.sleep(0.1)
    assert not socket.ended
    await sync_to_async(revoke_api_key)(user_id=user_id, key=key)
    await until(lambda: socket.ended)
    assert not gone.ended


@pytest.mark.django_db(transaction=True)
async def test_a_key_works_from_its_addresses_only() -> None:
    key, _ = await sync_to_async(make_key_of_alice)(addresses=["10.1.0.0/16", "2001:db8::/32"])
    identities = Identities()
    for address in ("10.1.2.3", "::ffff:10.1.2.3", "2001:db8::5"):
        assert (await identities.of_key(key.encode(), address))[0].key == key
    for address in ("10.2.0.1", "2001:db9::5", "local", "", "10.1.2.3, 9.9.9.9"):
        with pytest.raises(LaneError) as error:
            await identities.of_key(key.encode(), address)
        assert (error.value.code, error.value.status) == (-2015, 401)
    assert identities.take_uses() == {key: "2001:db8::5"}


def make_key_of_alice(**terms: Any) -> tuple[str, int]:
    user = register_user(email="alice@example.com", password="seven-Ducks-swim")
    attach_account(user_id=user.id, account_id=1)
    return create_api_key(user_id=user.id, label="bot", **terms).row.key, user.id
