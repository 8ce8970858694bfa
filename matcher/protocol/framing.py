"""Cuts a byte stream back into frames; both ends of the wire use it. Knows no socket."""

from __future__ import annotations

from collections.abc import Iterator

from matcher.protocol.frames import LENGTH, MAX_FRAME_BYTES

_HEAD_BYTES = LENGTH.size


class FrameError(ValueError):
    """The peer sent a length no frame may have; the stream cannot be trusted any further."""


class FrameReader:
    """Collects received bytes and yields whole frames as (frame kind, payload)."""

    __slots__ = ("_bytes_max", "_rest")

    def __init__(self, bytes_max: int = MAX_FRAME_BYTES) -> None:
        self._rest = bytearray()
        self._bytes_max = bytes_max

    def feed(self, data: bytes) -> Iterator[tuple[int, bytes]]:
        """Every frame that `data` completes, in order. Raises FrameError on an impossible length."""
        rest = self._rest
        if rest:
            rest += data
            if len(rest) < _HEAD_BYTES or len(rest) < _HEAD_BYTES + LENGTH.unpack_from(rest)[0] <= self._bytes_max:
                return
            data = bytes(rest)
            rest.clear()
        at, end = 0, len(data)
        while end - at >= _HEAD_BYTES:
            size = LENGTH.unpack_from(data, at)[0]
            if not 1 <= size <= self._bytes_max:
                raise FrameError(f"a frame of {size} bytes; the most is {self._bytes_max}")
            start = at + _HEAD_BYTES
            if end - start < size:
                break
            at = start + size
            yield data[start], data[start + 1 : at]
        if at < end:
            rest += data[at:]
