"""What else clients of the compatible surface ask for: book-matched prices, amendments, periods, small account questions."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest

from tests.support.lane_family import LaneFamily
from tests.support.pace import PATIENCE_S


@pytest.fixture(scope="module")
def lane(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LaneFamily]:
    with LaneFamily(tmp_path_factory.mktemp("lane")) as family:
        yield family


@pytest.fixture(autouse=True)
def clean_slate(lane: LaneFamily) -> Iterator[None]:
    yield
    for account in (0, 1):
        for path in ("/fapi/v1/allOpenOrders", "/fapi/v1/algoOpenOrders"):
            lane.signed("DELETE", path, account, symbol=lane.symbol)


def until(ask: Callable[[], Any], wanted: Callable[[Any], bool]) -> Any:
    """The first answer that is as wanted: feeds and rows follow the engine."""
    end = time.monotonic() + PATIENCE_S
    while True:
        found = ask()
        if wanted(found):
            return found
        assert time.monotonic() < end, found
        time.sleep(0.02)


def depth(lane: LaneFamily) -> Any:
    return lane.get(f"/fapi/v1/depth?symbol={lane.symbol}&limit=5")[1]


def test_a_price_is_matched_in_the_book(lane: LaneFamily) -> None:
    for ticks in (9_900, 9_890, 9_880, 9_870, 9_860):
        assert lane.order(1, price=lane.price(ticks))[0] == 200
    assert lane.order(1, side="SELL", price=lane.price(10_100))[0] == 200
    until(lambda: depth(lane), lambda book: len(book["bids"]) == 5 and len(book["asks"]) == 1)
    status, queued = lane.order(0, price=None, priceMatch="QUEUE")
    assert (status, queued["price"], queued["priceMatch"]) == (200, lane.price(9_900), "QUEUE")
    status, deep = lane.order(0, price=None, priceMatch="QUEUE_5", timeInForce="GTX")
    assert (status, deep["price"]) == (200, lane.price(9_860))
    amended = {"orderId": deep["orderId"], "symbol": lane.symbol, "side": "BUY", "quantity": "1.000"}
    status, moved = lane.signed("PUT", "/fapi/v1/order", **amended, priceMatch="QUEUE")
    assert (status, moved["price"], moved["priceMatch"]) == (200, lane.price(9_900), "QUEUE")
    status, filled = lane.order(0, price=None, priceMatch="OPPONENT")
    assert (status, filled["status"], filled["avgPrice"]) == (200, "FILLED", lane.price(10_100))
    for changes, code in (
        ({"priceMatch": "OPPONENT_20"}, -5041),
        ({"priceMatch": "BEST"}, -5037),
        ({"priceMatch": "QUEUE", "price": lane.price(9_900)}, -1106),
        ({"priceMatch": "QUEUE", "type": "MARKET", "timeInForce": None}, -5038),
    ):
        status, refused = lane.order(0, **({"price": None} | changes))
        assert (status, refused["code"]) == (400, code), changes


def test_a_conditional_order_is_not_canceled_by_the_plain_address(lane: LaneFamily) -> None:
    plain = lane.order(0)[1]["orderId"]
    assert lane.signed("DELETE", "/fapi/v1/order", symbol=lane.symbol, orderId=plain)[1]["status"] == "CANCELED"
    placed = lane.signed(
        "POST",
        "/fapi/v1/algoOrder",
        algoType="CONDITIONAL",
        symbol=lane.symbol,
        side="SELL",
        type="STOP_MARKET",
        quantity="1.000",
        triggerPrice=lane.price(9_700),
        clientAlgoId="stays",
        workingType="MARK_PRICE",
    )[1]
    for name in ({"orderId": placed["algoId"]}, {"origClientOrderId": "stays"}):
        status, refused = lane.signed("DELETE", "/fapi/v1/order", symbol=lane.symbol, **name)
        assert (status, refused) == (400, {"code": -2011, "msg": "Unknown order sent."})
    batch = lane.signed("DELETE", "/fapi/v1/batchOrders", symbol=lane.symbol, orderIdList=f"[{placed['algoId']}]")[1]
    assert batch == [{"code": -2011, "msg": "Unknown order sent."}]
    lane.gateway.terminate()
    lane.gateway.wait(PATIENCE_S)
    lane.start_gateway()
    status, refused = lane.signed("DELETE", "/fapi/v1/order", symbol=lane.symbol, orderId=placed["algoId"])
    assert (status, refused["code"]) == (400, -2011)
    plain = lane.order(0)[1]["orderId"]
    assert lane.signed("DELETE", "/fapi/v1/order", symbol=lane.symbol, orderId=plain)[1]["status"] == "CANCELED"
    assert lane.signed("GET", "/fapi/v1/algoOrder", algoId=placed["algoId"])[1]["algoStatus"] == "NEW"


def test_amendments_are_remembered_with_what_they_changed(lane: LaneFamily) -> None:
    order = lane.order(0, newClientOrderId="grows", quantity="2.000")[1]
    for price, quantity in ((9_810, "2.000"), (9_810, "1.000")):
        changes = {"orderId": order["orderId"], "symbol": lane.symbol, "side": "BUY"}
        assert lane.signed("PUT", "/fapi/v1/order", **changes, price=lane.price(price), quantity=quantity)[0] == 200
    status, rows = lane.signed("GET", "/fapi/v1/orderAmendment", symbol=lane.symbol, origClientOrderId="grows")
    assert status == 200
    assert [(row["clientOrderId"], row["amendment"]["count"], row["amendment"]) for row in rows] == [
        ("grows", n, {"price": {"before": b, "after": a}, "origQty": {"before": before, "after": after}, "count": n})
        for n, b, a, before, after in (
            (2, lane.price(9_810), lane.price(9_810), "2.000", "1.000"),
            (1, lane.price(9_800), lane.price(9_810), "2.000", "2.000"),
        )
    ]
    assert lane.signed("GET", "/fapi/v1/orderAmendment", symbol=lane.symbol, orderId=order["orderId"])[1] == rows
    assert lane.signed("GET", "/fapi/v1/orderAmendment", symbol=lane.symbol, orderId=1)[1] == []


def test_small_questions_of_an_account(lane: LaneFamily) -> None:
    def get(path: str, **params: Any) -> Any:
        status, found = lane.signed("GET", f"/fapi/v1/{path}", **params)
        assert status == 200, found
        return found

    assert get("apiTradingStatus")["indicators"] == {}
    assert [row["rateLimitType"] for row in get("rateLimit/order")] == ["ORDERS", "ORDERS"]
    assert get("feeBurn") == {"feeBurn": False}
    assert lane.signed("POST", "/fapi/v1/feeBurn", feeBurn="false")[1] == {"code": 200, "msg": "success"}
    assert lane.signed("POST", "/fapi/v1/feeBurn", feeBurn="true")[1]["code"] == -1130
    assert lane.signed("POST", "/fapi/v1/feeBurn")[1]["code"] == -1102
    assert Decimal(get("pmAccountInfo", asset="USDT")["maxWithdrawAmount"]) > 0
    assert get("pmAccountInfo", asset="NONE")["maxWithdrawAmount"] == "0.00000000"
    for path in ("account", "balance", "positionRisk"):
        assert get(path)


def test_small_questions_of_the_market(lane: LaneFamily) -> None:
    symbol = lane.symbol

    def get(path: str) -> Any:
        status, found = lane.get(path)
        assert status == 200, found
        return found

    assert get(f"/fapi/v1/rpiDepth?symbol={symbol}&limit=1000").keys() == depth(lane).keys()
    assert lane.get(f"/fapi/v1/rpiDepth?symbol={symbol}&limit=5")[1]["code"] == -4021
    assert get(f"/fapi/v1/constituents?symbol={symbol}")["symbol"] == symbol
    assert isinstance(get("/fapi/v1/assetIndex"), list)
    assert lane.get("/fapi/v1/assetIndex?symbol=NONEUSD")[1]["code"] == -1121
    assert get("/fapi/v1/indexInfo") == []
    assert symbol in get(f"/fapi/v1/insuranceBalance?symbol={symbol}")["symbols"]
    assert [row["assets"][0]["asset"] for row in get("/fapi/v1/insuranceBalance")] == ["USDT"]
    assert get(f"/fapi/v1/symbolAdlRisk?symbol={symbol}")["adlRisk"] in {"low", "medium", "high"}
    assert {row["symbol"] for row in get("/fapi/v1/symbolAdlRisk")} >= {symbol}
    assert get("/fapi/v1/tradingSchedule")["marketSchedules"] == {}


def test_periods(lane: LaneFamily) -> None:
    symbol, price = lane.symbol, lane.price(10_000)
    assert lane.order(1, side="SELL", price=price)[0] == 200
    assert lane.order(0, price=price)[1]["status"] == "FILLED"
    taker = f"/futures/data/takerlongshortRatio?symbol={symbol}&period=5m"
    last = until(lambda: lane.get(taker)[1], lambda rows: bool(rows) and rows[-1]["buyVol"] != "0.000")[-1]
    assert (Decimal(last["buyVol"]) >= 1, last["timestamp"] % 300_000) == (True, 0)
    for name in (
        "openInterestHist",
        "globalLongShortAccountRatio",
        "topLongShortAccountRatio",
        "topLongShortPositionRatio",
    ):
        assert lane.get(f"/futures/data/{name}?symbol={symbol}&period=1h") == (200, [])
        for query, code in (("", -1102), (f"symbol={symbol}&period=3m", -1130), ("symbol=NONE&period=5m", -1121)):
            assert lane.ask("GET", f"/futures/data/{name}?{query}")[1]["code"] == code
    basis = lane.get(f"/futures/data/basis?pair={symbol}&contractType=PERPETUAL&period=5m")[1]
    assert basis[-1]["basis"] == lane.price(0)
    assert lane.get(f"/futures/data/basis?pair={symbol}&contractType=CURRENT_QUARTER&period=5m")[1]["code"] == -1130
    assert lane.get(f"/futures/data/delivery-price?pair={symbol}") == (200, [])
