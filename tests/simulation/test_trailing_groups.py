"""Many trailing orders under a price that wanders far: watermarks, groups and firing agree with the naive twin."""

from __future__ import annotations

from random import Random

import pytest

from matcher.core.engine import Engine
from matcher.protocol.commands import (
    CancelOrder,
    Command,
    DefineAsset,
    DefineMarketRules,
    DefineRiskTier,
    Deposit,
    OpenAccount,
    PlaceOrder,
    SetMarkPrice,
)
from matcher.protocol.enums import OrderFlag, OrderType, WorkingType
from matcher.protocol.events import OrderAccepted, OrderCanceled, OrderExpired, OrderTriggered
from matcher.protocol.views import Query, QueryKind
from tests.reference.engine import ReferenceEngine
from tests.scenarios.story import BTC, BTC_TERMS, USDT
from tests.simulation.pair import Pair

ACCOUNTS = 4
COMMANDS = 400
CALLBACKS_PPM = (1_000, 1_000, 3_000, 10_000, 50_000, 99_999, 100_000)
STEPS_TICKS = (-400, -30, -3, -1, 1, 2, 25, 300)


def opening() -> list[Command]:
    """A wide market, rich accounts, room for many that wait."""
    terms = BTC_TERMS.replace(max_price_ticks=1_000_000, max_open_orders=10_000)
    rich = [
        command
        for account in range(1, ACCOUNTS + 1)
        for command in (
            OpenAccount(account=account),
            Deposit(account=account, asset=USDT, amount_units=10**15, reference=b"start"),
        )
    ]
    tier = DefineRiskTier(instrument=BTC, tier_count=1, maintenance_rate_ppb=5_000_000, max_leverage=100)
    rules = DefineMarketRules(instrument=BTC, max_conditional_orders=10_000, price_protect_ppm=20_000)
    return [DefineAsset(asset=USDT), terms, tier, *rich, rules, SetMarkPrice(instrument=BTC, mark_ticks=10_000)]


class Wander:
    """Draws marks, trailing orders of both sides and prices, limit orders that trade, and cancellations."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.mark_ticks = 10_000
        self.waiting: dict[int, OrderAccepted] = {}

    def next(self) -> Command:
        fate = self.random.random()
        if fate < 0.45:
            self.mark_ticks = max(1_000, self.mark_ticks + self.random.choice(STEPS_TICKS))
            return SetMarkPrice(instrument=BTC, mark_ticks=self.mark_ticks)
        if fate < 0.52 and self.waiting:
            order = self.waiting[self.random.choice(list(self.waiting))]
            return CancelOrder(account=order.account, instrument=BTC, order_id=order.order_id)
        order = PlaceOrder(
            account=self.random.randint(1, ACCOUNTS),
            instrument=BTC,
            side=self.random.randrange(2),
            quantity_lots=self.random.randint(1, 5),
        )
        if fate < 0.62:
            return order.replace(price_ticks=self.mark_ticks + self.random.randint(-20, 20), quantity_lots=9)
        return order.replace(
            order_type=OrderType.TRAILING_STOP_MARKET,
            trigger_ticks=self.random.choice((0, self.mark_ticks + self.random.randint(-200, 200))),
            callback_ppm=self.random.choice(CALLBACKS_PPM),
            working_type=self.random.choice(list(WorkingType)),
            flags=self.random.choice((0, 0, 0, OrderFlag.PRICE_PROTECT)),
        )

    def observe(self, event: object) -> None:
        if isinstance(event, OrderAccepted) and event.order_type == OrderType.TRAILING_STOP_MARKET:
            self.waiting[event.order_id] = event
        if isinstance(event, OrderTriggered | OrderCanceled | OrderExpired):
            self.waiting.pop(event.order_id, None)


@pytest.mark.rule("ORD-005")
@pytest.mark.parametrize("seed", range(3))
def test_trails_agree(seed: int) -> None:
    pair, wander = Pair(Engine(), ReferenceEngine()), Wander(seed)
    fired = crowd = 0
    drawn = opening()
    for number in range(len(drawn) + COMMANDS):
        command = drawn[number] if number < len(drawn) else wander.next()
        for event in pair.process(command.replace(seq=number + 1, time_ns=number * 10**9).pack()):
            wander.observe(event)
            fired += isinstance(event, OrderTriggered)
        crowd = max(crowd, len(wander.waiting))
        if number % 10 == 0:
            pair.check()
            pair.compare_state()
        if number % 97 == 96:
            pair.restart()
    for account in range(1, ACCOUNTS + 1):
        pair.query(Query(kind=QueryKind.OPEN_ORDERS, account=account))
    assert fired > 50
    assert crowd > 20
