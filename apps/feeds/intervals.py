"""The candle intervals of the compatible surface, and where each candle opens (UTC)."""

from __future__ import annotations

from datetime import UTC, datetime

MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS
_FIRST_MONDAY_MS = 4 * DAY_MS  # 1970-01-05

FIXED_MS: dict[str, int] = {
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
    "1w": 7 * DAY_MS,
}
INTERVALS = (*FIXED_MS, "1M")


def open_of(interval: str, time_ms: int) -> int:
    """Opening time of the candle that contains `time_ms`: weeks open on Monday, months on the 1st."""
    if interval == "1M":
        moment = datetime.fromtimestamp(time_ms / 1000, UTC)
        return int(datetime(moment.year, moment.month, 1, tzinfo=UTC).timestamp()) * 1000
    length = FIXED_MS[interval]
    offset = _FIRST_MONDAY_MS if interval == "1w" else 0
    return (time_ms - offset) // length * length + offset


def next_open(interval: str, open_ms: int) -> int:
    """Opening time of the candle after the one that opens at `open_ms`."""
    if interval == "1M":
        return open_of(interval, open_ms + 32 * DAY_MS)
    return open_ms + FIXED_MS[interval]
