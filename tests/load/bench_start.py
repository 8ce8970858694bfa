"""How long the family takes to open: `python -m tests.load.bench_start [--runs 5]`.

Cold: an empty data folder, set-up already done; databases are made, migrated and seeded. Warm: the same
folder again. From the start of `python -m deploy.family` until run.json stands there, which is when every
process is ready. The stop is timed too. Memory: resident bytes not shared, summed over the processes.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path

from tests.support.family import Family


def stop(family: Family) -> float:
    begun = time.monotonic()
    assert family.stop() == 0, family.told()
    return time.monotonic() - begun


def memory_mb(family: Family) -> float:
    """Sum of the processes' proportional shares, their children included."""
    pids = [entry["pid"] for entry in family.facts["processes"]]
    total = 0
    for member in pids + [child for pid in pids for child in children(pid)]:
        lines = Path(f"/proc/{member}/smaps_rollup").read_text(encoding="ascii").splitlines()
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1024


def children(pid: int) -> list[int]:
    return [
        int(word)
        for path in Path(f"/proc/{pid}/task").glob("*/children")
        for word in path.read_text(encoding="ascii").split()
    ]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.load.bench_start")
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    cold, warm, ends, memory = [], [], [], []
    for run in range(options.runs):
        with tempfile.TemporaryDirectory(prefix="start-") as scratch:
            family = Family(Path(scratch) / "data")
            cold.append(family.start())
            ends.append(stop(family))
            warm.append(family.start())
            memory.append(memory_mb(family))
            ends.append(stop(family))
        print(f"run {run + 1}: cold {cold[-1]:.1f} s, warm {warm[-1]:.1f} s", file=sys.stderr, flush=True)
    print("| family | median | slowest |\n|---|---:|---:|")
    for name, seconds in (("cold start", cold), ("warm start", warm), ("stop", ends)):
        print(f"| {name} | {statistics.median(seconds):.1f} s | {max(seconds):.1f} s |")
    print(f"| memory, all processes | {statistics.median(memory):.0f} MB | {max(memory):.0f} MB |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
