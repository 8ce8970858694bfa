"""An order is amended ten thousand times and no more, whichever gateway or process asked, before or after a restart."""

from __future__ import annotations

import asyncio
import hmac
import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from websockets.asyncio.client import connect

from apps.bridge.sync import MatcherClient
from apps.orders.amendment_limit import AMENDMENTS_MAX
from matcher.protocol.commands import AmendOrder, Command, SetMarkPrice
from matcher.protocol.events import OrderAmended
from matcher.protocol.views import OrderView, Query, QueryKind
from tests.support.lane_family import LaneFamily
from tests.support.pace import PATIENCE_S

ENOUGH = {"code": -5026, "msg": "Exceed maximum modify order limit."}
ACCOUNTS = range(1, 50)


@pytest.fixture(scope="module")
def lane(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LaneFamily]:
    with LaneFamily(tmp_path_factory.mktemp("lane")) as family:
        yield family


def amend_elsewhere(lane: LaneFamily, order_id: int, times: int) -> None:
    """As many amendments as that by another process than the gateway."""
    client = MatcherClient(lane.matcher.url, "another gateway")
    client.start()
    found = (
        client.query(Query(kind=QueryKind.ORDER, account=account, instrument=instrument, order_id=order_id))[1]
        for account in ACCOUNTS
        for instrument in range(1, 10)
    )
    view = next(views[0] for views in found if views)
    assert isinstance(view, OrderView)
    changes: list[Command] = [
        AmendOrder(
            account=view.account,
            instrument=view.instrument,
            order_id=order_id,
            price_ticks=9_700 + n % 2,
            quantity_lots=view.quantity_lots,
        )
        for n in range(times)
    ]
    for events in client.send_many(changes, PATIENCE_S):
        assert isinstance(events[0], OrderAmended)
    client.send(SetMarkPrice(instrument=view.instrument, mark_ticks=10_001, index_ticks=10_001))
    client.close()
    lane.wait_mark(10_001)  # by then the gateway has heard of them all


def change(lane: LaneFamily, order_id: int, ticks: int) -> dict[str, Any]:
    return {
        "symbol": lane.symbol,
        "side": "BUY",
        "orderId": order_id,
        "quantity": lane.quantity,
        "price": lane.price(ticks),
    }


def amend(lane: LaneFamily, order_id: int, ticks: int) -> tuple[int, Any]:
    """Asked again while the rows, from which a new gateway counts, are behind."""
    give_up = time.monotonic() + PATIENCE_S
    while (answer := lane.signed("PUT", "/fapi/v1/order", **change(lane, order_id, ticks)))[0] == 503:
        assert time.monotonic() < give_up, answer
        time.sleep(0.1)
    return answer


async def amend_by_socket(lane: LaneFamily, params: dict[str, Any]) -> Any:
    params = params | {"apiKey": lane.accounts[0]["api_key"], "timestamp": time.time_ns() // 1_000_000}
    text = "&".join(f"{name}={value}" for name, value in sorted(params.items())).encode()
    params["signature"] = hmac.digest(lane.accounts[0]["api_secret"].encode(), text, "sha256").hex()
    async with connect(f"ws{lane.base_url.removeprefix('http')}/ws-fapi/v1") as link:
        await link.send(json.dumps({"id": 1, "method": "order.modify", "params": params}))
        return json.loads(await link.recv())


def test_the_last_amendment_and_the_one_after_it(lane: LaneFamily) -> None:
    order_id = lane.order(newClientOrderId="restless")[1]["orderId"]
    fresh_id = lane.order(newClientOrderId="calm")[1]["orderId"]
    assert amend(lane, order_id, 9_750)[0] == 200
    amend_elsewhere(lane, order_id, AMENDMENTS_MAX - 3)

    batch = json.dumps([change(lane, order_id, ticks) for ticks in (9_600, 9_601, 9_602)])
    status, answers = lane.signed("PUT", "/fapi/v1/batchOrders", batchOrders=batch)
    assert (status, [one.get("price") for one in answers[:2]]) == (200, [lane.price(9_600), lane.price(9_601)])
    assert answers[2] == ENOUGH
    assert amend(lane, order_id, 9_500) == (400, ENOUGH)
    by_name = change(lane, order_id, 9_500) | {"origClientOrderId": "restless"}
    del by_name["orderId"]
    assert lane.signed("PUT", "/fapi/v1/order", **by_name) == (400, ENOUGH)
    told = asyncio.run(amend_by_socket(lane, change(lane, order_id, 9_500)))
    assert (told["status"], told["error"]) == (400, ENOUGH)
    assert amend(lane, fresh_id, 9_500)[0] == 200

    lane.gateway.terminate()
    lane.gateway.wait(PATIENCE_S)
    lane.start_gateway()
    assert amend(lane, order_id, 9_501) == (400, ENOUGH)
    assert amend(lane, fresh_id, 9_501)[0] == 200
    rows = lane.signed("GET", "/fapi/v1/orderAmendment", symbol=lane.symbol, orderId=order_id, limit=1)[1]
    assert rows[0]["amendment"]["count"] == AMENDMENTS_MAX
    assert lane.signed("DELETE", "/fapi/v1/order", symbol=lane.symbol, orderId=order_id)[1]["price"] == lane.price(
        9_601
    )
