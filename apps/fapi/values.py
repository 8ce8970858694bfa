"""Parameters of the compatible surface: text in, integers and enums out; each fault has its own code.

Decimal text becomes ticks and lots here and nowhere else on this surface.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from typing import NamedTuple

from apps.common.lane import LaneError
from apps.fapi import errors, formats
from apps.gateway.errors import missing
from apps.instruments.catalog import get_catalog
from apps.instruments.types import InstrumentSpec
from matcher.protocol.rejects import RejectReason
from matcher.protocol.units import OffGridError, parse_scaled

Params = Mapping[str, str]

CLIENT_ID_PATTERN = r"^[\.A-Z\:/a-z0-9_-]{1,36}$"
NUMBER_PATTERN = r"^([0-9]{1,20})(\.[0-9]{1,20})?$"
INTEGER_PATTERN = r"^[0-9]{1,20}$"
MS_PER_DAY = 86_400_000
LATEST_MS = 10**13  # in the year 2286: no candle is later
LARGEST = (1 << 62) - 1  # of ticks, lots and ids: what a command's field can surely hold

is_client_id = re.compile(r"[.A-Z:/a-z0-9_-]{1,36}", re.ASCII).fullmatch
_is_integer = re.compile(r"[0-9]{1,20}", re.ASCII).fullmatch
_is_long_number = re.compile(r"-?[0-9]{1,20}\.[0-9]{21,100}", re.ASCII).fullmatch


def required(params: Params, name: str) -> str:
    """The text of a mandatory parameter. Raises LaneError -1102."""
    value = params.get(name)
    if not value:
        raise missing(name)
    return value


async def instrument(params: Params) -> InstrumentSpec:
    """The instrument named by `symbol`. Raises LaneError: -1102 absent, -1121 unknown."""
    return await find_instrument(required(params, "symbol"))


async def find_instrument(symbol: str) -> InstrumentSpec:
    """Raises LaneError -1121."""
    spec = await get_catalog().find(symbol)
    if spec is None:
        raise errors.unknown_symbol()
    return spec


async def optional_instrument(params: Params) -> InstrumentSpec | None:
    """As `instrument`, or None when no symbol was sent."""
    return await find_instrument(params["symbol"]) if params.get("symbol") else None


def integer(params: Params, name: str) -> int | None:
    """A non-negative whole number, None when absent. Raises LaneError -1100, -1130."""
    value = params.get(name)
    if not value:
        return None
    if _is_integer(value) is None:
        raise errors.illegal_characters(name, INTEGER_PATTERN)
    number = int(value)
    if number > LARGEST:
        raise errors.not_valid(name)
    return number


def required_integer(params: Params, name: str) -> int:
    """As `integer`. Raises LaneError -1102 when absent."""
    required(params, name)
    return integer(params, name) or 0


def limit(params: Params, default: int, largest: int) -> int:
    """Rows asked for, at least 1 and at most `largest`. Raises LaneError -1130 for 0."""
    value = integer(params, "limit")
    if value is None:
        return default
    if value < 1:
        raise errors.not_valid("limit")
    return min(value, largest)


def boolean(params: Params, name: str) -> bool | None:
    """True or false in any case; None when absent. Raises LaneError -1130."""
    value = params.get(name)
    if not value:
        return None
    lowered = value.lower()
    if lowered not in {"true", "false"}:
        raise errors.not_valid(name)
    return lowered == "true"


def choice(params: Params, name: str, choices: Mapping[str, int], error: LaneError | None = None) -> int | None:
    """The number of a word; None when absent. Raises `error`, or LaneError -1130."""
    value = params.get(name)
    if not value:
        return None
    number = choices.get(value)
    if number is None:
        raise error or errors.not_valid(name)
    return number


def price_ticks(params: Params, spec: InstrumentSpec, name: str = "price") -> int:
    """A price on the tick, above zero.

    Raises LaneError: -1102, -1100 for no plain number, -1111 too many decimals, -4014 off the tick,
    -4001 not positive, -4002 too high (-4006, -4007 of a price that triggers).
    """
    value = required(params, name)
    try:
        ticks = spec.price_ticks(value)
    except OffGridError:
        raise (errors.too_precise(name) if _decimals(value) > spec.price_decimals else errors.off_tick()) from None
    except ValueError:
        raise _no_number(name, value) from None
    stops = name != "price"
    if ticks <= 0:
        raise errors.stop_price_not_positive() if stops else errors.refused(RejectReason.PRICE_NOT_POSITIVE)
    if ticks > spec.max_price_ticks:
        raise errors.stop_price_too_high() if stops else errors.refused(RejectReason.PRICE_TOO_HIGH)
    return ticks


def scaled(params: Params, name: str, decimals: int) -> int:
    """A plain number as a whole number of its last decimal. Raises LaneError: -1102, -1100, -1111."""
    value = required(params, name)
    try:
        return parse_scaled(value, decimals)
    except OffGridError:
        raise errors.too_precise(name) from None
    except ValueError:
        raise _no_number(name, value) from None


def quantity_lots(params: Params, spec: InstrumentSpec, name: str = "quantity") -> int:
    """A quantity on the lot, above zero.

    Raises LaneError: -1102, -1100 for no plain number, -1111 too many decimals, -4023 off the lot,
    -4003 not positive, -4005 too large.
    """
    value = required(params, name)
    try:
        lots = spec.quantity_lots(value)
    except OffGridError:
        raise (errors.too_precise(name) if _decimals(value) > spec.quantity_decimals else errors.off_lot()) from None
    except ValueError:
        raise _no_number(name, value) from None
    if lots <= 0:
        raise errors.refused(RejectReason.QUANTITY_NOT_POSITIVE)
    if lots > LARGEST:
        raise errors.refused(RejectReason.QUANTITY_TOO_LARGE)
    return lots


def _no_number(name: str, value: str) -> LaneError:
    return errors.too_precise(name) if _is_long_number(value) else errors.illegal_characters(name, NUMBER_PATTERN)


def _decimals(text: str) -> int:
    return len(text.partition(".")[2].rstrip("0"))


def moment_ms(params: Params, name: str) -> int | None:
    """A time in ms; one beyond every calendar counts as the last one."""
    value = integer(params, name)
    return None if value is None else min(value, LATEST_MS)


def window(params: Params) -> tuple[int | None, int | None]:
    """(startTime, endTime) in ms. Raises LaneError -1130 when they are the wrong way round."""
    start, end = moment_ms(params, "startTime"), moment_ms(params, "endTime")
    if start is not None and end is not None and start > end:
        raise LaneError(-1130, "Start time must be before end time.", name="INVALID_PARAMETER")
    return start, end


def window_ns(params: Params) -> tuple[int | None, int | None]:
    """The window's first and last nanosecond. Raises as `window` does."""
    start, end = window(params)
    return (
        None if start is None else start * formats.NS_PER_MS,
        None if end is None else (end + 1) * formats.NS_PER_MS - 1,
    )


