"""A family from outside: what it promises to programs, beside another one, on outside stores, and after its end."""

from __future__ import annotations

import contextlib
import json
import signal
import socket
import stat
import time
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from tests.support.family import Family, processes_of
from tests.support.pace import PATIENCE_S

pytestmark = pytest.mark.family
NAMES = {"postgres", "valkey", "matcher", "projector", "gateway", "worker", "beat", "prices", "demo"}


def get(url: str) -> Any:
    with urllib.request.urlopen(url, timeout=PATIENCE_S) as answer:
        return json.load(answer)


def test_run_json_keeps_its_promises(family: dict[str, Any], running_family: Family) -> None:
    assert stat.S_IMODE(running_family.run_json.stat().st_mode) == 0o600
    assert {process["name"] for process in family["processes"]} == NAMES
    assert len(family["accounts"]) >= 3
    assert family["quiet_symbol"] not in family["symbols"]
    with urllib.request.urlopen(family["page_url"], timeout=PATIENCE_S) as page:
        assert page.status == 200
    with urllib.request.urlopen(family["admin_url"], timeout=PATIENCE_S) as admin:
        assert admin.status == 200
    base = family["base_url"]
    traded = {row["symbol"] for row in get(f"{base}/fapi/v1/exchangeInfo")["symbols"] if row["status"] == "TRADING"}
    assert {*family["symbols"], family["quiet_symbol"]} <= traded
    give_up = time.monotonic() + PATIENCE_S
    while not get(f"{base}/fapi/v1/depth?symbol={family['symbols'][0]}&limit=5")["bids"]:  # makers move their quotes
        assert time.monotonic() < give_up
    assert float(get(f"{base}/fapi/v1/premiumIndex?symbol={family['quiet_symbol']}")["markPrice"]) > 0
    assert get(f"{base}/fapi/v1/depth?symbol={family['quiet_symbol']}&limit=5")["bids"] == []


def test_only_the_gateway_listens_on_the_network(family: dict[str, Any]) -> None:
    port = int(family["base_url"].rpartition(":")[2])
    inodes = set()
    for process in family["processes"]:
        for link in Path(f"/proc/{process['pid']}/fd").iterdir():
            with contextlib.suppress(FileNotFoundError):  # closed meanwhile
                name = link.readlink().name
                if name.startswith("socket:["):
                    inodes.add(name[8:-1])
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    rows += [line.split() for line in Path("/proc/net/tcp6").read_text().splitlines()[1:]]
    listening = {int(row[1].rpartition(":")[2], 16) for row in rows if row[3] == "0A" and row[9] in inodes}
    assert listening == {port}


def test_a_second_family_runs_beside_and_ctrl_c_leaves_nothing(family: dict[str, Any], tmp_path: Path) -> None:
    second = Family(tmp_path / "data")
    second.start()
    assert second.facts["base_url"] != family["base_url"]
    assert get(f"{second.facts['base_url']}/fapi/v1/ping") == get(f"{family['base_url']}/fapi/v1/ping") == {}
    first_password = second.facts["accounts"][0]["password"]
    assert second.stop(signal.SIGINT) == 0
    assert processes_of(second.data) == {}
    assert not second.run_json.exists()
    second.start()
    assert "new database" not in second.told().rpartition("data  ")[2]
    assert second.facts["accounts"][0]["password"] == first_password
    assert second.stop() == 0
    assert processes_of(second.data) == {}


def test_outside_stores_are_used_and_left_running(private_postgres: str, private_redis: str, tmp_path: Path) -> None:
    with Family(tmp_path / "data", DATABASE_URL=private_postgres, REDIS_URL=private_redis) as one:
        facts = one.facts
        assert (facts["database_url"], facts["redis_url"]) == (private_postgres, private_redis)
        assert {process["name"] for process in facts["processes"]} == NAMES - {"postgres", "valkey"}
        assert not (one.data / "postgres").exists()
    with socket.socket(socket.AF_UNIX) as link:
        link.connect(private_redis.removeprefix("unix://"))


def test_a_taken_port_that_was_asked_for_is_told(family: dict[str, Any], tmp_path: Path) -> None:
    port = int(family["base_url"].rpartition(":")[2])
    second = Family(tmp_path / "data", port=port)
    assert second.spawn().wait(timeout=PATIENCE_S) == 1
    assert f"PORT={port} on 127.0.0.1 is taken" in second.told()
    assert processes_of(second.data) == {}
