"""Aim: batches and answers survive their bytes, and bytes that are none are refused by name."""

from __future__ import annotations

import struct
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.protocol import codec, commands
from matcher.protocol.codec import (
    CorruptRecordError,
    decode_answer,
    decode_commands,
    decode_events,
    decode_levels,
    encode_answer,
)
from matcher.protocol.commands import CancelOrder, PlaceOrder
from matcher.protocol.events import LevelChanged, OrderCanceled, OrderFilled
from matcher.protocol.views import ANSWERS, AnswerHeader, LevelView, OrderView, Query, QueryKind, StateView

COMMANDS = [PlaceOrder(seq=1, price_ticks=-5, client_order_id=b"a"), CancelOrder(seq=2, order_id=2**64 - 1)]
EVENTS = [OrderFilled(seq=1, fee_units=-1), OrderCanceled(seq=1, part=1, client_order_id=b"\xff")]


def packed(records: list[Any]) -> bytes:
    return b"".join(record.pack() for record in records)


def test_batches_survive_their_bytes() -> None:
    assert decode_commands(packed(COMMANDS)) == COMMANDS
    assert decode_events(memoryview(packed(EVENTS))) == EVENTS
    levels = [LevelChanged(seq=1, price_ticks=5, quantity_lots=0), LevelChanged(seq=2, side=1)]
    assert decode_levels(packed(levels)) == levels
    assert decode_commands(b"") == decode_events(b"") == decode_levels(b"") == []


def test_the_kind_byte_is_where_the_codec_looks() -> None:
    assert (codec.COMMAND_KIND_AT, codec.EVENT_KIND_AT) == (30, 32)


@pytest.mark.parametrize("decode", [decode_commands, decode_events])
@pytest.mark.parametrize("size", [1, 127, 129, 255])
def test_a_broken_length_is_corrupt(decode: Any, size: int) -> None:
    with pytest.raises(CorruptRecordError, match="not a multiple of 128"):
        decode(bytes(size))


@pytest.mark.parametrize("kind", [0, max(commands.COMMANDS) + 1, 255])
def test_an_unknown_kind_is_corrupt_and_located(kind: int) -> None:
    batch = bytearray(packed(COMMANDS))
    batch[128 + codec.COMMAND_KIND_AT] = kind
    with pytest.raises(CorruptRecordError, match=f"unknown kind {kind} at byte 128"):
        decode_commands(bytes(batch))


def test_a_broken_length_of_levels_is_refused() -> None:
    with pytest.raises(CorruptRecordError):
        decode_levels(bytes(33))


@given(st.binary(max_size=600))
def test_hostile_bytes_are_records_or_corrupt(data: bytes) -> None:
    """No other outcome: a list of whole records that pack to what they were, or CorruptRecordError."""
    for decode in (decode_commands, decode_events):
        try:
            records = decode(data)
        except CorruptRecordError:
            continue
        assert len(records) * 128 == len(data)


@pytest.mark.parametrize("kind", list(QueryKind))
def test_answers_survive_their_bytes(kind: QueryKind) -> None:
    first_view, second_view = ANSWERS[kind]
    first: list[Any] = [first_view(), first_view()]
    second: list[Any] = [second_view()] if second_view else []
    header, one, other = decode_answer(encode_answer(Query(kind=kind), 7, 8, first, second))
    assert header == AnswerHeader(seq=7, time_ns=8, first_count=2, second_count=len(second), kind=kind)
    assert (one, other) == (first, second)


def test_the_two_lists_of_an_answer_stay_apart() -> None:
    bids, asks = [LevelView(price_ticks=1)], [LevelView(price_ticks=2), LevelView(price_ticks=3)]
    _, first, second = decode_answer(encode_answer(Query(kind=QueryKind.DEPTH), 0, 0, bids, asks))
    assert (first, second) == (bids, asks)


def test_bytes_left_over_in_an_answer_are_corrupt() -> None:
    answer = encode_answer(Query(kind=QueryKind.STATS), 1, 1, [StateView()], [])
    with pytest.raises(CorruptRecordError, match="answer of 97 bytes, expected 96"):
        decode_answer(answer + b"\0")


def test_a_cut_answer_is_refused() -> None:
    answer = encode_answer(Query(kind=QueryKind.OPEN_ORDERS), 1, 1, [OrderView()], [])
    for size in (0, 31, 40, len(answer) - 1):
        with pytest.raises((struct.error, CorruptRecordError)):
            decode_answer(answer[:size])
