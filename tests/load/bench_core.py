"""Nanoseconds an operation of the book and of the whole engine, on the seeded flows of flows.py.

    python tests/load/bench_core.py [--flows ABCW] [--commands 200000] [--scale 1.0] [--runs 5] [--json FILE]

Book core: the real book inside compiled code, batches of 256, no crossing from Python. Whole engine:
the same flow as stamped 128-byte commands with client_order_ids through process(), so validation,
idempotency, margin, matching, positions, fees and events count: "inner" inside compiled code in
batches of 256, "@n" with the way in and out of Python and n commands a call. Plain Python is the book
the flows are made with. Medians of the runs; a p99 is of single operations, each between two readings
of the clock, whose own cost is taken off (it steps by 10 ns here), but for "@1 p99", where it is in.
"""

from __future__ import annotations

import argparse
import gc
import json
import statistics
import sys
from pathlib import Path
from time import perf_counter_ns

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from matcher.core.bench import BookBench, run_engine, sample_engine
from matcher.core.config import EngineConfig
from matcher.core.engine import Engine
from matcher.protocol.codec import EVENT_BYTES, EVENT_KIND_AT
from matcher.protocol.commands import (
    AmendOrder,
    CancelOrder,
    Command,
    DefineAsset,
    DefineInstrument,
    DefineRiskTier,
    Deposit,
    OpenAccount,
    PlaceOrder,
    SetMarkPrice,
)
from matcher.protocol.enums import TradingState
from matcher.protocol.events import CommandRejected, OrderRejected
from tests.load.flows import CANCEL, COMMAND, NEW, Flow, Outcome, PlainBook, Resting, make_flow

ACCOUNTS = 1_000
BATCHES = (1, 16, 256)
WIDTH = Command.WIDTH


def opening(flow: Flow) -> list[Command]:
    """An instrument wide enough for the flow and a thousand rich accounts."""
    terms = DefineInstrument(
        instrument=1,
        settlement_asset=1,
        trading_state=TradingState.ACTIVE,
        price_band_ppm=999_999,
        tick_lot_units=1_000,
        max_price_ticks=flow.high + 1,
        min_quantity_lots=1,
        max_quantity_lots=1_000_000,
        max_market_quantity_lots=1_000_000,
        min_notional_units=0,
        market_band_ppm=500_000,
        max_open_orders=10_000,
        maker_fee_ppb=200_000,
        taker_fee_ppb=400_000,
        liquidation_fee_ppb=0,
        default_leverage=20,
    )
    tier = DefineRiskTier(instrument=1, maintenance_rate_ppb=4_000_000, max_leverage=125, tier=0, tier_count=1)
    made: list[Command] = [DefineAsset(asset=1), terms, tier]
    for account in range(1, ACCOUNTS + 1):
        made.append(OpenAccount(account=account))
        made.append(Deposit(account=account, asset=1, amount_units=10**15, reference=b"start"))
    return [*made, SetMarkPrice(instrument=1, mark_ticks=flow.mid, index_ticks=flow.mid)]


def as_commands(flow: Flow) -> tuple[bytes, bytes]:
    """(opening and preload, timed part) of a flow as stamped commands. Order ids come out the same."""
    packed, seq = bytearray(), 0
    for command in opening(flow):
        seq += 1
        packed += command.replace(seq=seq, time_ns=seq).pack()
    split = len(packed) + flow.preload * WIDTH
    whole_quantity: dict[int, int] = {}
    for order_id, price, quantity, account, kind, side, tif, _ in COMMAND.iter_unpack(flow.commands):
        seq += 1
        head = {"seq": seq, "time_ns": seq * 1_000, "command_id": seq, "account": account + 1, "instrument": 1}
        if kind == NEW:
            whole_quantity[order_id] = quantity
            text = b"order-%d" % order_id
            command = PlaceOrder(
                **head, price_ticks=price, quantity_lots=quantity, side=side, time_in_force=tif, client_order_id=text
            )
        elif kind == CANCEL:
            command = CancelOrder(**head, order_id=order_id)
        else:
            total = whole_quantity[order_id]
            command = AmendOrder(**head, order_id=order_id, price_ticks=price, quantity_lots=total)
        packed += command.pack()
    return bytes(packed[:split]), bytes(packed[split:])


def percentile(samples: list[int], share: float) -> int:
    return sorted(samples)[min(int(len(samples) * share), len(samples) - 1)]


def bench_book(flow: Flow, runs: int) -> dict[str, float]:
    """Mean and percentiles of the compiled book; AssertionError when its trades are not the flow's."""
    cut = flow.preload * COMMAND.size
    before, timed = flow.commands[:cut], flow.commands[cut:]
    count = len(timed) // COMMAND.size
    means, p99, p999 = [], [], []
    for _ in range(runs):
        book = BookBench(flow.high + 2, max(2 * flow.preload, 10_000))
        book.run(before, 256)
        means.append(book.run(timed, 256) / count)
        assert Outcome(book.count, book.volume, book.hash) == flow.outcome, "the book trades differently"
        assert book.best() == (flow.best_bid, flow.best_ask, flow.resting), "the book ends differently"
        book = BookBench(flow.high + 2, max(2 * flow.preload, 10_000))
        book.run(before, 256)
        samples = book.sample(timed)
        p99.append(percentile(samples, 0.99))
        p999.append(percentile(samples, 0.999))
    return {
        "book_ns": statistics.median(means),
        "book_best_ns": min(means),
        "book_p99_ns": statistics.median(p99),
        "book_p999_ns": statistics.median(p999),
    }


