"""The public calculators on a real gateway: worked public numbers, and every kind of bad input refused in words."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import ROUND_DOWN, Decimal
from typing import Any

import pytest

from tests.support.lane_family import LaneFamily
from tests.support.vectors import rows

HOME = "/api/v1/calculator"
LONG_ONE = {"wallet_balance": "400", "side": "long", "quantity": "1", "entry_price": "20000", "mmr": "0.005"}
MARGIN = {"side": "long", "quantity": "1", "entry_price": "20000", "leverage": "50", "mmr": "0.005"}
TIERS = [{"floor": "0", "mmr": "0.004"}, {"floor": "50000", "mmr": "0.005"}]


@pytest.fixture(scope="module")
def lane(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LaneFamily]:
    with LaneFamily(tmp_path_factory.mktemp("calculators")) as family:
        yield family


def post_raw(lane: LaneFamily, path: str, body: bytes) -> tuple[int, Any]:
    return lane.ask("POST", f"{HOME}/{path}", body=body, headers={"Content-Type": "application/json"})[:2]


def post(lane: LaneFamily, path: str, body: Any) -> Any:
    """The answer of a request that must be fine."""
    status, answer = post_raw(lane, path, json.dumps(body).encode())
    assert status == 200, answer
    return answer


def same(got: str | None, told: str | None) -> bool:
    """Equal; where the told price is cut, equal as far as it goes, with 8 places or more behind it."""
    if told is None or got is None:
        return got == told
    if Decimal(got) == Decimal(told):
        return True
    places = Decimal(1).scaleb(Decimal(told).as_tuple().exponent)
    return Decimal(got).quantize(places, ROUND_DOWN) == Decimal(told) and len(got.partition(".")[2]) >= 8


def test_every_worked_number(lane: LaneFamily) -> None:
    for row in rows("margin", "liquidation_price"):
        asked = {n: v for n, v in row.items() if n not in {"liquidation_price", "bankruptcy_price"}}
        asked.pop("equity_at_liquidation", None)
        answer = post(lane, "liquidation-price", asked)
        assert same(answer["liquidation_price"], row["liquidation_price"])
        assert same(answer["bankruptcy_price"], row["bankruptcy_price"])
    for path, file, group, results in (
        ("bankruptcy-price", "margin", "bankruptcy_price", ("bankruptcy_price",)),
        ("margin", "margin", "initial_margin", ("initial_margin", "maintenance_margin_at_entry")),
        ("pnl", "margin", "pnl", ("pnl",)),
        ("premium-index", "funding", "premium_index", ("premium_index",)),
        ("funding-rate", "funding", "funding_rate", ("funding_rate",)),
        ("funding-payment", "funding", "payment", ("cash_flow",)),
    ):
        for row in rows(file, group):
            answer = post(lane, path, {name: value for name, value in row.items() if name not in results})
            assert {name: answer[name] for name in results} == {name: row[name] for name in results}, path
    for row in rows("margin", "tiers"):
        for case in row["cases"]:
            answer = post(lane, "maintenance-margin", {"tiers": row["tiers"], "notional": case["notional"]})
            assert answer["maintenance_margin"] == case["maintenance_margin"]
            assert answer["maintenance_amount"] == row["maintenance_amount"]


def test_a_symbol_stands_for_its_ladder(lane: LaneFamily) -> None:
    market = lane.get(f"/api/v1/markets/{lane.symbol}")[1]
    tiers = [{"floor": tier["notional_floor"], "mmr": tier["maintenance_rate"]} for tier in market["risk_tiers"]]
    top = Decimal(tiers[-1]["floor"])
    for notional in ("1", str(top), str(top * 2)):
        by_symbol = post(lane, "maintenance-margin", {"symbol": lane.symbol, "notional": notional})
        assert by_symbol == post(lane, "maintenance-margin", {"tiers": tiers, "notional": notional})
    told = post(lane, "margin", {k: v for k, v in MARGIN.items() if k != "mmr"} | {"symbol": lane.symbol})
    at_entry = post(lane, "maintenance-margin", {"symbol": lane.symbol, "notional": "20000"})
    assert told["maintenance_margin_at_entry"] == at_entry["maintenance_margin"]
    position = {k: v for k, v in LONG_ONE.items() if k != "mmr"} | {"wallet_balance": "4000"}
    price = post(lane, "liquidation-price", position | {"symbol": lane.symbol})["liquidation_price"]
    held = post(lane, "maintenance-margin", {"symbol": lane.symbol, "notional": price})
    one_tier = {"mmr": held["mmr"], "cum": held["cum"]}
    assert post(lane, "liquidation-price", position | one_tier)["liquidation_price"] == price
    assert abs(Decimal(4000) + Decimal(price) - 20000 - Decimal(held["maintenance_margin"])) < Decimal("1e-12")


def test_whole_numbers_may_be_numbers(lane: LaneFamily) -> None:
    assert post(lane, "margin", MARGIN | {"leverage": 50}) == post(lane, "margin", MARGIN)
    rate = {"premium_avg": "0.01", "interest_rate": "0.0001"}
    assert post(lane, "funding-rate", rate | {"interval_hours": "8"}) == {"funding_rate": "0.0095"}


BAD: list[tuple[str, str, dict[str, Any], int, str]] = [
    ("zero quantity", "liquidation-price", LONG_ONE | {"quantity": "0"}, 400, "QUANTITY_NOT_POSITIVE"),
    ("negative quantity", "liquidation-price", LONG_ONE | {"quantity": "-1"}, 400, "QUANTITY_NOT_POSITIVE"),
    ("zero price", "liquidation-price", LONG_ONE | {"entry_price": "0"}, 400, "PRICE_NOT_POSITIVE"),
    ("NaN", "liquidation-price", LONG_ONE | {"quantity": "NaN"}, 400, "MALFORMED_PARAMETER"),
    ("infinity", "liquidation-price", LONG_ONE | {"quantity": "Infinity"}, 400, "MALFORMED_PARAMETER"),
    ("1e400", "liquidation-price", LONG_ONE | {"quantity": "1e400"}, 400, "MALFORMED_PARAMETER"),
    ("empty", "liquidation-price", LONG_ONE | {"quantity": ""}, 400, "MALFORMED_PARAMETER"),
    ("many digits", "liquidation-price", LONG_ONE | {"quantity": "9" * 400}, 400, "MALFORMED_PARAMETER"),
    ("many decimals", "liquidation-price", LONG_ONE | {"quantity": "1." + "1" * 400}, 400, "MALFORMED_PARAMETER"),
    ("other digits", "liquidation-price", LONG_ONE | {"quantity": "\u0661"}, 400, "MALFORMED_PARAMETER"),
    ("a number", "liquidation-price", LONG_ONE | {"quantity": 1}, 400, "INVALID_BODY"),
    ("null", "liquidation-price", LONG_ONE | {"quantity": None}, 400, "INVALID_BODY"),
    ("a list", "liquidation-price", LONG_ONE | {"quantity": ["1"]}, 400, "INVALID_BODY"),
    ("wrong side", "liquidation-price", LONG_ONE | {"side": "buy"}, 400, "INVALID_BODY"),
    ("unknown field", "liquidation-price", LONG_ONE | {"fee": "1"}, 400, "INVALID_BODY"),
    ("missing field", "liquidation-price", {"mmr": "0.005"}, 400, "INVALID_BODY"),
    ("rate 1", "liquidation-price", LONG_ONE | {"mmr": "1"}, 400, "INVALID_PARAMETER"),
    ("negative rate", "liquidation-price", LONG_ONE | {"mmr": "-0.1"}, 400, "INVALID_PARAMETER"),
    ("negative amount", "liquidation-price", LONG_ONE | {"cum": "-1"}, 400, "INVALID_PARAMETER"),
    ("both", "liquidation-price", LONG_ONE | {"symbol": "BTCUSDT"}, 400, "PARAMETER_NOT_REQUIRED"),
    ("neither", "liquidation-price", {k: v for k, v in LONG_ONE.items() if k != "mmr"}, 400, "MISSING_PARAMETER"),
    (
        "unknown symbol",
        "liquidation-price",
        {k: v for k, v in LONG_ONE.items() if k != "mmr"} | {"symbol": "NOPE"},
        404,
        "UNKNOWN_INSTRUMENT",
    ),
    ("no leverage", "margin", MARGIN | {"leverage": "0"}, 400, "INVALID_PARAMETER"),
    ("leverage no number", "margin", MARGIN | {"leverage": "ten"}, 400, "MALFORMED_PARAMETER"),
    ("leverage true", "margin", MARGIN | {"leverage": True}, 400, "INVALID_BODY"),
    ("huge leverage", "margin", MARGIN | {"leverage": 10**300}, 400, "MALFORMED_PARAMETER"),
    ("no tiers", "maintenance-margin", {"tiers": [], "notional": "1"}, 400, "INVALID_PARAMETER"),
    ("many tiers", "maintenance-margin", {"tiers": TIERS * 9, "notional": "1"}, 400, "INVALID_PARAMETER"),
    ("floor not 0", "maintenance-margin", {"tiers": TIERS[1:], "notional": "1"}, 400, "INVALID_PARAMETER"),
    ("falling", "maintenance-margin", {"tiers": TIERS + TIERS, "notional": "1"}, 400, "INVALID_PARAMETER"),
    (
        "rate not rising",
        "maintenance-margin",
        {"tiers": [*TIERS, {"floor": "60000", "mmr": "0.005"}], "notional": "1"},
        400,
        "INVALID_PARAMETER",
    ),
    ("no ladder", "maintenance-margin", {"notional": "1"}, 400, "MISSING_PARAMETER"),
    ("negative notional", "maintenance-margin", {"tiers": TIERS, "notional": "-1"}, 400, "INVALID_PARAMETER"),
    (
        "two ladders",
        "maintenance-margin",
        {"tiers": TIERS, "symbol": "BTCUSDT", "notional": "1"},
        400,
        "PARAMETER_NOT_REQUIRED",
    ),
    (
        "no exit",
        "pnl",
        {"side": "long", "quantity": "1", "entry_price": "1", "exit_price": "-1"},
        400,
        "PRICE_NOT_POSITIVE",
    ),
    (
        "no index",
        "premium-index",
        {"impact_bid": "1", "impact_ask": "1", "index_price": "0"},
        400,
        "PRICE_NOT_POSITIVE",
    ),
    (
        "negative impact price",
        "premium-index",
        {"impact_bid": "-1", "impact_ask": "1", "index_price": "1"},
        400,
        "INVALID_PARAMETER",
    ),
    (
        "three hours",
        "funding-rate",
        {"premium_avg": "0", "interest_rate": "0", "interval_hours": 3},
        400,
        "INVALID_PARAMETER",
    ),
    (
        "floor above cap",
        "funding-rate",
        {"premium_avg": "0", "interest_rate": "0", "interval_hours": 8, "floor": "0.1", "cap": "0"},
        400,
        "INVALID_PARAMETER",
    ),
    (
        "rate of 200 %",
        "funding-payment",
        {"side": "long", "quantity": "1", "mark_price": "1", "funding_rate": "2"},
        400,
        "INVALID_PARAMETER",
    ),
]


@pytest.mark.parametrize(("path", "body", "status", "code"), [row[1:] for row in BAD], ids=[row[0] for row in BAD])
def test_bad_input_is_refused_in_the_native_envelope(
    lane: LaneFamily, path: str, body: dict[str, Any], status: int, code: str
) -> None:
    got, refusal = post_raw(lane, path, json.dumps(body).encode())
    assert (got, refusal["code"]) == (status, code), refusal
    assert set(refusal) == {"code", "message", "details"}


@pytest.mark.parametrize(
    "raw",
    [b"", b"[]", b"null", b"1", b"{", b'{"notional": 1e400, "tiers": []}', b'{"notional": NaN}', b"\xff", b"[" * 60000],
    ids=lambda raw: repr(raw[:20]),
)
def test_bodies_that_are_no_request(lane: LaneFamily, raw: bytes) -> None:
    status, refusal = post_raw(lane, "maintenance-margin", raw)
    assert (status, set(refusal)) == (400, {"code", "message", "details"})


def test_the_largest_numbers_are_answered(lane: LaneFamily) -> None:
    most, least = "9" * 20 + "." + "9" * 20, "0." + "0" * 19 + "1"
    for quantity, price in ((most, most), (least, most), (most, least), (least, least)):
        body = LONG_ONE | {"quantity": quantity, "entry_price": price, "wallet_balance": f"-{most}"}
        for side in ("long", "short"):
            post(lane, "liquidation-price", body | {"side": side})
        post(lane, "margin", MARGIN | {"quantity": quantity, "entry_price": price})
        post(lane, "premium-index", {"impact_bid": quantity, "impact_ask": "0", "index_price": price})


def test_another_method_and_another_path_are_told_apart(lane: LaneFamily) -> None:
    status, refusal, _ = lane.ask("GET", f"{HOME}/pnl")
    assert (status, refusal["code"]) == (405, "METHOD_NOT_ALLOWED")
    assert lane.ask("POST", f"{HOME}/luck", body=b"{}")[0] == 404
