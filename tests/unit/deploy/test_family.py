"""The supervisor's options, its contract for programs, and what two signals mean."""

from __future__ import annotations

import asyncio
import json
import stat
from pathlib import Path

import pytest

from deploy import contract, family
from deploy.layout import open_layout
from deploy.stamps import ROOT, Stamp

DEMO = {
    "accounts": [{"email": "alice@example.com", "password": "p", "api_key": "k", "api_secret": "s", "more": 1}],
    "staff": {"email": "staff@example.com", "password": "q"},
    "symbols": ["BTCUSDT"],
    "quiet_symbol": "XRPUSDT",
}


def test_options_come_from_the_environment_and_yield_to_the_command_line() -> None:
    environ = {"PORT": "8123", "DATA": "/some/folder", "EXCHANGE_HOST": "0.0.0.0"}
    found = family.read_options([], environ)
    assert (found.host, found.port, found.data) == ("0.0.0.0", 8123, Path("/some/folder"))
    assert family.read_options(["--port", "0"], environ).port == 0


def test_nothing_asked_means_the_usual_port_and_the_usual_folder() -> None:
    found = family.read_options([], {"PORT": "", "DATA": ""})
    assert found.port is None
    assert found.data == ROOT / ".data"


@pytest.mark.parametrize("port", ["http", "-1", "65536", "8000.0", "٨٠"])
def test_a_malformed_port_is_told(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        family.read_options([f"--port={port}"], {})
    assert ended.value.code == 2
    assert "PORT must be a number" in capsys.readouterr().err


def facts(host: str) -> dict[str, object]:
    return contract.facts(
        host=host, port=8123, demo=DEMO, processes=[("matcher", 11)], database="postgresql://x", redis="unix:///y"
    )


def test_the_contract_has_the_fields_a_program_may_rely_on() -> None:
    found = facts("127.0.0.1")
    assert list(found) == [
        "base_url", "ws_url", "page_url", "admin_url", "accounts", "staff", "symbols", "quiet_symbol", "processes",
        "database_url", "redis_url",
    ]  # fmt: skip
    assert found["base_url"] == "http://127.0.0.1:8123"
    assert found["ws_url"] == "ws://127.0.0.1:8123"
    assert found["accounts"] == [{"email": "alice@example.com", "password": "p", "api_key": "k", "api_secret": "s"}]
    assert found["processes"] == [{"name": "matcher", "pid": 11}]


@pytest.mark.parametrize(
    ("host", "shown"), [("0.0.0.0", "127.0.0.1"), ("::", "[::1]"), ("::1", "[::1]"), ("10.0.0.1", "10.0.0.1")]
)
def test_the_contract_names_an_address_one_can_dial(host: str, shown: str) -> None:
    assert facts(host)["base_url"] == f"http://{shown}:8123"


def test_run_json_is_whole_and_private(tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    contract.write(path, facts("127.0.0.1"))
    contract.write(path, facts("127.0.0.1"))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert json.loads(path.read_text())["quiet_symbol"] == "XRPUSDT"
    assert list(tmp_path.iterdir()) == [path]


async def test_the_same_signal_twice_at_once_is_one_request_and_a_later_one_makes_haste(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = [100.0]
    monkeypatch.setattr("deploy.family.time.monotonic", lambda: now[0])
    hasten = asyncio.Event()
    requests = family.StopRequests(hasten)
    requests.take()
    requests.take()
    assert requests.asked.is_set()
    assert not hasten.is_set()
    now[0] += 1.5
    requests.take()
    assert hasten.is_set()


def test_a_stamp_is_current_until_its_files_change(tmp_path: Path) -> None:
    path = tmp_path / "schema.stamp"
    first = Stamp(path, [ROOT / "manage.py"])
    assert not first.is_current()
    first.write()
    assert Stamp(path, [ROOT / "manage.py"]).is_current()
    assert not Stamp(path, [ROOT / "manage.py", ROOT / "celery.py"]).is_current()
    first.clear()
    assert not first.is_current()


def test_a_second_family_in_the_same_folder_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from deploy.layout import take_lock

    take_lock(open_layout(tmp_path))
    assert family.main(["--port", "0", "--data", str(tmp_path)]) == 1
    assert "already runs in DATA" in capsys.readouterr().err
