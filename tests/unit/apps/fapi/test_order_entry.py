"""Order entry with the service replaced: what is asked of it, and what its answers become."""

from __future__ import annotations

import json
from typing import Any

import pytest

from apps.common.lane import LaneError, LaneRequest
from apps.common.refusals import CommandRefused
from apps.fapi import batches, order_entry
from apps.fapi.order_objects import order_object
from apps.feeds.hub import reset_hub
from apps.instruments.types import InstrumentSpec
from apps.orders import plain_accounts
from apps.orders.results import OrderResult
from matcher.protocol.enums import OrderStatus, OrderType, SelfTradePrevention, Side, TimeInForce
from matcher.protocol.rejects import RejectReason
from tests.unit.apps.fapi.conftest import make_spec

LIMIT = {
    "symbol": "BTCUSDT",
    "side": "BUY",
    "type": "LIMIT",
    "timeInForce": "GTC",
    "quantity": "0.010",
    "price": "49000.0",
}


def result(**changes: Any) -> OrderResult:
    known = {
        "order_id": 5,
        "instrument_id": 1,
        "client_order_id": "mine",
        "side": Side.BUY,
        "order_type": OrderType.LIMIT,
        "time_in_force": TimeInForce.GTC,
        "order_flags": 0,
        "position_side": 0,
        "self_trade_prevention": SelfTradePrevention.EXPIRE_MAKER,
        "status": OrderStatus.NEW,
        "price_ticks": 490_000,
        "quantity_lots": 10,
        "filled_lots": 0,
        "filled_quote_units": 0,
        "updated_ns": 1_795_181_007_442_999_999,
        "created_ns": 0,
    }
    return OrderResult(**(known | changes))


class Service:
    """Answers with `outcome`, remembers what it was asked."""

    def __init__(self, outcome: Any) -> None:
        self.outcome, self.asked = outcome, []  # type: ignore[var-annotated]

    async def place_order(self, **words: Any) -> OrderResult:
        self.asked.append(words)
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome

    amend_order = cancel_order = place_order


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch, catalog: object) -> Service:
    service = Service(result())
    for name in ("place_order", "amend_order", "cancel_order"):
        monkeypatch.setattr(order_entry.services, name, getattr(service, name))

    async def standing(*_: object, **__: object) -> OrderResult:
        return result()

    monkeypatch.setattr(order_entry, "find_open_order", standing)
    monkeypatch.setattr(plain_accounts, "find_open_order", standing)
    return service


async def test_an_amendment_that_names_the_other_side_is_refused(service: Service) -> None:
    wanted = {"symbol": "BTCUSDT", "orderId": "5", "quantity": "0.010", "price": "49000.0"}
    with pytest.raises(LaneError) as error:
        await order_entry.amend(7, wanted | {"side": "SELL"})
    assert (error.value.code, service.asked) == (-1117, [])
    assert (await order_entry.amend(7, wanted | {"side": "BUY"}))["orderId"] == 5


async def test_a_limit_order_is_asked_in_integers(service: Service) -> None:
    answer = await order_entry.place(7, LIMIT | {"newClientOrderId": "mine", "reduceOnly": "True"}, "")
    assert service.asked == [
        {
            "account_id": 7,
            "instrument_id": 1,
            "side": Side.BUY,
            "order_type": OrderType.LIMIT,
            "time_in_force": TimeInForce.GTC,
            "quantity_lots": 10,
            "price_ticks": 490_000,
            "reduce_only": True,
            "self_trade_prevention": SelfTradePrevention.EXPIRE_MAKER,
            "client_order_id": "mine",
        }
    ]
    assert (answer["orderId"], answer["price"], answer["origQty"], answer["updateTime"]) == (
        5,
        "49000.0",
        "0.010",
        1_795_181_007_442,
    )


async def test_a_market_order_needs_neither_price_nor_time_in_force(service: Service) -> None:
    order = {"symbol": "BTCUSDT", "side": "SELL", "type": "MARKET", "quantity": "1"}
    await order_entry.place(7, order, "")
    asked = service.asked[0]
    assert (asked["order_type"], asked["time_in_force"], asked["price_ticks"]) == (OrderType.MARKET, TimeInForce.IOC, 0)


async def test_a_generated_id_is_made_of_the_signature(service: Service) -> None:
    await order_entry.place(7, LIMIT, "ab" * 32)
    await order_entry.place(7, LIMIT, "ab" * 32)
    await order_entry.place(7, LIMIT, "")
    ids = [asked["client_order_id"] for asked in service.asked]
    assert ids[0] == ids[1] != ids[2]
    assert all(len(one) <= 36 for one in ids)


async def test_a_replay_under_a_chosen_id_is_a_duplicate(service: Service) -> None:
    service.outcome = result(replayed=True)
    with pytest.raises(LaneError) as error:
        await order_entry.place(7, LIMIT | {"newClientOrderId": "mine"}, "")
    assert error.value.code == -4116
    assert (await order_entry.place(7, LIMIT, "ab" * 32))["orderId"] == 5


