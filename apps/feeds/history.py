"""What was traded before this process looked: the tape, the day's minutes and the open candles, from rows."""

from __future__ import annotations

from collections.abc import Sequence

from apps.common.intervals import DAY_MS, INTERVALS, MINUTE_MS, next_open, open_of
from apps.feeds.candles import Candle
from apps.feeds.market import History
from apps.feeds.types import TradeTick
from apps.marketdata.selectors import get_candles
from apps.marketdata.types import CandleRow
from apps.orders.selectors import get_trades
from apps.orders.types import TradeRow
from matcher.protocol.enums import Side

TAPE_TRADES = 1000
_DAY_MINUTES = DAY_MS // MINUTE_MS
_MONTH_DAYS = 32
_LONG_INTERVALS = ("3d", "1w", "1M")


def read_history(instrument_id: int, now_ms: int) -> History:
    """Read the rows of one instrument. Minutes are read first: trades newer than they know are left out."""
    start_ms = open_of(DAY_MS, now_ms - DAY_MS)  # whole days, so that the last trade's day is whole too
    minutes = [
        _candle(row, MINUTE_MS)
        for row in get_candles(instrument_id, MINUTE_MS, start_ms, None, 2 * _DAY_MINUTES, now_ms=now_ms)
        if row.trade_count
    ]
    trades = [_tick(row) for row in get_trades(instrument_id, TAPE_TRADES, None)]
    if minutes:
        trades = [trade for trade in trades if trade.trade_id <= minutes[-1].last_trade_id]
    if not trades:
        return History([], [], {}, 0)
    last = minutes[-1] if minutes else Candle.of_trades(trades[-1:], 0)
    return History(trades, minutes, _open_candles(instrument_id, minutes, last, now_ms), trades[-1].trade_id)


def _open_candles(instrument_id: int, minutes: Sequence[Candle], last: Candle, now_ms: int) -> dict[str, Candle]:
    """Every interval's candle that holds the last trade, put together from whole days and the minutes after them."""
    last_ms = last.open_ms
    today_ms = open_of(DAY_MS, last_ms)
    minutes_ms = today_ms if minutes else today_ms + DAY_MS
    days = [
        _candle(row, DAY_MS)
        for row in get_candles(
            instrument_id, DAY_MS, today_ms - _MONTH_DAYS * DAY_MS, None, _MONTH_DAYS + 1, now_ms=now_ms
        )
        if row.trade_count and row.open_ms < minutes_ms
    ]
    candles = {}
    for interval, length_ms in INTERVALS.items():
        opens = open_of(length_ms, last_ms)
        candle = Candle(opens, next_open(length_ms, opens) - 1, last.close_ticks)
        if interval in _LONG_INTERVALS:
            _merge_from(candle, days, opens)
        _merge_from(candle, minutes, max(opens, minutes_ms))
        candles[interval] = candle
    return candles


def _merge_from(candle: Candle, bars: Sequence[Candle], opens: int) -> None:
    for bar in bars:
        if bar.open_ms >= opens:
            candle.merge(bar)


def _candle(row: CandleRow, length_ms: int) -> Candle:
    candle = Candle(row.open_ms, row.open_ms + length_ms - 1, row.open_ticks)
    candle.high_ticks, candle.low_ticks, candle.close_ticks = row.high_ticks, row.low_ticks, row.close_ticks
    candle.volume_lots, candle.quote_units = row.volume_lots, row.quote_units
    candle.taker_buy_lots, candle.taker_buy_quote_units = row.taker_buy_lots, row.taker_buy_quote_units
    candle.trade_count = row.trade_count
    candle.first_trade_id, candle.last_trade_id = row.first_trade_id, row.last_trade_id
    return candle


def _tick(row: TradeRow) -> TradeTick:
    return TradeTick(row.trade_id, row.price_ticks, row.quantity_lots, row.time_ns, row.taker_side == Side.SELL)
