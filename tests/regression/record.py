"""Golden journals: command batches recorded once, and what an engine must make of them for ever.

`python -m tests.regression.record` writes them anew by the naive twin; do it only when the rules changed
on purpose, and say so in the commit.
"""

from __future__ import annotations

import json
from hashlib import blake2b
from pathlib import Path
from random import Random
from typing import Any

from matcher.protocol.codec import COMMAND_BYTES, decode_events
from matcher.protocol.records import Record

FOLDER = Path(__file__).parent / "journals"
EXPECTED = FOLDER / "expected.json"
BATCH = 16


def play(engine: Any, commands: bytes) -> dict[str, Any]:
    """Feed the journal in batches of 16; counts and digests of everything that came out."""
    events, levels = b"", b""
    for at in range(0, len(commands), BATCH * COMMAND_BYTES):
        events += engine.process(commands[at : at + BATCH * COMMAND_BYTES])
        levels += engine.levels()
    engine.check()
    return {
        "commands": len(commands) // COMMAND_BYTES,
        "events": len(events) // 128,
        "events_digest": blake2b(events, digest_size=32).hexdigest(),
        "levels_digest": blake2b(levels, digest_size=32).hexdigest(),
        "state_digest": engine.digest().hex(),
    }


def stories() -> dict[str, bytes]:
    """The journals to record: a quiet morning, a busy day and a day under attack."""
    return {
        "quiet_morning": _quiet_morning(),
        "busy_day": _life(20_251, 300),
        "under_attack": _life(20_252, 250, noise=0.3),
    }


def _quiet_morning() -> bytes:
    from tests.reference.engine import ReferenceEngine
    from tests.scenarios.story import Story

    story = Story(ReferenceEngine())
    story.open_market()
    story.open_accounts()
    for line in (
        "maker sell 5 @ 1001 id=m1",
        "maker buy 5 @ 999 gtx id=m2",
        "alice buy 3 @ 1001 id=a1",
        "alice sell 3 @ 1010 reduce id=a2",
        "bob sell 9 @ 995 id=b1",
        "mark 990",
        "alice amend id=a2 to 2 @ 1010",
        "bob amend id=b1 to 3 @ 995",
        "carol buy 50 market stp=both",
        "alice leverage 50",
        "alice sell 2 @ 990 ioc",
        "carol withdraw 1000 ref=w1",
        "wait 25h",
        "alice buy 3 @ 1001 id=a1",
        "maker cancel everywhere",
    ):
        story.act(line)
    return b"".join(story.raw)


def _life(seed: int, operations: int, noise: float = 0.0) -> bytes:
    from tests.reference.engine import ReferenceEngine
    from tests.simulation.workload import Workload

    workload, engine, random = Workload(seed), ReferenceEngine(), Random(seed)
    journal = b"".join(workload.opening())
    workload.observe(decode_events(engine.process(journal)))
    for _ in range(operations):
        command = workload.next()
        if random.random() < noise:
            command = (
                command[:24]
                + random.randbytes(6)
                + bytes((random.randrange(15),))
                + command[31:40]
                + random.randbytes(88)
            )
        workload.observe(decode_events(engine.process(command)))
        journal += command
    return journal


def layouts() -> str:
    """Every record as one line: its width, kind and fields at their offsets."""
    from matcher.protocol import commands, events, views

    records = [
        word
        for module in (commands, events, views)
        for word in vars(module).values()
        if isinstance(word, type)
        and getattr(word, "WIDTH", 0)
        and word is not Record
        and word.__module__ == module.__name__
    ]
    lines = [
        f"{record.__name__} {record.WIDTH} {record.KIND}: "  # type: ignore[attr-defined]
        + " ".join(f"{field.name}@{field.offset}{field.code}" for field in record.LAYOUT.fields)  # type: ignore[attr-defined]
        for record in records
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    from tests.reference.engine import ReferenceEngine

    expected = {}
    for name, commands in stories().items():
        (FOLDER / f"{name}.commands").write_bytes(commands)
        expected[name] = play(ReferenceEngine(), commands)
    EXPECTED.write_text(json.dumps(expected, indent=2) + "\n")
    (FOLDER / "layouts.txt").write_text(layouts())


if __name__ == "__main__":
    main()
