"""Aim: frames are what docs/wiring.md says, byte for byte."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from matcher.protocol import frames
from matcher.protocol.frames import Frame, Mode, frame

WIRING = Path(__file__).parents[4] / "docs" / "wiring.md"


@pytest.mark.parametrize("parts", [(), (b"",), (b"abc",), (b"ab", memoryview(b"cde"), b"")])
def test_a_frame_is_length_type_and_parts(parts: tuple[bytes | memoryview, ...]) -> None:
    body = b"".join(bytes(part) for part in parts)
    whole = frame(Frame.COMMANDS, *parts)
    assert whole == (1 + len(body)).to_bytes(4, "little") + b"\x03" + body
    assert frames.LENGTH.unpack_from(whole)[0] == len(whole) - frames.LENGTH.size


def test_heads_have_the_sizes_of_the_wiring_page() -> None:
    sizes = {
        "HELLO": frames.HELLO_HEAD.size,
        "WELCOME": frames.WELCOME.size,
        "QUERY": frames.QUERY_HEAD.size,
        "EVENTS": frames.EVENTS_HEAD.size,
        "ANSWER": frames.ANSWER_HEAD.size,
        "HEAD": frames.HEAD.size,
        "REFUSED": frames.REFUSED_HEAD.size,
    }
    assert sizes == {"HELLO": 4, "WELCOME": 16, "QUERY": 8, "EVENTS": 20, "ANSWER": 8, "HEAD": 8, "REFUSED": 8}
    assert frames.WELCOME.pack(1, 2, 3) == b"\x01\0\0\0\x02\0\0\0\x03" + bytes(7)


def test_numbers_are_those_of_the_wiring_page() -> None:
    told = {name: int(number) for number, name in re.findall(r"^\| (\d) ([A-Z]+) \|", WIRING.read_text(), re.MULTILINE)}
    assert told == {kind.name: kind.value for kind in Frame}
    assert [mode.value for mode in Mode] == [0, 1, 2]
    assert frames.MAX_FRAME_BYTES > 64 * 1024 * 1024
