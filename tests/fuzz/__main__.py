"""`python -m tests.fuzz --seconds 60`: hostile commands against core and twin until the time is up.

Each chunk of seeds runs in a process of its own, which a watchdog ends when a command hangs; a crash, a hang or a
disagreement ends with the one command that replays the seed, and exit status 1.
"""

from __future__ import annotations

import argparse
import faulthandler
import subprocess
import sys
import time
import traceback
from pathlib import Path

from tests.fuzz.codec import bombard
from tests.fuzz.run import Tally, run_seed

ROOT = Path(__file__).resolve().parents[2]
SEEDS_A_CHUNK = 10
HANG_SECONDS = 60.0


def play(first: int, seeds: int, operations: int) -> int:
    """The seeds in this process; says which one it is at, so that a crash has a name."""
    from matcher.core.engine import Engine
    from tests.reference.engine import ReferenceEngine

    faulthandler.enable()
    tally = Tally()
    for seed in range(first, first + seeds):
        faulthandler.dump_traceback_later(HANG_SECONDS, exit=True)
        print(f"seed {seed}", flush=True)
        try:
            bombard(seed)
            run_seed(seed, operations, tally, new_core=Engine, new_twin=ReferenceEngine)
        except Exception:  # noqa: BLE001 - whatever broke, the seed is what matters
            print(traceback.format_exc(), flush=True)
            return 1
        finally:
            faulthandler.cancel_dump_traceback_later()
    print(f"tally {tally.commands} {tally.events} {tally.refused} {tally.set_aside} {tally.queries}", flush=True)
    return 0


def besiege(first: int, seconds: float, operations: int) -> int:
    """Chunk after chunk until the time is up; the process's exit status."""
    until, seed, sums = time.monotonic() + seconds, first, [0] * 5
    while time.monotonic() < until:
        argv = [sys.executable, "-m", "tests.fuzz", "--seed", str(seed), "--seeds", str(SEEDS_A_CHUNK)]
        argv += ["--operations", str(operations)]
        done = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, check=False)
        lines = done.stdout.splitlines()
        if done.returncode != 0:
            at = next((line.split()[1] for line in reversed(lines) if line.startswith("seed ")), str(seed))
            print(done.stdout[-3000:], done.stderr[-3000:], sep="")
            print(f"seed {at} FAILED with status {done.returncode}")
            print(f"replay: python -m tests.fuzz --seed {at} --seeds 1 --operations {operations}")
            return 1
        sums = [one + int(more) for one, more in zip(sums, lines[-1].split()[1:], strict=True)]
        seed += SEEDS_A_CHUNK
    told = "{} commands, {} events, {} refused, {} set aside, {} queries".format(*sums)
    print(f"{seed - first} seeds from {first}: {told}: no crash, no hang, no trace of a refusal, core and twin agree")
    return 0


def main(arguments: list[str] | None = None) -> int:
    """Exit status 0 when nothing broke."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="first seed")
    parser.add_argument("--seeds", type=int, default=0, help="exactly so many, in this process")
    parser.add_argument("--seconds", type=float, default=60, help="how long to go on otherwise")
    parser.add_argument("--operations", type=int, default=500, help="commands per seed")
    options = parser.parse_args(arguments)
    if options.seeds:
        return play(options.seed, options.seeds, options.operations)
    return besiege(options.seed, options.seconds, options.operations)


if __name__ == "__main__":
    sys.exit(main())
