"""One account's user stream: its events in order, told to every socket that reads it.

Until the account is loaded its events wait. An event about an order the picture does not know is a
gap: the sockets are closed, so that their clients read everything anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, cast

import structlog

from apps.feeds import user_payloads
from apps.feeds.market import Market
from apps.feeds.messages import Message, encode_json, message_of
from apps.feeds.payloads import Payload
from apps.feeds.topics import Listener
from apps.feeds.user_account import OpenOrder, UserAccount
from apps.feeds.user_ledger import MONEY_KINDS, Gathered, settlement_asset, take
from matcher.protocol.enums import OrderFlag, OrderStatus
from matcher.protocol.events import (
    Event,
    LeverageChanged,
    MultiAssetsChanged,
    OrderAccepted,
    OrderAmended,
    OrderCanceled,
    OrderExpired,
    OrderFilled,
    OrderImage,
    OrderTerms,
    OrderTriggered,
    PositionMoved,
)
from matcher.protocol.rejects import EndReason

RESYNC_CODE, RESYNC_REASON = 1012, "events were missed: connect again and read the account"
_STANDING = frozenset({OrderAccepted.KIND, OrderAmended.KIND, OrderTriggered.KIND})
_ENDING = frozenset({OrderCanceled.KIND, OrderExpired.KIND})
_TOLD = _STANDING | _ENDING | MONEY_KINDS | {LeverageChanged.KIND, MultiAssetsChanged.KIND}
_SYNONYMS = {"ALGO_ORDER_UPDATE": "ALGO_UPDATE"}
_log = structlog.get_logger("feeds.user_stream")


class UserListener(Listener, Protocol):
    """A socket that takes what one batch did to the account in one piece."""

    def push_all(self, messages: Sequence[Message]) -> None: ...


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
        self.readers: dict[tuple[UserListener, str], Reader] = {}
        self.is_loaded = False
        self._waiting: list[tuple[list[Event], int]] = []
        self._gathered: Gathered | None = None
        self._outbox: list[tuple[str, Message]] = []
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
        terms = {event.order_id: event for event in events if isinstance(event, OrderTerms)}
        refused = {
            (event.seq, event.order_id)
            for event in events
            if isinstance(event, OrderExpired) and 0 < event.reason < EndReason.SELF_TRADE
        }
        for event in events:
            if self._gathered is not None and event.seq != self._gathered.seq:
                self._tell_account(now_ms)
            if event.kind not in _TOLD:
                continue
            if event.instrument and event.instrument not in self._markets:
                self._lose(event)
            elif isinstance(event, OrderFilled):
                self._on_fill(event, now_ms)
            elif event.kind in MONEY_KINDS:
                self._on_money(event, now_ms)
            elif isinstance(event, LeverageChanged | MultiAssetsChanged):
                self._on_setting(event, now_ms)
            else:
                image = cast("OrderImage", event)
                own_terms = terms.get(image.order_id) if isinstance(event, OrderAccepted) else None
                self._on_image(image, own_terms, now_ms, goes_on=(event.seq, image.order_id) not in refused)
        if self._gathered is not None:
            self._tell_account(now_ms)
        self._flush()

    def _on_setting(self, event: LeverageChanged | MultiAssetsChanged, now_ms: int) -> None:
        told, event_ms = event.seq > self.account.told_seq, self._event_ms(event, now_ms)
        if isinstance(event, MultiAssetsChanged):
            if told:
                self._tell(user_payloads.multi_assets_changed(event, event_ms))
            return
        setting = self.account.setting(event.instrument)
        changed, setting.leverage = setting.leverage != event.leverage, event.leverage
        if told and changed:
            self._tell(user_payloads.leverage_changed(self._markets[event.instrument], event, event_ms))

    def _on_image(self, image: OrderImage, terms: OrderTerms | None, now_ms: int, *, goes_on: bool) -> None:
        """Tell of an order; `goes_on` is False when its price was reached and the market refused it at once."""
        known = self.account.orders.get(image.order_id)
        waited = known is not None and known.waiting
        order = self.account.take_image(image, ended=image.kind in _ENDING, terms=terms)
        if image.seq <= self.account.told_seq:
            return
        market, event_ms = self._markets[image.instrument], self._event_ms(image, now_ms)
        if order.is_conditional:
            status = algo_status(order, image, waited=waited, goes_on=goes_on)
            if status:
                self._tell(user_payloads.algo_update(market, order, status, image, event_ms))
            if waited and image.kind in _ENDING:
                return
        if not order.waiting and goes_on:
            self._tell(user_payloads.order_update(market, self.account, order, image, event_ms))

    def _on_fill(self, event: OrderFilled, now_ms: int) -> None:
        market = self._markets[event.instrument]
        order = self.account.take_fill(event)
        if event.seq > self.account.told_seq and order is None:
            self._on_money(event, now_ms)
            self._lose(event)
            return
        if event.seq > self.account.told_seq and order is not None:
            event_ms = self._event_ms(event, now_ms)
            if not order.order_flags & OrderFlag.LIQUIDATION:
                self._tell(user_payloads.trade_lite(market, order, event, event_ms))
            self._tell(user_payloads.order_update(market, self.account, order, event, event_ms))
            if order.is_conditional and not event.leaves_lots:
                self._tell(user_payloads.algo_update(market, order, "FINISHED", event, event_ms))
        self._on_money(event, now_ms)

    def _on_money(self, event: Event, now_ms: int) -> None:
        """Take it into the picture and into the message being gathered; another cause begins another message."""
        if event.seq <= self.account.money_seq:
            return
        gathered = self._gathered
        taken = take(self.account, event, self._markets, gathered.cause if gathered is not None else "")
        if taken is None or event.seq <= self.account.told_seq:
            return
        cause, gains, legs = taken
        if isinstance(event, PositionMoved):
            market, event_ms = self._markets[event.instrument], self._event_ms(event, now_ms)
            self._tell(user_payloads.position_moved(market, self.account, event, event_ms))
        if gathered is not None and gathered.cause != cause:
            self._tell_account(now_ms)
            gathered = None
        if gathered is None:
            gathered = self._gathered = Gathered(cause, event)
        gathered.add(event, gains, legs)

    def _tell_account(self, now_ms: int) -> None:
        """ACCOUNT_UPDATE of what was gathered: the wallets and positions as they stand now."""
        gathered, self._gathered = self._gathered, None
        assert gathered is not None, "nothing was gathered"
        account, markets = self.account, self._markets
        for leg in gathered.legs:
            position = account.position(leg)
            if not position.lots:
                position.isolated_units = 0  # a flat leg holds none, whoever got the rest
        balances = [self._balance_row(asset, units) for asset, units in gathered.gains.items()]
        positions = [
            user_payloads.position_row(
                markets[leg[0]], account.position(leg), leg[1], account.setting(leg[0]).margin_mode
            )
            for leg in gathered.legs
        ]
        event_ms, engine_ms = self._event_ms(gathered.last, now_ms), gathered.last.time_ns // 1_000_000
        self._tell(user_payloads.account_update(event_ms, engine_ms, gathered.cause, balances, positions))

    def _balance_row(self, asset: int, change_units: int) -> Payload:
        account, markets = self.account, self._markets
        wallet = account.wallets.get(asset, 0)
        isolated = sum(
            position.isolated_units
            for (instrument, _), position in account.positions.items()
            if position.isolated_units and settlement_asset(markets, instrument) == asset
        )
        return user_payloads.balance_row(self._assets.get(asset, str(asset)), wallet, wallet - isolated, change_units)

    def _event_ms(self, event: Event, now_ms: int) -> int:
        """E: never before T nor before the last one told, whatever the wall clock does."""
        self._told_ms = max(self._told_ms, now_ms, event.time_ns // 1_000_000)
        return self._told_ms

    def _tell(self, payload: Payload) -> None:
        self._outbox.append((payload["e"], message_of(payload)))

    def _flush(self) -> None:
        """Send what was told, to each socket in one piece."""
        told, self._outbox = self._outbox, []
        for (listener, _), reader in list(self.readers.items()):
            wanted = [message for event, message in told if reader.wants(event)]
            if reader.combined:
                wanted = [message.wrapped(encode_json(reader.listen_key)) for message in wanted]
            if wanted:
                listener.push_all(wanted)

    def call_margin(self, now_ms: int, cross_units: int | None, rows: list[Payload]) -> None:
        """MARGIN_CALL: what the engine answered of positions that are near their liquidation."""
        self._told_ms = max(self._told_ms, now_ms)
        self._tell(user_payloads.margin_call(self._told_ms, cross_units, rows))
        self._flush()

    def expire(self, listen_key: str, now_ms: int) -> None:
        """The key has ended: say so to its sockets and close them."""
        message = message_of(user_payloads.listen_key_expired(listen_key, now_ms))
        for (listener, key), reader in list(self.readers.items()):
            if key == listen_key:
                listener.push(message.wrapped(encode_json(key)) if reader.combined else message)
                listener.close(1000, "the listenKey has expired")

    def close(self) -> None:
        """Make every reader connect again."""
        self._flush()
        for listener, _ in list(self.readers):
            listener.close(RESYNC_CODE, RESYNC_REASON)

    def _lose(self, event: Event) -> None:
        _log.error("event_without_context", account_id=self.account.account_id, seq=event.seq, kind=event.kind)
        self.close()


def algo_status(order: OpenOrder, image: OrderImage, *, waited: bool, goes_on: bool) -> str:
    """X of the ALGO_UPDATE that an image of a conditional order makes; empty for none.

    REJECTED: its price was reached and the market refused it.
    """
    if isinstance(image, OrderTriggered):
        return "TRIGGERED" if goes_on else "TRIGGERING"
    if image.kind in _ENDING:
        if not goes_on:
            return "REJECTED"
        return OrderStatus(order.status).name if waited else "FINISHED"
    return "NEW" if order.waiting else ""
