"""A typed JSON body: msgspec structs, with a key given twice, NaN and unknown fields refused."""

from __future__ import annotations

import json
from typing import Any, NoReturn, TypeVar

import msgspec

from apps.common.lane import LaneError

T = TypeVar("T")


def read_body(body: bytes, into: type[T]) -> T:
    """The body as `into`. Raises LaneError (400) saying what is wrong with it."""
    try:
        raw = json.loads(body.decode("utf-8"), object_pairs_hook=_unique, parse_constant=_refuse_constant)
        if b"\\u" in body:
            # Lone surrogates decode, but are no text that could be stored or answered.
            json.dumps(raw, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError):
        raise LaneError(-1130, "The body is no JSON object.", name="MALFORMED_BODY") from None
    try:
        return msgspec.convert(raw, into, strict=True)
    except msgspec.ValidationError as error:
        raise LaneError(-1130, str(error)[:200], name="INVALID_BODY") from None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise LaneError(
                -1101, "A key was given twice.", name="DUPLICATE_PARAMETER", details={"parameter": key[:40]}
            )
        found[key] = value
    return found


def _refuse_constant(_: str) -> NoReturn:
    raise ValueError("NaN and infinities are no JSON")
