"""A real family for tests and programs: `python -m deploy.family` on a free port in a folder of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Self

ROOT = Path(__file__).resolve().parents[2]
OWN_WORDS = ("PORT", "DATA", "DATABASE_URL", "REDIS_URL", "JOURNAL_URL", "MATCHER_URL", "DJANGO_SETTINGS_MODULE")
START_SECONDS_MAX = 150.0
STOP_SECONDS_MAX = 120.0


def clean_environment(**extra: str) -> dict[str, str]:
    """Ours without what would point a family at somebody else's stores."""
    kept = {name: value for name, value in os.environ.items() if name not in OWN_WORDS}
    return {name: value for name, value in kept.items() if not name.startswith("EXCHANGE_")} | extra


class Family:
    """Started by `start`, stopped by `stop`; `facts` is run.json as it stands."""

    def __init__(self, data: Path, port: int = 0, **environ: str) -> None:
        self.data = data
        self.port = port
        self.environ = clean_environment(**environ)
        self.output = data.with_name(f"{data.name}.out")
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def run_json(self) -> Path:
        return self.data / "run.json"

    @property
    def facts(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.run_json.read_text(encoding="utf-8"))
        return found

    def pid(self, name: str) -> int:
        """The pid of a process now. Raises StopIteration for a name that does not run."""
        return next(entry["pid"] for entry in self.facts["processes"] if entry["name"] == name)

    def spawn(self) -> subprocess.Popen[bytes]:
        """Start it without waiting."""
        self.data.parent.mkdir(parents=True, exist_ok=True)
        argv = [sys.executable, "-m", "deploy.family", "--port", str(self.port), "--data", str(self.data)]
        with self.output.open("ab") as out:
            self.process = subprocess.Popen(
                argv, cwd=ROOT, env=self.environ, stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                start_new_session=True,
            )  # fmt: skip
        return self.process

    def start(self) -> float:
        """Start it; the seconds until run.json stood there."""
        begun = time.monotonic()
        process = self.spawn()
        while not self.run_json.exists():
            assert process.poll() is None, f"the family ended with {process.returncode}:\n{self.told()}"
            assert time.monotonic() - begun < START_SECONDS_MAX, f"the family is not ready:\n{self.told()}"
            time.sleep(0.02)
        return time.monotonic() - begun

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Ask the whole group to stop; the exit code."""
        assert self.process is not None
        if self.process.poll() is None:
            os.killpg(self.process.pid, number)
        return self.process.wait(timeout=STOP_SECONDS_MAX)

    def told(self) -> str:
        """What it printed so far."""
        return self.output.read_text(encoding="utf-8", errors="replace") if self.output.exists() else ""

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def processes_of(data: Path) -> dict[int, str]:
    """Every living process that mentions this data folder in its command line or environment."""
    found: dict[int, str] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            line = (folder / "cmdline").read_bytes()
            told = line + (folder / "environ").read_bytes()
        except OSError:
            continue
        if os.fsencode(data) in told and int(folder.name) != os.getpid() and line:
            found[int(folder.name)] = line.replace(b"\0", b" ").decode("utf-8", "replace").strip()
    return found
