"""A liquidation, funding and deleveraging seen from the compatible surface: forced orders, income, rates, positions."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest

from apps.bridge.sync import MatcherClient
from matcher.protocol.commands import Command, SampleFunding, SetMarkPrice, SettleFunding, Withdraw
from matcher.protocol.events import Event
from matcher.protocol.views import BalanceView, InstrumentView, PositionView, Query, QueryKind
from tests.support.lane_family import LaneFamily
from tests.support.pace import PATIENCE_S

HOURS_8_NS = 8 * 3600 * 10**9


class Scene:
    """The lane's family, and a link of our own to its matcher."""

    def __init__(self, lane: LaneFamily) -> None:
        self.lane = lane
        self.client = MatcherClient(lane.matcher.url, "test house")
        self.client.start()
        _, views, _ = self.client.query(Query(kind=QueryKind.INSTRUMENTS))
        symbols = [one["symbol"] for one in lane.get("/fapi/v1/exchangeInfo")[1]["symbols"]]
        numbers = sorted(view.instrument for view in views if isinstance(view, InstrumentView))
        self.instrument = numbers[symbols.index(lane.symbol)]
        self.began_ms = time.time_ns() // 1_000_000 - 1

    def send(self, command: Command) -> list[Event]:
        events = list(self.client.send(command))
        assert not getattr(events[0], "reason", 0), events[0]
        return events

    def mark(self, ticks: int) -> None:
        self.send(SetMarkPrice(instrument=self.instrument, mark_ticks=ticks, index_ticks=ticks))
        self.lane.wait_mark(ticks)

    def account(self, at: int) -> int:
        return int(self.lane.signed("GET", "/fapi/v2/balance", at)[1][0]["accountAlias"][1:])

    def get(self, path: str, at: int = 0, **params: Any) -> Any:
        status, found = self.lane.signed("GET", f"/fapi/v1/{path}", at, **params)
        assert status == 200, found
        return found

    def income(self, at: int, kind: str) -> Decimal:
        rows = self.get("income", at, incomeType=kind, startTime=self.began_ms, limit=1000)
        return sum((Decimal(row["income"]) for row in rows), Decimal(0))


def until(ask: Callable[[], object], wanted: object) -> None:
    """Feeds and rows follow the engine: asked again until the answer is as wanted."""
    end = time.monotonic() + PATIENCE_S
    while (found := ask()) != wanted:
        assert time.monotonic() < end, f"{found} is not {wanted}"
        time.sleep(0.02)


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with LaneFamily(tmp_path_factory.mktemp("lane")) as family:
        found = Scene(family)
        yield found
        found.client.close()


def test_funding_is_predicted_settled_and_paid(scene: Scene) -> None:
    lane, symbol = scene.lane, scene.lane.symbol
    price = lane.price(10_000)
    assert lane.order(1, side="SELL", price=price, quantity="10.000")[0] == 200
    assert lane.order(0, price=price, quantity="10.000")[1]["status"] == "FILLED"
    now_ns = time.time_ns()
    (sampled,) = scene.send(SampleFunding(instrument=scene.instrument, sample_ns=now_ns))
    predicted = f"{sampled.predicted_rate_ppb / 1e9:.8f}"  # type: ignore[attr-defined]
    premium = f"/fapi/v1/premiumIndex?symbol={symbol}"
    until(lambda: lane.get(premium)[1]["lastFundingRate"], predicted)
    due_ns = now_ns + 1
    scene.send(SettleFunding(instrument=scene.instrument, funding_ns=due_ns, next_funding_ns=due_ns + HOURS_8_NS))
    until(lambda: lane.get(premium)[1]["nextFundingTime"], (due_ns + HOURS_8_NS) // 1_000_000)
    paid, received = scene.income(0, "FUNDING_FEE"), scene.income(1, "FUNDING_FEE")
    assert paid < 0 < received
    until(
        lambda: [
            (row["fundingRate"], row["fundingTime"]) for row in lane.get(f"/fapi/v1/fundingRate?symbol={symbol}")[1]
        ],
        [(predicted, due_ns // 1_000_000)],
    )


def test_a_forced_order_and_its_money(scene: Scene) -> None:
    """The first account keeps just its margin; the book takes half of what it loses, the queue the rest."""
    lane, symbol = scene.lane, scene.lane.symbol
    account = scene.account(0)
    _, balances, positions = scene.client.query(Query(kind=QueryKind.ACCOUNT, account=account))
    balance = next(view for view in balances if isinstance(view, BalanceView))
    position = next(view for view in positions if isinstance(view, PositionView) and view.position_lots)
    assert position.position_lots == 10_000
    spare = balance.withdrawable_units
    scene.send(Withdraw(account=account, asset=balance.asset, amount_units=spare, reference=b"all"))
    wallet_before = Decimal(scene.lane.signed("GET", "/fapi/v2/balance", 0)[1][0]["balance"])
    income_before = sum(
        (scene.income(0, kind) for kind in ("REALIZED_PNL", "COMMISSION", "INSURANCE_CLEAR", "FUNDING_FEE")),
        Decimal(0),
    )
    risk = lane.signed("GET", "/fapi/v3/positionRisk", symbol=symbol)[1][0]
    liquidation = Decimal(risk["liquidationPrice"])
    assert 0 < liquidation < Decimal(lane.price(10_000))
    ticks = int(liquidation / Decimal(lane.price(1)))
    bid = lane.price(ticks + 10)
    assert lane.order(1, side="BUY", price=bid, quantity="4.000")[0] in {200, 400}
    scene.mark(ticks)
    assert lane.signed("GET", "/fapi/v3/positionRisk", symbol=symbol)[1] == []
    forced = scene.get("forceOrders", symbol=symbol, autoCloseType="LIQUIDATION")
    assert forced
    assert {order["side"] for order in forced} == {"SELL"}
    assert all(order["clientOrderId"].startswith("autoclose-") for order in forced)
    everything = scene.get("forceOrders", symbol=symbol)
    assert sum(Decimal(row["executedQty"]) for row in everything) == Decimal(10), "every lot it lost stands somewhere"
    assert {row["autoCloseType"] for row in everything if row not in forced} <= {"ADL"}
    for row in everything:
        assert (
            Decimal(row["cumQuote"]) == Decimal(row["avgPrice"]).quantize(Decimal("1e-8")) * Decimal(row["executedQty"])
            or Decimal(row["executedQty"]) == 0
        )
    wallet_after = Decimal(scene.lane.signed("GET", "/fapi/v2/balance", 0)[1][0]["balance"])
    income_after = sum(
        (scene.income(0, kind) for kind in ("REALIZED_PNL", "COMMISSION", "INSURANCE_CLEAR", "FUNDING_FEE")),
        Decimal(0),
    )
    assert wallet_after - wallet_before == income_after - income_before, "every unit has a row that says why"
    assert wallet_after >= 0


def test_parameters_of_the_lists(scene: Scene) -> None:
    lane = scene.lane
    for path, params, code in (
        ("/fapi/v1/forceOrders", {"autoCloseType": "x"}, -1130),
        ("/fapi/v1/income", {"incomeType": "x"}, -1130),
        ("/fapi/v1/positionMargin/history", {"symbol": lane.symbol, "type": 3}, -1130),
        ("/fapi/v1/positionMargin/history", {}, -1102),
        ("/fapi/v1/fundingRate", {"startTime": 5, "endTime": 4}, -1130),
    ):
        status, refused = lane.signed("GET", path, **params)
        assert (status, refused["code"]) == (400, code), path
