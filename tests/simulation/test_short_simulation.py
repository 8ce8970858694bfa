"""Aim: a short form of the simulation in every test run, and a simulation that does notice a broken engine."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.reference.engine import ReferenceEngine
from tests.simulation.run import Tally, run_seed
from tests.support.pace import PATIENCE_S

ROOT = Path(__file__).parents[2]


def test_core_and_twin_agree_over_a_few_lives() -> None:
    from matcher.core.engine import Engine

    tally = Tally()
    for seed in range(527, 539):
        run_seed(seed, 900, tally, new_core=Engine, new_twin=ReferenceEngine)
    assert tally.commands > 12 * 900
    assert min(tally.trades, tally.refusals, tally.judged) > 100
    assert min(tally.triggered, tally.children, tally.prices) > 50
    assert min(tally.liquidated, tally.taken_over, tally.deleveraged) > 0
    assert tally.restarts > 2
    assert len(tally.reasons) > 30


class OffByOne(ReferenceEngine):
    """Wrong in one unit of one fee, once."""

    def process(self, commands: bytes) -> bytes:
        events = super().process(commands)
        if self.seq > 200:
            for house in self._state.houses.values():
                house.fee_income_units += 1
        return events


class Forgetful(ReferenceEngine):
    """Its snapshots lose the newest key."""

    def snapshot(self) -> bytes:
        if self._state.ended_orders:
            del self._state.remembered[self._state.ended_orders.pop()]
        return super().snapshot()


class Mute(ReferenceEngine):
    """Never tells of a level that became empty."""

    def levels(self) -> bytes:
        whole = super().levels()
        return b"".join(whole[at : at + 32] for at in range(0, len(whole), 32) if any(whole[at + 16 : at + 24]))


class Credulous(ReferenceEngine):
    """Takes a batch it has had before for a new one."""

    def process(self, commands: bytes) -> bytes:
        try:
            return super().process(commands)
        except AssertionError:
            return b""


def live(new_core: Any) -> None:
    for seed in range(1, 4):
        run_seed(seed, 800, Tally(), new_core=new_core, new_twin=ReferenceEngine)


@pytest.mark.parametrize("broken", [OffByOne, Forgetful, Mute, Credulous])
def test_a_broken_engine_is_found(broken: Any) -> None:
    with pytest.raises(AssertionError):
        live(broken)


def test_the_program_closes_with_its_counts() -> None:
    done = _run("--seed", "3", "--seeds", "2", "--operations", "60", "--workers", "2")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("2 seeds, ")
    assert "core and twin agree" in done.stdout


def test_a_failing_seed_ends_with_the_command_that_replays_it(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    from tests.simulation import __main__ as program

    monkeypatch.setattr(program, "Engine", OffByOne)
    assert program.main(["--seed", "8", "--seeds", "5", "--operations", "300"]) == 1
    out = capsys.readouterr().out
    assert "seed 8 FAILED: " in out
    assert "replay: python -m tests.simulation --seed 8 --operations 300 --verbose" in out


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.simulation", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=PATIENCE_S, check=False
    )
