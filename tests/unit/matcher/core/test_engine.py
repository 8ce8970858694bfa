"""Aim: the engine as its caller sees it: stamps, growth, batches, capacities, big numbers, restore."""

from __future__ import annotations

from typing import Any

import pytest

from matcher.core.config import EngineConfig
from matcher.core.engine import Engine
from matcher.protocol.codec import decode_answer, decode_events, decode_levels
from matcher.protocol.commands import (
    AmendOrder,
    CancelAllOrders,
    Command,
    DefineAsset,
    DefineInstrument,
    DefineRiskTier,
    Deposit,
    OpenAccount,
    PlaceOrder,
    SetLeverage,
    SetMarkPrice,
)
from matcher.protocol.enums import Side, TradingState
from matcher.protocol.events import CommandRejected, Event, OrderAccepted, OrderFilled, OrderRejected
from matcher.protocol.rejects import RejectReason
from matcher.protocol.views import Query, QueryKind
from tests.load.bench_core import as_commands
from tests.load.flows import make_flow

DAY_NS = 86_400_000_000_000
TERMS = DefineInstrument(
    instrument=1,
    settlement_asset=1,
    trading_state=TradingState.ACTIVE,
    price_band_ppm=900_000,
    tick_lot_units=1_000,
    max_price_ticks=100_000,
    min_quantity_lots=1,
    max_quantity_lots=100_000,
    max_market_quantity_lots=100_000,
    min_notional_units=0,
    market_band_ppm=100_000,
    max_open_orders=200,
    maker_fee_ppb=200_000,
    taker_fee_ppb=400_000,
    liquidation_fee_ppb=0,
    default_leverage=20,
)
TIER = DefineRiskTier(instrument=1, maintenance_rate_ppb=4_000_000, max_leverage=125, tier=0, tier_count=1)


class Desk:
    """An engine and its sequencer: stamps what it sends."""

    def __init__(self, engine: Engine | None = None, accounts: int = 2) -> None:
        self.engine = engine or Engine()
        self.send(DefineAsset(asset=1), TERMS, TIER, SetMarkPrice(instrument=1, mark_ticks=1_000, index_ticks=1_000))
        for account in range(1, accounts + 1):
            self.send(
                OpenAccount(account=account),
                Deposit(account=account, asset=1, amount_units=10**12, reference=b"start"),
            )

    def stamped(self, *commands: Command, later_ns: int = 1) -> bytes:
        seq, time_ns = self.engine.seq, self.engine.time_ns + later_ns
        return b"".join(c.replace(seq=seq + i, time_ns=time_ns).pack() for i, c in enumerate(commands, 1))

    def send(self, *commands: Command, later_ns: int = 1) -> list[Event]:
        return decode_events(self.engine.process(self.stamped(*commands, later_ns=later_ns)))

    def place(self, account: int, side: Side, price: int, quantity: int, **more: Any) -> list[Event]:
        order = PlaceOrder(account=account, instrument=1, side=side, price_ticks=price, quantity_lots=quantity, **more)
        return self.send(order)

    def ask(self, kind: QueryKind, **more: Any) -> tuple[Any, list[Any], list[Any]]:
        return decode_answer(self.engine.query(Query(kind=kind, **more).pack()))


@pytest.mark.parametrize("change", [{"seq": 9}, {"seq": 11}, {"time_ns": 0}])
def test_a_wrong_stamp_anywhere_in_a_batch_changes_nothing(change: dict[str, int]) -> None:
    desk = Desk()
    before = desk.engine.dump()
    fine = CancelAllOrders(account=1).replace(seq=desk.engine.seq + 1, time_ns=desk.engine.time_ns)
    wrong = fine.replace(**{"seq": fine.seq + 1, **change})
    with pytest.raises(AssertionError):
        desk.engine.process(fine.pack() + wrong.pack())
    with pytest.raises(AssertionError):
        desk.engine.process(fine.pack()[:-1])
    assert desk.engine.dump() == before
    assert desk.engine.process(b"") == b""


def test_levels_are_those_of_the_last_call_only() -> None:
    desk = Desk()
    desk.place(1, Side.BUY, 990, 5)
    assert [(x.price_ticks, x.quantity_lots, x.side) for x in decode_levels(desk.engine.levels())] == [(990, 5, 0)]
    desk.send(CancelAllOrders(account=2))
    assert desk.engine.levels() == b""


