"""All user streams of this process: opened by listen key, fed from each batch, closed when unread."""

from __future__ import annotations

import asyncio
import time
from typing import Protocol, cast

import structlog

from apps.feeds.batches import Batch
from apps.feeds.loading import Matcher
from apps.feeds.margin_watch import MarginWatch
from apps.feeds.market import Market
from apps.feeds.user_stream import Reader, UserListener, UserStream
from apps.gateway import listen_keys
from matcher.protocol.events import Event
from matcher.protocol.views import BalanceView, OrderView, PositionView, Query, QueryKind

KEY_CHECK_S = 2.0
_log = structlog.get_logger("feeds.user_streams")


class Surroundings(Protocol):
    """What user streams need of the hub."""

    markets: dict[int, Market]
    assets: dict[int, str]

    @property
    def matcher(self) -> Matcher: ...


class UserStreams:
    """Streams by account; an account without readers costs nothing."""

    def __init__(self, surroundings: Surroundings) -> None:
        self._hub = surroundings
        self._streams: dict[int, UserStream] = {}
        self._loads: dict[int, asyncio.Task[None]] = {}
        self._checker: asyncio.Task[None] | None = None
        self._margins = MarginWatch(surroundings, self._streams)

    def apply(self, batch: Batch, accounts: list[int], now_ms: int) -> None:
        """Hand each read account its events of the batch, in order."""
        streams = self._streams
        if not streams:
            return
        others = batch.other_accounts()
        if streams.keys().isdisjoint(accounts) and streams.keys().isdisjoint(others.values()):
            return
        events: dict[int, list[Event]] = {}
        for at, account in enumerate(accounts):
            if account in streams:
                events.setdefault(account, []).append(batch.event(at))
            if others and (other := others.get(at)) in streams and other != account:
                events.setdefault(other, []).append(batch.event(at))
        for account, own in events.items():
            streams[account].apply(own, now_ms)

    async def open(self, listener: UserListener, reader: Reader) -> bool:
        """Let a socket read the stream of its key, loaded and current; False for an unknown key.

        Raises BridgeError when the engine cannot be asked.
        """
        account_id = await listen_keys.resolve(reader.listen_key)
        if account_id is None:
            return False
        stream = self._streams.get(account_id)
        if stream is None:
            stream = self._streams[account_id] = UserStream(account_id, self._hub.markets, self._hub.assets)
            self._loads[account_id] = asyncio.create_task(self._load(stream))
        stream.readers[listener, reader.listen_key] = reader
        try:
            while (load := self._loads.get(account_id)) is not None:
                await asyncio.shield(load)
        except BaseException:
            self.leave(listener, reader.listen_key)
            raise
        self._margins.start()
        if self._checker is None:
            self._checker = asyncio.create_task(self._check_keys())
        return self._streams.get(account_id) is stream

    def leave(self, listener: UserListener, listen_key: str) -> None:
        """Take a socket off; a stream without readers ends."""
        for account_id, stream in list(self._streams.items()):
            stream.readers.pop((listener, listen_key), None)
            if not stream.readers:
                del self._streams[account_id]

    def drop(self) -> None:
        """Batches were missed: every stream ends and its readers connect again."""
        streams = list(self._streams.values())
        self._streams.clear()
        for stream in streams:
            stream.close()

    def expire(self, listen_key: str) -> None:
        """The key has ended: tell its sockets and close them."""
        for stream in list(self._streams.values()):
            stream.expire(listen_key, time.time_ns() // 1_000_000)

    async def stop(self) -> None:
        tasks = [task for task in (self._checker, self._margins.task, *self._loads.values()) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._checker = self._margins.task = None

    async def _load(self, stream: UserStream) -> None:
        """Orders and money as the engine answers them; the stream's events wait meanwhile."""
        account = stream.account
        account_id = account.account_id
        matcher = self._hub.matcher
        try:
            asked_orders = matcher.query(Query(kind=QueryKind.OPEN_ORDERS, account=account_id))
            asked_money = matcher.query(Query(kind=QueryKind.ACCOUNT, account=account_id))
            orders, money = await asyncio.gather(asked_orders, asked_money)
            account.load_orders(orders[0].seq, cast("list[OrderView]", orders[1]))
            balances, positions = cast("list[BalanceView]", money[1]), cast("list[PositionView]", money[2])
            account.load_money(money[0].seq, balances, positions)
            stream.loaded()
        except BaseException:
            if self._streams.get(account_id) is stream:
                del self._streams[account_id]
            raise
        finally:
            if self._loads.get(account_id) is asyncio.current_task():
                del self._loads[account_id]

    async def _check_keys(self) -> None:
        """Keys end by request in any process, or by time: look at those in use."""
        while True:
            await asyncio.sleep(KEY_CHECK_S)
            for listen_key in {key for stream in self._streams.values() for _, key in stream.readers}:
                if await _is_over(listen_key):
                    self.expire(listen_key)


async def _is_over(listen_key: str) -> bool:
    """Whether the key is known to be gone; a store that cannot be asked says nothing."""
    try:
        return await listen_keys.resolve(listen_key) is None
    except Exception:  # noqa: BLE001  # of any store: a key is over only when that is known
        _log.warning("listen_keys_unavailable", exc_info=True)
        return False
