"""Market messages of the compatible surface, field by field; every price and quantity is text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from apps.feeds.batches import Forced
from apps.feeds.candles import Candle
from apps.feeds.market import Market, Texts
from apps.feeds.types import AggregateTick, Best, Level, Mark, Statistics, TradeTick
from matcher.protocol.units import ASSET_UNIT, PPB, format_scaled

Payload = dict[str, Any]
MONEY_DECIMALS = 8


def depth_update(
    texts: Texts, times: tuple[int, int], ids: tuple[int, int], bids: Sequence[Level], asks: Sequence[Level]
) -> Payload:
    """`times` are now and the engine's, in ms; `ids` the last update of the event before and of this one."""
    event_ms, engine_ms = times
    previous, last = ids
    return {
        "e": "depthUpdate",
        "E": event_ms,
        "T": engine_ms,
        "s": texts.spec.symbol,
        "U": previous + 1,
        "u": last,
        "pu": previous,
        "b": texts.levels(bids),
        "a": texts.levels(asks),
    }


def aggregate_trade(texts: Texts, event_ms: int, tick: AggregateTick) -> Payload:
    return {
        "e": "aggTrade",
        "E": event_ms,
        "a": tick.aggregate_id,
        "s": texts.spec.symbol,
        "p": texts.price(tick.price_ticks),
        "q": texts.quantity(tick.quantity_lots),
        "f": tick.first_trade_id,
        "l": tick.last_trade_id,
        "T": tick.time_ns // 1_000_000,
        "m": tick.buyer_is_maker,
    }


def trade(texts: Texts, event_ms: int, tick: TradeTick) -> Payload:
    return {
        "e": "trade",
        "E": event_ms,
        "T": tick.time_ns // 1_000_000,
        "s": texts.spec.symbol,
        "t": tick.trade_id,
        "p": texts.price(tick.price_ticks),
        "q": texts.quantity(tick.quantity_lots),
        "X": "MARKET",
        "m": tick.buyer_is_maker,
    }


def book_ticker(texts: Texts, event_ms: int, best: Best) -> Payload:
    return {
        "e": "bookTicker",
        "u": best.update_id,
        "s": texts.spec.symbol,
        "b": texts.price(best.bid_ticks),
        "B": texts.quantity(best.bid_lots),
        "a": texts.price(best.ask_ticks),
        "A": texts.quantity(best.ask_lots),
        "T": best.event_ms,
        "E": event_ms,
    }


def mark_price(market: Market, event_ms: int, mark: Mark) -> Payload:
    """The settlement estimate of a perpetual is its index; the rate is that of the running interval as predicted."""
    texts = market.texts
    index = texts.price_8(mark.index_ticks)
    return {
        "e": "markPriceUpdate",
        "E": event_ms,
        "s": texts.spec.symbol,
        "p": texts.price_8(mark.mark_ticks),
        "i": index,
        "P": index,
        "r": rate(market.funding_rate_ppb),
        "T": mark.next_funding_ms,
    }


def force_order(texts: Texts, event_ms: int, forced: Forced) -> Payload:
    """A liquidation's order: a limit at the bankruptcy price, good for what trades at once."""
    spec = texts.spec
    engine_ms = forced.time_ns // 1_000_000
    filled = forced.filled_lots == forced.quantity_lots
    return {
        "e": "forceOrder",
        "E": event_ms,
        "o": {
            "s": spec.symbol,
            "S": "SELL" if forced.is_sell else "BUY",
            "o": "LIMIT",
            "f": "IOC",
            "q": texts.quantity(forced.quantity_lots),
            "p": texts.price(forced.price_ticks),
            "ap": average_price(texts, forced.filled_value * spec.tick_lot_units, forced.filled_lots),
            "X": "FILLED" if filled else "PARTIALLY_FILLED",
            "l": texts.quantity(forced.last_lots),
            "z": texts.quantity(forced.filled_lots),
            "T": engine_ms,
        },
    }


def kline(texts: Texts, event_ms: int, interval: str, candle: Candle, closed: bool) -> Payload:
    symbol = texts.spec.symbol
    image = {"t": candle.open_ms, "T": candle.close_ms, "s": symbol, **_candle(texts, interval, candle, closed)}
    return {"e": "kline", "E": event_ms, "s": symbol, "k": image}


