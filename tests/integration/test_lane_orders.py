"""One order's life through the real ASGI application: signed requests, a real matcher, real rows."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest

from tests.support.lane_family import LaneFamily
from tests.support.pace import bar


@pytest.fixture(scope="module")
def lane(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LaneFamily]:
    with LaneFamily(tmp_path_factory.mktemp("lane")) as family:
        yield family


@pytest.fixture(autouse=True)
def clean_slate(lane: LaneFamily) -> Iterator[None]:
    """Every test begins without open orders; positions are each test's own business."""
    yield
    for account in (0, 1):
        lane.signed("DELETE", "/fapi/v1/allOpenOrders", account, symbol=lane.symbol)


def test_a_resting_order_lives_and_dies(lane: LaneFamily) -> None:
    status, placed = lane.order(newClientOrderId="life-1")
    assert status == 200
    assert (placed["status"], placed["clientOrderId"], placed["executedQty"]) == ("NEW", "life-1", "0.000")
    order_id = placed["orderId"]
    assert lane.signed("GET", "/fapi/v1/openOrders", symbol=lane.symbol)[1][0]["orderId"] == order_id
    amended = lane.signed(
        "PUT",
        "/fapi/v1/order",
        symbol=lane.symbol,
        side="BUY",
        orderId=order_id,
        quantity="2.000",
        price=lane.price(9_700),
    )[1]
    assert (amended["orderId"], amended["price"], amended["origQty"]) == (order_id, lane.price(9_700), "2.000")
    again = lane.signed(
        "PUT",
        "/fapi/v1/order",
        symbol=lane.symbol,
        side="BUY",
        orderId=order_id,
        quantity="2.000",
        price=lane.price(9_700),
    )
    assert (again[0], again[1]["code"]) == (400, -5027)
    assert lane.signed("DELETE", "/fapi/v1/order", symbol=lane.symbol, orderId=order_id)[1]["status"] == "CANCELED"
    gone = lane.signed("DELETE", "/fapi/v1/order", symbol=lane.symbol, orderId=order_id)
    assert gone == (400, {"code": -2011, "msg": "Unknown order sent."})
    found = lane.signed("GET", "/fapi/v1/order", symbol=lane.symbol, origClientOrderId="life-1")[1]
    assert (found["orderId"], found["status"]) == (order_id, "CANCELED")
    assert lane.signed("GET", "/fapi/v1/openOrder", symbol=lane.symbol, orderId=order_id)[1]["code"] == -2013


def test_a_market_order_comes_back_filled_and_reads_agree(lane: LaneFamily) -> None:
    began_ms = time.time_ns() // 1_000_000 - 1
    assert lane.order(1, side="SELL", price=lane.price(10_000), quantity="3.000")[0] == 200
    status, taken = lane.order(type="MARKET", price=None, timeInForce=None, quantity="3.000")
    assert status == 200
    assert (taken["status"], taken["executedQty"], taken["avgPrice"]) == ("FILLED", "3.000", lane.price(10_000))
    position = lane.signed("GET", "/fapi/v3/positionRisk", symbol=lane.symbol)[1][0]
    assert (position["positionAmt"], position["entryPrice"]) == ("3.000", lane.price(10_000))
    fills = lane.signed("GET", "/fapi/v1/userTrades", symbol=lane.symbol, orderId=taken["orderId"])[1]
    assert [(fill["qty"], fill["maker"], fill["buyer"]) for fill in fills] == [("3.000", False, True)]
    paid = lane.signed("GET", "/fapi/v1/income", symbol=lane.symbol, startTime=began_ms)[1]
    assert [row["income"] for row in paid if row["incomeType"] == "COMMISSION"] == [f"-{fills[0]['commission']}"]
    tape = lane.get(f"/fapi/v1/trades?symbol={lane.symbol}")[1]
    assert tape[-1]["id"] == fills[0]["id"]
    candle = lane.get(f"/fapi/v1/klines?symbol={lane.symbol}&interval=1m")[1][-1]
    assert float(candle[5]) >= 3.0
    assert lane.order(1, side="BUY", price=lane.price(10_000), quantity="3.000")[0] == 200
    closed = lane.order(side="SELL", type="MARKET", price=None, timeInForce=None, quantity="3.000", reduceOnly="true")
    assert closed[1]["status"] == "FILLED"
    assert lane.signed("GET", "/fapi/v3/positionRisk", symbol=lane.symbol)[1] == []


