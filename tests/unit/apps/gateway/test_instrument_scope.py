"""A key of some instruments trades nothing else, however the other symbol is hidden."""

from __future__ import annotations

from typing import Any

import pytest

from apps.common.lane import Caller, LaneError, LaneRequest, Route, Security, answer
from apps.gateway.instrument_scope import refuse_foreign_instruments

CALLER = Caller(1, 2, "k", frozenset(("trade",)), frozenset(("BTCUSDT", "ETHUSDT")))


async def handler(_: LaneRequest) -> Any:
    return answer({})


TRADE, READ = Route(handler, 1, Security.SIGNED, permission="trade"), Route(handler, 1, Security.SIGNED)


def check(path: str, params: dict[str, str], body: bytes = b"", route: Route = TRADE, method: str = "POST") -> None:
    refuse_foreign_instruments(CALLER, route, LaneRequest(method, path, params, 0, body))


@pytest.mark.parametrize(
    ("path", "params", "body"),
    [
        ("/fapi/v1/order", {"symbol": "BTCUSDT"}, b""),
        ("/fapi/v1/order", {"symbol": "btcusdt"}, b""),
        ("/fapi/v1/batchOrders", {"batchOrders": '[{"symbol":"BTCUSDT"},{"symbol":"ETHUSDT"}]'}, b""),
        ("/api/v1/orders", {}, b'{"symbol":"BTCUSDT"}'),
        ("/api/v1/order-batches", {}, b'{"orders":[{"symbol":"ETHUSDT"}]}'),
    ],
)
def test_its_own_instruments(path: str, params: dict[str, str], body: bytes) -> None:
    check(path, params, body)


@pytest.mark.parametrize(
    ("path", "params", "body"),
    [
        ("/fapi/v1/order", {"symbol": "SOLUSDT"}, b""),
        ("/fapi/v1/allOpenOrders", {}, b""),
        ("/fapi/v1/batchOrders", {"symbol": "BTCUSDT", "batchOrders": '[{"symbol":"SOLUSDT"}]'}, b""),
        ("/fapi/v1/batchOrders", {"symbol": "BTCUSDT", "batchOrders": '[{"symbol":"SOLUSDT","price":1e999}]'}, b""),
        ("/fapi/v1/batchOrders", {"symbol": "BTCUSDT", "batchOrders": "[[]]"}, b""),
        ("/api/v1/orders", {"symbol": "BTCUSDT"}, b'{"symbol":"SOLUSDT"}'),
        ("/api/v1/orders", {"symbol": "BTCUSDT"}, b"{"),
        ("/api/v1/orders", {"symbol": "BTCUSDT"}, b"[]"),
        ("/api/v1/order-batches", {"symbol": "BTCUSDT"}, b'{"orders":[{"symbol":"SOLUSDT"}]}'),
        ("/api/v1/order-batches", {"symbol": "BTCUSDT"}, b'{"orders":[{}]}'),
        ("/api/v1/position-mode", {"symbol": "BTCUSDT"}, b'{"position_mode":"hedge","symbol":"BTCUSDT"}'),
        ("/fapi/v1/multiAssetsMargin", {"symbol": "BTCUSDT"}, b""),
    ],
)
def test_anything_else_is_refused(path: str, params: dict[str, str], body: bytes) -> None:
    with pytest.raises(LaneError) as error:
        check(path, params, body)
    assert (error.value.code, error.value.status) == (-2015, 401)


def test_an_account_wide_request_does_not_pass_under_a_symbol_that_nobody_reads() -> None:
    """The countdown of a body without a symbol, and a cancel of everything, are for all instruments."""
    with pytest.raises(LaneError):
        check("/api/v1/countdown", {"symbol": "BTCUSDT"}, b'{"countdown_ms":5000}')
    with pytest.raises(LaneError):
        check("/api/v1/orders", {}, b'{"symbol":"BTCUSDT"}', method="DELETE")
    check("/api/v1/countdown", {}, b'{"countdown_ms":5000,"symbol":"BTCUSDT"}')
    check("/api/v1/orders", {"symbol": "BTCUSDT"}, method="DELETE")


def test_reading_is_free() -> None:
    check("/fapi/v1/allOrders", {"symbol": "SOLUSDT"}, route=READ)