def continuous_kline(texts: Texts, event_ms: int, interval: str, candle: Candle, closed: bool) -> Payload:
    return {
        "e": "continuous_kline",
        "E": event_ms,
        "ps": texts.spec.symbol,
        "ct": "PERPETUAL",
        "k": {"t": candle.open_ms, "T": candle.close_ms, **_candle(texts, interval, candle, closed)},
    }


def _candle(texts: Texts, interval: str, candle: Candle, closed: bool) -> Payload:
    return {
        "i": interval,
        "f": candle.first_trade_id,
        "L": candle.last_trade_id,
        "o": texts.price(candle.open_ticks),
        "c": texts.price(candle.close_ticks),
        "h": texts.price(candle.high_ticks),
        "l": texts.price(candle.low_ticks),
        "v": texts.quantity(candle.volume_lots),
        "n": candle.trade_count,
        "x": closed,
        "q": money(candle.quote_units),
        "V": texts.quantity(candle.taker_buy_lots),
        "Q": money(candle.taker_buy_quote_units),
        "B": "0",
    }


def mini_ticker(texts: Texts, event_ms: int, day: Statistics) -> Payload:
    return {
        "e": "24hrMiniTicker",
        "E": event_ms,
        "s": texts.spec.symbol,
        "c": texts.price(day.last_ticks),
        "o": texts.price(day.open_ticks),
        "h": texts.price(day.high_ticks),
        "l": texts.price(day.low_ticks),
        "v": texts.quantity(day.volume_lots),
        "q": money(day.quote_units),
    }


def ticker(texts: Texts, event_ms: int, day: Statistics) -> Payload:
    return {
        "e": "24hrTicker",
        "E": event_ms,
        "s": texts.spec.symbol,
        "p": texts.price(day.change_ticks),
        "P": change_percent(day),
        "w": average_price(texts, day.quote_units, day.volume_lots),
        "c": texts.price(day.last_ticks),
        "Q": texts.quantity(day.last_lots),
        "o": texts.price(day.open_ticks),
        "h": texts.price(day.high_ticks),
        "l": texts.price(day.low_ticks),
        "v": texts.quantity(day.volume_lots),
        "q": money(day.quote_units),
        "O": day.open_ms,
        "C": day.close_ms,
        "F": day.first_trade_id,
        "L": day.last_trade_id,
        "n": day.trade_count,
    }


def best_of(market: Market) -> Payload:
    """The current bookTicker of a market, timed by the engine."""
    best = market.book.best()
    return book_ticker(market.texts, best.event_ms, best)


def money(units: int) -> str:
    return format_scaled(units, MONEY_DECIMALS)


def change_percent(day: Statistics) -> str:
    """Change of the day in percent with three decimals, truncated toward zero."""
    if not day.open_ticks:
        return "0.000"
    thousandths, sign = divmod(abs(day.change_ticks) * 100_000, day.open_ticks)[0], day.change_ticks < 0
    return format_scaled(-thousandths if sign else thousandths, 3)


def average_price(texts: Texts, quote_units: int, quantity_lots: int) -> str:
    """Quote / quantity as a price, truncated to eight decimals, never fewer than the tick's; zero without quantity.

    price = quote_units x tick_step / (|quantity_lots| x tick_lot_units) / 10^price_decimals.
    """
    spec = texts.spec
    if not quantity_lots:
        return texts.price(0)
    shift: int = 10 ** (MONEY_DECIMALS - spec.price_decimals)
    scaled = quote_units * spec.tick_step * shift // (abs(quantity_lots) * spec.tick_lot_units)
    whole, _, fraction = format_scaled(scaled, MONEY_DECIMALS).partition(".")
    fraction = fraction.rstrip("0").ljust(spec.price_decimals, "0")
    return f"{whole}.{fraction}" if fraction else whole


def rate(ppb: int) -> str:
    """A rate with eight decimals, truncated toward zero."""
    scaled = abs(ppb) * ASSET_UNIT // PPB
    return format_scaled(-scaled if ppb < 0 else scaled, MONEY_DECIMALS)
