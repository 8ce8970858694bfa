"""Numbers as the compatible surface writes them: prices with the tick's decimals, quantities with the
lot's, money with eight, times in milliseconds.
"""

from __future__ import annotations

from apps.instruments.types import InstrumentSpec
from matcher.protocol.units import format_scaled

MONEY_DECIMALS = 8
NS_PER_MS = 1_000_000


def money(units: int) -> str:
    """Units of 1e-8 with eight decimals."""
    return format_scaled(units, MONEY_DECIMALS)


def rate(ppb: int, decimals: int = 8) -> str:
    """Parts per billion as a fraction, truncated to `decimals`."""
    scaled = abs(ppb) * 10**decimals // 10**9
    return format_scaled(-scaled if ppb < 0 else scaled, decimals)


def quote(spec: InstrumentSpec, units: int) -> str:
    """Price times quantity, with the decimals both have together (exact)."""
    drop = MONEY_DECIMALS - spec.price_decimals - spec.quantity_decimals
    if drop <= 0:
        return money(units)
    return format_scaled(units // 10**drop, spec.price_decimals + spec.quantity_decimals)


def average(spec: InstrumentSpec, quote_units: int, lots: int) -> str:
    """Quote / quantity as a price, rounded down to eight decimals; never fewer than the tick's. "0.0" for no lots."""
    if not lots:
        return format_scaled(0, spec.price_decimals)
    denominator = lots * spec.lot_step
    numerator = abs(quote_units) * 10**spec.quantity_decimals
    text = format_scaled(numerator // abs(denominator), MONEY_DECIMALS)
    whole, _, fraction = text.partition(".")
    fraction = fraction.rstrip("0").ljust(spec.price_decimals, "0")
    return f"{whole}.{fraction}" if fraction else whole


def long_price(spec: InstrumentSpec, ticks: int) -> str:
    """A mark or index price with eight decimals."""
    return format_scaled(ticks * spec.tick_step * 10 ** (MONEY_DECIMALS - spec.price_decimals), MONEY_DECIMALS)


def plain(text: str) -> str:
    """Without trailing zeros after the point."""
    return text.rstrip("0").rstrip(".") if "." in text else text


def ms(time_ns: int) -> int:
    return time_ns // NS_PER_MS
