"""A whole answer in one write, straight to the server's transport where it shows one.

uvicorn looks at each header of each answer with two patterns; ours are made once and joined. Whatever is unlike the
usual answer (another server, a link that ends, a reader that is slow) goes the way of ASGI and is looked at there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, RequestResponseCycle

Header = tuple[bytes, bytes]


def joined(headers: Sequence[Header]) -> bytes:
    """The headers as they go over the wire."""
    return b"\r\n".join([*map(b": ".join, headers), b""])


def write_whole(send: Any, status: int, fixed: bytes, headers: Sequence[Header], body: bytes) -> bool:
    """Answer with the `fixed` headers, already joined, and these, the length among them; False when it was not done."""
    cycle = getattr(send, "__self__", None)
    if (
        type(cycle) is not RequestResponseCycle
        or cycle.response_started
        or cycle.disconnected
        or not cycle.keep_alive
        or cycle.flow.write_paused
        or cycle.access_log
        or cycle.scope["method"] == "HEAD"
    ):
        return False
    own = joined(headers)
    if not own.count(b"\n") == own.count(b"\r") == len(headers):
        return False  # a value would break out of its header
    cycle.response_started = cycle.response_complete = True
    cycle.waiting_for_100_continue = False
    told = joined(cycle.default_headers)
    cycle.transport.write(b"".join((STATUS_LINE[status], told, fixed, own, b"\r\n", body)))
    cycle.message_event.set()
    cycle.on_response()
    return True
