"""One account's user stream: its events in order, told to every socket that reads it.

Until the account is loaded its events wait. An event about an order the picture does not know is a
gap: the sockets are closed, so that their clients read everything anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

import structlog

from apps.feeds import user_payloads
from apps.feeds.market import Market
from apps.feeds.messages import encode_json, message_of
from apps.feeds.payloads import Payload
from apps.feeds.topics import Listener
from apps.feeds.user_account import UserAccount
from matcher.protocol.events import (
    BalanceChanged,
    Event,
    LeverageChanged,
    OrderAccepted,
    OrderAmended,
    OrderCanceled,
    OrderExpired,
    OrderFilled,
    OrderImage,
)

RESYNC_CODE, RESYNC_REASON = 1012, "events were missed: connect again and read the account"
_STANDING = frozenset({OrderAccepted.KIND, OrderAmended.KIND})
_ENDING = frozenset({OrderCanceled.KIND, OrderExpired.KIND})
_TOLD = _STANDING | _ENDING | {OrderFilled.KIND, BalanceChanged.KIND, LeverageChanged.KIND}
_SYNONYMS = {"ALGO_ORDER_UPDATE": "ALGO_UPDATE"}
_log = structlog.get_logger("feeds.user_stream")


@dataclass(frozen=True, slots=True)
class Reader:
    """How one socket reads the stream: under which key, wrapped or bare, and which events (None = all)."""

    listen_key: str
    combined: bool
    events: frozenset[str] | None

    def wants(self, event: str) -> bool:
        return self.events is None or event in self.events


def event_filter(names: str | None) -> frozenset[str] | None:
    """The names of an `events=A/B` parameter; None when it is absent or empty."""
    wanted = frozenset(_SYNONYMS.get(name, name) for name in (names or "").split("/") if name)
    return wanted or None


class UserStream:
    """Readers and state of one account."""

    def __init__(self, account_id: int, markets: Mapping[int, Market], assets: Mapping[int, str]) -> None:
        self.account = UserAccount(account_id)
        self.readers: dict[tuple[Listener, str], Reader] = {}
        self.is_loaded = False
        self._waiting: list[tuple[list[Event], int]] = []
        self._markets, self._assets = markets, assets
        self._told_ms = 0

    def loaded(self) -> None:
        """Orders and money are in place: go through what has waited."""
        self.is_loaded = True
        waiting, self._waiting = self._waiting, []
        for events, now_ms in waiting:
            self.apply(events, now_ms)

    def apply(self, events: list[Event], now_ms: int) -> None:
        """The account's events of one batch, in order."""
        if not self.is_loaded:
            self._waiting.append((events, now_ms))
            return
        touched: dict[int, OrderFilled] = {}
        for event in events:
            if touched and event.seq != next(iter(touched.values())).seq:
                self._tell_account(touched, now_ms)
            if event.kind not in _TOLD:
                continue
            if isinstance(event, OrderFilled):
                self._on_fill(event, now_ms, touched)
            else:
                self._on_event(event, now_ms)
        if touched:
            self._tell_account(touched, now_ms)

    def _on_event(self, event: Event, now_ms: int) -> None:
        told = event.seq > self.account.told_seq
        market = self._markets.get(event.instrument)
        if isinstance(event, BalanceChanged):
            if event.seq > self.account.money_seq:
                self.account.wallets[event.asset] = event.wallet_units
            if told:
                self._tell(user_payloads.balance_changed(event, self._event_ms(event, now_ms), self._assets))
        elif market is None:
            self._lose(event)
        elif isinstance(event, LeverageChanged):
            position = self.account.position(event.instrument)
            changed, position.leverage = position.leverage != event.leverage, event.leverage
            if told and changed:
                self._tell(user_payloads.leverage_changed(market, event, self._event_ms(event, now_ms)))
        else:
            image = cast("OrderImage", event)
            order = self.account.take_image(image, ended=event.kind in _ENDING)
            if told:
                event_ms = self._event_ms(event, now_ms)
                self._tell(user_payloads.order_update(market, self.account, order, image, event_ms))

    def _on_fill(self, event: OrderFilled, now_ms: int, touched: dict[int, OrderFilled]) -> None:
        market = self._markets.get(event.instrument)
        if market is None:
            self._lose(event)
            return
        order = self.account.take_fill(event)
        self.account.take_money(event, market.spec.settlement_asset_id)
        if event.seq <= self.account.told_seq:
            return
        if order is None:
            self._lose(event)
            return
        touched[event.instrument] = event
        event_ms = self._event_ms(event, now_ms)
        self._tell(user_payloads.order_update(market, self.account, order, event, event_ms))

    def _tell_account(self, touched: dict[int, OrderFilled], now_ms: int) -> None:
        """ACCOUNT_UPDATE of one command's fills: the wallets and positions they changed."""
        markets = [self._markets[instrument] for instrument in touched]
        assets = {market.spec.settlement_asset_id: market.spec.settlement_asset for market in markets}
        last = next(reversed(touched.values()))
        touched.clear()
        account = self.account
        balances = [user_payloads.balance_row(code, account.wallets[asset]) for asset, code in assets.items()]
        positions = [user_payloads.position_row(market, account.position(market.id)) for market in markets]
        event_ms = self._event_ms(last, now_ms)
        engine_ms = last.time_ns // 1_000_000
        self._tell(user_payloads.account_update(event_ms, engine_ms, "ORDER", balances, positions))

    def _event_ms(self, event: Event, now_ms: int) -> int:
        """E: never before T nor before the last one told, whatever the wall clock does."""
        self._told_ms = max(self._told_ms, now_ms, event.time_ns // 1_000_000)
        return self._told_ms

    def _tell(self, payload: Payload) -> None:
        message = message_of(payload)
        for (listener, _), reader in list(self.readers.items()):
            if reader.wants(payload["e"]):
                listener.push(message.wrapped(encode_json(reader.listen_key)) if reader.combined else message)

    def expire(self, listen_key: str, now_ms: int) -> None:
        """The key has ended: say so to its sockets and close them."""
        message = message_of(user_payloads.listen_key_expired(listen_key, now_ms))
        for (listener, key), reader in list(self.readers.items()):
            if key == listen_key:
                listener.push(message.wrapped(encode_json(key)) if reader.combined else message)
                listener.close(1000, "the listenKey has expired")

    def close(self) -> None:
        """Make every reader connect again."""
        for listener, _ in list(self.readers):
            listener.close(RESYNC_CODE, RESYNC_REASON)

    def _lose(self, event: Event) -> None:
        _log.error("event_without_context", account_id=self.account.account_id, seq=event.seq, kind=event.kind)
        self.close()
