"""Frames between the matcher and its clients: length, type, payload (docs/wiring.md)."""

from __future__ import annotations

import struct
from enum import IntEnum

FRAME_VERSION = 1
LENGTH = struct.Struct("<I")
HELLO_HEAD = struct.Struct("<BBH")
WELCOME = struct.Struct("<B3xIQ")
QUERY_HEAD = struct.Struct("<Q")
EVENTS_HEAD = struct.Struct("<QQI")
ANSWER_HEAD = struct.Struct("<Q")
HEAD = struct.Struct("<Q")
REFUSED_HEAD = struct.Struct("<Q")
MAX_FRAME_BYTES = 256 * 1024 * 1024


class Frame(IntEnum):
    HELLO = 1
    WELCOME = 2
    COMMANDS = 3
    QUERY = 4
    EVENTS = 5
    ANSWER = 6
    HEAD = 7
    REFUSED = 8


class Mode(IntEnum):
    """What a client wants pushed: its own replies, every batch, or only the head's sequence."""

    REPLIES = 0
    EVENTS = 1
    HEADS = 2


def frame(kind: Frame, *parts: bytes | memoryview) -> bytes:
    """One whole frame, length first."""
    size = 1 + sum(len(p) for p in parts)
    return b"".join((LENGTH.pack(size), bytes((kind,)), *parts))
