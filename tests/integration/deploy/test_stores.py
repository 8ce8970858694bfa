"""The private stores: made, reached, killed and started again, with what they held."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import psycopg
import pytest
import redis

from deploy.layout import open_layout
from deploy.postgres import NOBODY, Identity, PrivatePostgres, choose_identity, private_postgres
from deploy.process import Process, open_log, popen_arguments
from tests.support.pace import PATIENCE_S

pytestmark = pytest.mark.stores


def start(node: Process) -> subprocess.Popen[bytes]:
    node.prepare()
    log = open_log(node.command.log)
    try:
        process = subprocess.Popen(node.command.argv, stdout=log, stderr=log, **popen_arguments(node.command))  # type: ignore[call-overload]
    finally:
        os.close(log)
    give_up = time.monotonic() + PATIENCE_S
    while not node.ready(process.pid):
        assert time.monotonic() < give_up, node.command.log.read_text()
        if process.poll() is not None:
            return start(node)
        time.sleep(0.02)
    return process


def write_and_kill(server: PrivatePostgres) -> None:
    node = server.process()
    process = start(node)
    with psycopg.connect(server.url, autocommit=True) as link:
        link.execute("CREATE TABLE note (text TEXT)")
        link.execute("INSERT INTO note VALUES ('kept')")
    process.send_signal(signal.SIGKILL)
    process.wait()
    process = start(node)
    with psycopg.connect(server.url) as link:
        assert link.execute("SELECT text FROM note").fetchall() == [("kept",)]
        assert link.execute("SHOW listen_addresses").fetchone() == ("",)
    process.send_signal(node.stop_signal)
    assert process.wait(timeout=PATIENCE_S) == 0


def test_postgres_keeps_what_it_committed_through_a_kill(tmp_path: Path) -> None:
    write_and_kill(private_postgres(open_layout(tmp_path / "data")))


def test_postgres_reached_through_a_long_path(tmp_path: Path) -> None:
    layout = open_layout(tmp_path / ("d" * 100))
    write_and_kill(private_postgres(layout))
    layout.sockets.rmdir()


def test_a_lock_file_naming_another_program_does_not_keep_the_server_down(tmp_path: Path) -> None:
    server = private_postgres(open_layout(tmp_path / "data"))
    server.prepare()
    (server.layout.postgres / "postmaster.pid").write_text(f"{os.getppid()}\n{server.layout.postgres}\n")
    process = start(server.process())
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=PATIENCE_S) == 0


def test_a_half_made_cluster_is_made_anew(tmp_path: Path) -> None:
    server = private_postgres(open_layout(tmp_path / "data"))
    (server.layout.root / "postgres.new").mkdir()
    (server.layout.root / "postgres.new" / "PG_VERSION").write_text("18\n")
    assert server.prepare() == "made a new database"
    assert not (server.layout.root / "postgres.new").exists()


def test_root_is_never_the_servers_own_user(tmp_path: Path) -> None:
    server = private_postgres(open_layout(tmp_path / "data"))
    identity = choose_identity(server.bin / "postgres")
    if os.geteuid() == 0:
        assert identity.prefix[:2] == ("unshare", "--user") or identity.user == NOBODY
    else:
        assert identity == Identity()


def test_valkey_speaks_and_is_empty_for_each_test(private_redis: str) -> None:
    with redis.Redis.from_url(private_redis) as client:
        assert client.dbsize() == 0
        client.set("a", "b")
        assert client.get("a") == b"b"


def test_a_private_database_is_new(private_postgres: str) -> None:
    with psycopg.connect(private_postgres) as link:
        assert link.execute("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace").fetchone() == (
            0,
        )
