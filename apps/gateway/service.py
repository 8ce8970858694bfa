"""What one gateway process runs: link, hub, catalog, identities, lanes; begun and ended together.

It starts without a matcher or a filled database and becomes ready when they are there.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import socket
import sys
from typing import Any

import structlog
from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone
from redis.asyncio import Redis
from redis.exceptions import RedisError

from apps.bridge.client import AsyncMatcherClient
from apps.bridge.services import close_async_client, start_async_client
from apps.common.lane import Routes
from apps.common.rows import ask_first, limit_statements, set_shedding
from apps.configuration.services import keep_fresh
from apps.fapi.trading_socket import TradingSocket
from apps.feeds.hub import get_hub
from apps.feeds.native_socket import NativeSocket
from apps.gateway import listen_keys
from apps.gateway.identity import Identities
from apps.gateway.key_watch import KeyWatch
from apps.gateway.lane import Lane
from apps.gateway.limits import Limits, LimitTerms
from apps.gateway.pressure import Pressure
from apps.gateway.replay import ReplayGuard
from apps.gateway.request_log import RequestLog
from apps.gateway.routes import all_routes
from apps.gateway.shared_store import SharedStore
from apps.instruments.catalog import get_catalog
from apps.orders.amendment_limit import get_meter
from apps.orders.plain_accounts import get_plain_accounts
from apps.projection.selectors import await_seq
from apps.risk.order_rates import get_rates
from apps.users.services import record_key_use
from matcher.protocol.frames import Mode

ROWS_WAIT_S = 2.0
CATALOG_EVERY_S = 5.0
CATALOG_AGAIN_S = 0.5
GC_YOUNG = 50_000
SWITCH_S = 0.0005  # how long the loop may wait for a thread that reads rows or draws a page: 5 ms is the default
TEND_EVERY_S = 0.5
HANG_UP_S = 1.0  # a client that hears of its session's end hangs up its user stream first; then the key ends
USES_EVERY_ROUNDS = 10
_log = structlog.get_logger("gateway.service")


async def rows_settled(account_id: int) -> None:
    """Wait until the rows show everything this process has seen of the account, at most `ROWS_WAIT_S`."""
    seq = get_hub().account_seq(account_id)
    if seq:
        await await_seq(seq, ROWS_WAIT_S)


class GatewayService:
    """The lanes, and the tasks behind them."""

    def __init__(self) -> None:
        routes: Routes = all_routes()
        self.store = SharedStore(settings.REDIS_URL) if settings.REDIS_URL else None
        self.limits = limits = Limits(LimitTerms.from_environment(), store=self.store)
        identities, replays = Identities(), ReplayGuard(self.store)
        self.key_watch = KeyWatch()
        for listener in (limits.hear, self.key_watch.hear, self._end_streams, expire_stream):
            identities.listen(listener)
        self._ending: set[asyncio.Task[None]] = set()
        self.identities, self.log = identities, RequestLog()
        self._client: AsyncMatcherClient | None = None
        self.pressure = pressure = Pressure(lambda: self._client, set_shedding)
        self.lane = Lane(routes, identities, limits, self.log, rows_settled, replays=replays, pressure=pressure)
        self.trading_socket = TradingSocket(
            routes, identities, limits, rows_settled, replays=replays, pressure=pressure, key_watch=self.key_watch
        )
        self.native_socket = NativeSocket(identities, self.key_watch)
        self._tasks: list[asyncio.Task[None]] = []
        self._redis: Redis | None = None
        self.started = False

    async def start(self) -> None:
        """Open everything; returns without waiting for the matcher."""
        self.started = True
        listen_keys.reset()
        self.identities.forget_all()
        limit_statements()
        sys.setswitchinterval(SWITCH_S)
        self._client = client = await start_async_client(f"gateway {os.getpid()}", Mode.EVENTS, timeout_s=None)
        await get_hub().start(client)
        get_meter().follow(client, await_seq)
        get_plain_accounts().follow(client)
        self._tasks = [
            asyncio.create_task(_keep_catalog(), name="catalog"),
            asyncio.create_task(self._tend(), name="upkeep"),
            asyncio.create_task(self.pressure.run(), name="pressure"),
            asyncio.create_task(keep_fresh(), name="settings"),
            asyncio.create_task(get_rates().keep(), name="order rates"),
        ]
        if settings.REDIS_URL:
            self._redis = Redis.from_url(settings.REDIS_URL)
            self._tasks.append(asyncio.create_task(self.identities.follow(self._redis), name="identity"))
        gc.collect()
        gc.freeze()
        gc.set_threshold(GC_YOUNG, 20, 50)
        _log.info("gateway_started", pid=os.getpid())

    async def stop(self) -> None:
        """Close everything, newest first."""
        self.started = False
        set_shedding(False)
        tasks = [*self._tasks, *self._ending]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        with contextlib.suppress(DatabaseError):
            await self._write_uses()
        await get_hub().stop()
        await close_async_client()
        if self._redis is not None:
            await self._redis.aclose()
        if self.store is not None:
            await self.store.close()
        await listen_keys.shut()
        self.log.flush()
        _log.info("gateway_stopped", pid=os.getpid())

    def _end_streams(self, kind: str, _: str, account_id: int) -> None:
        """A changed key may have opened the account's user stream: its listen key ends, others ask for a new one."""
        if kind in {"api_key", "session"} and account_id:
            wait_s = HANG_UP_S if kind == "session" else 0.0
            task = asyncio.create_task(_close_listen_key(account_id, wait_s))
            self._ending.add(task)
            task.add_done_callback(self._ending.discard)

    async def _tend(self) -> None:
        """The regular small work of a gateway: counts given back, uses of keys written down."""
        name, round_ = f"{socket.gethostname()}:{os.getpid()}", 0
        while True:
            await asyncio.sleep(TEND_EVERY_S)
            round_ += 1
            try:
                await self.limits.tend(name)
                if round_ % USES_EVERY_ROUNDS == 0:
                    await self._write_uses()
            except DatabaseError as error:
                _log.warning("upkeep_failed", error=str(error))

    async def _write_uses(self) -> None:
        now, uses = timezone.now(), self.identities.take_uses()
        if uses:
            await ask_first(record_key_use, {key: (now, address) for key, address in uses.items()})

    async def lifespan(self, receive: Any, send: Any) -> None:
        """The ASGI lifespan."""
        await receive()
        try:
            await self.start()
        except Exception as error:  # noqa: BLE001 -- the server must be told of any failure
            _log.exception("gateway_start_failed")
            await send({"type": "lifespan.startup.failed", "message": str(error)})
            return
        await send({"type": "lifespan.startup.complete"})
        await receive()
        with contextlib.suppress(Exception):
            await self.stop()
        await send({"type": "lifespan.shutdown.complete"})


def expire_stream(kind: str, name: str, _: int = 0) -> None:
    """A listen key was closed, in whatever process: its sockets hear so at once and not at the next look."""
    if kind == "listen_key":
        get_hub().users.expire(name)


async def _close_listen_key(account_id: int, wait_s: float) -> None:
    await asyncio.sleep(wait_s)
    try:
        await listen_keys.close(account_id)
    except (RedisError, OSError) as error:
        _log.warning("listen_key_not_closed", account_id=account_id, error=str(error))


async def _keep_catalog() -> None:
    """Read the instruments again and again, so that an edit is seen by every gateway."""
    while True:
        try:
            await get_catalog().load()
            await asyncio.sleep(CATALOG_EVERY_S if get_catalog().by_id else CATALOG_AGAIN_S)
        except DatabaseError as error:
            _log.warning("instruments_unreadable", error=str(error))
            await asyncio.sleep(CATALOG_AGAIN_S)
