"""The matcher's command line: `python -m matcher [run|verify|snapshot]`."""

from __future__ import annotations

import argparse
import logging
import os
import sys
import time

from matcher.core.engine import Engine
from matcher.runtime.errors import MatcherStopped
from matcher.runtime.journal import open_journal
from matcher.runtime.ports import EngineClass
from matcher.runtime.replay import verify_journal, write_snapshot
from matcher.runtime.settings import Settings, read_settings
from matcher.runtime.snapshot import open_snapshots
from matcher.runtime.worker import run

log = logging.getLogger("matcher")

_EPILOG = """
environment: EXCHANGE_DATA, DATABASE_URL, JOURNAL_URL, MATCHER_URL (docs/wiring.md);
MATCHER_METRICS_PORT (none), MATCHER_BATCH_COMMANDS (4096), MATCHER_WAITING_COMMANDS (65536),
MATCHER_SNAPSHOT_COMMANDS (500000) and MATCHER_SNAPSHOT_BATCHES (25000) between snapshots, 0 = never;
MATCHER_WATCH_MS (1000) between looks at an idle journal and at due snapshots.
exit status: 0 stopped as asked, 2 refused its settings, 3 journal lost, 4 deposed by another matcher,
5 journal damaged, 6 replay differs, 7 engine untrusted.
"""


def main(arguments: list[str]) -> int:
    """Returns the exit status."""
    if not __debug__:
        print("the matcher refuses to run under python -O: its assertions must stay on", file=sys.stderr)  # noqa: T201
        return 2
    parser = argparse.ArgumentParser(
        prog="python -m matcher",
        description="The journaled matching engine of one margin domain.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "action",
        nargs="?",
        default="run",
        choices=("run", "verify", "snapshot"),
        help="run (default): recover and serve; verify: replay the whole journal from zero and compare; "
        "snapshot: replay from the last snapshot and save the state",
    )
    action = parser.parse_args(arguments).action
    logging.basicConfig(level=logging.INFO, format="%(asctime)s matcher %(levelname)s %(message)s", stream=sys.stderr)
    try:
        settings = read_settings(os.environ)
        if action == "verify":
            return verify(settings, Engine)
        if action == "snapshot":
            return snapshot(settings, Engine)
    except MatcherStopped as stop:
        log.critical("STOPPED: %s", stop)
        return stop.exit_status
    return run(settings, Engine)


def verify(settings: Settings, engine_class: EngineClass) -> int:
    """Replay the journal from zero, with a progress line a second."""
    journal, snapshots = open_journal(settings.journal_url), open_snapshots(settings.journal_url)
    goal, started = journal.last_seq(), time.monotonic()
    seq = rows = 0
    shown = started
    for row in verify_journal(journal, snapshots, engine_class):
        seq, rows = row.last_seq, rows + 1
        if time.monotonic() - shown >= 1.0:
            shown = time.monotonic()
            log.info("verified %d of %d commands (%d %%)", seq, goal, 100 * seq // max(goal, 1))
    log.info("verified: %d commands in %d rows, %.2f s, no difference", seq, rows, time.monotonic() - started)
    return 0


def snapshot(settings: Settings, engine_class: EngineClass) -> int:
    """Write one snapshot at the journal's end, as a good neighbor of the matcher."""
    os.nice(5)
    started = time.monotonic()
    journal, snapshots = open_journal(settings.journal_url), open_snapshots(settings.journal_url)
    saved = write_snapshot(journal, snapshots, engine_class)
    if saved is None:
        log.info("snapshot: nothing new")
    else:
        log.info("snapshot at %d: %d bytes, %.2f s", saved.seq, len(saved.state), time.monotonic() - started)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
