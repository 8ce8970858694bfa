"""Where in a JSON document a price stands: names and numbers with points between them, as `data.0.last`."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

STEPS_MAX = 16
UNIT_DECIMALS = 8
LARGEST_UNITS = 10**18  # ten thousand million of the quote asset: no price is that high


def parse_path(text: str) -> tuple[str, ...]:
    """The steps of a path; none for the whole document. Raises ValueError."""
    steps = tuple(text.split(".")) if text else ()
    if len(steps) > STEPS_MAX or not all(step and step.isascii() and step.isprintable() for step in steps):
        raise ValueError(f"not a path of at most {STEPS_MAX} names or numbers with points between them")
    return steps


def find(document: Any, steps: tuple[str, ...]) -> Any:
    """What stands there. Raises LookupError."""
    for step in steps:
        if isinstance(document, dict):
            document = document[step]
        elif isinstance(document, list) and step.isdigit() and len(step) < 6:
            document = document[int(step)]
        else:
            raise LookupError(f"nothing at {step!r}")
    return document


def price_units(value: Any) -> int:
    """A price as told (text or Decimal) in units of 1e-8, rounded down.

    Raises ValueError for anything that is no plain number above zero and below LARGEST_UNITS.
    """
    text = str(value) if isinstance(value, str | Decimal) else ""
    if not 0 < len(text) <= 40:
        raise ValueError("not a number")
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise ValueError("not a number") from None
    if not number.is_finite() or number.adjusted() > UNIT_DECIMALS + 18:
        raise ValueError("not a price")
    units = int(number.scaleb(UNIT_DECIMALS)) if number.adjusted() > -30 else 0
    if not 0 < units < LARGEST_UNITS:
        raise ValueError("not a price")
    return units
