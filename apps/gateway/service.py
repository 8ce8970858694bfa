"""What one gateway process runs: link, hub, catalog, identities, lanes; begun and ended together.

It starts without a matcher or a filled database and becomes ready when they are there.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
from typing import Any

import structlog
from django.conf import settings
from django.db import DatabaseError
from redis.asyncio import Redis

from apps.bridge.services import close_async_client, start_async_client
from apps.common.lane import Routes
from apps.fapi.trading_socket import TradingSocket
from apps.feeds.hub import get_hub
from apps.gateway import listen_keys
from apps.gateway.identity import Identities
from apps.gateway.lane import Lane
from apps.gateway.limits import LimitTerms, LocalLimits
from apps.gateway.request_log import RequestLog
from apps.gateway.routes import all_routes
from apps.instruments.catalog import get_catalog
from apps.projection.selectors import await_seq
from matcher.protocol.frames import Mode

ROWS_WAIT_S = 2.0
CATALOG_EVERY_S = 5.0
CATALOG_AGAIN_S = 0.5
GC_YOUNG = 50_000
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
        identities, limits = Identities(), LocalLimits(LimitTerms.from_environment())
        self.identities, self.log = identities, RequestLog()
        self.lane = Lane(routes, identities, limits, self.log, rows_settled)
        self.trading_socket = TradingSocket(routes, identities, limits, rows_settled)
        self._tasks: list[asyncio.Task[None]] = []
        self._redis: Redis | None = None
        self.started = False

    async def start(self) -> None:
        """Open everything; returns without waiting for the matcher."""
        self.started = True
        listen_keys.reset()
        self.identities.forget_all()
        client = await start_async_client(f"gateway {os.getpid()}", Mode.EVENTS, timeout_s=None)
        await get_hub().start(client)
        self._tasks = [asyncio.create_task(_keep_catalog(), name="catalog")]
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
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await get_hub().stop()
        await close_async_client()
        if self._redis is not None:
            await self._redis.aclose()
        await listen_keys.shut()
        self.log.flush()
        _log.info("gateway_stopped", pid=os.getpid())

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


async def _keep_catalog() -> None:
    """Read the instruments again and again, so that an edit is seen by every gateway."""
    while True:
        try:
            await get_catalog().load()
            await asyncio.sleep(CATALOG_EVERY_S if get_catalog().by_id else CATALOG_AGAIN_S)
        except DatabaseError as error:
            _log.warning("instruments_unreadable", error=str(error))
            await asyncio.sleep(CATALOG_AGAIN_S)
