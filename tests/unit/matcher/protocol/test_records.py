"""Aim: a record class is exactly its bytes, in the struct codec, the numpy view and the C declaration alike."""

from __future__ import annotations

import struct
from typing import Any, ClassVar

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.protocol.commands import COMMANDS, PROTOCOL_VERSION, Command, PlaceOrder
from matcher.protocol.events import EVENTS, Event, LevelChanged, OrderImage
from matcher.protocol.records import I32, I64, TEXT_BYTES, U8, U16, U32, U64, Layout, Record, Text
from matcher.protocol.views import ANSWERS, AnswerHeader, ClientIdView, Query

EVENT_NAMES: dict[str, Any] = {event.__name__: event for event in EVENTS.values()}
VIEWS = dict.fromkeys(view for pair in ANSWERS.values() for view in pair if view)
ALL: list[Any] = [*COMMANDS.values(), *EVENTS.values(), *VIEWS, LevelChanged, AnswerHeader, Query]


class Mixed(Record, width=80):
    """Every wire type, out of alignment on purpose."""

    remark: ClassVar[str] = "no field"
    first: U8
    second: I64 = -7
    third: U16
    fourth: I32
    text: Text
    fifth: U32 = 9
    sixth: U64


def test_fields_are_aligned_to_their_own_size_in_declaration_order() -> None:
    at = {field.name: field.offset for field in Mixed.LAYOUT.fields}
    assert at == {"first": 0, "second": 8, "third": 16, "fourth": 20, "text": 24, "fifth": 60, "sixth": 64}
    assert [field.size for field in Mixed.LAYOUT.fields] == [1, 8, 2, 4, 36, 4, 8]
    assert Mixed.LAYOUT.struct.size == Mixed.WIDTH == 80


def test_defaults_are_the_declared_ones_else_zero() -> None:
    record = Mixed(third=3)  # type: ignore[call-arg]
    assert record.as_dict() == {
        "first": 0, "second": -7, "third": 3, "fourth": 0, "text": b"", "fifth": 9, "sixth": 0,
    }  # fmt: skip
    assert Mixed.remark == "no field"


def test_bytes_are_little_endian_and_zero_padded() -> None:
    packed = Mixed(first=1, second=-1, third=0x0203, fourth=-2, text=b"ab", fifth=4, sixth=5).pack()
    assert packed[:8] == b"\x01" + bytes(7)
    assert packed[8:24] == b"\xff" * 8 + b"\x03\x02" + bytes(2) + b"\xfe\xff\xff\xff"
    assert packed[24:60] == b"ab" + bytes(34)
    assert packed[60:] == b"\x04\0\0\0" + b"\x05" + bytes(15)


def test_a_layout_wider_than_its_record_is_a_type_error() -> None:
    with pytest.raises(TypeError, match="Wide takes 40 bytes, over its width of 16"):
        Layout("Wide", {"a": "B", "text": "36s", "b": "B", "c": "H"}, 16)
    with pytest.raises(TypeError):

        class TooWide(Record, width=8):
            one: U64
            two: U8


def test_a_layout_may_fill_its_width_exactly() -> None:
    assert Layout("Full", {"a": "Q"}, 8).struct.format == "<Q"


@pytest.mark.parametrize(
    ("field", "value"),
    [("first", -1), ("first", 256), ("second", 2**63), ("third", 2**16), ("fourth", -(2**31) - 1), ("sixth", -1)],
)
def test_a_value_that_does_not_fit_is_refused(field: str, value: int) -> None:
    with pytest.raises(struct.error):
        Mixed().replace(**{field: value}).pack()


@pytest.mark.parametrize("value", [1.5, "1", None])
def test_only_integers_are_numbers(value: object) -> None:
    with pytest.raises(struct.error):
        Mixed().replace(first=value).pack()


def test_records_are_immutable_values() -> None:
    record = Mixed()
    with pytest.raises(AttributeError):
        record.first = 1  # type: ignore[misc]
    assert record.replace(first=1) != record
    assert record.replace(first=1).replace(first=0) == record
    assert hash(Mixed()) == hash(record)


