"""Parameters to integers: exact, and each fault has its own code."""

import time

import pytest

from apps.common.lane import LaneError
from apps.fapi import values
from apps.instruments.types import InstrumentSpec
from tests.unit.apps.fapi.conftest import make_spec


def code_of(call: object, *args: object) -> int:
    assert callable(call)
    with pytest.raises(LaneError) as error:
        call(*args)
    return error.value.code


@pytest.mark.parametrize(
    ("text", "ticks"),
    [("50000.0", 500_000), ("50000", 500_000), ("0.1", 1), ("0000.10000", 1), ("1000000", 10_000_000)],
)
def test_prices_are_exact(spec: InstrumentSpec, text: str, ticks: int) -> None:
    assert values.price_ticks({"price": text}, spec) == ticks


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", -1102),
        ("0", -4001),
        ("-1", -4001),
        ("0.05", -1111),
        ("0." + "1" * 30, -1111),
        ("1000000.1", -4002),
        ("1e5", -1100),
        ("NaN", -1100),
        ("\u0661", -1100),
        ("1" * 21, -1100),
        ("1\n", -1100),
    ],
)
def test_bad_prices_have_their_codes(spec: InstrumentSpec, text: str, code: int) -> None:
    assert code_of(values.price_ticks, {"price": text}, spec) == code


def test_a_coarse_grid_is_told_apart_from_too_many_decimals() -> None:
    coarse = make_spec(tick_step=5, lot_step=10)
    assert code_of(values.price_ticks, {"price": "1.2"}, coarse) == -4014
    assert code_of(values.price_ticks, {"price": "1.25"}, coarse) == -1111
    assert code_of(values.quantity_lots, {"quantity": "0.015"}, coarse) == -4023
    assert code_of(values.quantity_lots, {"quantity": "0.0155"}, coarse) == -1111


@pytest.mark.parametrize(
    ("text", "code"), [("0", -4003), ("-2", -4003), ("9" * 20, -4005), ("1.0001", -1111), ("0x1", -1100)]
)
def test_bad_quantities_have_their_codes(spec: InstrumentSpec, text: str, code: int) -> None:
    assert code_of(values.quantity_lots, {"quantity": text}, spec) == code


def test_whole_numbers() -> None:
    assert values.integer({"n": "7"}, "n") == 7
    assert values.integer({}, "n") is None
    assert code_of(values.integer, {"n": "-7"}, "n") == -1100
    assert code_of(values.integer, {"n": str(values.LARGEST + 1)}, "n") == -1130
    assert code_of(values.required_integer, {}, "n") == -1102
    assert values.limit({}, 500, 1000) == 500
    assert values.limit({"limit": "5000"}, 500, 1000) == 1000
    assert code_of(values.limit, {"limit": "0"}, 500, 1000) == -1130


@pytest.mark.parametrize(("text", "value"), [("true", True), ("True", True), ("FALSE", False), ("", None)])
def test_booleans_in_any_case(text: str, value: bool | None) -> None:
    assert values.boolean({"b": text}, "b") is value


def test_windows() -> None:
    assert values.window({"startTime": "1", "endTime": "1"}) == (1, 1)
    assert values.window({"endTime": str(values.LARGEST)}) == (None, values.LATEST_MS)
    assert code_of(values.window, {"startTime": "2", "endTime": "1"}) == -1130


def test_spans_of_history() -> None:
    day_ms, ms = 86_400_000, 1_000_000
    start, end = 100 * day_ms, 107 * day_ms
    whole = (start * ms, (end + 1) * ms - 1, False)
    assert values.span({"startTime": str(start), "endTime": str(end)}, 7) == whole
    assert values.span({"startTime": str(start)}, 7) == whole
    assert values.span({"endTime": str(end)}, 7) == (*whole[:2], True)
    assert values.span({"endTime": "5"}, 7) == (0, 6 * ms - 1, True)
    with pytest.raises(LaneError) as error:
        values.span({"startTime": str(start), "endTime": str(end + 1)}, 7)
    assert (error.value.code, error.value.message) == (-4165, "Maximum time interval is 7 days.")
    assert code_of(values.span, {"startTime": "2", "endTime": "1"}, 7) == -1130
    assert values.span({"fromId": "9"}, 7, "orderId", "fromId") == (None, None, False)
    before = time.time_ns() // ms
    recent = values.span({}, 7, "orderId")
    assert recent.start_ns is not None
    assert before <= recent.start_ns // ms + 7 * day_ms <= time.time_ns() // ms
    assert (recent.end_ns, recent.newest) == (None, True)


async def test_symbols(spec: InstrumentSpec, catalog: object) -> None:
    assert await values.instrument({"symbol": "BTCUSDT"}) == spec
    assert await values.optional_instrument({}) is None
    with pytest.raises(LaneError) as error:
        await values.instrument({"symbol": "btcusdt"})
    assert error.value.code == -1121
