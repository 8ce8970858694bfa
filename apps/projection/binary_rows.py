"""Columns of integers as PostgreSQL's own binary formats, made by numpy in one piece.

Formats: COPY ... (FORMAT BINARY) and int8[] parameters, as in PostgreSQL's documentation.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from psycopg import postgres
from psycopg.adapt import Dumper
from psycopg.pq import Format

_SIGNATURE = b"PGCOPY\n\xff\r\n\0" + struct.pack(">ii", 0, 0)
_TRAILER = struct.pack(">h", -1)
_ARRAY_HEAD = struct.Struct(">iiIii")
_INT8 = postgres.types["int8"]


def encode_copy(columns: Mapping[str, npt.NDArray[Any]], types: Sequence[str]) -> bytes:
    """Rows for COPY BINARY. `types`: numpy integer types by column ('i2', 'i4', 'i8', 'u1' for a boolean) or 'text'.

    At most one column is text (ASCII). Raises OverflowError when a value does not fit its column.
    """
    arrays = list(columns.values())
    texts = [i for i, kind in enumerate(types) if kind == "text"]
    if len(texts) > 1:
        raise ValueError("one text column at most")
    if not texts:
        return b"".join((_SIGNATURE, _encode_alike(arrays, types, 0), _TRAILER))
    lengths = np.char.str_len(arrays[texts[0]])
    parts = [_SIGNATURE]
    # Rows with texts of one length share one record layout.
    for length in np.unique(lengths).tolist():
        chosen = lengths == length
        parts.append(_encode_alike([array[chosen] for array in arrays], types, length))
    return b"".join((*parts, _TRAILER))


def _encode_alike(arrays: Sequence[npt.NDArray[Any]], types: Sequence[str], text_bytes: int) -> bytes:
    fields: list[tuple[str, str]] = [("count", ">i2")]
    for i, kind in enumerate(types):
        fields.append((f"size{i}", ">i4"))
        if kind != "text":
            fields.append((f"value{i}", f">{kind}"))
        elif text_bytes:
            fields.append((f"value{i}", f"S{text_bytes}"))
    rows = np.zeros(len(arrays[0]), dtype=np.dtype(fields))
    rows["count"] = len(types)
    for i, (kind, array) in enumerate(zip(types, arrays, strict=True)):
        rows[f"size{i}"] = text_bytes if kind == "text" else np.dtype(kind).itemsize
        if kind == "text" and not text_bytes:
            continue
        rows[f"value{i}"] = array
        if kind in {"i2", "i4"} and not np.array_equal(rows[f"value{i}"], array):
            raise OverflowError(f"column {i} holds a value beyond {kind}")
    return rows.tobytes()


class Int8Array:
    """A column as one int8[] parameter."""

    __slots__ = ("values",)

    def __init__(self, values: npt.NDArray[Any]) -> None:
        self.values = values


class Int8ArrayDumper(Dumper):
    """Tells psycopg how an Int8Array travels."""

    format = Format.BINARY
    oid = _INT8.array_oid

    def dump(self, obj: Int8Array) -> bytes:
        elements = np.zeros(len(obj.values), dtype=[("size", ">i4"), ("value", ">i8")])
        elements["size"], elements["value"] = 8, obj.values
        return _ARRAY_HEAD.pack(1, 0, _INT8.oid, len(obj.values), 1) + elements.tobytes()
