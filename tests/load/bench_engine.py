"""What risk costs in the engine: marks, liquidations, funding, snapshots, replay, memory.

    python -m tests.load.bench_engine [--runs 5] [--scale 1.0]

One engine, no journal, no process around it; commands as bytes through process(). Every figure is
measured at two sizes, so that its growth shows. "Quiet mark": a tick under which nobody is at risk.
"Cascade": one mark under which every long is liquidated, taken by resting bids, by the insurance fund
or by deleveraging. "Snapshot": the whole state as bytes and back. "Replay": flow A from rows in
memory, chained digests and events compared as at a start of the matcher. Memory is what the process
grew by, so it counts tables that were made ahead.
"""

from __future__ import annotations

import argparse
import gc
import os
import statistics
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

from matcher.core.config import EngineConfig
from matcher.core.engine import Engine
from matcher.protocol.codec import EVENT_BYTES, EVENT_KIND_AT, decode_answer
from matcher.protocol.commands import (
    Command,
    DefineAsset,
    DefineInstrument,
    DefineMarketRules,
    DefineRiskTier,
    Deposit,
    OpenAccount,
    PlaceOrder,
    SampleFunding,
    SetInsuranceFund,
    SetMarkPrice,
    SettleFunding,
)
from matcher.protocol.enums import Side, TradingState
from matcher.protocol.events import FundingPaid, LiquidationEnded, PositionMoved
from matcher.protocol.views import Query, QueryKind
from matcher.runtime.journal import FIRST_CHAIN
from matcher.runtime.memory import keep_freed_memory
from matcher.runtime.replay import apply_row, checked, next_row
from tests.load.bench_core import as_commands
from tests.load.flows import make_flow

MARK, LOTS = 10_000, 1_000
UNIT = 10**8
RICH, FUND, MAKERS = 1, 2, 10  # the rich account sells to every long; makers stand from number 10 on
FIRST = 100
WIDTH = Command.WIDTH