def test_a_batch_of_any_size_gives_the_same_bytes() -> None:
    """A deep book, so that fetching early is at work: it may change nothing."""
    flow = make_flow("B", commands=3_000, scale=0.012)
    before, timed = as_commands(flow)
    outputs = []
    for batch in (1, 7, 4_000):
        engine = Engine()
        engine.process(before)
        assert decode_answer(engine.query(Query(kind=QueryKind.STATS).pack()))[1][0].open_orders > 10_000
        step = batch * Command.WIDTH
        events = b"".join(engine.process(timed[at : at + step]) for at in range(0, len(timed), step))
        engine.check()
        outputs.append((events, engine.digest()))
    assert outputs[0] == outputs[1] == outputs[2]


def test_tables_grow_past_their_first_room() -> None:
    """More wallets, positions and keys than any table starts with."""
    count = 70_000
    desk = Desk(Engine(EngineConfig(accounts=count)), accounts=0)
    opened = [OpenAccount(account=n) for n in range(1, count + 1)]
    paid = [Deposit(account=n, asset=1, amount_units=10**9, reference=b"r%d" % n) for n in range(1, count + 1)]
    chosen = [SetLeverage(account=n, instrument=1, leverage=10) for n in range(1, count + 1)]
    for commands in (opened, paid, chosen):
        assert not [e for e in desk.send(*commands) if isinstance(e, CommandRejected)]
    desk.engine.check()
    _, balances, positions = desk.ask(QueryKind.ACCOUNT, account=count)
    assert (balances[0].wallet_units, positions[0].leverage) == (10**9, 10)
    assert Engine.restore(desk.engine.snapshot()).digest() == desk.engine.digest()


def test_capacities_are_refusals() -> None:
    desk = Desk(Engine(EngineConfig(accounts=2, orders=3)))
    for price in (990, 991, 992):
        assert isinstance(desk.place(1, Side.BUY, price, 1)[0], OrderAccepted)
    assert desk.place(1, Side.BUY, 993, 1)[0].reason == RejectReason.CAPACITY_REACHED
    assert desk.send(OpenAccount(account=3))[0].reason == RejectReason.CAPACITY_REACHED
    desk.engine.check()


def test_raising_the_highest_price_keeps_the_book() -> None:
    desk = Desk()
    desk.place(1, Side.BUY, 990, 5)
    desk.place(1, Side.SELL, 99_999, 5)
    desk.send(TERMS.replace(max_price_ticks=10_000_000))
    assert desk.send(TERMS)[0].reason == RejectReason.IMMUTABLE_CONFIGURATION
    desk.place(2, Side.SELL, 9_999_999, 7)
    _, bids, asks = desk.ask(QueryKind.DEPTH, instrument=1)
    assert [tuple(level) for level in bids + asks] == [(990, 5), (99_999, 5), (9_999_999, 7)]
    desk.engine.check()


def test_the_highest_price_of_all_is_a_level_like_any() -> None:
    desk = Desk()
    top = (1 << 24) - 2
    desk.send(TERMS.replace(max_price_ticks=top), SetMarkPrice(instrument=1, mark_ticks=top, index_ticks=top))
    desk.place(1, Side.SELL, top, 2)
    fills = [e for e in desk.place(2, Side.BUY, top, 2) if isinstance(e, OrderFilled)]
    assert [(f.price_ticks, f.quantity_lots) for f in fills] == [(top, 2), (top, 2)]
    desk.engine.check()


def test_money_beyond_63_bits_is_computed_exactly() -> None:
    """A position held while the mark rises ten-thousandfold: every product passes 64 bits."""
    desk = Desk()
    desk.send(
        TERMS.replace(max_price_ticks=16_000_000, tick_lot_units=250_000),
        TERMS.replace(instrument=2, max_price_ticks=16_000_000, tick_lot_units=2_500_000),
        TIER.replace(instrument=2),
        SetMarkPrice(instrument=2, mark_ticks=1_000, index_ticks=1_000),
        *(Deposit(account=n, asset=1, amount_units=10**17, reference=b"more") for n in (1, 2)),
    )
    for account, side in ((1, Side.BUY), (2, Side.SELL)):
        order = PlaceOrder(account=account, instrument=2, side=side, price_ticks=1_000, quantity_lots=90_000)
        assert isinstance(desk.send(order)[0], OrderAccepted)
    desk.send(SetMarkPrice(version=1, instrument=2, mark_ticks=16_000_000, index_ticks=1))  # judges nobody
    _, balances, positions = desk.ask(QueryKind.ACCOUNT, account=1)
    assert positions[0].unrealized_pnl_units == 90_000 * (16_000_000 - 1_000) * 2_500_000
    assert balances[0].available_units > 0
    _, balances, _ = desk.ask(QueryKind.ACCOUNT, account=2)
    assert balances[0].available_units == 0
    desk.engine.check()


