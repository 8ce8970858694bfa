"""The HTTP protocol our gateways serve with (`uvicorn --http`): uvicorn's own, with heads bounded and unambiguous.

The parser refuses what two servers could read in two ways (both lengths, folded lines, bare line feeds); this adds
431 for a head too large, 408 for one that does not come, and 400 for a transfer coding that is not plain `chunked`,
a host that is missing, and any header given twice that says who is asking or for what.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from math import inf
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol as Plain  # by name: super() costs more a call

HEAD_BYTES_MAX = 32 * 1024
HEADERS_MAX = 100
HEAD_WAIT_S = 10.0
# Names a second value of which would leave open whose request this is, or where it goes.
ONCE = frozenset((
    b"authorization", b"content-type", b"cookie", b"host", b"origin", b"x-forwarded-host", b"x-forwarded-proto",
    b"x-mbx-apikey", b"x-request-id",
))  # fmt: skip
_TEXTS = {400: "Bad Request", 408: "Request Timeout", 431: "Request Header Fields Too Large"}


class GuardedHttp(Plain):
    """One connection."""

    _in_head = False
    _head_bytes = 0
    _refusal = 400
    _head_timer: asyncio.TimerHandle | None = None
    _idle_since = inf

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._head_timer = self.loop.call_later(HEAD_WAIT_S, self._head_late)

    def connection_lost(self, exc: Exception | None) -> None:
        self._head_came()
        if self.timeout_keep_alive_task is not None:
            self.timeout_keep_alive_task.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._in_head:
            self._head_bytes += len(data)
            if self._head_bytes > HEAD_BYTES_MAX:
                self._refuse(431)
                return
        else:
            self._head_bytes = len(data)
        Plain.data_received(self, data)
        if self._in_head and self._head_timer is None:
            self._head_timer = self.loop.call_later(HEAD_WAIT_S, self._head_late)

    def on_message_begin(self) -> None:
        self._in_head = True
        Plain.on_message_begin(self)

    def on_headers_complete(self) -> None:
        self._in_head = False
        if self._head_timer is not None:
            self._head_came()
        size = self._head_bytes  # of all that came with it, mostly little
        if size > HEAD_BYTES_MAX:
            size = len(self.url) + sum([len(name) + len(value) for name, value in self.headers])
        refusal = 431 if size > HEAD_BYTES_MAX else problem_of(self.headers, self.parser.get_http_version)
        if refusal:
            self._refusal = refusal
            raise ValueError("the head is refused")  # the parser stops here and send_400_response is called
        Plain.on_headers_complete(self)

    # One timer stands while a link lives and looks at the clock; uvicorn makes one for each answer.

    def _unset_keepalive_if_required(self) -> None:
        self._idle_since = inf

    def on_response_complete(self) -> None:
        if self.pipeline or self.transport.is_closing():
            super().on_response_complete()
            return
        self.server_state.total_requests += 1
        self.flow.resume_reading()
        self._idle_since = self.loop.time()
        if self.timeout_keep_alive_task is None:
            self._look_again(self.timeout_keep_alive)

    def timeout_keep_alive_handler(self) -> None:
        self.timeout_keep_alive_task = None
        left = self._idle_since + self.timeout_keep_alive - self.loop.time()
        if left <= 0:
            super().timeout_keep_alive_handler()
        elif left < inf:
            self._look_again(left)

    def _look_again(self, wait_s: float) -> None:
        self.timeout_keep_alive_task = self.loop.call_later(wait_s, self.timeout_keep_alive_handler)

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 -- ours are not the parser's words
        self._refuse(self._refusal)

    def _head_came(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _head_late(self) -> None:
        self._head_timer = None
        self._refuse(408)

    def _refuse(self, status: int) -> None:
        transport = self.transport
        if transport.is_closing():
            return
        body = b'{"code":-1130,"msg":"%b"}' % _TEXTS[status].encode()
        transport.write(
            b"HTTP/1.1 %d %b\r\ncontent-type: application/json\r\nx-content-type-options: nosniff\r\n"
            b"content-length: %d\r\nconnection: close\r\n\r\n%b" % (status, _TEXTS[status].encode(), len(body), body)
        )
        transport.close()


def problem_of(headers: list[tuple[bytes, bytes]], version: Callable[[], str]) -> int:
    """The status this head is refused with, 0 for a good one."""
    if len(headers) > HEADERS_MAX:
        return 431
    found = dict(headers)
    if b"transfer-encoding" in found:
        codings = [value.strip().lower() for name, value in headers if name == b"transfer-encoding"]
        if codings != [b"chunked"] or version() != "1.1" or b"content-length" in found:
            return 400
    if b"host" not in found and version() == "1.1":
        return 400
    if len(found) != len(headers):
        seen: set[bytes] = set()
        for name, _ in headers:
            if name in seen and name in ONCE:
                return 400
            seen.add(name)
    return 0
