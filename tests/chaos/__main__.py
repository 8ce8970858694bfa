"""The short form of every chaos program, one after the other: `python -m tests.chaos [name ...]`.

R1, R3, R7, R8, R13 on the matcher, R6 on the projector, the death of every process of a family, and R12 and R15
as readers of the feeds see them.
"""

from __future__ import annotations

import subprocess
import sys
import time

from tests.support.family import ROOT, clean_environment

SHORT = {
    "matcher": ("--kills", "20"),
    "projector": ("--kills", "50"),
    "family": ("--rounds", "1"),
    "recorder": ("--seconds", "25", "--gateway", "1", "--valkey", "1", "--postgres", "2", "--sockets", "200"),
}
ELSEWHERE = {"recorder": "tests.recorder"}


def main(names: list[str]) -> int:
    """Exit status 0 when every program ended with 0."""
    unknown = set(names) - set(SHORT)
    if unknown:
        print(f"chaos: no program {', '.join(sorted(unknown))}; there are {', '.join(SHORT)}")
        return 2
    failed = []
    for name in names or SHORT:
        print(f"\n== {name} {' '.join(SHORT[name])}", flush=True)
        begun = time.monotonic()
        argv = [sys.executable, "-m", ELSEWHERE.get(name, f"tests.chaos.{name}"), *SHORT[name]]
        code = subprocess.run(argv, cwd=ROOT, env=clean_environment(), check=False).returncode
        print(f"== {name}: exit {code} after {time.monotonic() - begun:.0f} s", flush=True)
        if code != 0:
            failed.append(name)
    total = len(names or SHORT)
    print(f"\nchaos: {', '.join(failed) or 'none'} failed\n{total - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
