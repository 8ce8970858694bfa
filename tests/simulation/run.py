"""One seed's life: a workload, both engines, checkers, restarts and duplicated deliveries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from matcher.protocol.events import InstrumentDefined
from tests.simulation.bookkeeper import Bookkeeper
from tests.simulation.checkers import OrderJudge, RiskOfficer, Warden, attached, count_refusals
from tests.simulation.liquidation_checkers import LiquidationOfficer
from tests.simulation.pair import Disagreement, Pair
from tests.simulation.workload import FUND, Workload

NAMES = (b"k0", b"k21")
INSTRUMENTS = 3
BATCH_MAX = 6
ASK_EVERY = 5


@dataclass
class Tally:
    """What happened, for the closing line."""

    seeds: int = 0
    commands: int = 0
    events: int = 0
    trades: int = 0
    refusals: int = 0
    restarts: int = 0
    judged: int = 0
    triggered: int = 0
    children: int = 0
    liquidated: int = 0
    taken_over: int = 0
    deleveraged: int = 0
    prices: int = 0
    reasons: Counter[int] = field(default_factory=Counter)

    def add(self, other: Tally) -> None:
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)

    def __str__(self) -> str:
        return (
            f"{self.seeds} seeds, {self.commands} commands, {self.events} events, {self.trades} trades, "
            f"{self.refusals} refusals of {len(self.reasons)} kinds, {self.restarts} restarts, "
            f"{self.triggered} triggered, {self.children} attached, {self.liquidated} liquidated, "
            f"{self.taken_over} taken over, {self.deleveraged} deleveraged, {self.prices} liquidation prices and "
            f"{self.judged} margin checks judged: core and twin agree"
        )


def run_seed(
    seed: int,
    operations: int,
    tally: Tally,
    *,
    new_core: Callable[[], Any],
    new_twin: Callable[[], Any],
    thorough: int = 40,
) -> None:
    """Play one seed. AssertionError (Disagreement among them) tells what broke.

    Every batch is compared event for event; state and books every `thorough` batches, answers every fifth time, all at the end.
    """
    chance = Random(seed ^ 0x5EED)
    pair, workload = Pair(new_core(), new_twin()), Workload(seed)
    keeper, judge, officer, receiver = Bookkeeper(), OrderJudge(), RiskOfficer(), LiquidationOfficer()
    warden = Warden()
    history = workload.opening()
    _deliver(pair, b"".join(history), workload, keeper, tally)
    done = batches = 0
    while done < operations:
        batch = [workload.next() for _ in range(min(operations - done, chance.choice((1, 1, 1, BATCH_MAX))))]
        if len(batch) == 1:
            officer.before(pair.twin._state, batch[0])
            receiver.before(pair.twin, batch[0])
            warden.before(pair.twin._state, batch[0])
        events = _deliver(pair, b"".join(batch), workload, keeper, tally)
        judge.judge(events)
        warden.judge(batch, events)
        if len(batch) == 1:
            officer.after(pair.twin._state, events)
            receiver.after(pair.twin._state, events)
            warden.after(pair.twin._state, events)
        history += batch
        done, batches = done + len(batch), batches + 1
        if batches % thorough == 0:
            _look_closely(pair, keeper)
        if batches % (thorough * ASK_EVERY) == 0:
            _ask(pair)
            receiver.check_prices(pair.twin._state, pair.core)
        if chance.random() < 0.004:
            pair.restart()
            pair.compare_state()
            tally.restarts += 1
        if chance.random() < 0.01:
            _deliver_twice(pair, batch)
    _look_closely(pair, keeper)
    _ask(pair)
    receiver.check_prices(pair.twin._state, pair.core)
    _replay(pair, history, new_core)
    tally.seeds += 1
    tally.commands += len(history)
    tally.trades += keeper.trades
    tally.judged += officer.judged
    tally.triggered += judge.triggered
    for name in ("liquidated", "taken_over", "deleveraged", "prices"):
        setattr(tally, name, getattr(tally, name) + getattr(receiver, name))


def _deliver(pair: Pair, commands: bytes, workload: Workload, keeper: Bookkeeper, tally: Tally) -> list[Any]:
    events = pair.process(commands)
    for event in events:
        if isinstance(event, InstrumentDefined):
            keeper.asset_of[event.instrument] = pair.twin._state.instruments[event.instrument].terms.settlement_asset
    keeper.book(events)
    workload.observe(events)
    tally.events += len(events)
    tally.refusals += count_refusals(events)
    tally.children += attached(events)
    tally.reasons.update(event.reason for event in events if event.reason)
    return events


def _deliver_twice(pair: Pair, batch: list[bytes]) -> None:
    """The same stamped batch once more is refused by both before anything changes."""
    before = pair.compare_state()
    for engine in (pair.core, pair.twin):
        try:
            engine.process(b"".join(batch))
        except AssertionError:
            continue
        raise Disagreement("a batch was taken twice")
    if pair.compare_state() != before:
        raise Disagreement("a batch delivered twice left a trace")


def _look_closely(pair: Pair, keeper: Bookkeeper) -> None:
    pair.check()
    pair.compare_state()
    keeper.compare(pair.core)


def _ask(pair: Pair) -> None:
    """Every question; the twin works out prices of liquidation the long way, so not at every look."""
    pair.query_everything(FUND, INSTRUMENTS, NAMES)


def _replay(pair: Pair, history: list[bytes], new_core: Callable[[], Any]) -> None:
    """The whole history in one call to a fresh engine, no restarts: the same state."""
    fresh = new_core()
    fresh.process(b"".join(history))
    if fresh.digest() != pair.core.digest():
        raise Disagreement("replay in one batch gives another state")