class Span(NamedTuple):
    """First and last nanosecond of what is asked for; `newest`: a page holds the last rows of it, not the first."""

    start_ns: int | None
    end_ns: int | None
    newest: bool


def span(params: Params, days: int, *beginnings: str) -> Span:
    """A window of at most so many days; the recent ones when none of it nor of `beginnings` was sent.

    An end that was not sent is so many days from the other. Raises as `window` does, and LaneError -4165.
    """
    start, end = window(params)
    longest = days * MS_PER_DAY
    if start is not None and end is not None and end - start > longest:
        raise errors.window_too_long(days)
    newest = start is None and not any(params.get(name) for name in beginnings)
    if start is not None and end is None:
        end = min(start + longest, LATEST_MS)
    elif end is not None and start is None:
        start = max(end - longest, 0)
    elif start is None and newest:
        start = time.time_ns() // formats.NS_PER_MS - longest
    start_ns = None if start is None else start * formats.NS_PER_MS
    return Span(start_ns, None if end is None else (end + 1) * formats.NS_PER_MS - 1, newest)


class OrderName(NamedTuple):
    """How a request names an order; `order_id` wins."""

    order_id: int
    client_order_id: str


def order_name(params: Params, number: str, text: str) -> OrderName:
    """The order named by parameter `number` or else `text`. Raises LaneError -1102 when neither was sent."""
    order_id = integer(params, number)
    if order_id is not None:
        return OrderName(order_id or LARGEST, "")
    client_order_id = params.get(text, "")
    if not client_order_id:
        raise missing(number)
    if is_client_id(client_order_id) is None:
        raise errors.refused(RejectReason.INVALID_CLIENT_ORDER_ID)
    return OrderName(0, client_order_id)
