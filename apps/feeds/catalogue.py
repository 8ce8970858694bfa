"""From a stream's name to the stream: which names exist is said here and nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from apps.common.intervals import INTERVALS
from apps.feeds import market_wide
from apps.feeds.market import Market
from apps.feeds.market_wide import Markets
from apps.feeds.price_streams import NAMES, PriceKlineStream
from apps.feeds.streams import (
    AggregateTradeStream,
    BookTickerStream,
    DepthStream,
    ForceOrderStream,
    KlineStream,
    MarkPriceStream,
    MiniTickerStream,
    PartialDepthStream,
    Stream,
    TickerStream,
    TradeStream,
)

# Beats, in ticks of the pulse.
_KLINE = _DEPTH = 5
_TICKER, _TICKER_ARRAY, _SECOND, _MARK = 40, 20, 20, 60

_SPEEDS = {"0ms": 0, "100ms": 2, "250ms": 5, "500ms": 10}
_SIMPLE: dict[str, Callable[[Market], Stream]] = {
    "aggTrade": AggregateTradeStream,
    "trade": TradeStream,
    "bookTicker": BookTickerStream,
    "markPrice": lambda market: MarkPriceStream(market, _MARK),
    "markPrice@1s": lambda market: MarkPriceStream(market, _SECOND),
    "markPrice@3s": lambda market: MarkPriceStream(market, _MARK),
    "ticker": lambda market: TickerStream(market, _TICKER),
    "miniTicker": lambda market: MiniTickerStream(market, _TICKER),
    "forceOrder": lambda market: ForceOrderStream(market, _SECOND),
}
_ALL: dict[str, Callable[[Markets], Stream]] = {
    "!bookTicker": lambda _markets: market_wide.AllBookTickersStream(),
    "!markPrice@arr": lambda markets: market_wide.ArrayStream(markets, _MARK, market_wide.mark_row),
    "!markPrice@arr@1s": lambda markets: market_wide.ArrayStream(markets, _SECOND, market_wide.mark_row),
    "!markPrice@arr@3s": lambda markets: market_wide.ArrayStream(markets, _MARK, market_wide.mark_row),
    "!ticker@arr": lambda markets: market_wide.ArrayStream(markets, _TICKER_ARRAY, market_wide.ticker_row),
    "!miniTicker@arr": lambda markets: market_wide.ArrayStream(markets, _TICKER_ARRAY, market_wide.mini_ticker_row),
    "!forceOrder@arr": lambda _markets: market_wide.AllForceOrdersStream(_SECOND),
    "!contractInfo": lambda _markets: market_wide.ContractInfoStream(),
}


def open_stream(name: str, markets: Markets, symbols: Mapping[str, Market]) -> Stream | None:
    """A new stream under this name, None when there is none of the kind or no such symbol.

    `symbols` holds the markets by lower-case symbol; symbols match in any case.
    """
    if name in _ALL:
        return _ALL[name](markets)
    head, _, kind = name.partition("@")
    head = head.lower()
    if kind.startswith("continuousKline_") and head.endswith("_perpetual"):
        market = symbols.get(head.removesuffix("_perpetual"))
        interval = kind.removeprefix("continuousKline_")
        return KlineStream(market, _KLINE, interval, continuous=True) if market and interval in INTERVALS else None
    market = symbols.get(head)
    if market is None:
        return None
    if kind in _SIMPLE:
        return _SIMPLE[kind](market)
    if kind.startswith("kline_"):
        interval = kind.removeprefix("kline_")
        return KlineStream(market, _KLINE, interval) if interval in INTERVALS else None
    return _open_price_kline(kind, market) or _open_depth(kind, market)


def _open_price_kline(kind: str, market: Market) -> Stream | None:
    prefix, underscore, interval = kind.partition("_")
    price = NAMES.get(prefix + underscore)
    return PriceKlineStream(market, _KLINE, price, interval) if price and interval in INTERVALS else None


def _open_depth(kind: str, market: Market) -> Stream | None:
    form, at, speed = kind.partition("@")
    period = _SPEEDS.get(speed) if at else _DEPTH
    if period is None:
        return None
    match form:
        case "rpiDepth" if at and period == _SPEEDS["500ms"]:  # there are no retail orders apart: the book itself
            return DepthStream(market, period)
        case "depth":
            return DepthStream(market, period)
        case "depth5" | "depth10" | "depth20":
            return PartialDepthStream(market, period, int(form.removeprefix("depth")))
    return None
