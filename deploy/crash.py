"""`python -m deploy.crash`: play a market crash and say what happened; `make demo-crash`.

With DATA it plays in the family that runs there, otherwise on a matcher and a projector of its own that live as long
as the play. Exit codes: that of `manage.py demo_crash`, 2 when there is no stage to play on.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from deploy.layout import Layout, open_layout
from deploy.plan import family_environment
from deploy.probes import matcher_welcome, ready_file
from deploy.process import Probe
from deploy.stamps import ROOT

PLAY_SECONDS_MAX = 300.0
READY_SECONDS_MAX = 120.0
STOP_SECONDS_MAX = 5.0


class NoStageError(Exception):
    """There is nowhere to play; the text says why."""


def main() -> int:
    os.umask(0o077)
    data = os.environ.get("DATA", "")
    try:
        if data:
            return play(environment_of(Path(data) if Path(data).is_absolute() else ROOT / data))
        with tempfile.TemporaryDirectory(prefix="crash-") as folder, own_stage(Path(folder)) as environ:
            return play(environ)
    except (NoStageError, subprocess.SubprocessError) as error:
        print(f"The drill cannot be played: {error}", file=sys.stderr)
        return 2


def play(environ: Mapping[str, str]) -> int:
    argv = [sys.executable, "manage.py", "demo_crash"]
    return subprocess.run(argv, cwd=ROOT, env=environ, timeout=PLAY_SECONDS_MAX, check=False).returncode


def environment_of(data: Path) -> dict[str, str]:
    """The variables of the family that runs in `data`."""
    try:
        facts = json.loads((data / "run.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise NoStageError(f"no family runs in DATA={data}; leave DATA out to play on a stage of its own") from None
    environ = family_environment(open_layout(data), "127.0.0.1", 0, os.environ)
    return environ | {"DATABASE_URL": facts["database_url"], "REDIS_URL": facts["redis_url"]}


@contextmanager
def own_stage(folder: Path) -> Iterator[dict[str, str]]:
    """A matcher and a projector on SQLite; gone with the block."""
    layout = open_layout(folder)
    kept = {name: text for name, text in os.environ.items() if name not in {"REDIS_URL", "MATCHER_URL", "JOURNAL_URL"}}
    environ = family_environment(layout, "127.0.0.1", 0, kept)
    environ["DATABASE_URL"] = f"sqlite:///{folder / 'exchange.sqlite3'}"
    environ["JOURNAL_URL"] = f"sqlite:///{folder / 'journal.sqlite3'}"
    started: list[subprocess.Popen[bytes]] = []
    try:
        start(started, layout, environ, "matcher", matcher_welcome(environ["MATCHER_URL"]), "-m", "matcher")
        migrate(environ)
        start(started, layout, environ, "projector", ready_file(layout.run / "projector.ready"), "manage.py", "project")
        yield environ
    finally:
        for process in reversed(started):
            stop(process)


def migrate(environ: Mapping[str, str]) -> None:
    argv = [sys.executable, "manage.py", "migrate", "--noinput"]
    done = subprocess.run(argv, cwd=ROOT, env=environ, capture_output=True, timeout=PLAY_SECONDS_MAX, check=False)
    if done.returncode:
        raise NoStageError(done.stderr.decode(errors="replace")[-2000:])


def start(
    started: list[subprocess.Popen[bytes]],
    layout: Layout,
    environ: Mapping[str, str],
    name: str,
    ready: Probe,
    *argv: str,
) -> None:
    """Start one process and wait until it is ready; it joins `started` at once."""
    log = layout.logs / f"{name}.log"
    with log.open("ab") as out:
        process = subprocess.Popen([sys.executable, *argv], cwd=ROOT, env=environ, stdout=out, stderr=out)
    started.append(process)
    give_up = time.monotonic() + READY_SECONDS_MAX
    while not ready(process.pid):
        if process.poll() is not None or time.monotonic() > give_up:
            raise NoStageError(f"{name} does not start: {log.read_text(errors='replace')[-2000:]}")
        time.sleep(0.05)


def stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(STOP_SECONDS_MAX)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


if __name__ == "__main__":
    sys.exit(main())
