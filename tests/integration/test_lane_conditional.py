"""Version 2 through the real ASGI application: conditional orders, modes, isolated margin, the dead man's switch."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest

from apps.bridge.sync import MatcherClient
from matcher.protocol.commands import SetMarkPrice
from matcher.protocol.views import InstrumentView, Query, QueryKind
from tests.support.lane_family import LaneFamily
from tests.support.pace import PATIENCE_S

ALGO = "/fapi/v1/algoOrder"


@pytest.fixture(scope="module")
def lane(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LaneFamily]:
    with LaneFamily(tmp_path_factory.mktemp("lane")) as family:
        yield family


@pytest.fixture(autouse=True)
def clean_slate(lane: LaneFamily) -> Iterator[None]:
    """Every test begins without open orders and at the mark of 10,000 ticks."""
    yield
    for account in (0, 1):
        for path in ("/fapi/v1/allOpenOrders", "/fapi/v1/algoOpenOrders"):
            lane.signed("DELETE", path, account, symbol=lane.symbol)
    mark(lane, 10_000)


def mark(lane: LaneFamily, ticks: int) -> None:
    """Move the mark of the quiet instrument."""
    client = MatcherClient(lane.matcher.url, "test marks")
    client.start()
    instrument = lane_instrument(lane, client)
    client.send(SetMarkPrice(instrument=instrument, mark_ticks=ticks, index_ticks=ticks))
    client.close()
    lane.wait_mark(ticks)


def lane_instrument(lane: LaneFamily, client: MatcherClient) -> int:
    """The engine's number of the quiet symbol: the one whose tick and bands its public terms show."""
    _, views, _ = client.query(Query(kind=QueryKind.INSTRUMENTS))
    symbols = [one["symbol"] for one in lane.get("/fapi/v1/exchangeInfo")[1]["symbols"]]
    numbers = sorted(view.instrument for view in views if isinstance(view, InstrumentView))
    return numbers[symbols.index(lane.symbol)]


def algo(lane: LaneFamily, account: int = 0, **changes: Any) -> tuple[int, Any]:
    """POST a sell stop 2 % under the mark; None leaves a parameter out."""
    params = {
        "algoType": "CONDITIONAL",
        "symbol": lane.symbol,
        "side": "SELL",
        "type": "STOP_MARKET",
        "quantity": lane.quantity,
        "triggerPrice": lane.price(9_800),
        "workingType": "MARK_PRICE",
    } | changes
    return lane.signed("POST", ALGO, account, **{name: value for name, value in params.items() if value is not None})


def trade(lane: LaneFamily, buyer: int, seller: int, quantity: str = "1.000", **sides: str) -> None:
    """A match at the mark; `buy` and `sell` name legs."""
    resting = {"positionSide": sides["sell"]} if "sell" in sides else {}
    taking = {"positionSide": sides["buy"]} if "buy" in sides else {}
    price = lane.price(10_000)
    assert lane.order(seller, side="SELL", price=price, quantity=quantity, **resting)[0] == 200
    status, taken = lane.order(buyer, side="BUY", price=price, quantity=quantity, **taking)
    assert (status, taken["status"]) == (200, "FILLED"), taken