async def test_refusals_become_codes(service: Service) -> None:
    service.outcome = CommandRefused(RejectReason.NOTIONAL_TOO_SMALL)
    with pytest.raises(LaneError) as error:
        await order_entry.place(7, LIMIT, "")
    assert (error.value.code, "no smaller than 100 " in error.value.message) == (-4164, True)
    service.outcome = CommandRefused(RejectReason.PRICE_ABOVE_BAND)
    with pytest.raises(LaneError) as error:
        await order_entry.place(7, LIMIT, "")
    assert error.value.code == -4016, "the refusal stands also while the feeds cannot name the limit"
    service.outcome = CommandRefused(RejectReason.UNKNOWN_ORDER)
    name = {"symbol": "BTCUSDT", "orderId": "5"}
    with pytest.raises(LaneError) as error:
        await order_entry.cancel(7, name)
    assert error.value.code == -2011
    with pytest.raises(LaneError) as error:
        await order_entry.amend(7, name | {"side": "BUY", "quantity": "1", "price": "1"})
    assert error.value.code == -2013


def test_the_text_of_a_refusal_names_the_last_price_that_is_taken() -> None:
    """Mark 63,719.0 and 5 %: 66,904.95 and 60,533.05, neither on a tick of 0.1."""
    spec = make_spec()
    assert order_entry.band_edge_ticks(spec, 637_190, RejectReason.PRICE_ABOVE_BAND) == 669_049
    assert order_entry.band_edge_ticks(spec, 637_190, RejectReason.PRICE_BELOW_BAND) == 605_331
    refused = order_entry.refused_here(
        CommandRefused(RejectReason.NOTIONAL_TOO_SMALL), make_spec(min_notional_units=550_000_000)
    )
    assert "no smaller than 5.5 " in refused.message


async def test_orders_are_named_by_id_or_client_id(service: Service) -> None:
    await order_entry.cancel(7, {"symbol": "BTCUSDT", "orderId": "5", "origClientOrderId": "mine"})
    await order_entry.cancel(7, {"symbol": "BTCUSDT", "origClientOrderId": "mine"})
    assert [(one["order_id"], one["client_order_id"]) for one in service.asked] == [(5, ""), (0, "mine")]
    for params, code in (({}, -1102), ({"origClientOrderId": "a b"}, -4015), ({"orderId": "x"}, -1100)):
        with pytest.raises(LaneError) as error:
            await order_entry.cancel(7, {"symbol": "BTCUSDT"} | params)
        assert error.value.code == code


async def test_a_test_order_asks_nobody(service: Service) -> None:
    answer = await order_entry.test(LIMIT, "")
    assert (answer["orderId"], answer["status"], service.asked) == (0, "NEW", [])


def test_the_order_object_has_every_field_and_type(spec: InstrumentSpec) -> None:
    filled = result(
        status=OrderStatus.FILLED,
        filled_lots=10,
        filled_quote_units=spec.notional_units(490_000, 10),
        order_type=OrderType.MARKET,
        price_ticks=0,
    )
    assert order_object(spec, filled) == {
        "orderId": 5,
        "symbol": "BTCUSDT",
        "status": "FILLED",
        "clientOrderId": "mine",
        "price": "0.0",
        "avgPrice": "49000.0",
        "origQty": "0.010",
        "executedQty": "0.010",
        "cumQty": "0.010",
        "cumQuote": "490.0000",
        "timeInForce": "GTC",
        "type": "MARKET",
        "reduceOnly": False,
        "closePosition": False,
        "side": "BUY",
        "positionSide": "BOTH",
        "stopPrice": "0",
        "workingType": "CONTRACT_PRICE",
        "priceProtect": False,
        "origType": "MARKET",
        "priceMatch": "NONE",
        "selfTradePreventionMode": "EXPIRE_MAKER",
        "goodTillDate": 0,
        "time": 1_795_181_007_442,
        "updateTime": 1_795_181_007_442,
    }


def test_batches_keep_numbers_as_text() -> None:
    items = batches.read_items({"batchOrders": '[{"price": 50000.10, "reduceOnly": true, "orderId": 12, "x": null}]'})
    assert items == [{"price": "50000.10", "reduceOnly": "true", "orderId": "12"}]


async def test_an_item_without_a_book_to_match_leaves_the_others_their_answers(service: Service) -> None:
    """The feeds are being loaded: only the order that needs them is not taken."""
    reset_hub()
    matched = {name: value for name, value in LIMIT.items() if name != "price"} | {"priceMatch": "QUEUE"}
    request = LaneRequest("POST", "/fapi/v1/batchOrders", {"batchOrders": json.dumps([LIMIT, matched])}, 0)
    request.account_id = 7
    answers = json.loads((await batches.post_batch(request)).body)
    assert [one.get("orderId", one.get("code")) for one in answers] == [5, -1008]


@pytest.mark.parametrize("spelling", ["orderIdList", "orderidlist"])
def test_both_spellings_of_a_cancel_list(spelling: str) -> None:
    assert batches._cancel_names({spelling: "[5, 6]"}) == [("orderId", "5"), ("orderId", "6")]
    client = spelling.replace("order", "origClientOrder" if spelling[5] == "I" else "origclientorder")
    assert batches._cancel_names({client: '["a"]'}) == [("origClientOrderId", "a")]
    for text in ("[]", "5", '[""]', "[[1]]", "[" + ",".join("1" * 11) + "]"):
        with pytest.raises(LaneError):
            batches._cancel_names({spelling: text})