class Market:
    """One instrument, a rich counterparty, an insurance fund, and as many longs as asked for."""

    def __init__(self, longs: int, deposit: int, fund: int = 0, bids_at: int = 0, orders: int = 1 << 16) -> None:
        self.engine = Engine(
            EngineConfig(accounts=longs + 2 * FIRST, orders=orders, expected_orders=orders, expected_keys=1 << 16)
        )
        self.engine.prepare()  # as the matcher's own is, once it is recovered
        self.seq, self.longs = 0, longs
        self.send(DefineAsset(asset=1), terms(), tier(), DefineMarketRules(instrument=1))
        for account in (RICH, FUND, *range(MAKERS, MAKERS + 10)):
            self.send(OpenAccount(account=account), money(account, 10**17 if account != FUND else max(fund, 1)))
        self.send(SetInsuranceFund(account=FUND, asset=1), self.mark(MARK))
        numbers = range(FIRST, FIRST + longs)
        for account in numbers:
            self.send(OpenAccount(account=account), money(account, deposit))
        for account in numbers:
            self.send(order(RICH, Side.SELL, MARK), order(account, Side.BUY, MARK))
        if bids_at:
            for index in range(longs // 10 + 1):
                self.send(order(MAKERS + index % 10, Side.BUY, bids_at, 10 * LOTS))

    def mark(self, ticks: int) -> SetMarkPrice:
        return SetMarkPrice(instrument=1, mark_ticks=ticks, index_ticks=ticks)

    def pack(self, *commands: Command) -> bytes:
        packed = bytearray()
        for command in commands:
            self.seq += 1
            packed += command.replace(seq=self.seq, time_ns=self.seq * 1_000).pack()
        return bytes(packed)

    def send(self, *commands: Command) -> bytes:
        return self.engine.process(self.pack(*commands))

    def timed(self, *commands: Command) -> tuple[float, bytes]:
        """(seconds, events) of one process() call."""
        packed = self.pack(*commands)
        gc.collect()
        begin = perf_counter()
        events = self.engine.process(packed)
        return perf_counter() - begin, events


def terms() -> DefineInstrument:
    return DefineInstrument(
        instrument=1,
        settlement_asset=1,
        trading_state=TradingState.ACTIVE,
        price_band_ppm=900_000,
        tick_lot_units=10_000,
        max_price_ticks=1 << 20,
        min_quantity_lots=1,
        max_quantity_lots=10_000_000,
        max_market_quantity_lots=1_000_000,
        market_band_ppm=500_000,
        max_open_orders=10_000,
        maker_fee_ppb=0,
        taker_fee_ppb=0,
        liquidation_fee_ppb=1_000_000,
        default_leverage=20,
    )


def tier() -> DefineRiskTier:
    return DefineRiskTier(instrument=1, maintenance_rate_ppb=5_000_000, max_leverage=100, tier=0, tier_count=1)


def money(account: int, amount: int) -> Deposit:
    return Deposit(account=account, asset=1, amount_units=amount, reference=b"start")


def order(account: int, side: int, price: int, lots: int = LOTS) -> PlaceOrder:
    return PlaceOrder(instrument=1, account=account, side=side, price_ticks=price, quantity_lots=lots)


def count_kind(events: bytes, kind: int) -> int:
    return events[EVENT_KIND_AT::EVENT_BYTES].count(kind)


def quiet_mark(longs: int) -> float:
    """Seconds of one mark that nobody minds."""
    market = Market(longs, 10**13)
    ticks = [market.timed(market.mark(MARK + step % 7 - 3))[0] for step in range(50)]
    return statistics.median(ticks)


def cascade(longs: int, *, fund: int, bids_at: int) -> float:
    """Seconds of the mark under which every long is liquidated."""
    market = Market(longs, 60 * UNIT, fund, bids_at, orders=longs + 1024)
    seconds, events = market.timed(market.mark(9_430))
    assert count_kind(events, LiquidationEnded.KIND) == longs, "not everybody was liquidated"
    if not bids_at:
        assert count_kind(events, PositionMoved.KIND) == 2 * longs, "somebody was not moved"
    market.engine.check()
    return seconds


def funding(longs: int) -> float:
    market = Market(longs, 10**13)
    market.send(SampleFunding(instrument=1, sample_ns=market.seq))
    now = (market.seq + 1) * 1_000
    seconds, events = market.timed(SettleFunding(instrument=1, funding_ns=now - 1, next_funding_ns=now + 10**12))
    assert count_kind(events, FundingPaid.KIND) == longs + 1, "somebody was not paid"
    return seconds


def resident() -> int:
    """Bytes of this process in memory."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")


def snapshot(orders: int, accounts: int) -> tuple[float, float, int]:
    """(seconds to write, seconds to load, bytes) of a state with so many resting orders and accounts."""
    market = Market(0, 0, orders=orders + 1024)
    numbers = range(FIRST, FIRST + accounts)
    wide = EngineConfig(
        accounts=accounts + 2 * FIRST, orders=orders + 1024, expected_orders=orders, expected_keys=1 << 16
    )
    market.engine, market.seq = Engine(wide), 0
    market.send(DefineAsset(asset=1), terms().replace(max_open_orders=10_000), tier(), market.mark(MARK))
    for account in numbers:
        market.send(OpenAccount(account=account), money(account, 10**13))
    for index in range(orders):
        buy = index % 2 == 0
        price = MARK - 1 - index % 4_000 if buy else MARK + 1 + index % 4_000
        market.send(order(FIRST + index % accounts, Side.BUY if buy else Side.SELL, price, 10))
    state = decode_answer(market.engine.query(Query(kind=QueryKind.STATS).pack()))[1][0]
    assert state.open_orders == orders, f"{orders - state.open_orders} orders do not rest"
    begin = perf_counter()
    data = market.engine.snapshot()
    wrote = perf_counter() - begin
    begin = perf_counter()
    again = Engine.restore(data)
    loaded = perf_counter() - begin
    assert again.digest() == market.engine.digest(), "the restored engine differs"
    return wrote, loaded, len(data)


def replay(commands: int) -> float:
    """Commands a second of flow A from rows of 1,024 in memory, checked and compared as the matcher does it."""
    flow = make_flow("A", commands, 1.0)
    before, timed = as_commands(flow)
    config = EngineConfig(accounts=1_000, orders=1 << 18, expected_orders=1 << 14, expected_keys=1 << 18)
    first, engine = Engine(config), Engine(config)
    rows, chain, width = [], FIRST_CHAIN, 1_024 * WIDTH
    for piece in (before, *(timed[at : at + width] for at in range(0, len(timed), width))):
        begins, events = first.seq + 1, first.process(piece)
        rows.append(next_row(begins, first.time_ns, piece, events, chain))
        chain = rows[-1].digest
    opening = rows.pop(0)
    apply_row(engine, opening)
    begin = perf_counter()
    for row, why in checked(iter(rows), opening.digest, engine.seq):
        assert not why, why
        apply_row(engine, row)
    return len(timed) / WIDTH / (perf_counter() - begin)


def growth(accounts: int, orders: int) -> tuple[float, float]:
    """(bytes an account with a wallet and a position, bytes a resting order)."""
    market = Market(0, 0, orders=orders + accounts + 1024)
    gc.collect()
    begin = resident()
    market = Market(accounts, 10**13, orders=orders + accounts + 1024)
    gc.collect()
    opened = resident()
    for index in range(orders):
        market.send(order(FIRST + index % accounts, Side.BUY, MARK - 1 - index % 3_000, 10))
    return (opened - begin) / accounts, (resident() - opened) / orders


def table(name: str, unit: float, measure: Callable[[int], float], sizes: tuple[int, int], runs: int) -> None:
    cells = [statistics.median(measure(size) for _ in range(runs)) * unit for size in sizes]
    print(
        f"| {name} | {sizes[0]:,} | {cells[0]:,.3f} | {sizes[1]:,} | {cells[1]:,.3f} | {cells[1] / cells[0]:.1f} |",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description="What risk costs in the engine.")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--scale", type=float, default=1.0)
    asked = parser.parse_args()

    def sized(count: int) -> tuple[int, int]:
        return max(10, int(count * asked.scale) // 10), max(100, int(count * asked.scale))

    keep_freed_memory()  # as the matcher does at its start
    few = min(asked.runs, 3)
    print("| engine | small | ms | large | ms | growth |")
    print("|---|---:|---:|---:|---:|---:|")
    table("quiet mark, positions held", 1_000, quiet_mark, sized(100_000), few)
    table("cascade into resting bids, accounts", 1_000, lambda n: cascade(n, fund=0, bids_at=9_405), sized(10_000), few)
    table("cascade into the insurance fund", 1_000, lambda n: cascade(n, fund=10**17, bids_at=0), sized(10_000), few)
    table("cascade into deleveraging", 1_000, lambda n: cascade(n, fund=0, bids_at=0), sized(10_000), few)
    table("funding settlement, positions", 1_000, funding, sized(100_000), few)
    print()
    wrote, loaded, size = snapshot(int(1_000_000 * asked.scale), int(100_000 * asked.scale))
    print("| state | figure |")
    print("|---|---:|")
    print(
        f"| snapshot of {1_000_000 * asked.scale:,.0f} orders and {100_000 * asked.scale:,.0f} accounts, written | {wrote:.2f} s |"
    )
    print(f"| the same, loaded | {loaded:.2f} s |")
    print(f"| its size | {size / 1e6:,.0f} MB |")
    rates = statistics.median(replay(int(400_000 * asked.scale)) for _ in range(few))
    print(f"| replay, flow A, digests and events compared | {rates:,.0f} commands/s |")
    if sys.platform == "linux":
        per_account, per_order = growth(int(100_000 * asked.scale), int(500_000 * asked.scale))
        print(f"| memory an account with wallet and position | {per_account:,.0f} bytes |")
        print(f"| memory a resting order | {per_order:,.0f} bytes |")


if __name__ == "__main__":
    main()