def bench_engine(flow: Flow, runs: int) -> dict[str, float]:
    """Mean and p99 inside compiled code, mean through process() at each batch size, p99 at batch 1, share refused."""
    before, timed = as_commands(flow)
    count = len(timed) // WIDTH
    room = 2 * flow.preload + count
    config = EngineConfig(accounts=ACCOUNTS, orders=room, expected_orders=room, expected_keys=room, prefault=True)
    inner = [run_engine(opened(config, before), timed, max(BATCHES)) / count for _ in range(runs)]
    inner_p99 = [percentile(sample_engine(opened(config, before), timed), 0.99) for _ in range(runs)]
    result = {"inner_ns": statistics.median(inner), "inner_p99_ns": statistics.median(inner_p99)}
    for batch in BATCHES:
        pieces = [timed[at : at + batch * WIDTH] for at in range(0, len(timed), batch * WIDTH)]
        means, p99 = [], []
        for _ in range(runs):
            engine = opened(config, before)
            gc.collect()
            gc.disable()
            begin = perf_counter_ns()
            for piece in pieces:
                engine.process(piece)
            means.append((perf_counter_ns() - begin) / count)
            if batch == 1:
                p99.append(percentile(time_each(config, before, pieces), 0.99))
            gc.enable()
        result[f"engine_{batch}_ns"] = statistics.median(means)
        result[f"engine_{batch}_best_ns"] = min(means)
        if p99:
            result["engine_p99_ns"] = statistics.median(p99)
    result["refused_share"] = refused(config, before, timed) / count
    return result


def opened(config: EngineConfig, before: bytes) -> Engine:
    engine = Engine(config)
    for at in range(0, len(before), 4096 * WIDTH):
        engine.process(before[at : at + 4096 * WIDTH])
    return engine


def time_each(config: EngineConfig, before: bytes, pieces: list[bytes]) -> list[int]:
    engine = opened(config, before)
    samples = []
    for piece in pieces:
        begin = perf_counter_ns()
        engine.process(piece)
        samples.append(perf_counter_ns() - begin)
    return samples


def refused(config: EngineConfig, before: bytes, timed: bytes) -> int:
    engine = opened(config, before)
    events = engine.process(timed)
    engine.check()
    kinds = events[EVENT_KIND_AT::EVENT_BYTES]
    return sum(kinds.count(kind) for kind in (CommandRejected.KIND, OrderRejected.KIND))


def bench_plain(flow: Flow, most: int = 100_000) -> float:
    """Mean of the plain-Python book over at most so many of the timed commands."""
    outcome = Outcome()
    book = PlainBook(outcome.add)
    rows = list(COMMAND.iter_unpack(flow.commands))
    for order_id, price, quantity, account, kind, side, tif, _ in rows[: flow.preload]:
        book.apply(kind, Resting(order_id, price, quantity, account, side), tif)
    timed = rows[flow.preload : flow.preload + most]
    begin = perf_counter_ns()
    for order_id, price, quantity, account, kind, side, tif, _ in timed:
        book.apply(kind, Resting(order_id, price, quantity, account, side), tif)
    return (perf_counter_ns() - begin) / len(timed)


def main() -> None:
    parser = argparse.ArgumentParser(description="Nanoseconds an operation of book and engine.")
    parser.add_argument("--flows", default="ABCW")
    parser.add_argument("--commands", type=int, default=200_000)
    parser.add_argument("--scale", type=float, default=1.0, help="of the resting orders of B and W")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--json", type=Path, default=None)
    asked = parser.parse_args()
    table: dict[str, dict[str, float]] = {}
    print("ns/op: median of", asked.runs, "runs (best run)")
    titles = ["flow", "book mean", "book p99", "p99.9", "engine inner", "inner p99", "engine @1", "@16", "@256"]
    titles += ["@1 p99", "plain Python", "refused"]
    print("| " + " | ".join(titles) + " |")
    print("|---" * len(titles) + "|")
    for name in asked.flows:
        flow = make_flow(name, asked.commands, asked.scale)
        row = bench_book(flow, asked.runs) | bench_engine(flow, asked.runs) | {"plain_ns": bench_plain(flow)}
        table[name] = row
        cells = [f"{row['book_ns']:.0f} ({row['book_best_ns']:.0f})", f"{row['book_p99_ns']:.0f}"]
        cells += [f"{row[name]:.0f}" for name in ("book_p999_ns", "inner_ns", "inner_p99_ns")]
        cells += [f"{row[f'engine_{b}_ns']:.0f} ({row[f'engine_{b}_best_ns']:.0f})" for b in BATCHES]
        cells += [f"{row['engine_p99_ns']:.0f}", f"{row['plain_ns']:.0f}", f"{row['refused_share']:.2%}"]
        print(f"| {name} | " + " | ".join(cells) + " |", flush=True)
    if asked.json:
        asked.json.write_text(json.dumps(table, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
