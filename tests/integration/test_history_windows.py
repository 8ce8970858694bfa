"""Histories of the compatible surface tell the last days, or the days that are asked for, and no more at once."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from tests.support.lane_family import LaneFamily
from tests.support.pace import PATIENCE_S

DAY_MS = 86_400_000
LONG_AGO_DAYS = 8
HISTORIES = {
    "/fapi/v1/allOrders": 7,
    "/fapi/v1/allAlgoOrders": 7,
    "/fapi/v1/userTrades": 7,
    "/fapi/v1/forceOrders": 7,
    "/fapi/v1/positionMargin/history": 30,
}
AGED = {
    "orders_order": "created_ns",
    "orders_trade": "time_ns",
    "orders_fill": "time_ns",
    "accounts_ledgerentry": "time_ns",
}


@pytest.fixture(scope="module")
def lane(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LaneFamily]:
    with LaneFamily(tmp_path_factory.mktemp("lane")) as family:
        yield family


@pytest.mark.parametrize(("path", "days"), HISTORIES.items())
def test_too_long_a_window_is_refused(lane: LaneFamily, path: str, days: int) -> None:
    window = {"symbol": lane.symbol, "startTime": 10**12, "endTime": 10**12 + days * DAY_MS}
    assert lane.signed("GET", path, **window) == (200, [])
    window["endTime"] += 1
    told = {"code": -4165, "msg": f"Maximum time interval is {days} days."}
    assert lane.signed("GET", path, **window) == (400, told)


def everything_happened_long_ago(lane: LaneFamily) -> None:
    """Rows as they would be after days: the gateway reads them from there alone."""
    with closing(sqlite3.connect(lane.folder / "exchange.sqlite3", timeout=PATIENCE_S)) as rows, rows:
        for (guard,) in rows.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            rows.execute(f"DROP TRIGGER {guard}")  # ledger legs are never changed
        for table, moment in AGED.items():
            rows.execute(f"UPDATE {table} SET {moment} = {moment} - {LONG_AGO_DAYS * DAY_MS} * 1000000")


def trade(lane: LaneFamily, name: str) -> dict[str, Any]:
    """Buy from the second account what it offers; the first account's order."""
    assert lane.order(1, side="SELL", price=lane.price(10_000))[0] == 200
    status, order = lane.order(0, price=lane.price(10_000), newClientOrderId=name)
    assert (status, order["status"]) == (200, "FILLED")
    return dict(order)


def test_only_the_last_days_are_told_unasked(lane: LaneFamily) -> None:
    def asked(path: str, key: str, **params: Any) -> list[Any]:
        status, rows = lane.signed("GET", f"/fapi/v1/{path}", symbol=lane.symbol, **params)
        assert status == 200, rows
        return [row[key] for row in rows]

    old = trade(lane, "old")["orderId"]
    assert asked("allOrders", "orderId") == asked("userTrades", "orderId") == [old]
    old_income = asked("income", "tranId")
    everything_happened_long_ago(lane)
    new = trade(lane, "new")["orderId"]
    assert asked("allOrders", "orderId") == asked("userTrades", "orderId") == [new]
    new_income = asked("income", "tranId")
    assert new_income
    assert not set(new_income) & set(old_income)

    now_ms = time.time_ns() // 1_000_000
    long_ago = now_ms - (LONG_AGO_DAYS + 1) * DAY_MS
    for path in ("allOrders", "userTrades"):
        assert asked(path, "orderId", startTime=long_ago) == [old]
        assert asked(path, "orderId", endTime=long_ago + 2 * DAY_MS) == [old]
        assert asked(path, "orderId", startTime=now_ms - 7 * DAY_MS) == [new]
    assert asked("allOrders", "orderId", orderId=old) == [old, new]
    assert asked("userTrades", "orderId", orderId=old) == [old]
    assert asked("userTrades", "orderId", fromId=1) == [old, new]
    assert asked("income", "tranId", startTime=long_ago, limit=1000) == old_income + new_income
