"""Batches of records to and from bytes, by their kind byte."""

from __future__ import annotations

from collections.abc import Iterator

from matcher.protocol.commands import COMMANDS, Command
from matcher.protocol.events import EVENTS, Event, LevelChanged
from matcher.protocol.records import Record
from matcher.protocol.views import ANSWERS, AnswerHeader, Query

COMMAND_BYTES = Command.WIDTH
EVENT_BYTES = Event.WIDTH
COMMAND_KIND_AT = next(f.offset for f in Command.LAYOUT.fields if f.name == "kind")
EVENT_KIND_AT = next(f.offset for f in Event.LAYOUT.fields if f.name == "kind")


class CorruptRecordError(ValueError):
    """Bytes that are no record of ours."""


def decode_commands(data: bytes | memoryview) -> list[Command]:
    """Every command of a batch. Raises CorruptRecordError on an unknown kind or a broken length."""
    return list(_decode(data, COMMANDS, COMMAND_BYTES, COMMAND_KIND_AT))  # type: ignore[arg-type]


def decode_events(data: bytes | memoryview) -> list[Event]:
    """Every event of a batch. Raises CorruptRecordError on an unknown kind or a broken length."""
    return list(_decode(data, EVENTS, EVENT_BYTES, EVENT_KIND_AT))  # type: ignore[arg-type]


def decode_levels(data: bytes | memoryview) -> list[LevelChanged]:
    """Every level change of a batch. Raises CorruptRecordError on a broken length."""
    if len(data) % LevelChanged.WIDTH:
        raise CorruptRecordError(f"{len(data)} bytes are not a multiple of {LevelChanged.WIDTH}")
    return [LevelChanged.unpack(data, at) for at in range(0, len(data), LevelChanged.WIDTH)]


def _decode(
    data: bytes | memoryview,
    kinds: dict[int, type[Record]] | dict[int, type[Command]] | dict[int, type[Event]],
    width: int,
    kind_at: int,
) -> Iterator[Record]:
    if len(data) % width:
        raise CorruptRecordError(f"{len(data)} bytes are not a multiple of {width}")
    for at in range(0, len(data), width):
        record = kinds.get(data[at + kind_at])
        if record is None:
            raise CorruptRecordError(f"unknown kind {data[at + kind_at]} at byte {at}")
        yield record.unpack(data, at)


def encode_answer(query: Query, seq: int, time_ns: int, first: list[Record], second: list[Record]) -> bytes:
    """An answer as bytes: header, then both lists of views."""
    header = AnswerHeader(seq=seq, time_ns=time_ns, first_count=len(first), second_count=len(second), kind=query.kind)
    return b"".join([header.pack(), *(r.pack() for r in first), *(r.pack() for r in second)])


def decode_answer(data: bytes | memoryview) -> tuple[AnswerHeader, list[Record], list[Record]]:
    """(header, first views, second views) of an answer. Raises CorruptRecordError when it is none."""
    if len(data) < AnswerHeader.WIDTH:
        raise CorruptRecordError(f"{len(data)} bytes are no answer")
    header = AnswerHeader.unpack(data)
    first_view, second_view = ANSWERS.get(header.kind, (None, None))
    at, lists = AnswerHeader.WIDTH, ([], [])  # type: tuple[int, tuple[list[Record], list[Record]]]
    for view, count, into in ((first_view, header.first_count, lists[0]), (second_view, header.second_count, lists[1])):
        if view is None:
            continue
        if count * view.WIDTH > len(data) - at:
            raise CorruptRecordError(f"answer of {len(data)} bytes, {count} views of {view.WIDTH} promised")
        for _ in range(count):
            into.append(view.unpack(data, at))
            at += view.WIDTH
    if at != len(data):
        raise CorruptRecordError(f"answer of {len(data)} bytes, expected {at}")
    return header, *lists