def test_a_waiting_order_is_seen_where_it_belongs(lane: LaneFamily) -> None:
    status, placed = algo(lane, clientAlgoId="stop-1")
    assert status == 200, placed
    assert (placed["algoStatus"], placed["orderType"], placed["triggerPrice"], placed["actualOrderId"]) == (
        "NEW",
        "STOP_MARKET",
        lane.price(9_800),
        "",
    )
    assert (placed["activatePrice"], placed["callbackRate"]) == (None, None)
    algo_id = placed["algoId"]
    assert [one["algoId"] for one in lane.signed("GET", "/fapi/v1/openAlgoOrders")[1]] == [algo_id]
    assert lane.signed("GET", "/fapi/v1/openOrders", symbol=lane.symbol)[1] == []
    assert lane.signed("GET", "/fapi/v1/order", symbol=lane.symbol, orderId=algo_id)[1]["code"] == -2013
    for name in ({"algoId": algo_id}, {"clientAlgoId": "stop-1"}):
        assert lane.signed("GET", ALGO, **name)[1]["algoId"] == algo_id
    assert lane.order(newClientOrderId="plain")[0] == 200
    assert lane.signed("DELETE", "/fapi/v1/allOpenOrders", symbol=lane.symbol)[1]["code"] == 200
    assert [one["algoId"] for one in lane.signed("GET", "/fapi/v1/openAlgoOrders")[1]] == [algo_id]
    listed = [one["symbol"] for one in lane.get("/fapi/v1/exchangeInfo")[1]["symbols"]]
    other = next(symbol for symbol in listed if symbol != lane.symbol)
    assert lane.signed("GET", ALGO, algoId=algo_id, symbol=other)[1]["code"] == -2013
    assert lane.signed("DELETE", ALGO, algoId=algo_id, symbol=other)[1]["code"] == -2011
    assert lane.signed("DELETE", ALGO, algoId=algo_id, symbol=lane.symbol)[1] == {
        "algoId": algo_id,
        "clientAlgoId": "stop-1",
        "code": "200",
        "msg": "success",
    }
    assert lane.signed("DELETE", ALGO, algoId=algo_id) == (400, {"code": -2011, "msg": "Unknown order sent."})
    assert lane.signed("GET", ALGO, algoId=algo_id)[1]["algoStatus"] == "CANCELED"
    assert algo_id not in [one["orderId"] for one in lane.signed("GET", "/fapi/v1/allOrders", symbol=lane.symbol)[1]]
    every = lane.signed("GET", "/fapi/v1/allAlgoOrders", symbol=lane.symbol)[1]
    assert every[-1]["algoId"] == algo_id


def test_a_stop_fires_and_is_an_order_from_then_on(lane: LaneFamily) -> None:
    trade(lane, 0, 1)
    placed = algo(lane, clientAlgoId="stop-2", reduceOnly="true")[1]
    assert lane.order(1, side="BUY", price=lane.price(9_750), quantity="1.000")[0] == 200
    mark(lane, 9_790)
    found = lane.signed("GET", ALGO, clientAlgoId="stop-2")[1]
    assert (found["algoStatus"], found["actualOrderId"], found["actualPrice"]) == (
        "FINISHED",
        str(placed["algoId"]),
        lane.price(9_750),
    )
    order = lane.signed("GET", "/fapi/v1/order", symbol=lane.symbol, orderId=found["actualOrderId"])[1]
    assert (order["status"], order["clientOrderId"], order["type"], order["origType"], order["stopPrice"]) == (
        "FILLED",
        "stop-2",
        "MARKET",
        "STOP_MARKET",
        lane.price(9_800),
    )


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"algoType": None}, -1102),
        ({"type": "LIMIT"}, -1116),
        ({"triggerPrice": None}, -1102),
        ({"triggerPrice": "0"}, -4006),
        ({"quantity": None}, -1102),
        ({"closePosition": "true"}, -4137),
        ({"type": "TRAILING_STOP_MARKET", "triggerPrice": None, "callbackRate": "0.05"}, -2007),
        ({"type": "TRAILING_STOP_MARKET", "callbackRate": "1"}, -1106),
        ({"type": "STOP"}, -1102),
        ({"positionSide": "LONG"}, -4061),
        ({"timeInForce": "GTD"}, -1102),
        ({"timeInForce": "GTD", "goodTillDate": "1577836807000"}, -5040),
        ({"quantity": None, "closePosition": "true"}, -2022),
    ],
)
def test_what_cannot_wait_is_refused(lane: LaneFamily, changes: dict[str, Any], code: int) -> None:
    status, refused = algo(lane, **changes)
    assert (status, refused["code"]) == (400, code), refused


