"""Private channels of the native socket: `account` (what happened to it, event by event) and `adl` (its lights)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from typing import Any, Protocol, cast

import structlog

from apps.bridge.errors import BridgeError
from apps.feeds.archive import Archive
from apps.feeds.batches import Batch
from apps.feeds.book import Head
from apps.feeds.loading import Matcher
from apps.feeds.market import Market
from apps.feeds.messages import Message, message_of
from apps.feeds.native_words import NO_INSTRUMENT, PRIVATE_KINDS, Envelope, Terms, describe_event, describe_view
from apps.feeds.topics import Fanout, Listener
from matcher.protocol.events import Event
from matcher.protocol.records import Record
from matcher.protocol.views import AdlView, Query, QueryKind

ACCOUNT, ADL = "account", "adl"
ADL_TICKS = 100  # 5 s
REPLAY_EVENTS = 2_000  # who missed more is shown how things stand
RESYNC_CODE, RESYNC_REASON = 1012, "events were missed: connect again and resume"
_log = structlog.get_logger("feeds.native_accounts")


class Surroundings(Protocol):
    """What is needed of the hub."""

    head: Head
    markets: dict[int, Market]
    assets: dict[int, str]
    archive: Archive

    @property
    def matcher(self) -> Matcher: ...


class AccountChannels:
    """Readers by account; an account nobody reads costs nothing."""

    def __init__(self, hub: Surroundings, fanout: Fanout) -> None:
        self._hub, self._fanout = hub, fanout
        self._readers: dict[int, dict[Listener, None]] = {}
        self._seqs: dict[int, int] = {}
        self._adl: dict[int, dict[Listener, None]] = {}
        self._lights: dict[int, list[dict[str, Any]]] = {}
        self._task: asyncio.Task[None] | None = None

    # account

    def apply(self, batch: Batch, accounts: Sequence[int]) -> None:
        """Tell each read account its events of the batch in one message."""
        readers = self._readers
        if not readers:
            return
        others = batch.other_accounts()
        if readers.keys().isdisjoint(accounts) and readers.keys().isdisjoint(others.values()):
            return
        for account_id in readers.keys() & {*accounts, *others.values()}:
            told = self._told(account_id, batch, accounts, others)
            if told:
                prev, self._seqs[account_id] = self._seqs[account_id], batch.last_seq
                message = self._message("update", prev, batch.last_seq, batch.time_ns // 1_000_000, told)
                self._fanout.put(message, readers[account_id])

    def _told(
        self, account_id: int, batch: Batch, accounts: Sequence[int], others: dict[int, int]
    ) -> list[dict[str, Any]]:
        kinds = batch.kinds
        return [
            self._describe(batch.event(at))
            for at, account in enumerate(accounts)
            if kinds[at] in PRIVATE_KINDS and account_id in (account, others.get(at))
        ]

    def _describe(self, event: Event) -> dict[str, Any]:
        return describe_event(event, self._terms(event.instrument), self._hub.assets)

    def _terms(self, instrument: int) -> Terms:
        market = self._hub.markets.get(instrument)
        if market is None:
            return NO_INSTRUMENT
        return Terms(market.texts.price, market.texts.quantity, market.spec.symbol)

    @staticmethod
    def _message(kind: str, prev: int | None, seq: int, time_ms: int, data: Any) -> Message:
        return message_of(Envelope(ACCOUNT, kind, prev, seq, time_ms, data))

    async def snapshot(self, account_id: int) -> tuple[int, dict[str, Any]]:
        """Open orders, positions and balances, and the sequence they stand for. Raises BridgeError."""
        matcher = self._hub.matcher
        orders = await matcher.query(Query(kind=QueryKind.OPEN_ORDERS, account=account_id))
        money = await matcher.query(Query(kind=QueryKind.ACCOUNT, account=account_id))
        data = {
            "orders": [self._view(view) for view in orders[1]],
            "balances": [describe_view(view, NO_INSTRUMENT, self._hub.assets) for view in money[1]],
            "positions": [self._view(view) for view in money[2]],
        }
        return min(orders[0].seq, money[0].seq), data

    def _view(self, view: Record) -> dict[str, Any]:
        return describe_view(view, self._terms(cast("Any", view).instrument), self._hub.assets)

    def can_replay(self, account_id: int, seq: int) -> bool:
        """Whether what came after `seq` is known, and short enough to be told event by event."""
        batches, count = self._hub.archive.after(seq), 0
        for batch in batches or ():
            count += batch.count_of(account_id)
            if count > REPLAY_EVENTS:
                return False
        return batches is not None

    def join(
        self, account_id: int, listener: Listener, seq: int, snapshot: dict[str, Any] | None
    ) -> list[Message] | None:
        """Let a socket read the account: a snapshot as of `seq`, or nothing of it, and what came after `seq`.

        None when that is no longer known.
        """
        batches = self._hub.archive.after(seq)
        if batches is None:
            return None
        messages = []
        if snapshot is not None:
            messages.append(self._message("snapshot", None, seq, time.time_ns() // 1_000_000, snapshot))
        prev = seq
        for batch in batches:
            others = batch.other_accounts()
            if account_id not in others.values() and not batch.count_of(account_id):
                continue
            told = self._told(account_id, batch, batch.accounts()[0], others)
            if told:
                time_ms = batch.time_ns // 1_000_000
                messages.append(self._message("replay", prev, batch.last_seq, time_ms, told))
                prev = batch.last_seq
        self._readers.setdefault(account_id, {})[listener] = None
        current = self._seqs.setdefault(account_id, self._hub.head.seq)
        if prev != current:
            joint = self._message("replay", prev, current, time.time_ns() // 1_000_000, None)
            messages.append(joint)
        return messages

    def leave(self, account_id: int, listener: Listener, channel: str = "") -> None:
        """Take a socket off one channel of the account, or off both."""
        for name, readers in ((ACCOUNT, self._readers), (ADL, self._adl)):
            own = readers.get(account_id) if channel in {"", name} else None
            if own is not None:
                own.pop(listener, None)
                if not own:
                    del readers[account_id]
        if account_id not in self._readers:
            self._seqs.pop(account_id, None)
        if account_id not in self._adl:
            self._lights.pop(account_id, None)

    def drop(self) -> None:
        """Batches were missed: every reader connects again."""
        for listener in {listener for own in self._readers.values() for listener in own}:
            listener.close(RESYNC_CODE, RESYNC_REASON)

    # adl

    async def join_adl(self, account_id: int, listener: Listener) -> Message:
        """The lights of now, and a message whenever they change. Raises BridgeError."""
        lights = await self._ask_lights(account_id)
        self._lights[account_id] = lights
        self._adl.setdefault(account_id, {})[listener] = None
        return self._lights_message("snapshot", lights)

    def on_tick(self, tick: int) -> None:
        if self._adl and tick % ADL_TICKS == 0 and (self._task is None or self._task.done()):
            self._task = asyncio.get_running_loop().create_task(self._look_at_lights(), name="adl lights")

    async def _look_at_lights(self) -> None:
        try:
            for account_id in list(self._adl):
                lights = await self._ask_lights(account_id)
                if account_id in self._adl and lights != self._lights.get(account_id):
                    self._lights[account_id] = lights
                    message = self._lights_message("update", lights)
                    for listener in list(self._adl[account_id]):
                        listener.push(message)
        except BridgeError as error:
            _log.info("matcher_not_there", error=str(error))

    async def _ask_lights(self, account_id: int) -> list[dict[str, Any]]:
        _, views, _ = await self._hub.matcher.query(Query(kind=QueryKind.ADL, account=account_id))
        return [
            {
                "symbol": self._terms(view.instrument).symbol,
                "position_side": ("both", "long", "short")[view.position_side],
                "rank": view.rank,
                "holders": view.holders,
                "lights": view.lights,
            }
            for view in cast("list[AdlView]", views)
        ]

    def _lights_message(self, kind: str, lights: list[dict[str, Any]]) -> Message:
        now_ms = time.time_ns() // 1_000_000
        return message_of(Envelope(ADL, kind, None, self._hub.head.seq, now_ms, lights))

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None
