"""Candle intervals by name, where each candle opens (UTC), and how to go from one to the next. Pure arithmetic.

Weeks open on Monday, months on the 1st; every other interval counts from the epoch.
"""

from __future__ import annotations

from datetime import UTC, datetime

MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS
WEEK_MS = 7 * DAY_MS
MONTH_MS = 30 * DAY_MS  # stands for the calendar month, whatever its length
FIRST_MONDAY_MS = 4 * DAY_MS  # 1970-01-05

INTERVALS: dict[str, int] = {
    "1m": MINUTE_MS,
    "3m": 3 * MINUTE_MS,
    "5m": 5 * MINUTE_MS,
    "15m": 15 * MINUTE_MS,
    "30m": 30 * MINUTE_MS,
    "1h": HOUR_MS,
    "2h": 2 * HOUR_MS,
    "4h": 4 * HOUR_MS,
    "6h": 6 * HOUR_MS,
    "8h": 8 * HOUR_MS,
    "12h": 12 * HOUR_MS,
    "1d": DAY_MS,
    "3d": 3 * DAY_MS,
    "1w": WEEK_MS,
    "1M": MONTH_MS,
}


def open_of(interval_ms: int, time_ms: int) -> int:
    """Opening time of the candle that contains `time_ms`."""
    if interval_ms == MONTH_MS:
        moment = datetime.fromtimestamp(time_ms // 1000, UTC)
        return int(datetime(moment.year, moment.month, 1, tzinfo=UTC).timestamp()) * 1000
    offset = FIRST_MONDAY_MS if interval_ms == WEEK_MS else 0
    return (time_ms - offset) // interval_ms * interval_ms + offset


def next_open(interval_ms: int, open_ms: int) -> int:
    """Opening time of the candle after the one that opens at `open_ms`."""
    return open_of(MONTH_MS, open_ms + 32 * DAY_MS) if interval_ms == MONTH_MS else open_ms + interval_ms


def back(interval_ms: int, open_ms: int, count: int) -> int:
    """Opening time of the candle `count` before the one that opens at `open_ms`."""
    if interval_ms != MONTH_MS:
        return open_ms - count * interval_ms
    moment = datetime.fromtimestamp(open_ms // 1000, UTC)
    months = max(1970 * 12, moment.year * 12 + moment.month - 1 - count)
    return int(datetime(months // 12, months % 12 + 1, 1, tzinfo=UTC).timestamp()) * 1000
