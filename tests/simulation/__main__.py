"""`python -m tests.simulation --seed N --seeds K --operations M`: the core against its naive twin.

Prints one closing line; on failure what differed and the one command that replays the seed, and exits 1.
`--workers 2` spreads the seeds over processes; each seed is the same life wherever it runs.
"""

from __future__ import annotations

import argparse
import sys
import time
import traceback
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial

from matcher.core.engine import Engine
from tests.reference.engine import ReferenceEngine
from tests.simulation.run import Tally, run_seed


def live(seed: int, operations: int) -> tuple[int, Tally, str, str]:
    """One seed: (seed, what happened, what failed in one line, its traceback)."""
    tally = Tally()
    try:
        run_seed(seed, operations, tally, new_core=Engine, new_twin=ReferenceEngine)
    except Exception as failure:  # noqa: BLE001 - whatever broke, the seed is what matters
        return seed, tally, f"{type(failure).__name__}: {failure}", traceback.format_exc()
    return seed, tally, "", ""


def lives(seeds: Iterable[int], operations: int, workers: int) -> Iterator[tuple[int, Tally, str, str]]:
    """The seeds in their order, in this process or in several."""
    if workers == 1:
        yield from (live(seed, operations) for seed in seeds)
        return
    with ProcessPoolExecutor(workers) as pool:
        try:
            yield from pool.map(partial(live, operations=operations), seeds)
        finally:
            pool.shutdown(cancel_futures=True)


def main(arguments: list[str] | None = None) -> int:
    """Run the seeds; the process's exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="first seed")
    parser.add_argument("--seeds", type=int, default=1, help="how many seeds, one after the other")
    parser.add_argument("--operations", type=int, default=2000, help="commands per seed")
    parser.add_argument("--workers", type=int, default=1, help="processes to spread the seeds over")
    parser.add_argument("--verbose", action="store_true", help="show the traceback of a failure")
    parser.add_argument("--seconds", type=float, default=0, help="begin no further seed after so long (0: take all)")
    options = parser.parse_args(arguments)
    total, started = Tally(), time.monotonic()
    for seed, tally, failure, trace in lives(
        range(options.seed, options.seed + options.seeds), options.operations, options.workers
    ):
        if failure:
            print(trace if options.verbose else "", f"seed {seed} FAILED: {failure}", sep="")
            print(f"replay: python -m tests.simulation --seed {seed} --operations {options.operations} --verbose")
            return 1
        total.add(tally)
        if 0 < options.seconds < time.monotonic() - started:
            break
    print(f"{total} in {time.monotonic() - started:.1f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
