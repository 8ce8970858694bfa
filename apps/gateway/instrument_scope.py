"""API keys that may trade some instruments only: every symbol a trading request names must be among them.

A request that names none where it is read acts on the whole account and is refused; reading is free.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from apps.common.lane import Caller, LaneRequest, Route
from apps.gateway.errors import instrument_refused

# These act on every instrument whatever symbol a client adds.
WHOLE_ACCOUNT = frozenset((
    "/fapi/v1/positionSide/dual",
    "/fapi/v1/multiAssetsMargin",
    "/api/v1/position-mode",
    "/api/v1/multi-assets",
))  # fmt: skip
LISTS = ("batchOrders", "orders")
UNREADABLE = ""  # no key's list holds it


def refuse_foreign_instruments(caller: Caller, route: Route, request: LaneRequest) -> None:
    """Raises LaneError (-2015) when a key with a list of instruments would act outside it."""
    if route.permission == "read":
        return
    in_params, in_body = set(_of_object(request.params)), _of_body(request)
    acted_on = in_body if request.path.startswith("/api/") and request.method != "DELETE" else in_params
    if not acted_on or not in_params | in_body <= caller.instruments or request.path in WHOLE_ACCOUNT:
        raise instrument_refused()


def _of_body(request: LaneRequest) -> set[str]:
    """Of a JSON body; the compatible surface's bodies are among the parameters."""
    if not request.body or not request.path.startswith("/api/"):
        return set()
    return set(_of_object(_decode(request.body)))


def _of_object(fields: Any) -> Iterator[str]:
    """The symbols of an object and of the lists in it; UNREADABLE for what is none."""
    if not isinstance(fields, dict):
        yield UNREADABLE
        return
    symbol = fields.get("symbol")
    if symbol is not None:
        yield symbol.upper() if isinstance(symbol, str) else UNREADABLE
    for name in LISTS:
        if name not in fields:
            continue
        items = fields[name]
        items = _decode(items) if isinstance(items, str) else items
        for item in items if isinstance(items, list) else ():
            text = item.get("symbol") if isinstance(item, dict) else None
            yield text.upper() if isinstance(text, str) else UNREADABLE


def _decode(raw: str | bytes) -> Any:
    """What the handler may read more leniently is not read at all: its symbols are not known to be allowed."""
    try:
        return msgspec.json.decode(raw)
    except (msgspec.DecodeError, RecursionError):
        return [UNREADABLE]
