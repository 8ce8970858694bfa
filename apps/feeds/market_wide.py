"""Streams over all instruments: !bookTicker, !markPrice@arr, !ticker@arr, !miniTicker@arr."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from apps.feeds import payloads
from apps.feeds.market import Change, Market
from apps.feeds.payloads import Payload
from apps.feeds.streams import Stream

Markets = Mapping[int, Market]


class AllBookTickersStream(Stream):
    def on_batch(self, change: Change, now_ms: int) -> list[Payload]:
        market = change.market
        return [payloads.book_ticker(market.texts, now_ms, market.book.best())] if change.best_changed else []


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
    return payloads.mark_price(market.texts, now_ms, market.mark) if market.mark else None


def ticker_row(market: Market, now_ms: int) -> Payload:
    return payloads.ticker(market.texts, now_ms, market.statistics(now_ms))


def mini_ticker_row(market: Market, now_ms: int) -> Payload:
    return payloads.mini_ticker(market.texts, now_ms, market.statistics(now_ms))
