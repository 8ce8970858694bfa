"""One outgoing message, encoded once per form: bare or wrapped, as a ready WebSocket frame or as text."""

from __future__ import annotations

import struct
from typing import Any

import msgspec

encode_json = msgspec.json.Encoder().encode
_TEXT_FRAME = 0x81
_MEDIUM = struct.Struct(">BBH")
_LARGE = struct.Struct(">BBQ")


def text_frame(payload: bytes) -> bytes:
    """A server's unmasked, unfragmented text frame (RFC 6455, 5.2)."""
    size = len(payload)
    if size < 126:
        return bytes((_TEXT_FRAME, size)) + payload
    if size < 65_536:
        return _MEDIUM.pack(_TEXT_FRAME, 126, size) + payload
    return _LARGE.pack(_TEXT_FRAME, 127, size) + payload


def close_reason(reason: str) -> str:
    """As much of it, in whole characters, as a close frame may hold."""
    return reason.encode()[:120].decode(errors="ignore")


class Message:
    """A payload on its way to many sockets; both encodings are made on first use and shared."""

    __slots__ = ("_frame", "_text", "payload")

    def __init__(self, payload: bytes) -> None:
        self.payload = payload
        self._frame: bytes | None = None
        self._text: str | None = None

    @property
    def frame(self) -> bytes:
        if self._frame is None:
            self._frame = text_frame(self.payload)
        return self._frame

    def rest(self, taken: int) -> Message:
        """What is left of the ready frame behind its first `taken` bytes, to be written as it is."""
        left = Message(self.payload)
        left._frame = self.frame[taken:]
        return left

    @property
    def text(self) -> str:
        if self._text is None:
            self._text = self.payload.decode()
        return self._text

    def wrapped(self, stream: bytes) -> Message:
        """The same payload inside the combined form; `stream` is the JSON text of the stream's name."""
        return Message(b'{"stream":%b,"data":%b}' % (stream, self.payload))


def message_of(payload: Any) -> Message:
    return Message(encode_json(payload))
