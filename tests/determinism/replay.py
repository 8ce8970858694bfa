"""`python -m tests.determinism.replay journal core 100`: what this interpreter makes of a journal, as one line of JSON.

Standard library, the protocol and one engine only, so that any Python with a core built for it can run this.
With cuts: the engine is saved at so many places, and every saved one is taken to the end by the tail alone.
"""

from __future__ import annotations

import json
import platform
import sys
import time
from hashlib import blake2b
from pathlib import Path
from random import Random
from typing import Any

from matcher.protocol.codec import COMMAND_BYTES

BATCH_MAX = 64


def rows_of(commands: bytes) -> list[bytes]:
    """The journal in rows of 1 to 64 commands, the same ones everywhere."""
    dice, at, rows = Random(len(commands)), 0, []
    while at < len(commands):
        end = at + dice.randint(1, BATCH_MAX) * COMMAND_BYTES
        rows.append(commands[at:end])
        at = end
    return rows


def replay(engine_class: Any, commands: bytes, cuts: int = 0) -> dict[str, str]:
    """Digests of events, levels and state after a full replay. AssertionError when a snapshot and its tail differ."""
    rows, engine = rows_of(commands), engine_class()
    events, levels = blake2b(digest_size=32), blake2b(digest_size=32)
    for row in rows:
        events.update(engine.process(row))
        levels.update(engine.levels())
    engine.check()
    told = {"events": events.hexdigest(), "levels": levels.hexdigest(), "state": engine.digest().hex()}
    _cut(engine_class, rows, cuts, told["state"])
    return told


def _cut(engine_class: Any, rows: list[bytes], cuts: int, state: str) -> None:
    """A second life stops at so many places; what is restored there goes to the end by itself."""
    places = set(Random(cuts).sample(range(len(rows)), min(cuts, len(rows))))
    engine = engine_class()
    for number, row in enumerate(rows):
        if number in places:
            again = engine_class.restore(engine.snapshot())
            assert again.dump() == engine.dump(), f"the snapshot at row {number} is another state"
            for rest in rows[number:]:
                again.process(rest)
            assert again.digest().hex() == state, f"the snapshot at row {number} and its tail lead elsewhere"
        engine.process(row)


def main(arguments: list[str]) -> int:
    """Prints the digests and how they came about."""
    path, kind, cuts = arguments
    if kind == "core":
        from matcher.core.engine import Engine as Chosen
    else:
        from tests.reference.engine import ReferenceEngine as Chosen  # type: ignore[assignment]
    commands, started = Path(path).read_bytes(), time.monotonic()
    told = replay(Chosen, commands, int(cuts))
    seconds = time.monotonic() - started
    print(json.dumps({**told, "python": platform.python_version(), "seconds": round(seconds, 2)}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
