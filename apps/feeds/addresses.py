"""What a socket's address asks for: form, streams, listen keys, event filter (all connection forms there are)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote

_PREFIXES = frozenset({"public", "market", "private"})
is_listen_key = re.compile(r"[A-Za-z0-9]{32,128}", re.ASCII).fullmatch


@dataclass(frozen=True, slots=True)
class Address:
    """`combined` wraps every payload; `streams` are names as written; `events` is the raw filter text."""

    combined: bool
    streams: tuple[str, ...]
    listen_keys: tuple[str, ...]
    events: str | None


def parse_address(path: str, query: bytes) -> Address | None:
    """Read `[/public|/market|/private]/ws[/name...]` and `.../stream`, None for any other path.

    Segments that are neither a stream name nor shaped like a listen key are ignored: clients number
    their connections that way. Names may also stand in `streams=a/b` and `listenKey=K`.
    """
    segments = [unquote(segment) for segment in path.split("/") if segment]
    if segments and segments[0] in _PREFIXES:
        segments = segments[1:]
    if not segments or segments[0] not in {"ws", "stream"}:
        return None
    fields = parse_qs(query.decode("latin-1"))
    named = segments[1:] + [name for value in fields.get("streams", []) for name in value.split("/")]
    asked = [value for value in fields.get("listenKey", []) if value]
    streams = dict.fromkeys(name for name in named if is_stream_name(name))
    keys = dict.fromkeys([*asked, *(name for name in named if is_listen_key(name))])
    return Address(segments[0] == "stream", tuple(streams), tuple(keys), fields.get("events", [None])[0])


def is_stream_name(name: str) -> bool:
    return "@" in name or name.startswith("!")
