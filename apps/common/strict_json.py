"""JSON as the platform lane accepts it: one object, no key twice, real numbers, real text, of modest size."""

from __future__ import annotations

import json
from typing import Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

MAX_BYTES = 64 * 1024


class StrictJSONParser(BaseParser):
    """Raises ParseError for anything but one JSON object without surprises."""

    media_type = "application/json"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> dict[str, Any]:  # noqa: ARG002 - DRF's signature
        body = stream.read(MAX_BYTES + 1)
        if len(body) > MAX_BYTES:
            raise ParseError(f"The body is larger than {MAX_BYTES} bytes.")
        try:
            value = json.loads(body.decode("utf-8"), object_pairs_hook=_object, parse_constant=_no_constant)
            # Lone surrogates decode but are no text; no store takes them.
            json.dumps(value, ensure_ascii=False).encode("utf-8")
        except (ValueError, RecursionError):
            raise ParseError("The body is not valid JSON.") from None
        if not isinstance(value, dict):
            raise ParseError("The body must be a JSON object.")
        return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("a key appears twice")
    return value


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no number")
