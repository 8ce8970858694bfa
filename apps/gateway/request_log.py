"""One line a request, as JSON: who, what, how long, with which answer. Written in batches off the hot path.

Never the query, the body or a header: secrets and signatures do not reach the log.
"""

from __future__ import annotations

import asyncio
import os
import re
import secrets
import sys
import time
from typing import Any, BinaryIO

import msgspec

from apps.common.masking import mask

FLUSH_S = 0.05
KEY_CHARS = 8
_encode_lines = msgspec.json.Encoder().encode_lines
_is_request_id = re.compile(rb"[A-Za-z0-9_.-]{8,64}", re.ASCII).fullmatch


class Trail(msgspec.Struct, gc=False):
    """What is known of a request so far, and its line in the end; `usage` are headers of its answer, not in the line."""

    request_id: str
    address: str
    event: str = "request"
    time: float = 0.0
    lane: str = ""
    method: str = ""
    path: str = ""
    status: int = 0
    code: int | str = 0
    user_id: int = 0
    account_id: int = 0
    key: str = ""
    weight: int = 0
    elapsed_ms: float = 0.0
    usage: Any = ()


class RequestIds:
    """Short texts no two requests share: a random stem of this process and a count."""

    def __init__(self) -> None:
        self._stem, self._count = f"{secrets.token_hex(6)}-", 0

    def next(self) -> str:
        self._count += 1
        return f"{self._stem}{self._count}"

    def told(self, header: bytes | None) -> str:
        """A trusted proxy's own id, or the next of ours."""
        if header is not None and _is_request_id(header) is not None:
            return header.decode("ascii")
        return self.next()


class RequestLog:
    """Lines wait in memory for at most `FLUSH_S`. `EXCHANGE_REQUEST_LOG=off` writes none."""

    def __init__(self, out: BinaryIO | None = None) -> None:
        self._out = out if out is not None else sys.stdout.buffer
        self._lines: list[Trail] = []
        self._flushing = False
        self.enabled = os.environ.get("EXCHANGE_REQUEST_LOG", "on") != "off"

    def add(  # noqa: PLR0917 -- one call a request, kept cheap
        self, lane: str, method: str, path: str, status: int, elapsed_s: float, trail: Trail
    ) -> None:
        """Remember one answered request; its trail is the log's from now on."""
        if not self.enabled:
            return
        path = path[:200]
        trail.time, trail.lane, trail.method, trail.status = time.time(), lane, method, status
        trail.path = mask(path) if "=" in path or "eyJ" in path else path
        trail.elapsed_ms = int(elapsed_s * 1_000_000) / 1000
        trail.key, trail.usage = trail.key[:KEY_CHARS], msgspec.UNSET
        self._lines.append(trail)
        if not self._flushing:
            self._flushing = True
            asyncio.get_running_loop().call_later(FLUSH_S, self.flush)

    def flush(self) -> None:
        """Write what waits."""
        self._flushing = False
        lines, self._lines = self._lines, []
        if lines:
            self._out.write(_encode_lines(lines))
            self._out.flush()
