"""Golden journals: command batches recorded once, and what an engine must make of them for ever.

`python -m tests.regression.record` records journals that are not there yet, by the naive twin, and takes the state's
digests anew where DUMP_VERSION rose. It refuses when a recorded journal gives other events: history that was
committed stays as it is. A change of rules needs a new version of the commands it is for (docs/engine.md, ENG-005),
and journals of that version beside the old ones.
"""

from __future__ import annotations

import json
from hashlib import blake2b
from pathlib import Path
from typing import Any

from matcher.protocol.codec import COMMAND_BYTES
from matcher.runtime.journal import FIRST_CHAIN, chain_digest
from tests.regression.layouts import layouts

FOLDER = Path(__file__).parent / "journals"
EXPECTED = FOLDER / "expected.json"
BATCH = 16
DUMP_VERSION = 2  # rises when dump() shows more or other things; what the engine does has not changed by that
OF_HISTORY = ("version", "commands", "events", "events_digest", "levels_digest", "chain")


class HistoryChangedError(Exception):
    """A recorded journal replays into other events."""


def play(engine: Any, commands: bytes) -> dict[str, Any]:
    """Feed the journal in batches of 16; counts and digests of everything that came out, chained as journal rows are."""
    events, levels, chain = b"", b"", FIRST_CHAIN
    for at in range(0, len(commands), BATCH * COMMAND_BYTES):
        batch = commands[at : at + BATCH * COMMAND_BYTES]
        told = engine.process(batch)
        events += told
        levels += engine.levels()
        chain = chain_digest(chain, batch, told)
    engine.check()
    return {
        "version": commands[31],
        "commands": len(commands) // COMMAND_BYTES,
        "events": len(events) // 128,
        "events_digest": blake2b(events, digest_size=32).hexdigest(),
        "levels_digest": blake2b(levels, digest_size=32).hexdigest(),
        "chain": chain.hex(),
        "state_digest": engine.digest().hex(),
    }


def renewed(recorded: dict[str, Any], played: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """What expected.json is to hold after a run. Raises HistoryChangedError.

    Events and level changes of a journal that was recorded may never change, its state's digest only with DUMP_VERSION.
    """
    for name, told in recorded.get("journals", {}).items():
        now = played[name]
        changed = [word for word in OF_HISTORY if told[word] != now[word]]
        if recorded["dump_version"] == DUMP_VERSION and told["state_digest"] != now["state_digest"]:
            changed.append("state_digest")
        if changed:
            raise HistoryChangedError(f"{name}: {', '.join(changed)}: committed history would replay into another one")
    return {"dump_version": DUMP_VERSION, "journals": played}


def main() -> None:
    from tests.reference.engine import ReferenceEngine
    from tests.regression.stories import STORIES

    for name, tell in STORIES.items():
        path = FOLDER / f"{name}.commands"
        if not path.exists():
            path.write_bytes(tell())
    played = {path.stem: play(ReferenceEngine(), path.read_bytes()) for path in sorted(FOLDER.glob("*.commands"))}
    expected = renewed(json.loads(EXPECTED.read_text()), played)
    EXPECTED.write_text(json.dumps(expected, indent=2) + "\n")
    (FOLDER / "layouts.txt").write_text(layouts())


if __name__ == "__main__":
    main()
