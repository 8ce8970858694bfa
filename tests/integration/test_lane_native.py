"""The native API of version 2 on the real ASGI application: every order type, batches, countdowns, modes, margin."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.lane_family import ROOT, LaneFamily


class Native:
    """The first account's bearer, and the second one's signed orders to trade with."""

    def __init__(self, lane: LaneFamily) -> None:
        self.lane = lane
        login = {"email": lane.accounts[0]["email"], "password": lane.accounts[0]["password"]}
        headers = {"Content-Type": "application/json"}
        tokens = lane.ask("POST", "/api/v1/auth/login", body=json.dumps(login).encode(), headers=headers)[1]
        self.headers = headers | {"Authorization": f"Bearer {tokens['access']}"}

    def __call__(self, method: str, path: str, **body: Any) -> tuple[int, Any]:
        sent = json.dumps(body).encode() if body else None
        return self.lane.ask(method, f"/api/v1{path}", body=sent, headers=self.headers)[:2]

    def place(self, **changes: Any) -> tuple[int, Any]:
        """A resting buy 2 % under the mark; None leaves a field out."""
        body = {
            "symbol": self.lane.symbol,
            "side": "buy",
            "order_type": "limit",
            "quantity": "1.000",
            "price": self.lane.price(9_800),
        } | changes
        return self("POST", "/orders", **{name: value for name, value in body.items() if value is not None})

    def buy(self, quantity: str, **changes: Any) -> None:
        """Meet an order of the second account at the mark."""
        price = self.lane.price(10_000)
        assert self.lane.order(1, side="SELL", price=price, quantity=quantity)[0] == 200
        status, order = self.place(quantity=quantity, price=price, **changes)
        assert (status, order["status"]) == (201, "filled"), order

    def sell(self, quantity: str, **changes: Any) -> None:
        price = self.lane.price(10_000)
        assert self.lane.order(1, side="BUY", price=price, quantity=quantity)[0] == 200
        status, order = self.place(side="sell", quantity=quantity, price=price, **changes)
        assert (status, order["status"]) == (201, "filled"), order


@pytest.fixture(scope="module")
def native(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Native]:
    with LaneFamily(tmp_path_factory.mktemp("lane")) as family:
        yield Native(family)


@pytest.fixture(autouse=True)
def clean_slate(native: Native) -> Iterator[None]:
    yield
    native("DELETE", "/orders")
    native.lane.signed("DELETE", "/fapi/v1/allOpenOrders", 1, symbol=native.lane.symbol)


def test_every_conditional_type_waits(native: Native) -> None:
    price = native.lane.price
    wanted: list[dict[str, Any]] = [
        {"order_type": "stop", "trigger_price": price(10_100), "price": price(10_200)},
        {"order_type": "stop_market", "trigger_price": price(10_100), "price": None},
        {"order_type": "take_profit", "trigger_price": price(9_900), "price": price(9_900)},
        {"order_type": "take_profit_market", "trigger_price": price(9_900), "price": None},
        {
            "order_type": "trailing_stop_market",
            "price": None,
            "callback_rate": "0.015",
            "trigger_price": price(9_900),
        },
    ]
    for changes in wanted:
        status, order = native.place(**changes, working_type="mark_price")
        assert status == 201, order
        assert (order["waiting"], order["status"], order["working_type"]) == (True, "new", "mark_price")
    assert (order["callback_rate"], order["trigger_price"]) == ("0.015000", price(9_900))
    listed = native("GET", "/orders")[1]["orders"]
    assert [one["order_type"] for one in listed] == [changes["order_type"] for changes in wanted]
    assert all(one["waiting"] for one in listed)
    assert native("GET", f"/orders/{order['order_id']}?symbol={native.lane.symbol}")[1]["callback_rate"] == "0.015000"
    assert len(native("DELETE", "/orders")[1]["canceled"]) == 5


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"order_type": "stop_market", "price": None}, "MISSING_PARAMETER"),
        ({"trigger_price": "1"}, "PARAMETER_NOT_REQUIRED"),
        ({"quantity": None}, "MISSING_PARAMETER"),
        ({"close_position": True}, "PARAMETER_NOT_REQUIRED"),
        ({"callback_rate": "0.01"}, "PARAMETER_NOT_REQUIRED"),
        ({"order_type": "trailing_stop_market", "price": None}, "MISSING_PARAMETER"),
        ({"order_type": "trailing_stop_market", "price": None, "callback_rate": "0.5"}, "INVALID_CALLBACK_RATE"),
        ({"time_in_force": "GTD"}, "MISSING_PARAMETER"),
        ({"time_in_force": "GTD", "good_till_ms": 5}, "INVALID_GOOD_TILL"),
        ({"position_side": "long"}, "INVALID_POSITION_SIDE"),
        ({"linked_order_id": "99999999"}, "INVALID_LINK"),
        ({"order_type": "limit", "take_profit_price": "x"}, "MALFORMED_PARAMETER"),
    ],
)
def test_what_does_not_fit_is_named(native: Native, changes: dict[str, Any], code: str) -> None:
    status, refused = native.place(**changes)
    assert (status, refused["code"]) == (400, code), refused


def test_linked_and_attached_orders(native: Native) -> None:
    price = native.lane.price
    first = native.place()[1]
    second = native.place(
        side="buy", order_type="stop_market", price=None, trigger_price=price(10_300), linked_order_id=first["order_id"]
    )[1]
    assert second["linked_order_id"] == first["order_id"]
    symbol = native.lane.symbol
    assert native("GET", f"/orders/{first['order_id']}?symbol={symbol}")[1]["linked_order_id"] == second["order_id"]
    assert native("DELETE", f"/orders/{first['order_id']}?symbol={symbol}")[1]["status"] == "canceled"
    assert native("GET", "/orders")[1]["orders"] == [], "one cancels the other"
    native.buy("1.000", take_profit_price=price(10_400), stop_loss_price=price(9_600))
    children = native("GET", "/orders")[1]["orders"]
    assert [(one["order_type"], one["reduce_only"], one["trigger_price"]) for one in children] == [
        ("take_profit_market", True, price(10_400)),
        ("stop_market", True, price(9_600)),
    ]
    native.sell("1.000")
    assert native("GET", "/orders")[1]["orders"] == [], "they end with the position"


def test_batches(native: Native) -> None:
    symbol, price = native.lane.symbol, native.lane.price
    good = {
        "symbol": symbol,
        "side": "buy",
        "order_type": "limit",
        "quantity": "1.000",
        "price": price(9_800),
    }
    status, told = native("POST", "/order-batches", orders=[good, good | {"symbol": "NOPE"}, good | {"price": "0"}])
    assert status == 200
    assert [(one["order"] is not None, (one["refusal"] or {}).get("code")) for one in told["results"]] == [
        (True, None),
        (False, "UNKNOWN_INSTRUMENT"),
        (False, "PRICE_NOT_POSITIVE"),
    ]
    order_id = told["results"][0]["order"]["order_id"]
    change = {"symbol": symbol, "order_id": order_id, "price": price(9_700), "quantity": "2.000"}
    (amended,) = native("PUT", "/order-batches", orders=[change])[1]["results"]
    assert (amended["order"]["price"], amended["order"]["quantity"]) == (price(9_700), "2.000")
    names = [{"symbol": symbol, "order_id": order_id}, {"symbol": symbol, "order_id": "client:nobody"}]
    done, gone = native("POST", "/order-batches/cancel", orders=names)[1]["results"]
    assert (done["order"]["status"], gone["refusal"]["code"]) == ("canceled", "UNKNOWN_ORDER")
    assert native("POST", "/order-batches", orders=[good] * 21)[0] == 400


def test_countdowns(native: Native) -> None:
    symbol = native.lane.symbol
    status, armed = native("POST", "/countdown", symbol=symbol, countdown_ms=60_000)
    assert (status, armed["symbol"]) == (200, symbol)
    assert native("GET", "/account")[1]["countdowns"] == [armed]
    assert native("POST", "/countdown", symbol=symbol, countdown_ms=0)[1] == {"symbol": symbol, "deadline_ms": None}
    assert native("GET", "/account")[1]["countdowns"] == []
    assert native("POST", "/countdown", countdown_ms=10**12)[0] == 400


def test_isolated_positions_and_their_place_in_the_queue(native: Native) -> None:
    symbol = native.lane.symbol
    assert native("POST", "/margin-mode", symbol=symbol, margin_mode="isolated")[0] == 200
    assert native("POST", "/margin-mode", symbol=symbol, margin_mode="isolated")[1]["code"] == "MODE_UNCHANGED"
    native.buy("1.000")
    (position,) = native("GET", f"/positions?symbol={symbol}")[1]["positions"]
    assert (position["margin_mode"], position["position_side"], position["side"]) == ("isolated", "both", "long")
    assert (position["adl_rank"], position["adl_lights"]) == (1, 5)
    assert float(position["bankruptcy_price"]) < float(position["liquidation_price"]) < float(position["entry_price"])
    assert 0 < float(position["margin_ratio"]) < 1
    held = float(position["isolated_margin"])
    status, more = native("POST", "/isolated-margin", symbol=symbol, amount="5")
    assert (status, float(more["isolated_margin"])) == (200, pytest.approx(held + 5))
    (richer,) = native("GET", "/positions")[1]["positions"]
    assert float(richer["margin_ratio"]) < float(position["margin_ratio"])
    assert native("POST", "/isolated-margin", symbol=symbol, amount="-100000000")[1]["code"] in {
        "ISOLATED_MARGIN_INSUFFICIENT",
        "INVALID_AMOUNT",
    }
    account = native("GET", "/account")[1]
    assert account["margin_mode"][symbol] == "isolated"
    balance = account["balances"][0]
    assert float(balance["isolated_margin"]) == pytest.approx(held + 5)
    native.sell("1.000")
    assert native("POST", "/margin-mode", symbol=symbol, margin_mode="cross")[0] == 200
    native.buy("1.000")
    (cross,) = native("GET", "/positions")[1]["positions"]
    assert (cross["margin_mode"], cross["isolated_margin"]) == ("cross", "0.00000000")
    assert cross["margin_ratio"] == native("GET", "/account")[1]["balances"][0]["margin_ratio"]
    native.sell("1.000")


def test_modes_of_the_account(native: Native) -> None:
    assert native("POST", "/position-mode", position_mode="hedge")[0] == 200
    native.buy("1.000", position_side="long")
    assert native("GET", "/positions")[1]["positions"][0]["position_side"] == "long"
    assert native("POST", "/position-mode", position_mode="one_way")[1]["code"] == "HAS_POSITION"
    native.sell("1.000", position_side="long")
    assert native("GET", "/account")[1]["position_mode"] == "hedge"
    assert native("POST", "/position-mode", position_mode="one_way")[0] == 200
    assert native("POST", "/multi-assets", multi_assets=True)[0] == 200
    native.buy("1.000")
    account, (position,) = native("GET", "/account")[1], native("GET", "/positions")[1]["positions"]
    assert account["multi_assets"] is True
    assert {position["margin_ratio"]} == {balance["margin_ratio"] for balance in account["balances"]}, "one group"
    native.sell("1.000")
    assert native("POST", "/multi-assets", multi_assets=False)[0] == 200


def set_top_leverage(native: Native, top: int) -> None:
    """What the level of the demo people allows, by a new version of it; every gateway reads it at the next request."""
    terms = (
        f"set_level_terms(level=3, max_leverage={top}, daily_deposit_units=10**18, daily_withdrawal_units=10**18, "
        "validity_days=365, requirements=(), two_persons=True, actor=Actor('system', 'test'), reason='test')"
    )
    program = "import django; django.setup()\nfrom apps.audit.types import Actor\nfrom apps.kyc.services import set_level_terms\n"
    argv = [sys.executable, "-c", program + terms]
    subprocess.run(argv, cwd=ROOT, env=native.lane.environ, check=True, capture_output=True)


def test_the_verification_level_caps_the_leverage_on_both_surfaces(native: Native) -> None:
    symbol = native.lane.symbol
    set_top_leverage(native, 7)
    status, refused = native("POST", "/leverage", symbol=symbol, leverage=8)
    assert (status, refused["code"], refused["details"]) == (
        403,
        "LEVERAGE_ABOVE_LEVEL",
        {"max_leverage": 7, "level": 3},
    )
    status, refused = native.lane.signed("POST", "/fapi/v1/leverage", symbol=symbol, leverage=8)
    assert (status, refused) == (400, {"code": -4028, "msg": "Leverage 8 is not valid"})
    assert native("POST", "/leverage", symbol=symbol, leverage=7)[0] == 200
    set_top_leverage(native, 1000)
    assert native.lane.signed("POST", "/fapi/v1/leverage", symbol=symbol, leverage=20)[0] == 200