def test_a_price_already_passed_and_the_old_address(lane: LaneFamily) -> None:
    assert algo(lane, triggerPrice=lane.price(10_100))[1] == {"code": -2021, "msg": "Order would immediately trigger."}
    status, refused = lane.order(type="STOP_MARKET", price=None, timeInForce=None, stopPrice=lane.price(9_800))
    assert (status, refused["code"]) == (400, -4120)
    assert algo(lane, clientAlgoId="twice")[0] == 200
    assert algo(lane, clientAlgoId="twice")[1]["code"] == -4116


def test_good_till_on_a_plain_order(lane: LaneFamily) -> None:
    until = time.time_ns() // 1_000_000 + 700_000
    status, placed = lane.order(timeInForce="GTD", goodTillDate=until)
    assert (status, placed["timeInForce"], placed["goodTillDate"]) == (200, "GTD", until)


def test_the_dead_mans_switch(lane: LaneFamily) -> None:
    for asked_ms, told_ms in ((10**15, 10**9), (0, 0)):
        answer = lane.signed("POST", "/fapi/v1/countdownCancelAll", symbol=lane.symbol, countdownTime=asked_ms)[1]
        assert answer["countdownTime"] == str(told_ms)
    placed = lane.order()[1]
    answer = lane.signed("POST", "/fapi/v1/countdownCancelAll", symbol=lane.symbol, countdownTime=200)
    assert answer == (200, {"symbol": lane.symbol, "countdownTime": "200"})
    end = time.monotonic() + PATIENCE_S
    while lane.signed("GET", "/fapi/v1/order", symbol=lane.symbol, orderId=placed["orderId"])[1]["status"] == "NEW":
        assert time.monotonic() < end
        time.sleep(0.2)
        lane.order(1, side="SELL", price=lane.price(10_200))  # engine time passes with commands
    found = lane.signed("GET", "/fapi/v1/order", symbol=lane.symbol, orderId=placed["orderId"])[1]
    assert found["status"] == "CANCELED"


def test_isolated_margin(lane: LaneFamily) -> None:
    symbol, flat = lane.symbol, flatten(lane)
    assert flat
    path = "/fapi/v1/marginType"
    assert lane.signed("POST", path, symbol=symbol, marginType="ISOLATED") == (200, {"code": 200, "msg": "success"})
    assert lane.signed("POST", path, symbol=symbol, marginType="ISOLATED")[1] == {
        "code": -4046,
        "msg": "No need to change margin type.",
    }
    assert lane.signed("GET", "/fapi/v1/symbolConfig", symbol=symbol)[1][0]["marginType"] == "ISOLATED"
    margin = "/fapi/v1/positionMargin"
    assert lane.signed("POST", margin, symbol=symbol, amount="1", type=1)[1]["code"] == -4054
    trade(lane, 0, 1)
    before = lane.signed("GET", "/fapi/v3/positionRisk", symbol=symbol)[1][0]
    assert float(before["isolatedWallet"]) > 0
    added = lane.signed("POST", margin, symbol=symbol, amount="25", type=1)[1]
    assert (added["code"], added["amount"], added["type"]) == (200, 25.0, 1)
    assert lane.signed("POST", margin, symbol=symbol, amount="10", type=2)[1]["code"] == 200
    after = lane.signed("GET", "/fapi/v3/positionRisk", symbol=symbol)[1][0]
    assert float(after["isolatedWallet"]) - float(before["isolatedWallet"]) == pytest.approx(15)
    assert float(after["liquidationPrice"]) <= float(before["liquidationPrice"])
    wallet = lane.signed("GET", "/fapi/v3/account")[1]["assets"][0]
    held = float(wallet["walletBalance"]) - float(wallet["crossWalletBalance"])
    assert held == pytest.approx(float(after["isolatedWallet"]))
    second = lane.signed("GET", "/fapi/v2/positionRisk", symbol=symbol)[1][0]
    assert (second["marginType"], second["isolatedWallet"]) == ("isolated", after["isolatedWallet"])
    changes = lane.signed("GET", f"{margin}/history", symbol=symbol)[1]
    assert [(one["type"], one["amount"]) for one in changes[-2:]] == [(1, "25.00000000"), (2, "10.00000000")]
    assert lane.signed("POST", path, symbol=symbol, marginType="CROSSED")[1]["code"] == -4048
    assert lane.signed("GET", "/fapi/v1/adlQuantile", symbol=symbol)[1][0]["adlQuantile"]["BOTH"] == 4
    flatten(lane)
    assert lane.order()[0] == 200
    assert lane.signed("POST", path, symbol=symbol, marginType="CROSSED")[1]["code"] == -4047
    lane.signed("DELETE", "/fapi/v1/allOpenOrders", symbol=symbol)
    assert lane.signed("POST", path, symbol=symbol, marginType="CROSSED")[0] == 200
    trade(lane, 0, 1)
    assert lane.signed("POST", margin, symbol=symbol, amount="1", type=1)[1]["code"] == -4049
    flatten(lane)


