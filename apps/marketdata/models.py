"""Candles and price history as the journal tells them; written by projectors.py alone.

Keys carry instrument and time, so that the primary key alone serves every range of an instrument.
Minutes and hours are both kept, folded from the same events; other intervals are folded when read.
"""

from django.db import models

from apps.marketdata.index_models import IndexReading, IndexSettings, IndexSource, SourceReading

__all__ = [
    "Candle",
    "HourCandle",
    "HourPremiumCandle",
    "HourPriceCandle",
    "IndexReading",
    "IndexSettings",
    "IndexSource",
    "InterestSample",
    "PremiumCandle",
    "PriceCandle",
    "PriceSample",
    "SourceReading",
]

SECOND_NS = 1_000_000_000
MINUTE_NS = 60 * SECOND_NS
CANDLE_KEY_BITS = 32  # candle_id = instrument << 32 | minutes (or hours) since the epoch
SAMPLE_KEY_BITS = 40  # sample_id = instrument << 40 | seconds since the epoch
INTEREST_STEP_NS = 5 * MINUTE_NS  # of open interest and ratios; sample_id = instrument << 32 | steps since the epoch


class Span(models.Model):
    """One instrument in one span of time; a span in which nothing happened has no row."""

    candle_id = models.BigIntegerField(primary_key=True)
    instrument_id = models.SmallIntegerField()
    open_ns = models.BigIntegerField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"instrument {self.instrument_id} at {self.open_ns}"


class TradedCandle(Span):
    """The trades of a span."""

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

    class Meta(Span.Meta):
        abstract = True


class Candle(TradedCandle):
    """One minute."""


class HourCandle(TradedCandle):
    """One hour."""


class PriceCandleBase(Span):
    """An instrument's mark and index in a span, over every change and not only the samples."""

    mark_open_ticks = models.BigIntegerField()
    mark_high_ticks = models.BigIntegerField()
    mark_low_ticks = models.BigIntegerField()
    mark_close_ticks = models.BigIntegerField()
    index_open_ticks = models.BigIntegerField()
    index_high_ticks = models.BigIntegerField()
    index_low_ticks = models.BigIntegerField()
    index_close_ticks = models.BigIntegerField()
    change_count = models.BigIntegerField()

    class Meta(Span.Meta):
        abstract = True


class PriceCandle(PriceCandleBase):
    """One minute."""


class HourPriceCandle(PriceCandleBase):
    """One hour."""


class PremiumCandleBase(Span):
    """The premium samples [FUND-001] of a span, parts per billion."""

    open_ppb = models.BigIntegerField()
    high_ppb = models.BigIntegerField()
    low_ppb = models.BigIntegerField()
    close_ppb = models.BigIntegerField()
    sample_count = models.BigIntegerField()

    class Meta(Span.Meta):
        abstract = True


class PremiumCandle(PremiumCandleBase):
    """One minute."""


class HourPremiumCandle(PremiumCandleBase):
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


class InterestSample(models.Model):
    """Who held an instrument at a step of five minutes, counted from the projected positions by a job.

    `time_ns` is the step, `taken_ns` when it was counted. Top holders are the fifth with the largest positions.
    """

    sample_id = models.BigIntegerField(primary_key=True)
    instrument_id = models.SmallIntegerField()
    time_ns = models.BigIntegerField()
    taken_ns = models.BigIntegerField()
    open_interest_lots = models.BigIntegerField()
    mark_ticks = models.BigIntegerField()
    long_accounts = models.IntegerField()
    short_accounts = models.IntegerField()
    top_long_accounts = models.IntegerField()
    top_short_accounts = models.IntegerField()
    top_long_lots = models.BigIntegerField()
    top_short_lots = models.BigIntegerField()

    def __str__(self) -> str:
        return f"instrument {self.instrument_id} at {self.time_ns}"
