"""Questions about instruments, answered from rows as frozen specs."""

from __future__ import annotations

from fractions import Fraction
from math import floor

from apps.instruments.models import Instrument, RiskTier, TradingStateChange
from apps.instruments.types import InstrumentSpec, RiskTierSpec, StateChangeRow
from matcher.protocol.formulas import maintenance_amounts
from matcher.protocol.units import PPB


def get_instruments() -> list[InstrumentSpec]:
    """All instruments by id, with their ladders."""
    rows = Instrument.objects.select_related("base_asset", "quote_asset", "settlement_asset")
    return [_spec(row) for row in rows.prefetch_related("tiers").order_by("id")]


def get_instrument(symbol: str) -> InstrumentSpec | None:
    row = Instrument.objects.filter(symbol=symbol).first()
    return _spec(row) if row else None


def get_instrument_by_id(instrument_id: int) -> InstrumentSpec | None:
    row = Instrument.objects.filter(id=instrument_id).first()
    return _spec(row) if row else None


def ladder(rows: list[RiskTier]) -> tuple[RiskTierSpec, ...]:
    """Rows as specs, with cap (the next floor) and the maintenance amount cum (SEMANTICS 3) filled in.

    cum_n = cum_(n-1) + floor_n x (rate_n - rate_(n-1)) / 10^9, truncated at each step as in the engine.
    """
    rows = sorted(rows, key=lambda row: row.tier)
    rates = [(row.notional_floor_units, Fraction(row.maintenance_rate_ppb, PPB)) for row in rows]
    amounts: list[int] = [int(amount) for amount in maintenance_amounts(rates, settle=floor)]
    caps: list[int | None] = [row.notional_floor_units for row in rows[1:]]
    return tuple(
        RiskTierSpec(
            tier=row.tier,
            notional_floor_units=row.notional_floor_units,
            notional_cap_units=cap,
            maintenance_rate_ppb=row.maintenance_rate_ppb,
            maintenance_amount_units=amount,
            max_leverage=row.max_leverage,
        )
        for row, cap, amount in zip(rows, [*caps, None], amounts, strict=False)
    )


def get_last_state_change(instrument_id: int) -> StateChangeRow | None:
    """The newest change of the instrument's state among the rows."""
    row = TradingStateChange.objects.filter(instrument_id=instrument_id).order_by("-change_id").first()
    if row is None:
        return None
    return StateChangeRow(row.instrument_id, row.trading_state, row.by_rule, row.resume_ns, row.time_ns)


def _spec(row: Instrument) -> InstrumentSpec:
    return InstrumentSpec(
        id=row.id,
        symbol=row.symbol,
        base_asset=row.base_asset.code,
        quote_asset=row.quote_asset.code,
        settlement_asset=row.settlement_asset.code,
        settlement_asset_id=row.settlement_asset_id,
        price_decimals=row.price_decimals,
        tick_step=row.tick_step,
        quantity_decimals=row.quantity_decimals,
        lot_step=row.lot_step,
        max_price_ticks=row.max_price_ticks,
        min_quantity_lots=row.min_quantity_lots,
        max_quantity_lots=row.max_quantity_lots,
        max_market_quantity_lots=row.max_market_quantity_lots,
        min_notional_units=row.min_notional_units,
        price_band_ppm=row.price_band_ppm,
        market_band_ppm=row.market_band_ppm,
        max_open_orders=row.max_open_orders,
        maker_fee_ppb=row.maker_fee_ppb,
        taker_fee_ppb=row.taker_fee_ppb,
        liquidation_fee_ppb=row.liquidation_fee_ppb,
        default_leverage=row.default_leverage,
        funding_interval_hours=row.funding_interval_hours,
        interest_rate_ppb=row.interest_rate_ppb,
        funding_cap_ppb=row.funding_cap_ppb,
        impact_notional_units=row.impact_notional_units,
        trading_state=row.trading_state,
        onboard_ms=int(row.onboard_at.timestamp()) * 1000,
        tiers=ladder(list(row.tiers.all())),
        funding_floor_ppb=row.funding_floor_ppb,
        mark_max_age_ms=row.mark_max_age_ms,
        max_conditional_orders=row.max_conditional_orders,
        price_protect_ppm=row.price_protect_ppm,
        breaker_move_ppm=row.breaker_move_ppm,
        breaker_window_ms=row.breaker_window_ms,
        breaker_halt_ms=row.breaker_halt_ms,
        breaker_state=row.breaker_state,
        profit_opens=row.profit_opens,
    )
