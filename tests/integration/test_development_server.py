"""`manage.py runserver` is daphne: pages and sockets over ASGI. Nothing else of the house loads it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from tests.support.pace import PATIENCE_S
from tests.support.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
ALICE = {"email": "alice@example.com", "password": "seven-Ducks-swim"}
REGISTER = f"from apps.users.services import register_user; register_user(**{ALICE})"


def environment(folder: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
    return kept | {"EXCHANGE_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "exchange.settings.local"}


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """host:port of a development server on an empty database; its output is free of warnings."""
    address = f"127.0.0.1:{free_port()}"
    environ, log = environment(tmp_path), tmp_path / "out.log"
    manage = [sys.executable, "-W", "default::UserWarning", "manage.py"]
    for command in (("migrate", "--noinput"), ("shell", "--no-imports", "-c", REGISTER)):
        subprocess.run([*manage, *command], cwd=ROOT, env=environ, check=True, capture_output=True)
    with log.open("wb") as out:
        process = subprocess.Popen(
            [*manage, "runserver", "--noreload", address], cwd=ROOT, env=environ, stdout=out, stderr=out
        )
    end = time.monotonic() + PATIENCE_S
    try:
        while not is_live(address):
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < end, log.read_text()
            time.sleep(0.05)
        yield address
    finally:
        process.terminate()
        process.wait(PATIENCE_S)
    assert "Starting ASGI/Daphne" in log.read_text()
    assert "UserWarning" not in log.read_text()


def fetch(address: str, path: str) -> tuple[int, str, str]:
    """(status, content type, body)."""
    try:
        with urllib.request.urlopen(f"http://{address}{path}", timeout=PATIENCE_S) as answer:
            return answer.status, answer.headers["Content-Type"], answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers["Content-Type"], error.read().decode()


def is_live(address: str) -> bool:
    try:
        return fetch(address, "/health/live")[0] == 200
    except OSError:
        return False


def post(address: str, path: str, body: dict[str, str], **headers: str) -> bytes:
    request = urllib.request.Request(
        f"http://{address}{path}", json.dumps(body).encode(), {"Content-Type": "application/json", **headers}
    )
    with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
        return bytes(answer.read())


def test_runserver_serves_pages_files_and_sockets(address: str) -> None:
    assert "Perpetual Exchange" in fetch(address, "/")[2]
    assert "javascript" in fetch(address, "/static/js/notices.js")[1]
    status, _, body = fetch(address, "/api/v1/me")
    assert (status, json.loads(body)["code"]) == (401, "NOT_AUTHENTICATED")
    token = json.loads(post(address, "/api/v1/auth/login", ALICE))["access"]
    with connect(f"ws://{address}/ws/v1/session") as link:
        link.send(json.dumps({"method": "auth", "token": token}))
        assert json.loads(link.recv(timeout=PATIENCE_S))["event"] == "authenticated"
        post(address, "/api/v1/auth/logout", {}, Authorization=f"Bearer {token}")
        assert json.loads(link.recv(timeout=PATIENCE_S))["event"] == "session_ended"
        with pytest.raises(ConnectionClosed, match="4403"):
            link.recv(timeout=PATIENCE_S)


def test_setting_django_up_loads_no_daphne_server(tmp_path: Path) -> None:
    """The gateway and the workers start without a Twisted reactor, and so do the other commands."""
    program = (
        "import sys, django; django.setup(); from django.apps import apps; import exchange.asgi\n"
        "assert apps.is_installed('daphne')\n"
        "print([name for name in sys.modules if name in "
        "('daphne.server', 'twisted.internet', 'twisted.internet.reactor', 'autobahn')])"
    )
    argv = [sys.executable, "-c", program]
    done = subprocess.run(argv, cwd=ROOT, env=environment(tmp_path), capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