def test_texts_lose_their_padding_and_keep_everything_else() -> None:
    for text in (b"", b"a", b"\0a", b"a\0b", b"\xff" * TEXT_BYTES):
        assert Mixed.unpack(Mixed().replace(text=text).pack()).text == text
    assert Mixed.unpack(Mixed().replace(text=b"a\0\0").pack()).text == b"a"


def test_unpack_reads_at_an_offset_of_any_buffer() -> None:
    data = bytes(3) + Mixed(first=5).pack()  # type: ignore[call-arg]
    assert Mixed.unpack(data, 3) == Mixed.unpack(memoryview(data), 3) == Mixed(first=5)  # type: ignore[call-arg]
    with pytest.raises(struct.error):
        Mixed.unpack(data, 4)


def values(field: Any) -> st.SearchStrategy[Any]:
    if field.code == "36s":
        return st.binary(max_size=TEXT_BYTES).map(lambda text: text.rstrip(b"\0"))
    bits = 8 * field.size
    return st.integers(-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if field.code.islower() else st.integers(0, 2**bits - 1)


@pytest.mark.parametrize("record", [*ALL, Mixed], ids=lambda record: record.__name__)
@settings(max_examples=25)
@given(data=st.data())
def test_every_record_survives_its_bytes_and_reads_the_same_through_numpy(record: Any, data: st.DataObject) -> None:
    one = record(**{field.name: data.draw(values(field)) for field in record.LAYOUT.fields})
    packed = one.pack()
    assert len(packed) == record.WIDTH
    assert record.unpack(packed) == one
    row = np.frombuffer(packed, dtype=np.dtype(record.LAYOUT.numpy_spec()))[0]
    for field in record.LAYOUT.fields:
        assert row[field.name] == getattr(one, field.name)


@pytest.mark.parametrize("record", ALL, ids=lambda record: record.__name__)
def test_no_two_fields_overlap_and_all_fit(record: Any) -> None:
    end = 0
    for field in record.LAYOUT.fields:
        assert field.offset >= end
        end = field.offset + field.size
    assert end <= record.WIDTH
    assert np.dtype(record.LAYOUT.numpy_spec()).itemsize == record.WIDTH


@pytest.mark.parametrize(("base", "records"), [(Command, COMMANDS), (Event, EVENTS)], ids=["commands", "events"])
def test_every_record_of_a_family_begins_with_its_header(base: Any, records: dict[int, Any]) -> None:
    head = base.LAYOUT.fields
    for kind, record in records.items():
        assert record.LAYOUT.fields[: len(head)] == head
        assert (record.KIND, record().kind, record.WIDTH) == (kind, kind, 128)
    assert list(records) == list(range(1, len(records) + 1))


def test_an_image_has_the_same_fields_in_every_event_that_shows_one() -> None:
    images = {name for name, event in EVENT_NAMES.items() if "status" in {field.name for field in event.LAYOUT.fields}}
    assert images == {
        "OrderAccepted",
        "OrderCanceled",
        "OrderExpired",
        "OrderAmended",
        "OrderReplayed",
        "OrderTriggered",
    }
    assert all(EVENT_NAMES[name].LAYOUT.fields == OrderImage.LAYOUT.fields for name in images)


def test_inherited_defaults_hold() -> None:
    assert PlaceOrder().self_trade_prevention == 2
    assert PlaceOrder().version == Command().version == PROTOCOL_VERSION == 4


def test_c_declarations_name_type_and_size() -> None:
    told = {field.name: field.c_declaration for field in ClientIdView.LAYOUT.fields}
    assert told["fingerprint"] == "uint64_t fingerprint"
    assert told["filled_lots"] == "int64_t filled_lots"
    assert told["purpose"] == "uint8_t purpose"
    assert told["client_order_id"] == "char client_order_id[36]"
