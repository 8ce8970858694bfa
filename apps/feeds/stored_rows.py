"""The feeds' questions to the database, asked off the event loop."""

from __future__ import annotations

from apps.assets.selectors import get_assets
from apps.common.intervals import INTERVALS
from apps.common.rows import ask_first
from apps.feeds.history import read_history
from apps.feeds.market import History
from apps.feeds.price_streams import Price, StoredPrice
from apps.instruments.selectors import get_instruments
from apps.instruments.types import InstrumentSpec
from apps.marketdata.selectors import get_premium_candles, get_price_candles
from apps.projection.journal import open_journal
from apps.projection.locations import journal_url
from apps.projection.selectors import await_seq

NEWEST = 5  # candles of a price that are read when its first reader comes


class StoredRows:
    """loading.Rows, answered by selectors."""

    async def get_assets(self) -> dict[int, str]:
        return {asset.id: asset.code for asset in await ask_first(get_assets)}

    async def get_instruments(self) -> list[InstrumentSpec]:
        return await ask_first(get_instruments)

    async def await_seq(self, seq: int, timeout_s: float) -> bool:
        return await await_seq(seq, timeout_s)

    async def get_history(self, instrument_id: int, now_ms: int) -> History:
        return await ask_first(read_history, instrument_id, now_ms)

    async def get_newest_prices(self, instrument_id: int, price: Price, interval: str) -> list[StoredPrice]:
        """The newest candles, oldest first: the clock may have opened one that the engine has not."""
        return await ask_first(_read_newest_prices, instrument_id, price, INTERVALS[interval])

    async def read_journal(self, seq: int, limit: int) -> list[tuple[int, int, bytes]]:
        """(first_seq, last_seq, events) of the batches behind `seq`. Raises OSError when out of reach."""
        return await ask_first(_read_journal, seq, limit)


def _read_journal(seq: int, limit: int) -> list[tuple[int, int, bytes]]:
    """Over a connection of its own: gaps are seldom, and a connection belongs to its thread."""
    journal = open_journal(journal_url())
    try:
        return [(row.first_seq, row.last_seq, bytes(row.events)) for row in journal.read_after(seq, limit)]
    finally:
        journal.close()


def _read_newest_prices(instrument_id: int, price: Price, length_ms: int) -> list[StoredPrice]:
    if price == "premium":
        return [
            StoredPrice(row.open_ms, row.open_ppb, row.high_ppb, row.low_ppb, row.close_ppb, row.sample_count)
            for row in get_premium_candles(instrument_id, length_ms, limit=NEWEST)
        ]
    return [
        StoredPrice(row.open_ms, row.open_ticks, row.high_ticks, row.low_ticks, row.close_ticks, row.change_count)
        for row in get_price_candles(instrument_id, price, length_ms, limit=NEWEST)
    ]