def test_hedge_mode(lane: LaneFamily) -> None:
    flatten(lane)
    dual = "/fapi/v1/positionSide/dual"
    assert lane.signed("POST", dual, dualSidePosition="false")[1]["code"] == -4059
    assert lane.order()[0] == 200
    assert lane.signed("POST", dual, dualSidePosition="true")[1]["code"] == -4067
    lane.signed("DELETE", "/fapi/v1/allOpenOrders", symbol=lane.symbol)
    assert lane.signed("POST", dual, dualSidePosition="True")[0] == 200
    assert lane.signed("GET", dual)[1] == {"dualSidePosition": True}
    assert lane.order()[1]["code"] == -4061, "in hedge mode every order names its leg"
    trade(lane, 0, 1, "2.000", buy="LONG")
    trade(lane, 1, 0, "1.000", sell="SHORT")
    rows = lane.signed("GET", "/fapi/v3/positionRisk", symbol=lane.symbol)[1]
    assert [(row["positionSide"], row["positionAmt"]) for row in rows] == [("LONG", "2.000"), ("SHORT", "-1.000")]
    second = lane.signed("GET", "/fapi/v2/positionRisk", symbol=lane.symbol)[1]
    assert [row["positionSide"] for row in second] == ["LONG", "SHORT"]
    assert lane.signed("POST", dual, dualSidePosition="false")[1]["code"] == -4068
    fills = lane.signed("GET", "/fapi/v1/userTrades", symbol=lane.symbol)[1]
    assert [fill["positionSide"] for fill in fills[-2:]] == ["LONG", "SHORT"]
    trade(lane, 1, 0, "2.000", sell="LONG")
    trade(lane, 0, 1, "1.000", buy="SHORT")
    assert lane.signed("POST", dual, dualSidePosition="false")[0] == 200


def test_asset_mode(lane: LaneFamily) -> None:
    flatten(lane)
    path = "/fapi/v1/multiAssetsMargin"
    assert lane.signed("POST", path, multiAssetsMargin="false")[1]["code"] == -4171
    assert lane.signed("POST", path, multiAssetsMargin="true")[0] == 200
    assert lane.signed("GET", path)[1] == {"multiAssetsMargin": True}
    assert lane.signed("POST", "/fapi/v1/marginType", symbol=lane.symbol, marginType="ISOLATED")[1]["code"] == -4168
    totals = lane.signed("GET", "/fapi/v2/account")[1]
    assert totals["multiAssetsMargin"] is True
    assert lane.signed("POST", path, multiAssetsMargin="false")[0] == 200


def flatten(lane: LaneFamily) -> bool:
    """Close what the first account holds in one-way mode against the second."""
    for path in ("/fapi/v1/allOpenOrders", "/fapi/v1/algoOpenOrders"):
        for account in (0, 1):
            lane.signed("DELETE", path, account, symbol=lane.symbol)
    rows = lane.signed("GET", "/fapi/v3/positionRisk", symbol=lane.symbol)[1]
    amount = float(rows[0]["positionAmt"]) if rows else 0.0
    if amount > 0:
        trade(lane, 1, 0, f"{amount:.3f}")
    elif amount < 0:
        trade(lane, 0, 1, f"{-amount:.3f}")
    return True
