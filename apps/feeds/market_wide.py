"""Streams over all instruments: !bookTicker, !forceOrder@arr, !markPrice@arr, !ticker@arr, !miniTicker@arr."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from apps.feeds import payloads
from apps.feeds.batches import Forced
from apps.feeds.contract_info import contract_info
from apps.feeds.market import Change, Market
from apps.feeds.payloads import Payload
from apps.feeds.streams import Stream

Markets = Mapping[int, Market]


class AllBookTickersStream(Stream):
    def on_batch(self, change: Change, now_ms: int) -> list[Payload]:
        market = change.market
        return [payloads.book_ticker(market.texts, now_ms, market.book.best())] if change.best_changed else []


class AllForceOrdersStream(Stream):
    """The newest liquidation order of each instrument since the last beat, one message each."""

    def __init__(self, period: int) -> None:
        self.period = period
        self._latest: dict[int, tuple[Market, Forced]] = {}

    def on_batch(self, change: Change, now_ms: int) -> list[Payload]:  # noqa: ARG002
        if change.forced:
            self._latest[change.market.id] = (change.market, change.forced[-1])
        return []

    def on_beat(self, now_ms: int) -> list[Payload]:
        latest, self._latest = self._latest, {}
        return [payloads.force_order(market.texts, now_ms, forced) for market, forced in latest.values()]


class ContractInfoStream(Stream):
    """An instrument's status and brackets whenever they changed."""

    def on_terms(self, market: Market, now_ms: int) -> list[Payload]:
        return [contract_info(market, now_ms)]


class ArrayStream(Stream):
    """One list of every instrument's payload on each beat; nothing while the list is empty."""

    def __init__(self, markets: Markets, period: int, payload: Callable[[Market, int], Payload | None]) -> None:
        self.period = period
        self._markets = markets
        self._payload = payload

    def on_beat(self, now_ms: int) -> list[Any]:
        rows = [row for market in self._markets.values() if (row := self._payload(market, now_ms)) is not None]
        return [rows] if rows else []


def mark_row(market: Market, now_ms: int) -> Payload | None:
    return payloads.mark_price(market, now_ms, market.mark) if market.mark else None


def ticker_row(market: Market, now_ms: int) -> Payload | None:
    return payloads.ticker(market.texts, now_ms, market.statistics(now_ms)) if market.is_whole else None


def mini_ticker_row(market: Market, now_ms: int) -> Payload | None:
    return payloads.mini_ticker(market.texts, now_ms, market.statistics(now_ms)) if market.is_whole else None
