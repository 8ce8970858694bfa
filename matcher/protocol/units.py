"""Scales of the engine's integers, and exact decimal text to integer and back.

Text becomes an integer here and nowhere else; a value off the grid is refused, never rounded.
"""

from __future__ import annotations

import re

ASSET_UNIT = 100_000_000  # units per whole asset
PPB = 1_000_000_000  # rates
PPM = 1_000_000  # price bands
HOUR_NS = 3_600_000_000_000

_DECIMAL = re.compile(r"(-?)([0-9]{1,20})(?:\.([0-9]{0,20}))?\Z", re.ASCII)


class OffGridError(ValueError):
    """The number is finer than its grid allows."""


def parse_scaled(text: str, decimals: int) -> int:
    """Plain decimal text times 10**decimals, exactly.

    Raises ValueError for anything but ASCII digits with an optional sign and point (so NaN,
    exponents and Unicode digits), OffGridError when digits would be lost.
    """
    match = _DECIMAL.match(text)
    if match is None:
        raise ValueError(f"not a plain decimal number: {text[:40]!r}")
    sign, whole, fraction = match[1], match[2], (match[3] or "").rstrip("0")
    if len(fraction) > decimals:
        raise OffGridError(f"more than {decimals} decimals: {text}")
    value: int = int(whole) * 10**decimals + (int(fraction.ljust(decimals, "0")) if decimals and fraction else 0)
    return -value if sign else value


def format_scaled(value: int, decimals: int) -> str:
    """Integer over 10**decimals as text with exactly `decimals` decimals."""
    digits = str(abs(value)).rjust(decimals + 1, "0")
    sign = "-" if value < 0 else ""
    return f"{sign}{digits[:-decimals]}.{digits[-decimals:]}" if decimals else f"{sign}{digits}"


_U64 = (1 << 64) - 1
_MIX = 0x9E3779B97F4A7C15
COMMAND_BODY_AT = 32


def fingerprint(command: bytes) -> int:
    """64-bit mix of a packed command's kind, instrument and body (not its seq, time or command_id).

    h starts as kind << 16 | instrument, stirred once; for each little-endian u64 w of bytes 32..128:
    h = stir(h ^ w); stir(x) = y ^ y >> 32 with y = x * 0x9E3779B97F4A7C15 mod 2**64. The first stir
    keeps another instrument from being made good by another price. Tells a repeated request from
    another one under the same key; it is no protection against a caller who wants to fool himself.
    """
    h = (command[30] << 16 | command[28] | command[29] << 8) * _MIX & _U64
    h ^= h >> 32
    for at in range(COMMAND_BODY_AT, len(command), 8):
        h = (h ^ int.from_bytes(command[at : at + 8], "little")) * _MIX & _U64
        h ^= h >> 32
    return h
