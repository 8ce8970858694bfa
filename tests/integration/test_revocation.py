"""What ends a session ends it everywhere [S3]: REST of both lanes within a second, sockets within five.

And with Redis gone [S12]: nobody signs in, nothing is withdrawn, markets go on.
"""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from deploy import valkey
from deploy.layout import open_layout
from deploy.process import open_log, popen_arguments
from tests.support.authenticators import totp_code
from tests.support.lane_family import LaneFamily
from tests.support.pace import PATIENCE_S, bar

REST_S, SOCKET_S = bar(1.0), bar(5.0)
NEW_PASSWORD = "eight-Geese-fly"


class OwnRedis:
    """A Redis-protocol server that this test may kill."""

    def __init__(self, folder: Path) -> None:
        self.layout = open_layout(folder)
        node = valkey.process(self.layout)
        node.prepare()
        log = open_log(node.command.log)
        self.process = subprocess.Popen(  # type: ignore[call-overload]
            node.command.argv, stdout=log, stderr=log, **popen_arguments(node.command)
        )
        os.close(log)
        give_up = time.monotonic() + PATIENCE_S
        while not node.ready(self.process.pid):
            assert time.monotonic() < give_up
            time.sleep(0.01)
        self.url = valkey.url(self.layout)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@pytest.fixture(scope="module")
def own_redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnRedis]:
    server = OwnRedis(tmp_path_factory.mktemp("rv"))
    yield server
    server.kill()


@pytest.fixture(scope="module")
def lane(tmp_path_factory: pytest.TempPathFactory, own_redis: OwnRedis) -> Iterator[LaneFamily]:
    with LaneFamily(tmp_path_factory.mktemp("revocation"), redis_url=own_redis.url) as family:
        yield family


def ask(lane: LaneFamily, method: str, path: str, body: Any = None, token: str = "") -> tuple[int, Any]:
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    raw = json.dumps(body).encode() if body is not None else None
    return lane.ask(method, f"/api/v1/{path}", body=raw, headers=headers)[:2]


class Device:
    """A signed-in program with a session socket and a user stream."""

    def __init__(self, lane: LaneFamily, form: dict[str, str], stack: ExitStack) -> None:
        self.lane = lane
        status, pair = ask(lane, "POST", "auth/login", form)
        assert status == 200, pair
        self.token: str = pair["access"]
        assert self.statuses() == [200, 200]
        base = f"ws://127.0.0.1:{lane.port}"
        self.session = stack.enter_context(connect(f"{base}/ws/v1/session", open_timeout=PATIENCE_S))
        self.session.send(json.dumps({"method": "auth", "token": self.token}))
        assert json.loads(self.session.recv(timeout=SOCKET_S))["event"] == "authenticated"
        key = ask(lane, "POST", "listen-key", {}, self.token)[1]["listen_key"]
        self.stream = stack.enter_context(connect(f"{base}/ws/{key}", open_timeout=PATIENCE_S))

    def statuses(self) -> list[int]:
        """Of a read on the platform lane and of one on the trading lane, which remembers who is who."""
        return [ask(self.lane, "GET", path, token=self.token)[0] for path in ("me", "account")]

    def is_dead(self) -> None:
        begun = time.monotonic()
        while self.statuses() != [401, 401]:
            assert time.monotonic() - begun < REST_S, self.statuses()
        for link in (self.session, self.stream):
            _ends(link, begun + SOCKET_S)


def _ends(link: ClientConnection, deadline: float) -> None:
    """It says what it likes until then, and then it is closed (a user stream: its key has expired)."""
    try:
        while json.loads(link.recv(timeout=max(0.0, deadline - time.monotonic()))).get("e") != "listenKeyExpired":
            continue
    except ConnectionClosed:
        return


def change_password(lane: LaneFamily, token: str, form: dict[str, str]) -> None:
    body = {"current_password": form["password"], "new_password": NEW_PASSWORD}
    assert ask(lane, "POST", "me/password", body, token)[0] == 204


def add_totp(lane: LaneFamily, token: str, form: dict[str, str]) -> None:
    secret = ask(lane, "POST", "me/totp", None, token)[1]["secret"]
    assert ask(lane, "POST", "me/totp/confirm", {"code": totp_code(secret)}, token)[0] == 200


def freeze(lane: LaneFamily, token: str, form: dict[str, str]) -> None:
    assert ask(lane, "POST", "me/freeze", None, token)[0] == 204


def end_others(lane: LaneFamily, token: str, form: dict[str, str]) -> None:
    assert ask(lane, "DELETE", "me/sessions", None, token)[1] == {"ended": 1}


@pytest.mark.parametrize("change", [change_password, add_totp, freeze, end_others], ids=lambda work: work.__name__)
def test_a_security_change_ends_what_is_open_elsewhere(
    lane: LaneFamily, change: Callable[[LaneFamily, str, dict[str, str]], None]
) -> None:
    form = {"email": f"{change.__name__}@example.com", "password": "seven-Ducks-swim"}
    assert ask(lane, "POST", "auth/register", form)[0] == 202
    with ExitStack() as stack:
        phone = Device(lane, form, stack)
        status, here = ask(lane, "POST", "auth/login", form)
        assert status == 200
        change(lane, here["access"], form)
        phone.is_dead()
        assert ask(lane, "GET", "me", token=here["access"])[0] == (401 if change is freeze else 200)


def test_with_redis_gone_nobody_signs_in_and_markets_go_on(lane: LaneFamily, own_redis: OwnRedis) -> None:
    """The last of this file: it ends the store."""
    facts = lane.accounts[0]
    form = {"email": facts["email"], "password": facts["password"]}
    assert ask(lane, "POST", "auth/login", form)[0] == 200
    own_redis.kill()
    status, refusal = ask(lane, "POST", "auth/login", form)
    assert (status, refusal["code"]) == (503, "SERVICE_UNAVAILABLE")
    assert ask(lane, "POST", "auth/passkey/options", {})[0] == 503
    assert ask(lane, "GET", "markets")[0] == 200
    assert lane.get(f"/fapi/v1/depth?symbol={lane.symbol}&limit=5")[0] == 200
