"""One line a request, as JSON: who, what, how long, with which answer. Written in batches off the hot path.

Never the query, the body or a header: secrets and signatures do not reach the log.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from typing import BinaryIO

from apps.common.lane import Encode

FLUSH_S = 0.05


class RequestLog:
    """Lines wait in memory for at most `FLUSH_S`. `EXCHANGE_REQUEST_LOG=off` writes none."""

    def __init__(self, out: BinaryIO | None = None) -> None:
        self._out = out if out is not None else sys.stdout.buffer
        self._lines: list[tuple[float, str, str, int, int, float, str]] = []
        self._flushing = False
        self.enabled = os.environ.get("EXCHANGE_REQUEST_LOG", "on") != "off"

    def add(  # noqa: PLR0917 -- one call a request, kept cheap
        self, method: str, path: str, status: int, account_id: int, elapsed_s: float, address: str
    ) -> None:
        """Remember one answered request."""
        if not self.enabled:
            return
        self._lines.append((time.time(), method, path, status, account_id, elapsed_s, address))
        if not self._flushing:
            self._flushing = True
            asyncio.get_running_loop().call_later(FLUSH_S, self.flush)

    def flush(self) -> None:
        """Write what waits."""
        self._flushing = False
        lines, self._lines = self._lines, []
        text = b"\n".join(
            Encode(
                {
                    "event": "request",
                    "time": round(at, 3),
                    "method": method,
                    "path": path[:200],
                    "status": status,
                    "account_id": account_id,
                    "elapsed_ms": round(elapsed * 1000, 3),
                    "address": address,
                }
            )
            for at, method, path, status, account_id, elapsed, address in lines
        )
        if text:
            self._out.write(text + b"\n")
            self._out.flush()
