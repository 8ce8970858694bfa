"""What the rest of the house may know of an instrument: frozen facts, with text and integers bridged."""

from __future__ import annotations

from dataclasses import dataclass

from matcher.protocol.enums import TradingState
from matcher.protocol.units import OffGridError, format_scaled, parse_scaled

ASSET_DECIMALS = 8


@dataclass(frozen=True, slots=True)
class RiskTierSpec:
    """One tier; floor and cap in units of 1e-8 (cap None = open end), rate in parts per billion."""

    tier: int
    notional_floor_units: int
    notional_cap_units: int | None
    maintenance_rate_ppb: int
    maintenance_amount_units: int
    max_leverage: int


@dataclass(frozen=True, slots=True)
class InstrumentSpec:
    """A perpetual's terms. One tick is `tick_step` / 10**price_decimals, one lot `lot_step` / 10**quantity_decimals."""

    id: int
    symbol: str
    base_asset: str
    quote_asset: str
    settlement_asset: str
    settlement_asset_id: int
    price_decimals: int
    tick_step: int
    quantity_decimals: int
    lot_step: int
    max_price_ticks: int
    min_quantity_lots: int
    max_quantity_lots: int
    max_market_quantity_lots: int
    min_notional_units: int
    price_band_ppm: int
    market_band_ppm: int
    max_open_orders: int
    maker_fee_ppb: int
    taker_fee_ppb: int
    liquidation_fee_ppb: int
    default_leverage: int
    funding_interval_hours: int
    interest_rate_ppb: int
    funding_cap_ppb: int
    impact_notional_units: int
    trading_state: int
    onboard_ms: int
    tiers: tuple[RiskTierSpec, ...]
    funding_floor_ppb: int = -20_000_000
    mark_max_age_ms: int = 0
    max_conditional_orders: int = 200
    price_protect_ppm: int = 50_000
    breaker_move_ppm: int = 0
    breaker_window_ms: int = 0
    breaker_halt_ms: int = 0
    breaker_state: int = TradingState.HALTED
    profit_opens: bool = True

    @property
    def tick_lot_units(self) -> int:
        """Settlement units of one tick times one lot."""
        return int(
            self.tick_step * self.lot_step * 10 ** (ASSET_DECIMALS - self.price_decimals - self.quantity_decimals)
        )

    def price_text(self, ticks: int) -> str:
        return format_scaled(ticks * self.tick_step, self.price_decimals)

    def quantity_text(self, lots: int) -> str:
        return format_scaled(lots * self.lot_step, self.quantity_decimals)

    def price_ticks(self, text: str) -> int:
        """Raises ValueError for no number, OffGridError (a ValueError) off the tick."""
        return _on_grid(parse_scaled(text, self.price_decimals), self.tick_step)

    def quantity_lots(self, text: str) -> int:
        """Raises ValueError for no number, OffGridError (a ValueError) off the lot."""
        return _on_grid(parse_scaled(text, self.quantity_decimals), self.lot_step)

    def notional_units(self, ticks: int, lots: int) -> int:
        return ticks * lots * self.tick_lot_units


def _on_grid(value: int, step: int) -> int:
    whole, rest = divmod(value, step)
    if rest:
        raise OffGridError(f"not a multiple of {step}")
    return whole


@dataclass(frozen=True, slots=True)
class StateChangeRow:
    """The last change of an instrument's state that the rows know of; `by_rule`: the circuit breaker's."""

    instrument_id: int
    trading_state: int
    by_rule: bool
    resume_ns: int
    time_ns: int
