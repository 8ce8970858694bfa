"""Perpetuals and their risk ladders, as data. Integers on the engine's grids; text is made in types.py."""

from django.db import models
from django.db.models import F, Q

from matcher.protocol.enums import TradingState

MAX_PRICE_TICKS = 2**24 - 2
MAX_ENGINE_ID = 1023
STATES = [(state.value, state.name.lower()) for state in TradingState]

BREAKER_STATES = [(state.value, state.name.lower()) for state in (TradingState.REDUCE_ONLY, TradingState.HALTED)]


class Instrument(models.Model):
    """A linear perpetual. One tick is tick_step / 10**price_decimals, one lot lot_step / 10**quantity_decimals."""

    id = models.PositiveSmallIntegerField("engine number", primary_key=True)
    symbol = models.CharField(max_length=32, unique=True)
    base_asset = models.ForeignKey("assets.Asset", on_delete=models.PROTECT, related_name="+")
    quote_asset = models.ForeignKey("assets.Asset", on_delete=models.PROTECT, related_name="+")
    settlement_asset = models.ForeignKey("assets.Asset", on_delete=models.PROTECT, related_name="+")
    price_decimals = models.PositiveSmallIntegerField()
    tick_step = models.PositiveBigIntegerField(default=1)
    quantity_decimals = models.PositiveSmallIntegerField()
    lot_step = models.PositiveBigIntegerField(default=1)
    max_price_ticks = models.PositiveBigIntegerField(default=MAX_PRICE_TICKS)
    min_quantity_lots = models.PositiveBigIntegerField(default=1)
    max_quantity_lots = models.PositiveBigIntegerField()
    max_market_quantity_lots = models.PositiveBigIntegerField()
    min_notional_units = models.PositiveBigIntegerField()
    price_band_ppm = models.PositiveIntegerField(default=100_000)
    market_band_ppm = models.PositiveIntegerField(default=50_000)
    max_open_orders = models.PositiveIntegerField(default=200)
    maker_fee_ppb = models.IntegerField(default=200_000)
    taker_fee_ppb = models.IntegerField(default=500_000)
    liquidation_fee_ppb = models.IntegerField(default=12_500_000)
    default_leverage = models.PositiveSmallIntegerField(default=20)
    funding_interval_hours = models.PositiveSmallIntegerField(
        default=8, choices=[(hours, str(hours)) for hours in (1, 2, 4, 8)]
    )
    interest_rate_ppb = models.IntegerField(default=100_000)
    funding_cap_ppb = models.PositiveIntegerField(default=20_000_000)
    impact_notional_units = models.PositiveBigIntegerField()
    funding_floor_ppb = models.IntegerField(default=-20_000_000)
    mark_max_age_ms = models.PositiveIntegerField(
        default=10_000, help_text="An older mark opens and liquidates nothing; 0 switches the rule off."
    )
    max_conditional_orders = models.PositiveIntegerField(default=200)
    price_protect_ppm = models.PositiveIntegerField(
        default=50_000, help_text="Protected triggers wait while last price and mark differ by more."
    )
    breaker_move_ppm = models.PositiveIntegerField(
        default=0, help_text="A mark that moves further within the window trips the circuit breaker; 0 switches it off."
    )
    breaker_window_ms = models.PositiveIntegerField(default=60_000)
    breaker_halt_ms = models.PositiveIntegerField(default=60_000, help_text="0: until a person resumes trading.")
    breaker_state = models.PositiveSmallIntegerField(choices=BREAKER_STATES, default=TradingState.HALTED.value)
    profit_opens = models.BooleanField(default=True, help_text="Whether unrealized profit may open orders.")
    trading_state = models.PositiveSmallIntegerField(choices=STATES, default=TradingState.ACTIVE.value)
    onboard_at = models.DateTimeField()
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(id__gte=1, id__lte=MAX_ENGINE_ID), name="instruments_engine_id"),
            models.CheckConstraint(
                condition=Q(price_decimals__lte=8 - F("quantity_decimals"), quantity_decimals__lte=8),
                name="instruments_whole_tick_lot",
                violation_error_message="Price and quantity decimals may not exceed 8 together.",
            ),
            models.CheckConstraint(condition=Q(tick_step__gte=1, lot_step__gte=1), name="instruments_steps"),
            models.CheckConstraint(
                condition=Q(max_price_ticks__gte=1, max_price_ticks__lte=MAX_PRICE_TICKS), name="instruments_max_price"
            ),
            models.CheckConstraint(
                condition=Q(
                    min_quantity_lots__gte=1,
                    max_quantity_lots__gte=F("min_quantity_lots"),
                    max_market_quantity_lots__gte=1,
                    max_market_quantity_lots__lte=F("max_quantity_lots"),
                ),
                name="instruments_quantities",
            ),
            models.CheckConstraint(
                condition=Q(price_band_ppm__gte=1, price_band_ppm__lt=1_000_000)
                & Q(market_band_ppm__gte=1, market_band_ppm__lt=1_000_000),
                name="instruments_bands",
            ),
            models.CheckConstraint(
                condition=Q(max_open_orders__gte=1, max_open_orders__lte=10_000), name="instruments_open_orders"
            ),
            models.CheckConstraint(
                condition=Q(maker_fee_ppb__gte=0 - F("taker_fee_ppb"))
                & Q(taker_fee_ppb__gte=-100_000_000, taker_fee_ppb__lte=100_000_000)
                & Q(maker_fee_ppb__gte=-100_000_000, maker_fee_ppb__lte=100_000_000),
                name="instruments_fees",
            ),
            models.CheckConstraint(
                condition=Q(funding_floor_ppb__lte=F("funding_cap_ppb"), funding_floor_ppb__gt=-(10**9))
                & Q(funding_cap_ppb__lt=10**9, funding_interval_hours__in=(1, 2, 4, 8)),
                name="instruments_funding",
            ),
            models.CheckConstraint(
                condition=Q(impact_notional_units__gte=1, impact_notional_units__lte=10**18)
                & Q(max_conditional_orders__lte=10_000, breaker_move_ppm__lt=1_000_000)
                & Q(price_protect_ppm__gte=1, price_protect_ppm__lt=1_000_000),
                name="instruments_rules",
            ),
        ]

    def __str__(self) -> str:
        return self.symbol


