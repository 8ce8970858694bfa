"""Keeps secrets out of logs: values under telling names and anything that looks like a token are blanked."""

from __future__ import annotations

import re
from collections.abc import Mapping, MutableMapping
from typing import Any

MASK = "***"
_TELLING = re.compile(
    r"password|secret|token|authorization|cookie|signature|api_?key$|apikey|listen_?key|refresh|access$|csrf",
    re.IGNORECASE,
)
_TOKEN = re.compile(r"eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
_SIGNED = re.compile(r"(signature|listenKey|token)=[^&\s\"']+", re.IGNORECASE)
_LINK = re.compile(r"(\w+://[^:/@\s]*):[^@/\s]+@")


def mask_event(logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:  # noqa: ARG001 - structlog's signature
    """A structlog processor; works on the whole event, nested values too."""
    for name, value in event.items():
        event[name] = MASK if _TELLING.search(name) and value else mask(value)
    return event


def mask(value: Any) -> Any:
    """The value with what looks secret blanked."""
    if isinstance(value, str):
        return _LINK.sub(rf"\1:{MASK}@", _SIGNED.sub(rf"\1={MASK}", _TOKEN.sub(MASK, value)))
    if isinstance(value, Mapping):
        return {name: MASK if _TELLING.search(str(name)) and inner else mask(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [mask(inner) for inner in value]
    return value
