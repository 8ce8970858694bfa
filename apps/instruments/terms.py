"""An instrument's terms as people write them, in decimal text, and their integers on the engine's grids."""

from __future__ import annotations

from dataclasses import dataclass

from apps.instruments.types import ASSET_DECIMALS
from matcher.protocol.units import parse_scaled

_RATE_DECIMALS = 9


@dataclass(frozen=True, slots=True)
class TierTerms:
    """`floor` in the settlement asset, `maintenance_rate` as a fraction ("0.004")."""

    floor: str
    maintenance_rate: str
    max_leverage: int


@dataclass(frozen=True, slots=True)
class InstrumentTerms:
    """Texts are decimal; rates and bands are fractions (0.0002 = 0.02 %). Settles in the quote asset.

    The funding floor is minus the cap.
    """

    id: int
    symbol: str
    base_asset: str
    quote_asset: str
    tick_size: str
    lot_size: str
    max_price: str
    min_quantity: str
    max_quantity: str
    max_market_quantity: str
    min_notional: str
    impact_notional: str
    tiers: tuple[TierTerms, ...]
    price_band: str = "0.10"
    market_band: str = "0.05"
    maker_fee: str = "0.0002"
    taker_fee: str = "0.0005"
    liquidation_fee: str = "0.0125"
    interest_rate: str = "0.0001"
    funding_cap: str = "0.02"
    max_open_orders: int = 200
    default_leverage: int = 20
    funding_interval_hours: int = 8
    mark_max_age_ms: int = 10_000
    max_conditional_orders: int = 200
    price_protect: str = "0.05"
    breaker_move: str = "0"
    breaker_window_ms: int = 60_000
    breaker_halt_ms: int = 60_000

    def grid_fields(self) -> dict[str, int]:
        """Column values of the Instrument row. Raises ValueError for a number off its grid."""
        price_decimals, tick_step = _grid(self.tick_size)
        quantity_decimals, lot_step = _grid(self.lot_size)

        def lots(text: str) -> int:
            return _whole(parse_scaled(text, quantity_decimals), lot_step)

        return {
            "price_decimals": price_decimals,
            "tick_step": tick_step,
            "quantity_decimals": quantity_decimals,
            "lot_step": lot_step,
            "max_price_ticks": _whole(parse_scaled(self.max_price, price_decimals), tick_step),
            "min_quantity_lots": lots(self.min_quantity),
            "max_quantity_lots": lots(self.max_quantity),
            "max_market_quantity_lots": lots(self.max_market_quantity),
            "min_notional_units": parse_scaled(self.min_notional, ASSET_DECIMALS),
            "impact_notional_units": parse_scaled(self.impact_notional, ASSET_DECIMALS),
            "price_band_ppm": parse_scaled(self.price_band, 6),
            "market_band_ppm": parse_scaled(self.market_band, 6),
            "maker_fee_ppb": parse_scaled(self.maker_fee, _RATE_DECIMALS),
            "taker_fee_ppb": parse_scaled(self.taker_fee, _RATE_DECIMALS),
            "liquidation_fee_ppb": parse_scaled(self.liquidation_fee, _RATE_DECIMALS),
            "interest_rate_ppb": parse_scaled(self.interest_rate, _RATE_DECIMALS),
            "funding_cap_ppb": parse_scaled(self.funding_cap, _RATE_DECIMALS),
            "max_open_orders": self.max_open_orders,
            "default_leverage": self.default_leverage,
            "funding_interval_hours": self.funding_interval_hours,
            "funding_floor_ppb": -parse_scaled(self.funding_cap, _RATE_DECIMALS),
            "mark_max_age_ms": self.mark_max_age_ms,
            "max_conditional_orders": self.max_conditional_orders,
            "price_protect_ppm": parse_scaled(self.price_protect, 6),
            "breaker_move_ppm": parse_scaled(self.breaker_move, 6),
            "breaker_window_ms": self.breaker_window_ms,
            "breaker_halt_ms": self.breaker_halt_ms,
        }

    def tier_fields(self) -> list[dict[str, int]]:
        """Column values of the RiskTier rows, in order."""
        return [
            {
                "tier": at,
                "notional_floor_units": parse_scaled(rung.floor, ASSET_DECIMALS),
                "maintenance_rate_ppb": parse_scaled(rung.maintenance_rate, _RATE_DECIMALS),
                "max_leverage": rung.max_leverage,
            }
            for at, rung in enumerate(self.tiers)
        ]


def _grid(step: str) -> tuple[int, int]:
    """Decimals and integer step of a step text: "0.1" -> (1, 1), "0.05" -> (2, 5), "10" -> (0, 10)."""
    decimals = len(step.partition(".")[2])
    return decimals, parse_scaled(step, decimals)


def _whole(value: int, step: int) -> int:
    whole, rest = divmod(value, step)
    if rest:
        raise ValueError(f"{value} is no multiple of {step}")
    return whole
