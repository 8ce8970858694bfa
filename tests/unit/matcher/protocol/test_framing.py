"""Aim: a stream cut anywhere gives the same frames, and an impossible length ends it."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.protocol.frames import LENGTH, Frame, frame
from matcher.protocol.framing import FrameError, FrameReader

FRAMES = [(1, b""), (5, b"abc"), (3, bytes(300)), (255, b"\x00\x00\x00\x00\x05")]
STREAM = b"".join(LENGTH.pack(1 + len(payload)) + bytes((kind,)) + payload for kind, payload in FRAMES)


def read(reader: FrameReader, pieces: list[bytes]) -> list[tuple[int, bytes]]:
    return [whole for piece in pieces for whole in reader.feed(piece)]


def test_whole_frames_in_one_piece() -> None:
    assert read(FrameReader(), [STREAM]) == FRAMES
    assert read(FrameReader(), [frame(Frame.HEAD, b"12345678")]) == [(7, b"12345678")]


def test_byte_by_byte() -> None:
    assert read(FrameReader(), [bytes((byte,)) for byte in STREAM]) == FRAMES


@given(st.lists(st.integers(0, len(STREAM)), max_size=8))
def test_cut_anywhere(cuts: list[int]) -> None:
    ends = [0, *sorted(cuts), len(STREAM)]
    pieces = [STREAM[at:end] for at, end in pairwise(ends)]
    assert read(FrameReader(), pieces) == FRAMES


@pytest.mark.parametrize("length", [0, 101, 2**31, 2**32 - 1])
@pytest.mark.parametrize("cut", [4, 2, 1])
def test_an_impossible_length_ends_the_stream(length: int, cut: int) -> None:
    """In one piece or two, before its payload is waited for."""
    head = LENGTH.pack(length)
    with pytest.raises(FrameError, match=f"a frame of {length} bytes; the most is 100"):
        read(FrameReader(bytes_max=100), [head[:cut], head[cut:] + b"\x01"])


def test_the_longest_frame_passes_in_pieces() -> None:
    whole = LENGTH.pack(100) + b"\x02" + bytes(99)
    assert read(FrameReader(bytes_max=100), [whole[:50], whole[50:80], whole[80:]]) == [(2, bytes(99))]


@given(st.lists(st.binary(max_size=40), max_size=6))
def test_hostile_bytes_are_frames_or_an_error(pieces: list[bytes]) -> None:
    try:
        frames = read(FrameReader(bytes_max=64), pieces)
    except FrameError:
        return
    assert sum(5 + len(payload) for _, payload in frames) <= sum(map(len, pieces))
