"""R2: `python -m tests.determinism --commands 200000`: one journal, every Python, five hash seeds, two engines, one history.

The compiled core replays the whole journal on every Python found, under five hash seeds; the naive twin and the core
replay a shorter one; snapshots at 100 cuts and their tails lead to the same state. Exit status 1 on any difference.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.determinism.flow import journal
from tests.determinism.pythons import Python, found, with_core

HASH_SEEDS = ("0", "1", "77", "4242", "4294967295")


def digests(python: Python, hash_seed: str, path: Path, kind: str, cuts: int = 0) -> str:
    """Events, levels and state of one replay in a process of its own, one word; a line tells of it."""
    argv = [python.program, "-m", "tests.determinism.replay", str(path), kind, str(cuts)]
    environment = {**python.environment, "PYTHONHASHSEED": hash_seed}
    done = subprocess.run(argv, cwd=python.path, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        print(done.stdout + done.stderr[-3000:])
        raise SystemExit(f"FAILED: {kind} on Python {python.version}, hash seed {hash_seed}")
    told = json.loads(done.stdout)
    assert told["python"] == python.version, told
    word = f"{told['events'][:16]}.{told['levels'][:16]}.{told['state'][:16]}"
    print(f"  Python {python.version:8} seed {hash_seed:10} {kind:9} {told['seconds']:7.2f} s  {word}", flush=True)
    return f"{told['events']}.{told['levels']}.{told['state']}"


def agreed(name: str, words: set[str]) -> None:
    if len(words) != 1:
        raise SystemExit(f"FAILED: {name}: {len(words)} histories")
    print(f"{name}: one history", flush=True)


def main(arguments: list[str] | None = None) -> int:
    """Exit status 0 when everything led to the same bytes."""
    parser = argparse.ArgumentParser(prog="python -m tests.determinism", description=__doc__)
    parser.add_argument("--commands", type=int, default=200_000, help="of the compiled core's journal")
    parser.add_argument("--reference", type=int, default=6_000, help="of the twin's")
    parser.add_argument("--cuts", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    begun = time.monotonic()
    here = found()
    for version, python in here.items():
        print(f"Python {version}: {python.version if python else 'missing on this machine'}")
    pythons = [with_core(python) for python in here.values() if python]
    if not pythons:
        raise SystemExit("FAILED: no Python of these versions here")
    with tempfile.TemporaryDirectory(prefix="determinism-") as folder:
        long, short = Path(folder, "long"), Path(folder, "short")
        long.write_bytes(journal(options.seed, options.commands))
        short.write_bytes(journal(options.seed + 1, options.reference))
        print(f"journals of {options.commands} and {options.reference} commands", flush=True)
        words = {digests(python, seed, long, "core") for python in pythons for seed in HASH_SEEDS}
        agreed(f"{options.commands} commands, {len(pythons)} Pythons, {len(HASH_SEEDS)} hash seeds", words)
        kinds = [(python, seed) for python in pythons for seed in HASH_SEEDS[:2]]
        twin = {digests(python, seed, short, kind) for python, seed in kinds for kind in ("core", "reference")}
        agreed(f"{options.reference} commands, compiled and reference core", twin)
        cut = digests(pythons[0], "0", long, "core", options.cuts)
        agreed(f"snapshot and tail at {options.cuts} cuts = full replay", {cut, *words})
    print(f"determinism: {len(pythons)} Pythons agree, {time.monotonic() - begun:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
