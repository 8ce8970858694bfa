"""`python -m tests.simulation --seed N --seeds K --operations M`: the core against its naive twin.

Prints one closing line; on failure what differed and the one command that replays the seed, and exits 1.
"""

from __future__ import annotations

import argparse
import sys
import time
import traceback

from matcher.core.engine import Engine
from tests.reference.engine import ReferenceEngine
from tests.simulation.run import Tally, run_seed


def main(arguments: list[str] | None = None) -> int:
    """Run the seeds; the process's exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="first seed")
    parser.add_argument("--seeds", type=int, default=1, help="how many seeds, one after the other")
    parser.add_argument("--operations", type=int, default=2000, help="commands per seed")
    parser.add_argument("--verbose", action="store_true", help="show the traceback of a failure")
    options = parser.parse_args(arguments)
    tally, started = Tally(), time.monotonic()
    for seed in range(options.seed, options.seed + options.seeds):
        try:
            run_seed(seed, options.operations, tally, new_core=Engine, new_twin=ReferenceEngine)
        except Exception as failure:  # noqa: BLE001 - whatever broke, the seed is what matters
            if options.verbose:
                traceback.print_exc()
            print(f"seed {seed} FAILED: {type(failure).__name__}: {failure}")
            print(f"replay: python -m tests.simulation --seed {seed} --operations {options.operations} --verbose")
            return 1
    print(f"{tally} in {time.monotonic() - started:.1f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
