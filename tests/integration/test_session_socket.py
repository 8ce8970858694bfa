"""The session socket of a real gateway over a real channel layer: who did what, where, and who heard of it when."""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.cookiejar import CookieJar
from typing import Any
from urllib.parse import urlencode

import pytest
import redis
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from apps.users.consumers import MESSAGES_MAX
from tests.support.lane_family import ROOT, LaneFamily
from tests.support.pace import PATIENCE_S, bar

CLOSE_S = bar(5.0)
FLOOD = 300


@pytest.fixture(scope="module")
def lane(tmp_path_factory: pytest.TempPathFactory, redis_server: str) -> Iterator[LaneFamily]:
    with LaneFamily(tmp_path_factory.mktemp("session"), redis_url=redis_server) as family:
        yield family


def signed_in(lane: LaneFamily, account: int = 0) -> dict[str, str]:
    """The tokens of a new session."""
    facts = lane.accounts[account]
    body = json.dumps({"email": facts["email"], "password": facts["password"]}).encode()
    headers = {"Content-Type": "application/json"}
    status, tokens, _ = lane.ask("POST", "/api/v1/auth/login", body=body, headers=headers)
    assert status == 200, tokens
    return dict(tokens)


def bearer(tokens: dict[str, str]) -> dict[str, str]:
    return {"Authorization": f"Bearer {tokens['access']}", "Content-Type": "application/json"}


def dial(lane: LaneFamily) -> ClientConnection:
    return connect(f"ws://127.0.0.1:{lane.port}/ws/v1/session", open_timeout=PATIENCE_S)


@contextmanager
def listen(lane: LaneFamily, tokens: dict[str, str]) -> Iterator[ClientConnection]:
    """An authenticated socket."""
    with dial(lane) as link:
        say(link, method="auth", token=tokens["access"])
        word = hear(link)
        assert word["event"] == "authenticated", word
        yield link


def say(link: ClientConnection, **message: str) -> None:
    link.send(json.dumps(message))


def hear(link: ClientConnection, timeout: float = CLOSE_S) -> dict[str, Any]:
    return dict(json.loads(link.recv(timeout=timeout)))


def close_code(link: ClientConnection) -> int:
    """How the server hangs up; it must do so soon and without another word."""
    with pytest.raises(ConnectionClosed) as closed:
        link.recv(timeout=CLOSE_S)
    assert closed.value.rcvd is not None
    return closed.value.rcvd.code


def ends(link: ClientConnection, reason: str) -> None:
    word = hear(link)
    assert (word["event"], word["reason"], word["current"]) == ("session_ended", reason, True)
    assert close_code(link) == 4403


def elsewhere(lane: LaneFamily, program: str) -> None:
    """In a process of its own, as a worker or an operator would."""
    argv = [sys.executable, "-c", f"import django; django.setup()\n{program}"]
    subprocess.run(argv, cwd=ROOT, env=lane.environ, check=True, capture_output=True)


def test_logging_out_ends_the_socket_of_that_session_and_tells_the_others(lane: LaneFamily) -> None:
    laptop, phone = signed_in(lane), signed_in(lane)
    bob = signed_in(lane, 1)
    with (
        listen(lane, laptop) as here,
        listen(lane, laptop) as second_tab,
        listen(lane, phone) as there,
        listen(lane, bob) as stranger,
    ):
        assert lane.ask("POST", "/api/v1/auth/logout", body=b"{}", headers=bearer(laptop))[0] == 204
        for link in (here, second_tab):
            ends(link, "logout")
        word = hear(there)
        assert (word["event"], word["reason"], word["current"]) == ("session_ended", "logout", False)
        say(there, method="ping")
        assert hear(there)["event"] == "pong"
        with pytest.raises(TimeoutError):
            stranger.recv(timeout=0.2)
    with dial(lane) as again:
        say(again, method="auth", token=laptop["access"])
        assert hear(again)["code"] == "INVALID_TOKEN"
        assert close_code(again) == 4401


def test_a_used_refresh_token_ends_the_socket_of_its_family(lane: LaneFamily) -> None:
    tokens = signed_in(lane)
    body = json.dumps({"refresh": tokens["refresh"]}).encode()
    with listen(lane, tokens) as link:
        statuses = [
            lane.ask("POST", "/api/v1/auth/refresh", body=body, headers={"Content-Type": "application/json"})[0]
            for _ in range(2)
        ]
        assert statuses == [200, 401]
        ends(link, "refresh_reused")


