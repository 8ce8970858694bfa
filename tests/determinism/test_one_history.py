"""R2 in short: one journal, two hash seeds, both engines, snapshots anywhere: one history. `make determinism` is the long form."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from matcher.protocol.codec import decode_events
from tests.determinism import __main__ as program
from tests.determinism.flow import journal
from tests.determinism.pythons import ROOT, VERSIONS, Python, found
from tests.determinism.replay import replay
from tests.reference.engine import ReferenceEngine
from tests.scenarios.engines import engine_class

COMMANDS = 4_000


@pytest.fixture(scope="module")
def commands() -> bytes:
    return journal(11, COMMANDS)


def this_python() -> Python:
    return Python(sys.executable, sys.version.split()[0], "", "", ROOT)


def test_hash_seeds_and_engines_make_one_history(commands: bytes, tmp_path: Path) -> None:
    path = tmp_path / "journal"
    path.write_bytes(commands)
    python = this_python()
    words = {program.digests(python, seed, path, "core", 20) for seed in ("0", "4242")}
    path.write_bytes(commands[: 128 * 1_000])
    twins = {program.digests(python, seed, path, kind) for seed in ("1", "77") for kind in ("core", "reference")}
    assert (len(words), len(twins)) == (1, 1)


def test_the_journal_is_full_of_life_to_its_end(commands: bytes) -> None:
    engine = engine_class("core")()
    engine.process(commands[: len(commands) // 2])
    events = decode_events(engine.process(commands[len(commands) // 2 :]))
    kinds = {type(event).__name__ for event in events}
    assert {"OrderFilled", "OrderTriggered", "LiquidationStarted", "FundingSettled", "SweepDone"} <= kinds
    assert sum(type(event).__name__ == "OrderFilled" for event in events) > 100


class Forgetful(ReferenceEngine):
    """Restores another number of orders given than it had."""

    @classmethod
    def restore(cls, data: bytes) -> Any:
        engine = super().restore(data)
        engine._state.last_order_id += 1
        return engine


def test_a_snapshot_that_forgets_is_found(commands: bytes) -> None:
    with pytest.raises(AssertionError, match="another state"):
        replay(Forgetful, commands[: 128 * 600], cuts=12)


def test_every_python_of_this_machine_is_named() -> None:
    here = found()
    assert tuple(here) == VERSIONS
    running = here["{}.{}".format(*sys.version_info)]
    assert running is not None
    assert Path(running.program).samefile(sys.executable)