def test_a_replayed_request_has_one_effect(lane: LaneFamily) -> None:
    """Byte for byte the same signed request, without a client order id: the same order is answered."""
    query = lane.signed_query(
        0,
        symbol=lane.symbol,
        side="BUY",
        type="LIMIT",
        timeInForce="GTC",
        quantity="1.000",
        price=lane.price(9_800),
    )
    answers = [lane.ask("POST", f"/fapi/v1/order?{query}", headers=lane.key())[:2] for _ in range(3)]
    assert [status for status, _ in answers] == [200, 200, 200]
    assert len({body["orderId"] for _, body in answers}) == 1
    assert len(lane.signed("GET", "/fapi/v1/openOrders", symbol=lane.symbol)[1]) == 1


def test_a_client_order_id_is_used_once(lane: LaneFamily) -> None:
    assert lane.order(newClientOrderId="twice-1")[0] == 200
    assert lane.order(newClientOrderId="twice-1")[1]["code"] == -4116
    assert lane.order(newClientOrderId="twice-1", quantity="2.000")[1]["code"] == -4116


def test_parameters_travel_in_query_body_or_both_for_every_verb(lane: LaneFamily) -> None:
    import hmac

    form = {"Content-Type": "application/x-www-form-urlencoded", **lane.key()}
    body = lane.signed_query(
        0, symbol=lane.symbol, side="BUY", type="LIMIT", timeInForce="GTC", quantity="1.000", price=lane.price(9_800)
    )
    status, placed, _ = lane.ask("POST", "/fapi/v1/order", body=body.encode(), headers=form)
    assert status == 200
    cancel = lane.signed_query(0, symbol=lane.symbol, orderId=placed["orderId"])
    assert lane.ask("DELETE", "/fapi/v1/order", body=cancel.encode(), headers=form)[1]["status"] == "CANCELED"
    # Both at once: the signature covers query and body joined without a separator.
    query, rest = (
        f"symbol={lane.symbol}&side=BUY&type=LIMIT",
        f"timeInForce=GTC&quantity=1.000&price={lane.price(9_800)}",
    )
    rest += f"&timestamp={time.time_ns() // 1_000_000}"
    secret = lane.accounts[0]["api_secret"].encode()
    rest += "&signature=" + hmac.digest(secret, (query + rest).encode(), "sha256").hex().upper()
    assert lane.ask("POST", f"/fapi/v1/order?{query}", body=rest.encode(), headers=form)[0] == 200
    json_type = {"Content-Type": "application/json", **lane.key()}
    read = lane.signed_query(0)
    assert lane.ask("GET", f"/fapi/v3/balance?{read}", headers=json_type)[0] == 200


def test_batches_answer_item_by_item(lane: LaneFamily) -> None:
    good = {
        "symbol": lane.symbol,
        "side": "BUY",
        "type": "LIMIT",
        "timeInForce": "GTC",
        "quantity": "1.000",
        "price": lane.price(9_750),
    }
    items = [good, good | {"quantity": "0"}, good | {"price": lane.price(20_000)}]
    status, answers = lane.signed("POST", "/fapi/v1/batchOrders", batchOrders=json.dumps(items))
    assert status == 200
    assert answers[0]["status"] == "NEW"
    assert [one.get("code") for one in answers[1:]] == [-4003, -4016]
    ids = json.dumps([answers[0]["orderId"], 999_999_999])
    canceled = lane.signed("DELETE", "/fapi/v1/batchOrders", symbol=lane.symbol, orderIdList=ids)[1]
    assert (canceled[0]["status"], canceled[1]["code"]) == ("CANCELED", -2011)
    six = json.dumps([good] * 6)
    assert lane.signed("POST", "/fapi/v1/batchOrders", batchOrders=six)[1]["code"] == -4082


