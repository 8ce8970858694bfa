"""Runs a command with DATABASE_URL set to a new PostgreSQL database, which is dropped afterwards.

    python .ci/on_postgres.py COMMAND ...

The server is the one on this machine's usual port when it lets us in, otherwise a private one.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.support.postgres_server import PostgresServer  # found by the line above

HOST, PORT = "127.0.0.1", 5432
ROLES = ("postgres", "root")


@contextmanager
def server() -> Iterator[str]:
    """URL of a server's own database, for making others."""
    for role in ROLES:
        url = f"postgresql://{role}@{HOST}:{PORT}/postgres"
        try:
            psycopg.connect(url, connect_timeout=3).close()
        except psycopg.OperationalError:
            continue
        yield url
        return
    with tempfile.TemporaryDirectory(prefix="pg-") as folder:
        private = PostgresServer(Path(folder))
        private.start()
        try:
            yield f"postgresql://exchange@{folder.replace('/', '%2F')}/postgres"
        finally:
            private.stop()


def main(command: list[str]) -> int:
    name = f"ci_{os.getpid()}"
    with server() as url, psycopg.connect(url, autocommit=True) as link:
        print("server:", link.info.parameter_status("server_version"), flush=True)
        link.execute(f'CREATE DATABASE "{name}"'.encode())
        try:
            environ = os.environ | {"DATABASE_URL": url.rpartition("/")[0] + f"/{name}"}
            return subprocess.run(command, env=environ, check=False).returncode
        finally:
            made = link.execute("SELECT datname FROM pg_database WHERE datname ~ %s", [f"^(test_)?{name}(_gw[0-9]+)?$"])
            for (each,) in made.fetchall():
                link.execute(f'DROP DATABASE "{each}" WITH (FORCE)'.encode())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
