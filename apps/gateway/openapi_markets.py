"""What the document says of /api/v1/markets: operations, shapes and an example of each answer."""

from __future__ import annotations

from typing import Any, NamedTuple

from apps.common.intervals import INTERVALS

Node = dict[str, Any]

DECIMAL: Node = {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"}
MAYBE_DECIMAL: Node = {"type": ["string", "null"], "pattern": r"^-?[0-9]+(\.[0-9]+)?$"}
TEXT: Node = {"type": "string"}
WHOLE: Node = {"type": "integer"}
MAYBE_WHOLE: Node = {"type": ["integer", "null"]}
PERIODS = ("5m", "15m", "30m", "1h", "2h", "4h", "6h", "12h", "1d")


def _object(**properties: Node) -> Node:
    """An object that has all of these."""
    return {"type": "object", "properties": properties, "required": list(properties)}


def _rows(**properties: Node) -> Node:
    return {"type": "array", "items": _object(**properties)}


_PRICES = {"open_ms": WHOLE, "close_ms": WHOLE, "open": DECIMAL, "high": DECIMAL, "low": DECIMAL, "close": DECIMAL}
_VOLUMES = {
    "volume": DECIMAL,
    "quote_volume": DECIMAL,
    "taker_buy_volume": DECIMAL,
    "taker_buy_quote_volume": DECIMAL,
    "trade_count": WHOLE,
}
_CANDLE = _object(**_PRICES)
_CANDLE["properties"] = _PRICES | _VOLUMES
_SOURCES = _rows(
    source=TEXT,
    price=MAYBE_DECIMAL,
    used_price=MAYBE_DECIMAL,
    weight=WHOLE,
    told_ms=MAYBE_WHOLE,
    state={"enum": ["live", "clamped", "stale", "silent"]},
)

MARKET_SCHEMAS: dict[str, Node] = {
    "Candles": _object(candles={"type": "array", "items": _CANDLE}),
    "Statistics": _object(
        symbol=TEXT,
        open_ms=WHOLE,
        close_ms=WHOLE,
        open=DECIMAL,
        high=DECIMAL,
        low=DECIMAL,
        last=DECIMAL,
        change=DECIMAL,
        change_rate=DECIMAL,
        average_price=DECIMAL,
        volume=DECIMAL,
        quote_volume=DECIMAL,
        trade_count=WHOLE,
        first_trade_id=TEXT,
        last_trade_id=TEXT,
    ),
    "MarketFunding": _object(
        symbol=TEXT,
        predicted_rate=DECIMAL,
        next_funding_ms=MAYBE_WHOLE,
        interval_hours=WHOLE,
        interest_rate=DECIMAL,
        rate_cap=DECIMAL,
        rate_floor=DECIMAL,
        settlements=_rows(funding_ms=WHOLE, rate=DECIMAL, mark_price=DECIMAL, average_premium=DECIMAL),
    ),
    "OpenInterest": _object(
        symbol=TEXT,
        open_interest=DECIMAL,
        time_ms=WHOLE,
        history=_rows(time_ms=WHOLE, open_interest=DECIMAL, notional=DECIMAL),
    ),
    "Ratios": _object(
        symbol=TEXT,
        ratios=_rows(
            time_ms=WHOLE,
            long_accounts=WHOLE,
            short_accounts=WHOLE,
            accounts=DECIMAL,
            top_accounts=DECIMAL,
            top_positions=DECIMAL,
        ),
    ),
    "MarketIndex": _object(
        symbol=TEXT, index_price=MAYBE_DECIMAL, time_ms=MAYBE_WHOLE, minimum_sources=WHOLE, sources=_SOURCES
    ),
    "IndexSamples": _object(
        samples=_rows(
            time_ms=WHOLE, index_price=MAYBE_DECIMAL, live_sources=WHOLE, minimum_sources=WHOLE, sources=_SOURCES
        )
    ),
    "MarkSamples": _object(
        samples=_rows(
            time_ms=WHOLE, mark_price=DECIMAL, index_price=DECIMAL, funding_rate=DECIMAL, next_funding_ms=WHOLE
        )
    ),
}


def _query(name: str, schema: Node, description: str) -> Node:
    return {"name": name, "in": "query", "required": False, "schema": schema, "description": description}


INTERVAL = _query("interval", {"enum": list(INTERVALS)}, "Length of a candle; 1m is the default.")
KIND = _query("kind", {"enum": ["trade", "mark", "index", "premium"]}, "Of what; trade is the default.")
PERIOD = _query("period", {"enum": list(PERIODS)}, "Distance of the rows; 5m is the default.")
_NUMBER: Node = {"type": "integer", "minimum": 0, "maximum": (1 << 62) - 1}
START = _query("start_ms", _NUMBER, "The first rows from here on; without it the newest.")
END = _query("end_ms", _NUMBER, "None after this.")
FROM_TRADE = _query("from_trade_id", _NUMBER, "Begin at this number.")
LIMIT = _query("limit", {"type": "integer", "minimum": 1, "maximum": 1500}, "Rows at most.")


class MarketOperation(NamedTuple):
    """A GET below one market."""

    path: str
    operation_id: str
    summary: str
    schema: str
    parameters: tuple[Node, ...]
    example: Node


_MS = 1_795_181_040_000
_CANDLE_EXAMPLE = {
    "open_ms": _MS, "close_ms": _MS + 59_999, "open": "50020.0", "high": "50020.0", "low": "49990.0", "close": "49990.0",
    "volume": "0.040", "quote_volume": "2000.20000000", "taker_buy_volume": "0.020",
    "taker_buy_quote_volume": "1000.40000000", "trade_count": 2,
}  # fmt: skip
_SOURCE_EXAMPLE = {
    "source": "north", "price": "49998.10000000", "used_price": "49998.10000000", "weight": 40, "told_ms": _MS - 400,
    "state": "live",
}  # fmt: skip
_STATISTICS_EXAMPLE = {
    "symbol": "BTCUSDT", "open_ms": _MS - 86_400_000, "close_ms": _MS, "open": "50050.0", "high": "50050.0",
    "low": "49949.4", "last": "49990.0", "change": "-60.0", "change_rate": "-0.001199", "average_price": "49997.71241830",
    "volume": "0.306", "quote_volume": "15299.30000000", "trade_count": 67, "first_trade_id": "1001",
    "last_trade_id": "1067",
}  # fmt: skip
_FUNDING_EXAMPLE = {
    "symbol": "BTCUSDT", "predicted_rate": "0.000100000", "next_funding_ms": 1_795_190_400_000, "interval_hours": 8,
    "interest_rate": "0.000100000", "rate_cap": "0.020000000", "rate_floor": "-0.020000000",
    "settlements": [
        {
            "funding_ms": 1_795_161_600_000, "rate": "0.000100000", "mark_price": "50010.0",
            "average_premium": "0.000021300",
        }
    ],
}  # fmt: skip
_INDEX_EXAMPLE = {
    "symbol": "BTCUSDT", "index_price": "49998.10000000", "time_ms": _MS, "minimum_sources": 2,
    "sources": [_SOURCE_EXAMPLE],
}  # fmt: skip
_INTEREST_EXAMPLE = {
    "symbol": "BTCUSDT", "open_interest": "12.345", "time_ms": _MS,
    "history": [{"time_ms": _MS - 240_000, "open_interest": "12.300", "notional": "615000.00000000"}],
}  # fmt: skip
_RATIO_EXAMPLE = {
    "time_ms": _MS - 240_000, "long_accounts": 30, "short_accounts": 20, "accounts": "1.5000", "top_accounts": "1.0000",
    "top_positions": "0.8000",
}  # fmt: skip
_INDEX_SAMPLE_EXAMPLE = {
    "time_ms": _MS, "index_price": "49998.10000000", "live_sources": 1, "minimum_sources": 1,
    "sources": [_SOURCE_EXAMPLE],
}  # fmt: skip
_MARK_SAMPLE_EXAMPLE = {
    "time_ms": _MS, "mark_price": "50000.0", "index_price": "49998.1", "funding_rate": "0.000100000",
    "next_funding_ms": 1_795_190_400_000,
}  # fmt: skip

_DEPTH_EXAMPLE = {
    "symbol": "BTCUSDT", "last_update_id": 1422, "time_ms": _MS, "bids": [["49990.0", "0.020"], ["49985.5", "0.310"]],
    "asks": [["50020.0", "0.050"]],
}  # fmt: skip
_TRADE_EXAMPLE = {
    "trade_id": "1067", "price": "49990.0", "quantity": "0.020", "taker_side": "sell", "time_ms": _MS - 1_200,
}  # fmt: skip
_TICKER_EXAMPLE = {
    "symbol": "BTCUSDT", "last_price": "49990.0", "mark_price": "50000.0", "index_price": "49998.1",
    "funding_rate": "0.000100000", "next_funding_ms": 1_795_190_400_000, "best_bid": "49990.0", "best_ask": "50020.0",
    "open": "50050.0", "high": "50050.0", "low": "49949.4", "volume": "0.306", "quote_volume": "15299.30000000",
    "open_interest": "12.345", "time_ms": _MS,
}  # fmt: skip

MARKET_OPERATIONS = (
    MarketOperation("/depth", "get_depth", "The book.", "Depth", (LIMIT,), _DEPTH_EXAMPLE),
    MarketOperation(
        "/trades",
        "list_trades",
        "Trades: the newest, or from one on.",
        "Trades",
        (FROM_TRADE, LIMIT),
        {"trades": [_TRADE_EXAMPLE]},
    ),
    MarketOperation("/ticker", "get_ticker", "Prices and the day.", "Ticker", (), _TICKER_EXAMPLE),
    MarketOperation(
        "/candles",
        "list_candles",
        "Candles of trades, the mark, the index or the premium; without gaps. Only those of trades have volumes.",
        "Candles",
        (KIND, INTERVAL, START, END, LIMIT),
        {"candles": [_CANDLE_EXAMPLE]},
    ),
    MarketOperation("/statistics", "get_statistics", "The last 24 hours.", "Statistics", (), _STATISTICS_EXAMPLE),
    MarketOperation(
        "/funding",
        "get_market_funding",
        "The predicted rate, and what was settled.",
        "MarketFunding",
        (START, END, LIMIT),
        _FUNDING_EXAMPLE,
    ),
    MarketOperation(
        "/open-interest",
        "get_open_interest",
        "Open interest now and at whole periods.",
        "OpenInterest",
        (PERIOD, START, END, LIMIT),
        _INTEREST_EXAMPLE,
    ),
    MarketOperation(
        "/ratios",
        "list_ratios",
        "Who is long and who is short, at whole periods.",
        "Ratios",
        (PERIOD, START, END, LIMIT),
        {"symbol": "BTCUSDT", "ratios": [_RATIO_EXAMPLE]},
    ),
    MarketOperation("/index", "get_index", "The index and its sources.", "MarketIndex", (), _INDEX_EXAMPLE),
    MarketOperation(
        "/index-samples",
        "list_index_samples",
        "Indexes by the second with everything they were made of.",
        "IndexSamples",
        (START, END, LIMIT),
        {"samples": [_INDEX_SAMPLE_EXAMPLE]},
    ),
    MarketOperation(
        "/mark-samples",
        "list_mark_samples",
        "Marks by the second.",
        "MarkSamples",
        (START, END, LIMIT),
        {"samples": [_MARK_SAMPLE_EXAMPLE]},
    ),
)