def test_a_revoked_key_is_told_by_its_label(lane: LaneFamily) -> None:
    tokens = signed_in(lane)
    with listen(lane, tokens) as link:
        body = json.dumps({"label": "bot", "permissions": ["read"]}).encode()
        key = lane.ask("POST", "/api/v1/api-keys", body=body, headers=bearer(tokens))[1]["key"]
        assert lane.ask("DELETE", f"/api/v1/api-keys/{key}", headers=bearer(tokens))[0] == 204
        word = hear(link)
        assert (word["event"], word["key"], word["label"]) == ("key_revoked", key, "bot")


def test_a_credit_by_staff_is_told_once(lane: LaneFamily) -> None:
    staff = json.loads((lane.folder / "secrets" / "demo.json").read_text())["staff"]
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def submit(path: str, **fields: str) -> None:
        address = lane.base_url + path
        page = browser.open(address, timeout=PATIENCE_S).read().decode()
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
        browser.open(address, urlencode({**hidden, **fields}).encode(), timeout=PATIENCE_S).read()

    tokens = signed_in(lane)
    with listen(lane, tokens) as link:
        account_id = lane.ask("GET", "/api/v1/me", headers=bearer(tokens))[1]["account_id"]
        submit("/admin/login/?next=/admin/", username=staff["email"], password=staff["password"])
        form = f"/admin/accounts/tradingaccount/{account_id}/credit-form/"
        submit(form, amount="250.5", asset="USDT", reason="goodwill")
        word = hear(link)
        assert (word["event"], word["account_id"], word["asset"]) == ("balance_credited", account_id, "USDT")
        assert word["amount"] == "250.50000000"
        account = lane.ask("GET", "/api/v1/account", headers=bearer(tokens))[1]
        [balance] = [one for one in account["balances"] if one["asset"] == "USDT"]
        assert word["wallet_balance"] == balance["wallet_balance"]
        again = (
            "from apps.accounts.services import credit_account\n"
            f"credit_account(account_id={account_id}, asset_code='USDT', "
            f"amount_units=25050000000, reference={word['reference']!r})"
        )
        elsewhere(lane, again)
        with pytest.raises(TimeoutError):
            link.recv(timeout=0.3)


def test_a_frozen_person_loses_every_socket_whoever_froze_them(lane: LaneFamily) -> None:
    first, second = signed_in(lane, 2), signed_in(lane, 2)
    with listen(lane, first) as one, listen(lane, second) as two:
        person = lane.ask("GET", "/api/v1/me", headers=bearer(first))[1]["id"]
        elsewhere(lane, f"from apps.users.services import disable_user; disable_user(user_id={person})")
        for link in (one, two):
            words = [hear(link)]
            while not words[-1]["current"]:
                words.append(hear(link))
            assert {word["reason"] for word in words} == {"disabled"}
            assert close_code(link) == 4403
    elsewhere(lane, f"from apps.users.services import enable_user; enable_user(user_id={person})")


def test_an_end_of_which_no_notice_came_is_found_within_seconds(lane: LaneFamily) -> None:
    tokens = signed_in(lane)
    with listen(lane, tokens) as link:
        rows = sqlite3.connect(lane.folder / "exchange.sqlite3", timeout=PATIENCE_S)
        with rows:
            changed = rows.execute(
                "UPDATE users_session SET revoked_at = CURRENT_TIMESTAMP, revoke_reason = 'staff' WHERE id = ?",
                (tokens["session_id"].replace("-", ""),),
            ).rowcount
        rows.close()
        assert changed == 1
        begun = time.monotonic()
        ends(link, "staff")
        assert time.monotonic() - begun < CLOSE_S


def test_a_quiet_socket_still_hears(lane: LaneFamily) -> None:
    """Longer than any read of a store waits."""
    tokens = signed_in(lane)
    with listen(lane, tokens) as link:
        with pytest.raises(TimeoutError):
            link.recv(timeout=6.0)
        assert lane.ask("POST", "/api/v1/auth/logout", body=b"{}", headers=bearer(tokens))[0] == 204
        ends(link, "logout")


