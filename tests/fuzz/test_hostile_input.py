"""Aim: whatever bytes come, the codec and both engines answer with records, numbered reasons or an untouched state.

The long form is `make fuzz SECONDS=60`. Here: some seeds, amounts beyond what is kept, and a siege that does notice.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from matcher.protocol.codec import decode_events
from matcher.protocol.commands import (
    DefineMarketRules,
    Deposit,
    PlaceOrder,
    SetMarkPrice,
    SettleFunding,
    SettleInstrument,
)
from matcher.protocol.enums import Side
from tests.fuzz.codec import bombard
from tests.fuzz.run import Tally, run_seed
from tests.reference.engine import ReferenceEngine
from tests.scenarios.engines import engine_class
from tests.scenarios.story import BTC_TERMS, Story
from tests.support.pace import PATIENCE_S

ROOT = Path(__file__).resolve().parents[2]
WHOLE_WALLET = 10**18


def new_core() -> Any:
    return engine_class("core")()


def test_hostile_commands_leave_no_trace() -> None:
    tally = Tally()
    for seed in range(30, 42):
        run_seed(seed, 250, tally, new_core=new_core, new_twin=ReferenceEngine)
    assert tally.commands > 12 * 250
    assert tally.refused > 1500
    assert len(tally.reasons) > 40
    assert len(tally.kinds) > 30


def test_hostile_bytes_are_records_or_refused() -> None:
    for seed in range(20):
        bombard(seed)


class Careless(ReferenceEngine):
    """A refused order has counted already."""

    def process(self, commands: bytes) -> bytes:
        events = super().process(commands)
        if events[32] == 2 and self.seq > 100:  # OrderRejected
            self._state.last_order_id += 1
        return events


class Wordless(ReferenceEngine):
    """Numbers a reason that is not in the list."""

    def process(self, commands: bytes) -> bytes:
        events = bytearray(super().process(commands))
        if events[30] == 10 and events[31] == 0:
            events[30] = 9
        return bytes(events)


@pytest.mark.parametrize("broken", [Careless, Wordless])
def test_the_siege_notices(broken: Any) -> None:
    with pytest.raises(AssertionError):
        besiege(broken)


def besiege(broken: Any) -> None:
    for seed in range(1, 8):
        run_seed(seed, 200, Tally(), new_core=broken, new_twin=broken)


def rich(engine: Any) -> Story:
    """Two accounts with the largest position that a cap of 10^18 units allows, at a mark of 1000."""
    story = Story(engine)
    terms = BTC_TERMS.replace(
        tick_lot_units=10**6, max_quantity_lots=4 * 10**7, max_market_quantity_lots=1, max_open_orders=100
    )
    story.open_market(terms, ((0, 1, 1000),))
    story.open_accounts(1)
    for name in ("alice", "bob"):
        account = {"alice": 1, "bob": 2}[name]
        for part in range(2):
            reference = b"rich%d" % part
            story.send(Deposit(account=account, asset=1, amount_units=WHOLE_WALLET, reference=reference))
    rules = DefineMarketRules(instrument=1, funding_cap_ppb=10**9 - 1, funding_floor_ppb=10**9 - 2)
    story.send(rules)
    for side in (Side.BUY, Side.SELL):
        for _ in range(24):
            order = PlaceOrder(account=1 + side, instrument=1, side=side, price_ticks=1000, quantity_lots=4 * 10**7)
            story.send(order)
    return story


@pytest.mark.rule("ENG-008")
@pytest.mark.parametrize("kind", ["core", "reference"])
@pytest.mark.parametrize("harm", ["funding", "settlement"])
def test_an_amount_that_cannot_be_kept_is_an_impossible_state(kind: str, harm: str) -> None:
    """960 million lots are worth 9.6 x 10^17 at 1000, 4.8 x 10^19 at 50,000: nothing wraps, nothing is paid."""
    engine = engine_class(kind)()
    story = rich(engine)
    held = story.holds("alice")
    story.send(SetMarkPrice(instrument=1, mark_ticks=50_000, version=1))
    before = engine.snapshot()
    command: Any = SettleInstrument(instrument=1, price_ticks=50_000)
    if harm == "funding":
        command = SettleFunding(instrument=1, funding_ns=story.now_ns, next_funding_ns=story.now_ns + 1)
    raw = command.replace(seq=engine.seq + 1, time_ns=story.now_ns).pack()
    with pytest.raises(AssertionError, match="impossible state"):
        engine.process(raw)
    if kind == "core":
        with pytest.raises(AssertionError, match="before"):
            engine.process(raw)
    again = type(engine).restore(before)
    again.check()
    story.engine = again
    assert held == story.holds("alice") == (960_000_000, 960_000_000 * 1000 * 10**6)
    assert decode_events(
        again.process(SetMarkPrice(instrument=1, mark_ticks=1001, seq=again.seq + 1, time_ns=story.now_ns).pack())
    )


def test_the_program_names_the_seed_it_was_at() -> None:
    argv = [sys.executable, "-m", "tests.fuzz", "--seed", "5", "--seconds", "0.1", "--operations", "40"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        argv, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=PATIENCE_S, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("10 seeds from 5: ")
