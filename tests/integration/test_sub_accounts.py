"""Further accounts of a person, end to end: opened, paid into, traded for by a key of their own, never with each other."""

from __future__ import annotations

import hmac
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.support.lane_family import LaneFamily
from tests.support.pace import PATIENCE_S


@dataclass
class Person:
    """A demo person's session."""

    lane: LaneFamily
    number: int
    headers: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.headers = {"Content-Type": "application/json"}
        known = self.lane.accounts[self.number]
        login = {"email": known["email"], "password": known["password"]}
        status, tokens = self.call("POST", "/auth/login", login)
        assert status == 200, tokens
        self.headers["Authorization"] = f"Bearer {tokens['access']}"
        assert self.call("POST", "/auth/step-up", {"method": "password", "password": known["password"]})[0] == 204

    def call(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        sent = None if body is None else json.dumps(body).encode()
        return self.lane.ask(method, f"/api/v1{path}", body=sent, headers=self.headers)[:2]

    @property
    def main(self) -> int:
        return next(one["id"] for one in self.call("GET", "/accounts")[1] if one["is_main"])

    def open(self, name: str) -> int:
        status, account = self.call("POST", "/accounts", {"name": name})
        assert status in {200, 201}, account
        return int(account["id"])

    def key_of(self, account_id: int) -> dict[str, Any]:
        status, issued = self.call("POST", "/api-keys", {"label": "bot", "account_id": account_id})
        assert (status, issued["account_id"]) == (201, account_id), issued
        return dict(issued)

    def move(self, giver: int, receiver: int, amount: str, reference: str) -> tuple[int, Any]:
        body = {"to_account_id": receiver, "asset": "USDT", "amount": amount, "reference": reference}
        return self.call("POST", f"/accounts/{giver}/transfers", body)


@pytest.fixture(scope="module")
def lane(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LaneFamily]:
    family = LaneFamily(tmp_path_factory.mktemp("lane"))
    family.environ["EXCHANGE_THROTTLE_TIMES"] = "100"
    with family:
        yield family


@pytest.fixture(scope="module")
def alice(lane: LaneFamily) -> Person:
    return Person(lane, 0)


@pytest.fixture(scope="module")
def bob(lane: LaneFamily) -> Person:
    return Person(lane, 1)


def signed(lane: LaneFamily, key: dict[str, Any], method: str, path: str, **params: Any) -> Any:
    query = urlencode(params | {"timestamp": time.time_ns() // 1_000_000})
    signature = hmac.digest(key["secret"].encode(), query.encode(), "sha256").hex()
    status, body, _ = lane.ask(method, f"{path}?{query}&signature={signature}", headers={"X-MBX-APIKEY": key["key"]})
    assert status == 200, body
    return body


def wallet(lane: LaneFamily, key: dict[str, Any]) -> str:
    rows = signed(lane, key, "GET", "/fapi/v3/balance")
    return next((row["balance"] for row in rows if row["asset"] == "USDT"), "0.00000000")


def test_an_account_is_opened_once_and_listed(alice: Person) -> None:
    status, opened = alice.call("POST", "/accounts", {"name": "grid"})
    assert (status, opened["is_main"], opened["is_open"], opened["state"]) == (201, False, True, "active")
    assert alice.call("POST", "/accounts", {"name": "grid"}) == (200, opened)
    listed = alice.call("GET", "/accounts")[1]
    assert (opened in listed, sum(one["is_main"] for one in listed)) == (True, 1)
    assert alice.call("POST", "/accounts", {"name": "<b>"})[1]["code"] == "INVALID_ACCOUNT_NAME"
    assert alice.call("POST", "/accounts", {})[0] == 400


def test_money_goes_there_and_back_and_no_stranger_reaches_it(lane: LaneFamily, alice: Person, bob: Person) -> None:
    grid = alice.open("grid")
    key = alice.key_of(grid)
    before = wallet(lane, key)
    status, done = alice.move(alice.main, grid, "250.5", "there")
    assert (status, done["repeated"]) == (200, False)
    assert float(wallet(lane, key)) - float(before) == 250.5
    assert alice.move(alice.main, grid, "250.5", "there")[1]["repeated"]
    assert float(wallet(lane, key)) - float(before) == 250.5
    assert alice.move(grid, alice.main, "250.5", "back")[0] == 200
    assert wallet(lane, key) == before
    for giver, receiver in ((grid, bob.main), (bob.main, grid), (grid, 2_000_000)):
        status, refused = alice.move(giver, receiver, "1", "foreign")
        assert (status, refused["code"]) == (404, "UNKNOWN_ACCOUNT")
    assert bob.call("GET", f"/accounts/{grid}")[0] == 404
    assert bob.call("GET", f"/accounts/{grid}/transfers")[0] == 404
    assert bob.call("GET", f"/accounts/{grid}/balances")[0] == 404
    deadline = time.monotonic() + PATIENCE_S
    while len(rows := alice.call("GET", f"/accounts/{grid}/transfers")[1]) < 2:
        assert time.monotonic() < deadline, rows
        time.sleep(0.02)
    assert [(row["from_account_id"], row["reference"]) for row in rows] == [(grid, "back"), (alice.main, "there")]


def test_what_an_account_holds_now_and_what_may_leave_it(alice: Person) -> None:
    """From the engine, so that what was moved shows in the next answer."""
    savings = alice.open("savings")
    assert alice.call("GET", f"/accounts/{savings}/balances") == (200, [])
    assert alice.move(alice.main, savings, "12.5", "to-savings")[0] == 200
    held = {"asset": "USDT", "wallet_balance": "12.50000000", "withdrawable_balance": "12.50000000"}
    assert alice.call("GET", f"/accounts/{savings}/balances") == (200, [held])


def test_a_key_acts_for_its_account_alone(lane: LaneFamily, alice: Person, bob: Person) -> None:
    grid = alice.open("grid")
    assert alice.move(alice.main, grid, "5000", "to-trade")[0] == 200
    key = alice.key_of(grid)
    assert {one["key"]: one["account_id"] for one in alice.call("GET", "/api-keys")[1]}[key["key"]] == grid
    assert bob.call("POST", "/api-keys", {"label": "thief", "account_id": grid})[1]["code"] == "UNKNOWN_ACCOUNT"
    plain = alice.call("POST", "/api-keys", {"label": "plain"})[1]
    assert plain["account_id"] == alice.main
    order = {"symbol": lane.symbol, "side": "BUY", "type": "LIMIT", "timeInForce": "GTC", "quantity": "1.000"}
    placed = signed(lane, key, "POST", "/fapi/v1/order", **order, price=lane.price(9_800))
    assert [one["orderId"] for one in signed(lane, key, "GET", "/fapi/v1/openOrders")] == [placed["orderId"]]
    assert signed(lane, plain, "GET", "/fapi/v1/openOrders") == []
    signed(lane, key, "DELETE", "/fapi/v1/order", symbol=lane.symbol, orderId=placed["orderId"])


def test_accounts_of_one_person_do_not_trade_with_each_other(lane: LaneFamily, alice: Person, bob: Person) -> None:
    """The main account's sale is taken away before the sub-account's purchase; bob's it would have met."""
    grid = alice.open("grid")
    assert alice.move(alice.main, grid, "5000", "not-with-myself")[0] == 200
    key, price = alice.key_of(grid), lane.price(10_000)
    sale = lane.order(0, side="SELL", price=price)[1]
    order = {"symbol": lane.symbol, "side": "BUY", "type": "LIMIT", "timeInForce": "GTC", "quantity": "1.000"}
    bought = signed(lane, key, "POST", "/fapi/v1/order", **order, price=price)
    assert (bought["status"], float(bought["executedQty"])) == ("NEW", 0.0)
    assert lane.signed("GET", "/fapi/v1/order", 0, symbol=lane.symbol, orderId=sale["orderId"])[1]["status"] in {
        "EXPIRED",
        "EXPIRED_IN_MATCH",
    }
    assert lane.order(1, side="SELL", price=price)[1]["status"] == "FILLED"
    assert signed(lane, key, "GET", "/fapi/v1/openOrders") == []