def test_the_native_surface_answers_the_first_result_again(lane: LaneFamily) -> None:
    login = {"email": lane.accounts[0]["email"], "password": lane.accounts[0]["password"]}
    headers = {"Content-Type": "application/json"}
    tokens = lane.ask("POST", "/api/v1/auth/login", body=json.dumps(login).encode(), headers=headers)[1]
    bearer = headers | {"Authorization": f"Bearer {tokens['access']}"}
    order = {
        "symbol": lane.symbol,
        "side": "buy",
        "order_type": "limit",
        "quantity": "1.000",
        "price": lane.price(9_600),
        "client_order_id": "native-1",
    }

    def post(body: dict[str, Any]) -> tuple[int, Any]:
        return lane.ask("POST", "/api/v1/orders", body=json.dumps(body).encode(), headers=bearer)[:2]

    first, second = post(order), post(order)
    assert (first[0], second[0]) == (201, 200)
    assert first[1]["order_id"] == second[1]["order_id"]
    assert post(order | {"quantity": "2.000"})[1]["code"] == "CLIENT_ORDER_ID_REUSED"
    assert post(order | {"side": "up"})[1]["code"] == "INVALID_BODY"
    listed = lane.ask("GET", "/api/v1/orders", headers=bearer)[1]["orders"]
    assert [one["client_order_id"] for one in listed] == ["native-1"]
    one = f"/api/v1/orders/{quote('client:native-1')}?symbol={lane.symbol}"
    assert lane.ask("GET", one, headers=bearer)[1]["order_id"] == first[1]["order_id"]
    assert lane.ask("DELETE", one, headers=bearer)[1]["status"] == "canceled"
    change = json.dumps({"symbol": lane.symbol, "quantity": "2.000", "price": lane.price(9_600)}).encode()
    for method, body in (("GET", b""), ("PUT", change), ("DELETE", b"")):
        address = f"/api/v1/orders/{2**50}?symbol={lane.symbol}" if method != "GET" else one.replace("native-1", "gone")
        status, refusal = lane.ask(method, address, body=body, headers=bearer)[:2]
        assert (status, refusal["code"]) == (404, "UNKNOWN_ORDER"), method
    assert lane.ask("GET", "/api/v1/account", headers=bearer)[1]["balances"][0]["asset"] == "USDT"
    assert lane.ask("GET", "/api/v1/orders")[0] == 401


def test_a_revoked_session_is_dead_within_a_second(lane: LaneFamily) -> None:
    login = {"email": lane.accounts[1]["email"], "password": lane.accounts[1]["password"]}
    headers = {"Content-Type": "application/json"}
    tokens = lane.ask("POST", "/api/v1/auth/login", body=json.dumps(login).encode(), headers=headers)[1]
    bearer = headers | {"Authorization": f"Bearer {tokens['access']}"}
    assert lane.ask("GET", "/api/v1/account", headers=bearer)[0] == 200
    lane.ask("POST", "/api/v1/auth/logout", body=b"{}", headers=bearer)
    end = time.monotonic() + bar(1.0)
    while lane.ask("GET", "/api/v1/account", headers=bearer)[0] != 401:
        assert time.monotonic() < end


def test_answers_carry_their_weight_and_order_counts(lane: LaneFamily) -> None:
    _, _, headers = lane.ask("GET", "/fapi/v1/ping")
    assert int(headers["x-mbx-used-weight-1m"]) >= 1
    query = lane.signed_query(
        0, symbol=lane.symbol, side="BUY", type="LIMIT", timeInForce="GTC", quantity="1.000", price=lane.price(9_800)
    )
    _, _, headers = lane.ask("POST", f"/fapi/v1/order?{query}", headers=lane.key())
    assert int(headers["x-mbx-order-count-10s"]) >= 1
    assert int(headers["x-mbx-order-count-1m"]) >= 1


def test_listen_keys_live_and_end(lane: LaneFamily) -> None:
    def call(method: str) -> Any:
        return lane.ask(method, "/fapi/v1/listenKey", headers=lane.key())[1]

    key = call("POST")["listenKey"]
    assert (call("POST")["listenKey"], call("PUT")["listenKey"]) == (key, key)
    assert call("DELETE") == {}
    assert call("PUT")["code"] == -1125
    assert call("POST")["listenKey"] != key


def test_no_answer_is_unknown_and_the_query_is_final(lane: LaneFamily) -> None:
    """The matcher is stopped while an order is under way: afterwards its client order id tells what became of it."""
    import os
    import signal

    lane.matcher.freeze()
    try:
        status, body = lane.order(newClientOrderId="unknown-1")
    finally:
        os.kill(lane.matcher.pid, signal.SIGCONT)
    assert (status, body["code"]) == (503, -1007)
    end = time.monotonic() + bar(1.0)
    found = lane.signed("GET", "/fapi/v1/order", symbol=lane.symbol, origClientOrderId="unknown-1")
    assert time.monotonic() < end
    assert found[1]["status"] == "NEW"
