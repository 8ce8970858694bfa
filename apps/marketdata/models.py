"""Candles and price history as the journal tells them; written by projectors.py alone.

Keys carry instrument and time, so that the primary key alone serves every range of an instrument.
Minutes and hours are both kept, folded from the same trades; other intervals are folded when read.
"""

from django.db import models

SECOND_NS = 1_000_000_000
MINUTE_NS = 60 * SECOND_NS
CANDLE_KEY_BITS = 32  # candle_id = instrument << 32 | minutes (or hours) since the epoch
SAMPLE_KEY_BITS = 40  # sample_id = instrument << 40 | seconds since the epoch


class TradedCandle(models.Model):
    """The trades of an instrument in one span of time; a span without trades has no row."""

    candle_id = models.BigIntegerField(primary_key=True)
    instrument_id = models.SmallIntegerField()
    open_ns = models.BigIntegerField()
    open_ticks = models.BigIntegerField()
    high_ticks = models.BigIntegerField()
    low_ticks = models.BigIntegerField()
    close_ticks = models.BigIntegerField()
    volume_lots = models.BigIntegerField()
    quote_units = models.BigIntegerField()
    taker_buy_lots = models.BigIntegerField()
    taker_buy_quote_units = models.BigIntegerField()
    trade_count = models.BigIntegerField()
    first_trade_id = models.BigIntegerField()
    last_trade_id = models.BigIntegerField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"instrument {self.instrument_id} at {self.open_ns}"


class Candle(TradedCandle):
    """One minute."""


class HourCandle(TradedCandle):
    """One hour."""


class PriceCandleBase(models.Model):
    """An instrument's mark and index in one span of time, over every change and not only the samples."""

    candle_id = models.BigIntegerField(primary_key=True)
    instrument_id = models.SmallIntegerField()
    open_ns = models.BigIntegerField()
    mark_open_ticks = models.BigIntegerField()
    mark_high_ticks = models.BigIntegerField()
    mark_low_ticks = models.BigIntegerField()
    mark_close_ticks = models.BigIntegerField()
    index_open_ticks = models.BigIntegerField()
    index_high_ticks = models.BigIntegerField()
    index_low_ticks = models.BigIntegerField()
    index_close_ticks = models.BigIntegerField()
    change_count = models.BigIntegerField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"instrument {self.instrument_id} at {self.open_ns}"


class PriceCandle(PriceCandleBase):
    """One minute."""


class HourPriceCandle(PriceCandleBase):
    """One hour."""


class PriceSample(models.Model):
    """The last mark price of a second, with the index and the funding terms told with it."""

    sample_id = models.BigIntegerField(primary_key=True)
    instrument_id = models.SmallIntegerField()
    time_ns = models.BigIntegerField()
    mark_ticks = models.BigIntegerField()
    index_ticks = models.BigIntegerField()
    funding_rate_ppb = models.BigIntegerField()
    next_funding_ns = models.BigIntegerField()

    def __str__(self) -> str:
        return f"instrument {self.instrument_id} at {self.time_ns}"