def test_the_liquidation_price_is_where_equity_meets_maintenance() -> None:
    """At the price shown the account is due, one tick better it is not."""
    for side, step in ((Side.BUY, 1), (Side.SELL, -1)):
        desk = Desk(accounts=3)
        desk.place(3, Side(1 - side), 1_000, 19_000)
        desk.send(SetLeverage(account=1, instrument=1, leverage=100))
        desk.send(Deposit(account=1, asset=1, amount_units=1, reference=b"odd"))
        desk.place(1, side, 1_000, 19_000)
        shown = desk.ask(QueryKind.ACCOUNT, account=1)[2][0].liquidation_ticks
        if not shown:
            continue
        due = []
        for mark in (shown, shown + step):
            desk.send(SetMarkPrice(version=1, instrument=1, mark_ticks=mark, index_ticks=1))  # judges nobody
            balance = desk.ask(QueryKind.ACCOUNT, account=1)[1][0]
            equity = balance.wallet_units + balance.unrealized_pnl_units
            due.append(balance.maintenance_margin_units >= equity)
        assert due == [True, False]


def test_a_restored_engine_goes_on_as_the_first_would() -> None:
    desk = Desk()
    for price in range(900, 1_100, 3):
        side = Side.BUY if price < 1_000 else Side.SELL
        desk.place(1 + price % 2, side, price, 1 + price % 7, client_order_id=b"p%d" % price)
    desk.place(1, Side.BUY, 1_050, 30)
    data = desk.engine.snapshot()
    other = Engine.restore(data)
    assert other.snapshot() == data
    assert (other.seq, other.time_ns, other.digest()) == (desk.engine.seq, desk.engine.time_ns, desk.engine.digest())
    more = desk.stamped(
        PlaceOrder(account=2, instrument=1, side=Side.SELL, price_ticks=900, quantity_lots=60),
        AmendOrder(account=1, instrument=1, client_order_id=b"p903", price_ticks=904, quantity_lots=2),
        CancelAllOrders(account=1),
        later_ns=2 * DAY_NS,
    )
    assert other.process(more) == desk.engine.process(more)
    assert (other.dump(), other.levels()) == (desk.engine.dump(), desk.engine.levels())
    other.check()


@pytest.mark.parametrize("harm", ["cut", "flip", "short", "empty", "format"])
def test_a_damaged_snapshot_is_refused(harm: str) -> None:
    data = Desk().engine.snapshot()
    damaged = {
        "cut": data[:-1],
        "flip": data[:-9] + bytes([data[-9] ^ 1]) + data[-8:],
        "short": data[:40],
        "empty": b"",
        "format": data[:32] + b"\xff" + data[33:],
    }[harm]
    with pytest.raises(ValueError, match="snapshot"):
        Engine.restore(damaged)


def test_at_most_four_keys_are_forgotten_by_a_command() -> None:
    desk = Desk()
    for n in range(6):
        desk.place(1, Side.BUY, 900, 1, client_order_id=b"k%d" % n)
    desk.send(CancelAllOrders(account=1))

    def remembered() -> int:
        return desk.ask(QueryKind.STATS)[1][0].remembered_ids

    assert remembered() == 8
    desk.send(CancelAllOrders(account=1), later_ns=DAY_NS - 2)
    assert remembered() == 8
    desk.send(CancelAllOrders(account=1), later_ns=2)
    assert remembered() == 4
    again = desk.place(1, Side.BUY, 901, 1, client_order_id=b"k5")[0]
    assert isinstance(again, OrderAccepted)
    assert remembered() == 3
    assert isinstance(desk.place(1, Side.BUY, 902, 1, client_order_id=b"k5")[0], OrderRejected)
    desk.engine.check()


def test_queries_of_the_wrong_length_are_a_bug_of_the_caller() -> None:
    with pytest.raises(AssertionError):
        Engine().query(b"\0" * 79)


def test_prefault_changes_nothing_but_memory() -> None:
    plain, ready = Desk(), Desk(Engine(EngineConfig(prefault=True)))
    plain.place(1, Side.BUY, 990, 5)
    ready.place(1, Side.BUY, 990, 5)
    assert plain.engine.digest() == ready.engine.digest()
