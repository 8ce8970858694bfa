"""The WebSocket protocol our gateways serve with (`uvicorn --ws`): uvicorn's own, with what a peer may make us hold bounded.

Pings and fragments are counted, pongs are not written to a peer that reads nothing, and a peer that does not
answer our goodbye is cut off. Every end has a close code: 1008 too many pings, 1009 too many fragments or too
long, 1011 no answer to our ping.
"""

from __future__ import annotations

from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

PINGS_MAX = 50
PINGS_WINDOW_S = 1.0
FRAGMENTS_MAX = 128
PONG_BACKLOG_BYTES = 64 * 1024
LINGER_S = 2.0
LINGER_BYTES = 1024 * 1024
_POLICY, _TOO_BIG = 1008, 1009


class GuardedWebSocket(WebSocketsSansIOProtocol):
    """One connection."""

    _window_began = 0.0
    _pings = 0
    _dropped = -1  # bytes heard after our goodbye; -1 before it

    def data_received(self, data: bytes) -> None:
        """What comes after our goodbye is read and dropped: a closed socket would answer it with a reset, unheard."""
        if self._dropped < 0:
            super().data_received(data)
            return
        self._dropped += len(data)
        if self._dropped > LINGER_BYTES:
            self.transport.abort()

    def handle_ping(self) -> None:
        now = self.loop.time()
        if now - self._window_began >= PINGS_WINDOW_S:
            self._window_began, self._pings = now, 0
        self._pings += 1
        pong = b"".join(self.conn.data_to_send())
        if self.close_sent or self.transport.is_closing():
            return
        if self._pings > PINGS_MAX:
            self._end(_POLICY, f"more than {PINGS_MAX} pings a second")
        elif self.transport.get_write_buffer_size() > PONG_BACKLOG_BYTES:
            self._end(_POLICY, "pongs are not being read")
        else:
            self.transport.write(pong)

    def handle_cont(self, event: Any) -> None:
        if len(self.frames) >= FRAGMENTS_MAX:
            self.frames = []
            self._end(_TOO_BIG, f"more than {FRAGMENTS_MAX} fragments")
        elif not self.close_sent:
            super().handle_cont(event)

    def keepalive_timeout(self) -> None:
        super().keepalive_timeout()
        self._cut_off_later()

    def handle_parser_exception(self) -> None:
        goodbye = self.conn.close_sent
        if self.close_sent or goodbye is None or self.transport.is_closing():
            super().handle_parser_exception()
            self._cut_off_later()
        else:
            self._hang_up(goodbye.code, goodbye.reason)

    def _end(self, code: int, reason: str) -> None:
        """Say why, tell the application, and hang up whether the peer listens or not."""
        if self.close_sent:
            return
        self.conn.fail(code, reason)
        self._hang_up(code, reason)

    def _hang_up(self, code: int, reason: str) -> None:
        """Send the goodbye and go on reading for a moment: closed at once, with more on its way to us, the kernel
        would send a reset and the peer would lose the goodbye.
        """
        self.close_sent = True
        self.stop_keepalive()
        self.queue.put_nowait({"type": "websocket.disconnect", "code": code, "reason": reason})
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.transport.write_eof()
        self._dropped = 0
        self.close_timer = self.loop.call_later(
            LINGER_S, self.transport.abort
        )  # it alone: not when the application ends

    def _cut_off_later(self) -> None:
        self.loop.call_later(LINGER_S, self.transport.abort)