def test_a_cut_channel_layer_leaves_no_socket_deaf(lane: LaneFamily, redis_server: str) -> None:
    tokens = signed_in(lane)
    with listen(lane, tokens) as link, redis.Redis.from_url(redis_server) as store:
        store.client_kill_filter(_type="pubsub", skipme=True)
        store.client_kill_filter(_type="normal", skipme=True)
        assert lane.ask("POST", "/api/v1/auth/logout", body=b"{}", headers=bearer(tokens))[0] == 204
        word = hear(link)
        assert word.get("event") == "session_ended" or word["code"] == "SERVICE_UNAVAILABLE"
        assert close_code(link) in {4403, 1013}
    with listen(lane, signed_in(lane)) as after:
        say(after, method="ping")
        assert hear(after)["event"] == "pong"


def test_what_is_malformed_or_unknown_is_refused_and_the_socket_stays(lane: LaneFamily) -> None:
    with listen(lane, tokens := signed_in(lane)) as link:
        for sent, code in (
            ("", "MALFORMED_REQUEST"),
            ("[", "MALFORMED_REQUEST"),
            ('{"method":"ping","more":1}', "MALFORMED_REQUEST"),
            ('{"method":7}', "MALFORMED_REQUEST"),
            ("[" * 2000, "MALFORMED_REQUEST"),
            ('{"method":"subscribe"}', "UNKNOWN_METHOD"),
            (json.dumps({"method": "auth", "token": tokens["access"]}), "ALREADY_AUTHENTICATED"),
        ):
            link.send(sent)
            word = hear(link)
            assert set(word) == {"code", "message", "details"}
            assert word["code"] == code, sent[:40]
        say(link, method="ping")
        assert hear(link)["event"] == "pong"


@pytest.mark.parametrize(
    ("sent", "code", "close"),
    [
        ('{"method":"ping"}', "NOT_AUTHENTICATED", 4401),
        ('{"method":"auth"}', "INVALID_TOKEN", 4401),
        ('{"method":"auth","token":"\\ud800"}', "MALFORMED_REQUEST", None),
        (json.dumps({"method": "auth", "token": "x" * 3000}), "INVALID_TOKEN", 4401),
        (json.dumps({"method": "auth", "token": "x" * 5000}), "MESSAGE_TOO_LONG", 1009),
        (b"\x00\x01", "TEXT_ONLY", 1003),
    ],
)
def test_a_bad_beginning_is_answered_and_closed(
    lane: LaneFamily, sent: str | bytes, code: str, close: int | None
) -> None:
    with dial(lane) as link:
        link.send(sent)
        assert hear(link)["code"] == code
        if close is not None:
            assert close_code(link) == close


def test_a_flood_is_closed(lane: LaneFamily) -> None:
    with listen(lane, signed_in(lane)) as link:
        with suppress(ConnectionClosed):  # it may be closed before we have said all
            for _ in range(FLOOD):
                say(link, method="ping")
        words = [hear(link)]
        while "code" not in words[-1]:
            words.append(hear(link))
        assert words[-1]["code"] == "TOO_MANY_REQUESTS"
        assert MESSAGES_MAX <= len(words) < FLOOD
        assert close_code(link) == 1008


def test_market_sockets_are_where_they_were(lane: LaneFamily) -> None:
    with connect(f"ws://127.0.0.1:{lane.port}/ws", open_timeout=PATIENCE_S) as link:
        link.send(json.dumps({"method": "LIST_SUBSCRIPTIONS", "id": 1}))
        assert hear(link) == {"result": [], "id": 1}


def test_a_gateway_that_served_sockets_stops_at_once(lane: LaneFamily) -> None:
    """Whatever waited for a socket's notices ended with the socket."""
    for _ in range(10):
        with dial(lane) as link:
            say(link, method="ping")
            assert hear(link)["code"] == "NOT_AUTHENTICATED"
            assert close_code(link) == 4401
    with listen(lane, signed_in(lane)) as link:
        lane.gateway.terminate()
        assert close_code(link) == 1012
        lane.gateway.wait(timeout=bar(3.0))
    lane.start_gateway()
