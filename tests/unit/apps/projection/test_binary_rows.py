"""PostgreSQL's binary formats, read back byte by byte as its documentation describes them."""

from __future__ import annotations

import struct

import numpy as np
import pytest

from apps.projection.binary_rows import Int8Array, Int8ArrayDumper, encode_copy


def decode(data: bytes) -> list[list[bytes]]:
    assert data[:11] == b"PGCOPY\n\xff\r\n\0"
    assert data[11:19] == bytes(8)
    at, rows = 19, []
    while (count := struct.unpack_from(">h", data, at)[0]) != -1:
        at += 2
        row = []
        for _ in range(count):
            size = struct.unpack_from(">i", data, at)[0]
            row.append(data[at + 4 : at + 4 + size])
            at += 4 + size
        rows.append(row)
    assert at + 2 == len(data)
    return rows


def test_integers_of_every_width() -> None:
    columns = {
        "a": np.array([1, -(2**15)]),
        "b": np.array([2, 2**31 - 1]),
        "c": np.array([-3, 2**63 - 1]),
        "d": np.array([0, 1]),
    }
    rows = decode(encode_copy(columns, ["i2", "i4", "i8", "u1"]))
    assert [[int.from_bytes(v, "big", signed=True) for v in row] for row in rows] == [
        [1, 2, -3, 0],
        [-(2**15), 2**31 - 1, 2**63 - 1, 1],
    ]


def test_texts_keep_their_own_length() -> None:
    columns = {"key": np.array([1, 2, 3, 4]), "text": np.array([b"ab", b"", b"x" * 36, b"cd"], "S36")}
    rows = decode(encode_copy(columns, ["i8", "text"]))
    assert sorted((int.from_bytes(key, "big"), text) for key, text in rows) == [
        (1, b"ab"),
        (2, b""),
        (3, b"x" * 36),
        (4, b"cd"),
    ]


@pytest.mark.parametrize(("kind", "value"), [("i2", 2**15), ("i4", 2**31), ("i4", -(2**31) - 1)])
def test_a_value_beyond_its_column_is_refused(kind: str, value: int) -> None:
    with pytest.raises(OverflowError, match="column 0"):
        encode_copy({"a": np.array([value])}, [kind])


def test_two_texts_are_refused() -> None:
    text = np.array([b"a"], "S36")
    with pytest.raises(ValueError, match="one text column"):
        encode_copy({"a": text, "b": text}, ["text", "text"])


def test_an_array_parameter() -> None:
    data = Int8ArrayDumper(Int8Array).dump(Int8Array(np.array([5, -1])))
    assert struct.unpack_from(">iiIii", data) == (1, 0, 20, 2, 1)
    assert struct.unpack_from(">iqiq", data, 20) == (8, 5, 8, -1)
