"""Symbols, prices and quantities of the native API's bodies and queries, refused with their own names."""

from __future__ import annotations

from collections.abc import Callable

from apps.common.lane import LaneError
from apps.instruments.catalog import get_catalog
from apps.instruments.types import InstrumentSpec
from matcher.protocol.units import OffGridError

LARGEST = (1 << 62) - 1


async def find_instrument(symbol: str) -> InstrumentSpec:
    """Raises LaneError (404) for a symbol nobody lists."""
    spec = await get_catalog().find(symbol)
    if spec is None:
        raise LaneError(-1121, "Unknown symbol.", 404, name="UNKNOWN_INSTRUMENT", details={"symbol": symbol[:40]})
    return spec


def price_ticks(spec: InstrumentSpec, text: str, name: str = "price") -> int:
    """Raises LaneError naming the field: no plain decimal number, off the tick, not positive, too high."""
    ticks, told, details = _on_grid(spec.price_ticks, name, text), name.replace("_", " "), {"parameter": name}
    if ticks <= 0:
        raise LaneError(-4001, f"The {told} must be positive.", name="PRICE_NOT_POSITIVE", details=details)
    if ticks > spec.max_price_ticks:
        raise LaneError(-4002, f"The {told} is too high.", name="PRICE_TOO_HIGH", details=details)
    return ticks


def quantity_lots(spec: InstrumentSpec, text: str) -> int:
    """Raises LaneError: no plain decimal number, off the lot, not positive, too large."""
    lots = _on_grid(spec.quantity_lots, "quantity", text)
    if lots <= 0:
        raise LaneError(-4003, "The quantity must be positive.", name="QUANTITY_NOT_POSITIVE")
    if lots > LARGEST:
        raise LaneError(-4005, "The quantity is too large.", name="QUANTITY_TOO_LARGE")
    return lots


def _on_grid(read: Callable[[str], int], name: str, text: str) -> int:
    try:
        return read(text)
    except OffGridError:
        told, code = f"The {name.replace('_', ' ')} is not a multiple of its step.", -4023
        grid = "QUANTITY_OFF_GRID"
        if name != "quantity":
            code, grid = -4014, "PRICE_OFF_GRID"
        raise LaneError(code, told, name=grid, details={"parameter": name}) from None
    except ValueError:
        told = f"The {name.replace('_', ' ')} is not a plain decimal number."
        raise LaneError(-1100, told, name="MALFORMED_PARAMETER", details={"parameter": name}) from None
