"""Outside stores are asked for before anything is started."""

from __future__ import annotations

import socket
import tempfile
from pathlib import Path

import pytest

from deploy import family, outside
from tests.support.ports import free_port

HOST = "127.0.0.1"


@pytest.mark.parametrize(
    ("name", "url", "address"),
    [
        ("DATABASE_URL", "postgresql://me:p%40ss@db.example.com/x", ("db.example.com", 5432)),
        ("DATABASE_URL", "postgresql://me@[::1]:6000/x", ("::1", 6000)),
        ("DATABASE_URL", "postgresql://me@%2Ftmp%2FRun/x", "/tmp/Run/.s.PGSQL.5432"),
        ("DATABASE_URL", "postgresql:///x?host=/tmp", None),
        ("DATABASE_URL", "sqlite:////tmp/x.sqlite3", None),
        ("REDIS_URL", "redis://:secret@cache/3", ("cache", 6379)),
        ("REDIS_URL", "unix:///tmp/a%20b.sock?db=1", "/tmp/a b.sock"),
    ],
)
def test_addresses_of_stores(name: str, url: str, address: outside.Address | None) -> None:
    assert outside.address_of(name, url) == address


def test_a_port_that_is_no_number_is_told_without_the_url() -> None:
    with pytest.raises(outside.StoreUnreachableError, match="^REDIS_URL names a port that is no number$"):
        outside.address_of("REDIS_URL", "redis://:secret@cache:http/3")


def test_stores_that_answer_pass() -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        socket.create_server((HOST, 0)) as database,
        socket.socket(socket.AF_UNIX) as redis,
    ):
        path = Path(folder) / "r.sock"
        redis.bind(str(path))
        redis.listen()
        port = database.getsockname()[1]
        outside.check_stores({"DATABASE_URL": f"postgresql://{HOST}:{port}/x", "REDIS_URL": f"unix://{path}"}, 0)
    outside.check_stores({}, 0)


def test_a_store_nobody_answers_for_is_named_without_its_password() -> None:
    port = free_port()
    with pytest.raises(outside.StoreUnreachableError, match=rf"REDIS_URL names {HOST}:{port}, where nobody") as told:
        outside.check_stores({"REDIS_URL": f"redis://:secret@{HOST}:{port}/0"}, 0)
    assert "secret" not in str(told.value)


def test_a_family_does_not_start_on_a_store_nobody_answers_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(outside, "PATIENCE_SECONDS", 0.0)
    monkeypatch.setenv("REDIS_URL", f"redis://{HOST}:{free_port()}/0")
    monkeypatch.delenv("DATABASE_URL", raising=False)
    assert family.main(["--port", "0", "--data", str(tmp_path / "data")]) == 1
    assert "REDIS_URL names" in capsys.readouterr().err