class RiskTier(models.Model):
    """One rung of an instrument's ladder, in force from its notional floor upward."""

    instrument = models.ForeignKey(Instrument, on_delete=models.CASCADE, related_name="tiers")
    tier = models.PositiveSmallIntegerField(help_text="From 0, without gaps.")
    notional_floor_units = models.PositiveBigIntegerField()
    maintenance_rate_ppb = models.PositiveIntegerField()
    max_leverage = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["instrument", "tier"]
        constraints = [
            models.UniqueConstraint(fields=["instrument", "tier"], name="instruments_tier_once"),
            models.CheckConstraint(condition=Q(tier__lt=16), name="instruments_tier_count"),
            models.CheckConstraint(
                condition=Q(max_leverage__gte=1, maintenance_rate_ppb__gte=1, maintenance_rate_ppb__lt=10**9),
                name="instruments_tier_rates",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.instrument_id}/{self.tier}"


class MarketRules(models.Model):
    """One version of an instrument's further rules, as the engine took it; written by projectors.py alone.

    In force from command `seq` on, until the next one of the instrument.
    """

    seq = models.BigIntegerField(primary_key=True)
    instrument_id = models.SmallIntegerField()
    time_ns = models.BigIntegerField()
    mark_max_age_ns = models.BigIntegerField()
    impact_notional_units = models.BigIntegerField()
    breaker_window_ns = models.BigIntegerField()
    breaker_halt_ns = models.BigIntegerField()
    max_conditional_orders = models.BigIntegerField()
    price_protect_ppm = models.IntegerField()
    breaker_move_ppm = models.IntegerField()
    interest_rate_ppb = models.IntegerField()
    funding_cap_ppb = models.IntegerField()
    funding_floor_ppb = models.IntegerField()
    funding_hours = models.SmallIntegerField()
    breaker_state = models.SmallIntegerField(choices=STATES)
    profit_opens = models.SmallIntegerField()

    class Meta:
        verbose_name_plural = "market rules"
        indexes = [models.Index(fields=["instrument_id", "seq"], name="rules_of_instrument")]

    def __str__(self) -> str:
        return f"rules of instrument {self.instrument_id} from {self.seq}"


class TradingStateChange(models.Model):
    """An instrument's state changed; by the circuit breaker when `by_rule`, until `resume_ns` (0 = for good).

    Written by projectors.py alone.
    """

    change_id = models.BigIntegerField(primary_key=True)
    seq = models.BigIntegerField()
    instrument_id = models.SmallIntegerField()
    state_before = models.SmallIntegerField(choices=STATES)
    trading_state = models.SmallIntegerField(choices=STATES)
    by_rule = models.BooleanField()
    resume_ns = models.BigIntegerField()
    time_ns = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["instrument_id", "change_id"], name="states_of_instrument")]

    def __str__(self) -> str:
        return f"instrument {self.instrument_id} at {self.seq}"


class InstrumentSettlement(models.Model):
    """A delisting [SAFE-005]: every position was closed at one price. Written by projectors.py alone."""

    instrument_id = models.SmallIntegerField(primary_key=True)
    seq = models.BigIntegerField()
    price_ticks = models.BigIntegerField()
    positions = models.BigIntegerField()
    time_ns = models.BigIntegerField()

    def __str__(self) -> str:
        return f"instrument {self.instrument_id}"
