"""Bad input at the lane: every kind has its own code, nothing is a 5xx, nothing shows a trace.

Method: a table of changes to a good order, one to a good signed request, and raw bytes on the socket.
"""

from __future__ import annotations

import hmac
import json
import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.lane_family import LaneFamily
from tests.support.pace import PATIENCE_S

PRIVATE = "/fapi/v1/order"


@pytest.fixture(scope="module")
def lane(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LaneFamily]:
    with LaneFamily(tmp_path_factory.mktemp("hostile")) as family:
        yield family


BAD_ORDERS: list[tuple[str, dict[str, Any], int]] = [
    ("unknown symbol", {"symbol": "NOPEUSDT"}, -1121),
    ("symbol in another script", {"symbol": "\uff22\uff34\uff23\uff35\uff33\uff24\uff34"}, -1121),
    ("no symbol", {"symbol": None}, -1102),
    ("empty symbol", {"symbol": ""}, -1102),
    ("wrong side", {"side": "UP"}, -1117),
    ("lower case side", {"side": "buy"}, -1117),
    ("wrong type", {"type": "ICEBERG"}, -1116),
    ("conditional type", {"type": "STOP_MARKET", "stopPrice": "1"}, -4120),
    ("no time in force", {"timeInForce": None}, -1102),
    ("wrong time in force", {"timeInForce": "GTX2"}, -1115),
    ("good till no time", {"timeInForce": "GTD"}, -1102),
    ("good till too soon", {"timeInForce": "GTD", "goodTillDate": "1577836807000"}, -5040),
    ("no quantity", {"quantity": None}, -1102),
    ("zero quantity", {"quantity": "0"}, -4003),
    ("negative quantity", {"quantity": "-1"}, -4003),
    ("quantity off the step", {"quantity": "1.0005"}, -1111),
    ("quantity below the least", {"quantity": "0.001"}, -4164),
    ("huge quantity", {"quantity": "99999999999999999999"}, -4005),
    ("quantity beyond any number", {"quantity": "1" * 400}, -1100),
    ("quantity 1e400", {"quantity": "1e400"}, -1100),
    ("quantity NaN", {"quantity": "NaN"}, -1100),
    ("quantity Infinity", {"quantity": "Infinity"}, -1100),
    ("quantity in unicode digits", {"quantity": "\u0661\u0662\u0663"}, -1100),
    ("quantity in full-width digits", {"quantity": "\uff11"}, -1100),
    ("quantity with a plus", {"quantity": "+1"}, -1100),
    ("quantity with spaces", {"quantity": " 1 "}, -1100),
    ("quantity with a line break", {"quantity": "1\n"}, -1100),
    ("quantity with underscores", {"quantity": "1_000"}, -1100),
    ("quantity in hex", {"quantity": "0x10"}, -1100),
    ("quantity with a comma", {"quantity": "1,5"}, -1100),
    ("no price", {"price": None}, -1102),
    ("zero price", {"price": "0"}, -4001),
    ("negative price", {"price": "-5"}, -4001),
    ("price off the tick", {"price": "97.123456789"}, -1111),
    ("price with thirty decimals", {"price": "97." + "3" * 30}, -1111),
    ("huge price", {"price": "9999999999999999999"}, -4002),
    ("price NaN", {"price": "NaN"}, -1100),
    ("price 1e400", {"price": "1e400"}, -1100),
    ("price far above the mark", {"price": "200.00"}, -4016),
    ("price far below the mark", {"side": "SELL", "price": "2.00"}, -4024),
    ("tiny notional", {"quantity": "0.010"}, -4164),
    ("price on a market order", {"type": "MARKET"}, -1106),
    ("hedge side in one-way mode", {"positionSide": "LONG"}, -4061),
    ("wrong position side", {"positionSide": "NORTH"}, -1130),
    ("wrong flag", {"reduceOnly": "maybe"}, -1130),
    ("reduce only while flat", {"reduceOnly": "TRUE"}, -2022),
    ("close position on a plain order", {"closePosition": "true"}, -4136),
    ("wrong answer type", {"newOrderRespType": "FULL"}, -1130),
    ("price match", {"priceMatch": "QUEUE"}, -1106),
    ("wrong self-trade mode", {"selfTradePreventionMode": "LATER"}, -1130),
    ("long client order id", {"newClientOrderId": "a" * 37}, -4015),
    ("client order id with a quote", {"newClientOrderId": "a'b"}, -4015),
    ("client order id in another script", {"newClientOrderId": "заказ"}, -4015),
    ("client order id with a zero byte", {"newClientOrderId": "a\0b"}, -4015),
    ("window too large", {"recvWindow": "60001"}, -1131),
    ("window no number", {"recvWindow": "soon"}, -1102),
    ("timestamp in unicode digits", {"timestamp": "\u0661\u0662\u0663\u0664"}, -1102),
    ("timestamp negative", {"timestamp": "-1"}, -1102),
    ("timestamp 1e400", {"timestamp": "1e400"}, -1102),
    ("timestamp enormous", {"timestamp": "9" * 400}, -1102),
    ("timestamp long ago", {"timestamp": "1000"}, -1021),
    ("timestamp far ahead", {"timestamp": str(time.time_ns() // 1_000_000 + 3_600_000)}, -1021),
]


@pytest.mark.parametrize(("name", "change", "code"), BAD_ORDERS, ids=[row[0] for row in BAD_ORDERS])
def test_a_bad_order_is_refused_with_its_own_code(
    lane: LaneFamily, name: str, change: dict[str, Any], code: int
) -> None:
    status, body = lane.order(**change)
    assert (status, body.get("code")) == (400, code), body
    assert set(body) == {"code", "msg"}


def test_nothing_of_it_was_stored(lane: LaneFamily) -> None:
    assert lane.signed("GET", "/fapi/v1/openOrders")[1] == []


def signed_raw(lane: LaneFamily, raw: str) -> str:
    secret = lane.accounts[0]["api_secret"].encode()
    return f"{raw}&signature={hmac.digest(secret, raw.encode(), 'sha256').hex()}"


def test_identity_and_signature_have_their_codes(lane: LaneFamily) -> None:
    now = time.time_ns() // 1_000_000
    good = lane.signed_query(0)
    for headers, query, expected in (
        ({}, good, (401, -2014)),
        ({"X-MBX-APIKEY": "garbled key!"}, good, (401, -2014)),
        ({"X-MBX-APIKEY": "x" * 64}, good, (401, -2015)),
        (lane.key(), f"timestamp={now}", (400, -1102)),
        (lane.key(), f"timestamp={now}&signature=", (400, -1102)),
        (lane.key(), f"timestamp={now}&signature=zz", (400, -1022)),
        (lane.key(), f"timestamp={now}&signature={'0' * 64}", (400, -1022)),
        (lane.key(), f"timestamp={now}&signature=%D9%A1{'0' * 63}", (400, -1022)),
        (lane.key(), good.replace("timestamp=", "timestamp=1"), (400, -1022)),
        (lane.key(1), good, (400, -1022)),
        (lane.key(), signed_raw(lane, "recvWindow=5000"), (400, -1102)),
    ):
        status, body, _ = lane.ask("GET", f"/fapi/v3/account?{query}", headers=headers)
        assert (status, body["code"]) == expected, (query, body)


def test_duplicate_and_broken_parameters_have_their_codes(lane: LaneFamily) -> None:
    for query, code in (
        (f"symbol={lane.symbol}&symbol=BTCUSDT", -1101),
        (f"symbol={lane.symbol}&%73ymbol=BTCUSDT", -1101),
        ("symbol", -1100),
        ("symbol=%FF%FE", -1100),
        ("&".join(f"p{n}=1" for n in range(200)), -1130),
        (f"symbol={lane.symbol}&limit=7", -4021),
        (f"symbol={lane.symbol}&limit=-5", -1100),
        (f"symbol={lane.symbol}&limit=%D9%A5", -1100),
        (f"symbol={lane.symbol}&limit=99999999999999999999", -1130),
        (f"symbol={lane.symbol}&limit=1e3", -1100),
    ):
        status, body, _ = lane.ask("GET", f"/fapi/v1/depth?{query}")
        assert (status, body["code"]) == ((413 if "p199" in query else 400), code), (query, body)


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/fapi/v1/klines?symbol={}&interval=7m", -1120),
        ("/fapi/v1/klines?symbol={}", -1102),
        ("/fapi/v1/klines?symbol={}&interval=1m&startTime=5&endTime=4", -1130),
        ("/fapi/v1/klines?symbol={}&interval=1m&limit=0", -1130),
        ("/fapi/v1/continuousKlines?pair={}&contractType=NEXT_QUARTER&interval=1m", -1130),
        ("/fapi/v1/trades?symbol={}&limit=x", -1100),
        ("/fapi/v1/aggTrades?symbol={}&fromId=-1", -1100),
        ("/fapi/v1/premiumIndex?symbol=NOPE", -1121),
        ("/fapi/v1/ticker/24hr?symbol=..%2F..", -1121),
        ("/fapi/v1/nothing", -5000),
        ("/fapi/", -5000),
        ("/fapi/v9/order", -5000),
        ("/futures/data/basis", -1102),
    ],
)
def test_market_reads_refuse_nonsense(lane: LaneFamily, path: str, code: int) -> None:
    status, body = lane.get(path.format(lane.symbol))
    assert (status, body["code"]) == (404 if code == -5000 else 400, code)


def test_the_ends_of_time_are_no_errors(lane: LaneFamily) -> None:
    """Bounds far outside of every calendar answer with nothing, or with what there is."""
    huge = 2**62 - 1
    for query in (f"startTime={huge}", f"endTime={huge}", "startTime=0", "endTime=0", f"startTime=0&endTime={huge}"):
        for interval in ("1m", "1d", "1w", "1M"):
            status, body = lane.get(f"/fapi/v1/klines?symbol={lane.symbol}&interval={interval}&{query}")
            assert status == 200, (query, interval, body)
        for path in ("markPriceKlines", "premiumIndexKlines"):
            assert lane.get(f"/fapi/v1/{path}?symbol={lane.symbol}&interval=1M&{query}")[0] == 200
        assert lane.get(f"/fapi/v1/aggTrades?symbol={lane.symbol}&{query}")[0] == 200
    for path in ("allOrders", "userTrades", "income"):
        for window in ({"startTime": huge}, {"endTime": huge}, {"startTime": 0, "endTime": 0}):
            status, body = lane.signed("GET", f"/fapi/v1/{path}", symbol=lane.symbol, **window)
            assert status == 200, (path, window, body)
    assert lane.signed("GET", "/fapi/v1/userTrades", symbol=lane.symbol, fromId=huge)[0] == 200
    assert lane.signed("GET", PRIVATE, symbol=lane.symbol, orderId=huge)[1]["code"] == -2013
    assert lane.signed("GET", "/fapi/v1/income", page=huge, limit=1000)[0] in {200, 400}


BODIES = [
    b"\x00\xff\xfe garbage",
    b"{",
    b"[" * 60_000,
    b'{"symbol":' * 5_000,
    b"<xml/>",
    b"null",
    b"=&=&=",
    b"%zz=%zz",
    b"a" * 60_000,
]


@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
@pytest.mark.parametrize("content", ["application/json", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_garbage_bodies_are_refused(lane: LaneFamily, body: bytes, content: str) -> None:
    headers = lane.key() | {"Content-Type": content}
    for method in ("POST", "PUT", "DELETE"):
        status, answer, _ = lane.ask(method, PRIVATE, body=body, headers=headers)
        assert 400 <= status < 500, answer
        assert set(answer) == {"code", "msg"}


def test_a_body_too_large_is_refused(lane: LaneFamily) -> None:
    status, answer, _ = lane.ask("POST", PRIVATE, body=b"a=" + b"b" * 70_000, headers=lane.key())
    assert (status, answer["code"]) == (413, -1130)


def test_batches_of_nonsense_are_refused(lane: LaneFamily) -> None:
    for text, code in (
        ("", -1102),
        ("[", -1130),
        ("{}", -1130),
        ("[]", -4082),
        ("[1]", -1130),
        ("[NaN]", -1130),
        ('[{"symbol":"A","symbol":"B"}]', -1101),
        ('[{"symbol":["A"]}]', -1130),
        ("[" * 3_000, -1130),
    ):
        status, body = lane.signed("POST", "/fapi/v1/batchOrders", batchOrders=text)
        assert (status, body["code"]) == (400, code), text
    one = json.dumps([{"symbol": "\ud800", "side": "BUY", "type": "LIMIT"}])
    assert lane.signed("POST", "/fapi/v1/batchOrders", batchOrders=one)[1][0]["code"] == -1121


def test_the_native_surface_refuses_in_its_own_words(lane: LaneFamily) -> None:
    headers = {"Content-Type": "application/json"}
    login = {"email": lane.accounts[2]["email"], "password": lane.accounts[2]["password"]}
    tokens = lane.ask("POST", "/api/v1/auth/login", body=json.dumps(login).encode(), headers=headers)[1]
    bearer = headers | {"Authorization": f"Bearer {tokens['access']}"}
    good = {"symbol": lane.symbol, "side": "buy", "order_type": "limit", "quantity": "1.000", "price": "98.00"}
    for body, status, code in (
        (b"", 400, "MALFORMED_BODY"),
        (b"[]", 400, "INVALID_BODY"),
        (b"\xff\xfe", 400, "MALFORMED_BODY"),
        (b"[" * 60_000, 400, "MALFORMED_BODY"),
        (b'{"symbol": NaN}', 400, "MALFORMED_BODY"),
        (json.dumps(good)[:-1].encode() + b', "price": "99.00"}', 400, "DUPLICATE_PARAMETER"),
        (json.dumps(good | {"quantity": 1}).encode(), 400, "INVALID_BODY"),
        (json.dumps(good | {"extra": 1}).encode(), 400, "INVALID_BODY"),
        (json.dumps(good | {"quantity": "1e400"}).encode(), 400, "MALFORMED_PARAMETER"),
        (json.dumps(good | {"quantity": "\u0661"}).encode(), 400, "MALFORMED_PARAMETER"),
        (json.dumps(good | {"quantity": "-1"}).encode(), 400, "QUANTITY_NOT_POSITIVE"),
        (json.dumps(good | {"price": "98.001"}).encode(), 400, "PRICE_OFF_GRID"),
        (json.dumps(good | {"symbol": "NOPE"}).encode(), 404, "UNKNOWN_INSTRUMENT"),
        (json.dumps(good | {"symbol": "\ud800"}).encode(), 400, "MALFORMED_BODY"),
        (json.dumps(good | {"client_order_id": "ü"}).encode(), 400, "INVALID_CLIENT_ORDER_ID"),
        (json.dumps(good | {"price": "120.00"}).encode(), 400, "PRICE_ABOVE_BAND"),
    ):
        found = lane.ask("POST", "/api/v1/orders", body=body, headers=bearer)
        assert (found[0], found[1]["code"]) == (status, code), (body[:80], found[1])
        assert set(found[1]) == {"code", "message", "details"}
    for path in ("/api/v1/orders/abc", "/api/v1/orders/0", f"/api/v1/orders/{2**70}", "/api/v1/orders/client:%00"):
        found = lane.ask("GET", f"{path}?symbol={lane.symbol}", headers=bearer)
        assert (found[0], found[1]["code"]) == (404, "UNKNOWN_ORDER")
    for leverage, status in ((0, 400), (-1, 400), (200, 400), (10**30, 403)):  # the last is above any level of KYC
        body = json.dumps({"symbol": lane.symbol, "leverage": leverage}).encode()
        found = lane.ask("POST", "/api/v1/leverage", body=body, headers=bearer)
        assert found[0] == status, found[1]
    for token in ("", "Bearer", "Bearer x", "Bearer " + "a" * 5000, "Basic abc", "Bearer ééééééééééééééééééééééé"):
        found = lane.ask("GET", "/api/v1/account", headers={"Authorization": token.encode().decode("latin-1")})
        assert (found[0], found[1]["code"]) == (401, "NOT_AUTHENTICATED")
    assert lane.ask("PATCH", "/api/v1/orders", headers=bearer)[0] == 405


def test_raw_bytes_on_the_socket_do_no_harm(lane: LaneFamily) -> None:
    """Broken HTTP is answered with 4xx or a closed connection; the gateway lives on."""
    for raw in (
        b"\x00\x01\x02\r\n\r\n",
        b"GET /fapi/v1/ping HTTP/9.9\r\n\r\n",
        b"GET /fapi/v1/depth?symbol=\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n",
        b"POST /fapi/v1/order HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"POST /fapi/v1/order HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n",
        b"POST /fapi/v1/order HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"GET /fapi/v1/ping HTTP/1.1\r\n" + b"X: " + b"a" * 200_000 + b"\r\n\r\n",
        b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /fapi/v1/depth?symbol=" + b"a" * 20_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    ):
        with socket.create_connection(("127.0.0.1", lane.port), timeout=PATIENCE_S) as link:
            link.sendall(raw)
            link.settimeout(3)
            try:
                head = link.recv(65_536)
            except (TimeoutError, ConnectionError):
                head = b""
        assert b"Traceback" not in head
        assert not head.startswith(b"HTTP/1.1 5"), head[:200]
    assert lane.get("/fapi/v1/ping") == (200, {})


def test_the_log_holds_no_secret(lane: LaneFamily) -> None:
    lane.order(newClientOrderId="logged")
    give_up = time.monotonic() + PATIENCE_S
    while '"path":"/fapi/v1/order"' not in (log := (lane.folder / "out.log").read_text()):
        assert time.monotonic() < give_up, log[-2000:]
    for account in lane.accounts:
        assert account["api_secret"] not in log
        assert account["api_key"] not in log
    assert "signature" not in log
    assert "request_failed" not in log
