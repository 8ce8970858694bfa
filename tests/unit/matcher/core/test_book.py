"""Aim: the compiled book trades as a plain book does, on every kind of flow and at the edges of its range.

Method: the benched flows, small, through the book's own code; trades are compared by an order-sensitive hash.
"""

from __future__ import annotations

from random import Random

import pytest

from matcher.core.bench import BookBench
from tests.load.flows import (
    BUY,
    CANCEL,
    COMMAND,
    FLOWS,
    GTC,
    IOC,
    MOVE,
    NEW,
    SELL,
    Outcome,
    PlainBook,
    Resting,
    make_flow,
)


@pytest.mark.parametrize("name", sorted(FLOWS))
@pytest.mark.parametrize("batch", [1, 256])
def test_flow_ends_as_in_the_plain_book(name: str, batch: int) -> None:
    flow = make_flow(name, commands=4_000, scale=0.02)
    book = BookBench(flow.high + 2, 2 * flow.preload + 4_000)
    book.run(flow.commands, batch)
    assert Outcome(book.count, book.volume, book.hash) == flow.outcome
    assert book.best() == (flow.best_bid, flow.best_ask, flow.resting)


def test_flows_are_the_same_bytes_each_time() -> None:
    assert make_flow("A", 500).commands == make_flow("A", 500).commands


@pytest.mark.parametrize("size_ticks", [64, 4096, 1 << 18, (1 << 18) + 1, 1 << 20, 1 << 24])
def test_sparse_prices_over_the_whole_range(size_ticks: int) -> None:
    """Orders far apart: every layer of the bitmap is searched upwards and downwards."""
    draw = Random(size_ticks)
    prices = [1, 2, size_ticks - 1, size_ticks // 2, *(draw.randrange(1, size_ticks) for _ in range(60))]
    outcome = Outcome()
    plain, book, packed = PlainBook(outcome.add), BookBench(size_ticks, 600), bytearray()
    for order_id in range(1, 600):
        kind = draw.choice((NEW, NEW, NEW, CANCEL, MOVE))
        side, price, quantity = draw.choice((BUY, SELL)), draw.choice(prices), draw.randrange(1, 9)
        target = order_id if kind == NEW else draw.randrange(1, order_id + 1)
        tif = draw.choice((GTC, GTC, IOC))
        packed += COMMAND.pack(target, price, quantity, order_id, kind, side, tif, 0)
        plain.apply(kind, Resting(target, price, quantity, order_id, side), tif)
    book.run(bytes(packed), 16)
    assert Outcome(book.count, book.volume, book.hash) == outcome
    assert book.best() == (plain.best(BUY), plain.best(SELL), len(plain.orders))


def test_a_sampled_run_times_every_command() -> None:
    flow = make_flow("C", 300)
    samples = BookBench(flow.high + 2, 5_000).sample(flow.commands)
    assert len(samples) == len(flow.commands) // COMMAND.size
    assert all(sample >= 0 for sample in samples)
