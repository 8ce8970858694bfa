"""Decimal text of the calculators: exact fractions in, exact text out, what has no end cut at 18 places."""

from __future__ import annotations

from fractions import Fraction

from apps.common.lane import LaneError
from matcher.protocol.units import format_scaled, parse_scaled

PLACES = 18
_READ_PLACES = 20


def read(name: str, text: str) -> Fraction:
    """Plain decimal text, exactly. Raises LaneError for anything else: exponents, NaN, more than 20 digits a side."""
    try:
        return Fraction(parse_scaled(text, _READ_PLACES), 10**_READ_PLACES)
    except ValueError:
        told = f"The {name} is not a plain decimal number."
        raise LaneError(-1100, told, name="MALFORMED_PARAMETER", details={"parameter": name}) from None


def positive(name: str, text: str) -> Fraction:
    """Raises LaneError: no number, not above zero."""
    value = read(name, text)
    if value > 0:
        return value
    if name == "quantity":
        raise LaneError(-4003, "The quantity must be positive.", name="QUANTITY_NOT_POSITIVE")
    if name.endswith("price"):
        told = f"The {name} must be positive."
        raise LaneError(-4001, told, name="PRICE_NOT_POSITIVE", details={"parameter": name})
    raise out_of_range(name, "above 0")


def between(name: str, text: str, least: int | None, most: int | None = None, *, below: int | None = None) -> Fraction:
    """Raises LaneError: no number, less than `least`, more than `most`, not below `below`."""
    value = read(name, text)
    if least is not None and value < least:
        raise out_of_range(name, f"at least {least}")
    if most is not None and value > most:
        raise out_of_range(name, f"at most {most}")
    if below is not None and value >= below:
        raise out_of_range(name, f"below {below}")
    return value


def out_of_range(name: str, range_told: str) -> LaneError:
    return LaneError(-1130, f"The {name} must be {range_told}.", name="INVALID_PARAMETER", details={"parameter": name})


def show(value: Fraction | int) -> str:
    """Text without an exponent or needless zeros; beyond 18 places cut toward zero."""
    scaled = Fraction(value) * 10**PLACES
    whole = abs(scaled.numerator) // scaled.denominator
    return format_scaled(-whole if value < 0 else whole, PLACES).rstrip("0").rstrip(".")


def show_price(value: Fraction) -> str | None:
    """A price at or below 0 is none."""
    return show(value) if value > 0 else None
