"""Fixtures that every room of tests may use: a whole family, private stores, and no way out of this machine."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from deploy import valkey
from deploy.layout import open_layout
from deploy.process import open_log, popen_arguments
from tests.support.family import Family
from tests.support.pace import PATIENCE_S
from tests.support.postgres_server import PostgresServer

# Every run tries the same examples, takes the time that they need, and remembers nothing.
hypothesis.settings.register_profile(
    "steady", derandomize=True, deadline=None, database=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("steady")

LOCAL = {"127.0.0.1", "::1", "localhost", "0.0.0.0", "::", ""}


def pytest_xdist_setupnodes() -> None:
    """Workers make data folders of their own: the one of this process, which runs no test, is not handed on."""
    os.environ.pop("EXCHANGE_DATA", None)


@pytest.fixture(autouse=True, scope="session")
def stay_on_this_machine() -> Iterator[None]:
    """A test that dials another machine fails: nothing here may need a network."""
    patch = pytest.MonkeyPatch()
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in LOCAL:
            raise AssertionError(f"a test dialled {address[0]}")
        connect(self, address)

    patch.setattr(socket.socket, "connect", guarded)
    yield
    patch.undo()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """At the end the threads of an event loop still hold connections, and PostgreSQL drops no database in use."""
    from django.db import connection

    yield
    if connection.vendor == "postgresql":
        others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(f"SELECT pg_terminate_backend(pid) {others}")


@pytest.fixture(autouse=True, scope="session")
def emptied_tables_include_the_trail() -> Iterator[None]:
    """Between tests Django empties every table; the triggers that guard the audit trail step aside for just that."""
    from django.db.backends.base.operations import BaseDatabaseOperations

    from apps.audit.triggers import create_triggers, drop_triggers

    patch = pytest.MonkeyPatch()
    flush = BaseDatabaseOperations.execute_sql_flush

    def flushed(self: Any, statements: list[str]) -> None:
        drop_triggers(self.connection)
        flush(self, statements)
        create_triggers(self.connection)

    patch.setattr(BaseDatabaseOperations, "execute_sql_flush", flushed)
    yield
    patch.undo()


@pytest.fixture(autouse=True)
def settings_are_read_again() -> Iterator[None]:
    """A live setting that a test changed and took back with its transaction is not remembered by the next test."""
    yield
    if "apps.configuration.live" in sys.modules:
        sys.modules["apps.configuration.live"].forget_all()


@pytest.fixture(autouse=True)
def nothing_is_counted_yet() -> None:
    """Every test begins with fresh limits and no wrong tries: they are counted in the cache."""
    from django.core.cache import cache

    cache.clear()


@pytest.fixture(scope="session")
def running_family(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Family]:
    """One family for the whole run, on a free port, with private stores."""
    with Family(tmp_path_factory.mktemp("family") / "data") as one:
        yield one


@pytest.fixture
def family(running_family: Family) -> dict[str, Any]:
    """run.json of the running family."""
    return running_family.facts


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresServer]:
    """One private PostgreSQL for the whole run."""
    server = PostgresServer(tmp_path_factory.mktemp("pg"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def private_postgres(postgres_server: PostgresServer) -> str:
    """URL of a new empty database."""
    return postgres_server.create(f"test_{uuid.uuid4().hex[:12]}")


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One private Redis-protocol server for the whole run: its URL, on a Unix socket."""
    node = valkey.process(open_layout(tmp_path_factory.mktemp("rd")))
    node.prepare()
    log = open_log(node.command.log)
    process = subprocess.Popen(node.command.argv, stdout=log, stderr=log, **popen_arguments(node.command))  # type: ignore[call-overload]
    give_up = time.monotonic() + PATIENCE_S
    while not node.ready(process.pid):
        assert process.poll() is None, node.command.log.read_text()
        assert time.monotonic() < give_up, "the private Redis server is not ready"
        time.sleep(0.01)
    argv = list(node.command.argv)
    yield f"unix://{argv[argv.index('--unixsocket') + 1]}"
    process.send_signal(node.stop_signal)
    process.wait()


@pytest.fixture
def private_redis(redis_server: str) -> Iterator[str]:
    """URL of an empty Redis-protocol server; emptied again afterwards."""
    path = redis_server.removeprefix("unix://")
    _flush(Path(path))
    yield redis_server
    _flush(Path(path))


def _flush(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as link:
        link.connect(str(path))
        link.sendall(b"FLUSHALL\r\n")
        assert link.recv(5) == b"+OK\r\n"
