"""Aim: decimal text becomes exactly the integer it says or is refused; fingerprints tell bodies apart."""

from __future__ import annotations

import struct
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.protocol.commands import Deposit, PlaceOrder
from matcher.protocol.units import OffGridError, fingerprint, format_scaled, parse_scaled


@pytest.mark.parametrize(
    ("text", "decimals", "value"),
    [
        ("0", 0, 0),
        ("-0", 8, 0),
        ("1", 8, 100_000_000),
        ("1.", 2, 100),
        ("1.5", 1, 15),
        ("1.500", 1, 15),
        ("1.000", 0, 1),
        ("007.10", 2, 710),
        ("-0.00000001", 8, -1),
        ("99999999999999999999", 0, 10**20 - 1),
        ("0.00000000000000000001", 20, 1),
    ],
)
def test_plain_decimals_are_exact(text: str, decimals: int, value: int) -> None:
    assert parse_scaled(text, decimals) == value


@pytest.mark.parametrize(
    "text",
    [
        "", " ", ".", "-", "+1", "--1", "-.5", ".5", " 1", "1 ", "1\n", "\t1", "1,5", "1_000", "1.2.3", "1.-2",
        "NaN", "nan", "Infinity", "-inf", "1e400", "1E5", "1e-5", "0x10", "1f", "1L", "\u00bd", "\u00b2", "\u0661\u0662", "\uff11\uff12", "\u0967",
        "1\u00a0", "\u22121", "1\0", "\ufeff1", "9" * 21, "0." + "0" * 21, "null", "True", "1" * 5000,
    ],
)  # fmt: skip
def test_anything_else_is_no_number(text: str) -> None:
    with pytest.raises(ValueError, match="not a plain decimal number") as caught:
        parse_scaled(text, 8)
    assert not isinstance(caught.value, OffGridError)
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize(("text", "decimals"), [("0.1", 0), ("1.25", 1), ("-1.000000001", 8), ("0.001", 2)])
def test_finer_than_the_grid_is_off_it_and_never_rounded(text: str, decimals: int) -> None:
    with pytest.raises(OffGridError, match=f"more than {decimals} decimals"):
        parse_scaled(text, decimals)


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (0, 0, "0"),
        (0, 2, "0.00"),
        (5, 8, "0.00000005"),
        (-5, 1, "-0.5"),
        (-12345, 2, "-123.45"),
        (10**20, 0, "1" + "0" * 20),
    ],
)
def test_integers_are_shown_with_all_their_decimals(value: int, decimals: int, text: str) -> None:
    assert format_scaled(value, decimals) == text


@given(st.integers(-(10**19), 10**19), st.integers(0, 12))
def test_text_and_integer_are_the_same_number(value: int, decimals: int) -> None:
    text = format_scaled(value, decimals)
    assert parse_scaled(text, decimals) == value
    assert Decimal(text).scaleb(decimals) == value


@given(st.text(alphabet="0123456789..-+eE_x \nNaIif\u0661\uff11\u00b2", max_size=30), st.integers(0, 8))
def test_text_is_a_number_or_a_value_error(text: str, decimals: int) -> None:
    try:
        value = parse_scaled(text, decimals)
    except ValueError:
        return
    assert text.isascii()
    assert Decimal(text).scaleb(decimals) == value


ORDER = PlaceOrder(instrument=300, price_ticks=5, quantity_lots=6, client_order_id=b"a")


def spelled_out(raw: bytes) -> int:
    """The docstring's recipe, word by word."""
    h = ((raw[30] << 16) + struct.unpack_from("<H", raw, 28)[0]) * 0x9E3779B97F4A7C15 % 2**64
    h ^= h >> 32
    for word in struct.unpack_from("<12Q", raw, 32):
        h = (h ^ word) * 0x9E3779B97F4A7C15 % 2**64
        h ^= h >> 32
    return int(h)


def test_another_instrument_is_not_made_good_by_another_price() -> None:
    """1 ^ 2 = 3 = 1000 ^ 1003: without the first stir these two were one request."""
    one = PlaceOrder(instrument=1, price_ticks=1000, quantity_lots=6, client_order_id=b"a")
    assert fingerprint(one.pack()) != fingerprint(one.replace(instrument=2, price_ticks=1003).pack())


@given(st.binary(min_size=128, max_size=128))
def test_a_fingerprint_follows_its_recipe(raw: bytes) -> None:
    assert fingerprint(raw) == spelled_out(raw) < 2**64


def test_a_fingerprint_is_wire_format() -> None:
    """Journals remember it: the recipe may never change."""
    assert fingerprint(bytes(128)) == 0
    assert fingerprint(ORDER.pack()) == 3_292_924_250_441_618_777


def test_a_fingerprint_ignores_who_when_and_which() -> None:
    again = ORDER.replace(seq=9, time_ns=9, command_id=9, account=9, version=9)
    assert fingerprint(again.pack()) == fingerprint(ORDER.pack())


def test_a_fingerprint_sees_every_byte_of_kind_instrument_and_body() -> None:
    raw = ORDER.pack()
    seen = {fingerprint(raw)}
    for at in (28, 29, 30, *range(32, 128)):
        changed = bytearray(raw)
        changed[at] ^= 0x80
        seen.add(fingerprint(bytes(changed)))
    assert len(seen) == 1 + 3 + 96
    assert fingerprint(Deposit(amount_units=5).pack()) not in seen
