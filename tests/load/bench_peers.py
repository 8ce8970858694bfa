"""The same flow through this project's book, its naive twin and books a Python user can install.

    python -m tests.load.bench_peers [--flows AC] [--commands 20000] [--runs 5]

Every contestant gets the same seeded operations (flows.py) in one run; a move is a cancel and a new
order where a book knows no move, an immediate-or-cancel order a new one whose rest is canceled.
Those that can tell their trades must have traded as many lots as the flow did. The slow ones get
fewer operations, which is stated; medians of the runs, nanoseconds an operation.
"""

from __future__ import annotations

import argparse
import gc
import logging
import statistics
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from itertools import pairwise
from time import perf_counter_ns

from fastlob import Orderbook, OrderParams, OrderSide
from pyorderbook import Book, ask, bid

from matcher.core.bench import BookBench
from matcher.core.config import EngineConfig
from matcher.core.engine import Engine
from matcher.protocol.commands import Command
from tests.load.bench_core import ACCOUNTS, as_commands
from tests.load.flows import BUY, CANCEL, COMMAND, IOC, MOVE, Flow, Outcome, PlainBook, Resting, make_flow
from tests.reference.engine import EngineConfig as TwinConfig
from tests.reference.engine import ReferenceEngine

WIDTH = Command.WIDTH
Row = tuple[int, int, int, int, int, int, int, int]
BATCH = 256


class PyOrderBook:
    """pyorderbook: dicts and heaps of Decimal prices, one object an order."""

    def __init__(self) -> None:
        self.book, self.made, self.lots = Book(), {}, 0

    def apply(self, row: Row) -> None:
        order_id, price, quantity, _, kind, side, tif, _ = row
        if kind in (CANCEL, MOVE):
            standing = self.made.pop(order_id, None)
            if standing is None or standing.id not in self.book.order_map:
                return
            self.book.cancel(standing)
            if kind == CANCEL:
                return
        order = (bid if side == BUY else ask)("flow", price, quantity)
        blotter = self.book.match(order)
        self.lots += sum(trade.fill_quantity for trade in blotter.trades)
        if order.quantity and tif == IOC:
            self.book.cancel(order)
        elif order.quantity:
            self.made[order_id] = order


class FastLob:
    """fastlob: sorted dicts of Decimal levels; orders are named by texts of its own."""

    def __init__(self) -> None:
        self.book, self.made, self.lots = Orderbook(), {}, 0
        self.book._alive = True

    def apply(self, row: Row) -> None:
        order_id, price, quantity, _, kind, side, tif, _ = row
        if kind in (CANCEL, MOVE):
            name = self.made.pop(order_id, None)
            if name is None or not self.book.cancel(name).success() or kind == CANCEL:
                return
        done = self.book.process(OrderParams(OrderSide.BID if side == BUY else OrderSide.ASK, price, quantity))
        traded = int(sum(done.execprices().values())) if done.n_orders_matched() else 0
        self.lots += traded
        if traded == quantity:
            return
        if tif == IOC:
            self.book.cancel(done.orderid())
        else:
            self.made[order_id] = done.orderid()


class Plain:
    """The plain-Python book the flows are made with."""

    def __init__(self) -> None:
        self.outcome = Outcome()
        self.book = PlainBook(self.outcome.add)

    @property
    def lots(self) -> int:
        return self.outcome.volume

    def apply(self, row: Row) -> None:
        order_id, price, quantity, account, kind, side, tif, _ = row
        self.book.apply(kind, Resting(order_id, price, quantity, account, side), tif)


@dataclass(frozen=True)
class Contestant:
    """`run` takes (flow, operations) and gives (ns an operation, lots traded or -1)."""

    name: str
    share: float
    run: Callable[[Flow, int], tuple[float, int]]


def of_python(make: Callable[[], PyOrderBook | FastLob | Plain]) -> Callable[[Flow, int], tuple[float, int]]:
    def run(flow: Flow, count: int) -> tuple[float, int]:
        rows = list(COMMAND.iter_unpack(flow.commands))
        book = make()
        for row in rows[: flow.preload]:
            book.apply(row)
        timed = rows[flow.preload : flow.preload + count]
        gc.collect()
        begin = perf_counter_ns()
        for row in timed:
            book.apply(row)
        return (perf_counter_ns() - begin) / len(timed), book.lots

    return run


def book_core(flow: Flow, count: int) -> tuple[float, int]:
    cut, end = flow.preload * COMMAND.size, (flow.preload + count) * COMMAND.size
    book = BookBench(flow.high + 2, max(2 * flow.preload, 10_000))
    book.run(flow.commands[:cut], BATCH)
    return book.run(flow.commands[cut:end], BATCH) / count, book.volume


def whole_engine(flow: Flow, count: int) -> tuple[float, int]:
    before, timed = as_commands(flow)
    room = 2 * flow.preload + count
    engine = Engine(
        EngineConfig(accounts=ACCOUNTS, orders=room, expected_orders=room, expected_keys=room, prefault=True)
    )
    engine.process(before)
    return _timed(engine.process, timed, count, BATCH), -1


def twin(flow: Flow, count: int) -> tuple[float, int]:
    before, timed = as_commands(flow)
    engine = ReferenceEngine(TwinConfig(accounts=ACCOUNTS, orders=1 << 20))
    engine.process(before)
    return _timed(engine.process, timed, count, BATCH), -1


def _timed(process: Callable[[bytes], bytes], timed: bytes, count: int, batch: int) -> float:
    edges = [*range(0, count, batch), count]
    pieces = [timed[a * WIDTH : b * WIDTH] for a, b in pairwise(edges)]
    gc.collect()
    begin = perf_counter_ns()
    for piece in pieces:
        process(piece)
    return (perf_counter_ns() - begin) / count


CONTESTANTS = (
    Contestant("this project, book core", 1.0, book_core),
    Contestant("this project, whole engine @256", 1.0, whole_engine),
    Contestant("plain Python book", 1.0, of_python(Plain)),
    Contestant(f"pyorderbook {version('pyorderbook')}", 1.0, of_python(PyOrderBook)),
    Contestant(f"fastlob {version('fastlob')}", 0.25, of_python(FastLob)),
    Contestant("naive twin of the engine", 0.005, twin),
)


def main() -> None:
    parser = argparse.ArgumentParser(description="The same flow through several books.")
    parser.add_argument("--flows", default="AC")
    parser.add_argument("--commands", type=int, default=20_000)
    parser.add_argument("--runs", type=int, default=5)
    asked = parser.parse_args()
    logging.disable(logging.ERROR)
    print("| flow | book | operations | ns an operation | times the core |")
    print("|---|---|---:|---:|---:|")
    for name in asked.flows:
        flow = make_flow(name, asked.commands, 1.0)
        core, lots = 0.0, {}
        for one in CONTESTANTS:
            count = max(50, int(asked.commands * one.share))
            results = [one.run(flow, count) for _ in range(asked.runs if one.share > 0.1 else 1)]
            cost = statistics.median(cost for cost, _ in results)
            core = core or cost
            traded = results[0][1]
            if traded >= 0:
                assert lots.setdefault(count, traded) == traded, f"{one.name} traded {traded} lots, not {lots[count]}"
            print(f"| {name} | {one.name} | {count:,} | {cost:,.0f} | {cost / core:,.1f} |", flush=True)


if __name__ == "__main__":
    main()
