"""What orders that wait for a price cost: marks over many of them, placing, canceling, firing.

    python -m tests.load.bench_waiting [--runs 5] [--orders 100000]

One engine, commands as bytes through process(). "Wander": the mark steps at random around where it is,
beyond no trigger. "Climb": it rises at every step, so every trailing sell's watermark rises with it.
"Fire": every step reaches the triggers of fifty stops that find no book, the dearest way to end.
"""

from __future__ import annotations

import argparse
import gc
import statistics
from collections.abc import Iterator
from random import Random
from time import perf_counter

from matcher.core.config import EngineConfig
from matcher.core.engine import Engine
from matcher.protocol.codec import EVENT_BYTES, EVENT_KIND_AT
from matcher.protocol.commands import (
    CancelOrder,
    Command,
    DefineAsset,
    DefineInstrument,
    DefineMarketRules,
    DefineRiskTier,
    OpenAccount,
    PlaceOrder,
    SetMarkPrice,
)
from matcher.protocol.enums import OrderType, Side, TradingState, WorkingType
from matcher.protocol.events import OrderTriggered

MARK, FAR, HIGHEST = 1_000_000, 500_000, 4_000_000
ACCOUNTS, STEPS, AT_ONCE, BATCH = 1_000, 2_000, 50, 256


class Market:
    """One instrument, a thousand accounts, as many waiting orders as it is given."""

    def __init__(self, orders: int) -> None:
        self.engine = Engine(EngineConfig(accounts=ACCOUNTS, orders=orders + 1, expected_orders=orders, prefault=True))
        self.seq = 0
        terms = DefineInstrument(
            instrument=1,
            settlement_asset=1,
            trading_state=TradingState.ACTIVE,
            price_band_ppm=900_000,
            market_band_ppm=900_000,
            tick_lot_units=1,
            max_price_ticks=HIGHEST,
            min_quantity_lots=1,
            max_quantity_lots=1_000,
            max_market_quantity_lots=1_000,
            max_open_orders=10_000,
            default_leverage=10,
        )
        tier = DefineRiskTier(instrument=1, tier_count=1, maintenance_rate_ppb=5_000_000, max_leverage=100)
        rules = DefineMarketRules(instrument=1, max_conditional_orders=10_000)
        people = [OpenAccount(account=account) for account in range(1, ACCOUNTS + 1)]
        self.timed(DefineAsset(asset=1), terms, tier, rules, *people, mark(MARK))

    def timed(self, *commands: Command) -> float:
        """Nanoseconds a command; `fired` are the orders that did."""
        packed = bytearray()
        for command in commands:
            self.seq += 1
            packed += command.replace(seq=self.seq, time_ns=self.seq).pack()
        width = BATCH * Command.WIDTH
        pieces = [bytes(packed[at : at + width]) for at in range(0, len(packed), width)]
        self.fired = 0
        gc.collect()
        spent = 0.0
        for piece in pieces:
            begin = perf_counter()
            events = self.engine.process(piece)
            spent += perf_counter() - begin
            self.fired += events[EVENT_KIND_AT::EVENT_BYTES].count(OrderTriggered.KIND)
        return spent * 10**9 / len(commands)


def mark(ticks: int) -> SetMarkPrice:
    return SetMarkPrice(instrument=1, mark_ticks=ticks, index_ticks=ticks)


def wander() -> list[Command]:
    random = Random(7)
    return [mark(MARK + random.randint(-100, 100)) for _ in range(STEPS)]


def climb() -> list[Command]:
    return [mark(MARK + step) for step in range(1, STEPS + 1)]


def stops(count: int) -> Iterator[PlaceOrder]:
    """Half above, half below, all of them far from the mark, in no order."""
    random = Random(8)
    for number in range(count):
        away = FAR + random.randrange(FAR // 2)
        yield PlaceOrder(
            account=1 + number % ACCOUNTS,
            instrument=1,
            side=Side.SELL if number & 1 else Side.BUY,
            order_type=OrderType.STOP_MARKET,
            working_type=WorkingType.MARK_PRICE,
            quantity_lots=1,
            trigger_ticks=MARK - away if number & 1 else MARK + away,
        )


def trails(count: int) -> Iterator[PlaceOrder]:
    for order in stops(count):
        yield order.replace(
            side=Side.SELL, order_type=OrderType.TRAILING_STOP_MARKET, trigger_ticks=0, callback_ppm=100_000
        )


def fire(count: int) -> float:
    """Nanoseconds a stop that fires and expires."""
    market = Market(count)
    near = [
        order.replace(side=Side.BUY, trigger_ticks=MARK + 1 + number // AT_ONCE)
        for number, order in enumerate(stops(count))
    ]
    market.timed(*near)
    spent = market.timed(*(mark(MARK + 1 + step) for step in range(count // AT_ONCE))) / AT_ONCE
    assert market.fired == count, f"{market.fired} of {count} stops fired"
    return spent


def over(orders: Iterator[PlaceOrder], count: int, steps: list[Command]) -> float:
    """Nanoseconds a mark over so many waiting orders."""
    market = Market(count)
    market.timed(*orders) if count else 0.0
    return market.timed(*steps)


def ends(count: int) -> tuple[float, float]:
    """Nanoseconds to place a stop, and to cancel one."""
    market = Market(count)
    placed = market.timed(*stops(count))
    ids = Random(9).sample(range(count), count)
    gone = [CancelOrder(account=1 + n % ACCOUNTS, instrument=1, order_id=n + 1) for n in ids]
    return placed, market.timed(*gone)


def main() -> None:
    parser = argparse.ArgumentParser(description="Nanoseconds of orders that wait for a price.")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--orders", type=int, default=100_000)
    asked = parser.parse_args()
    most, few = asked.orders, asked.orders // 100
    rows = {
        "mark, nothing waits": lambda: over(iter(()), 0, wander()),
        f"mark over {few} stops, wander": lambda: over(stops(few), few, wander()),
        f"mark over {most} stops, wander": lambda: over(stops(most), most, wander()),
        f"mark over {few} trailing, climb": lambda: over(trails(few), few, climb()),
        f"mark over {most} trailing, climb": lambda: over(trails(most), most, climb()),
        f"place a stop, up to {most}": lambda: ends(most)[0],
        f"cancel a stop of {most}": lambda: ends(most)[1],
        f"fire a stop, {AT_ONCE} a mark": lambda: fire(most),
    }
    print("| what | ns, median (best) of", asked.runs, "|\n|---|---|")
    for name, measure in rows.items():
        spent = [measure() for _ in range(asked.runs)]
        print(f"| {name} | {statistics.median(spent):,.0f} ({min(spent):,.0f}) |", flush=True)


if __name__ == "__main__":
    main()
