"""The trading socket: requests by name, ids unchanged, refusals as answers."""

from __future__ import annotations

import asyncio
import base64
import hmac
import json
import time
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from apps.common.lane import Caller, LaneRequest, LaneResponse, Route, Security, answer
from apps.fapi.trading_socket import METHODS, TradingSocket
from apps.fapi.trading_talk import Talk
from apps.gateway.errors import key_refused
from apps.gateway.identity import Identities
from apps.gateway.key_watch import KeyWatch
from apps.gateway.limits import STUBBORN_REQUESTS, Limits, LimitTerms
from apps.gateway.signature import ProofKey

KEY, SECRET = "k" * 64, b"s"
NOW_MS = 1_800_000_030_000.0
ED_KEY, PRIVATE = "e" * 64, Ed25519PrivateKey.generate()


class TwoKeys(Identities):
    """Knows one key of each kind; the Ed25519 one may trade, until it is `revoked`."""

    revoked = False

    async def of_key(self, raw: bytes | None, address: str) -> tuple[Caller, ProofKey]:
        if raw == KEY.encode():
            return Caller(7, 3, KEY, frozenset(("read",))), SECRET
        if raw == ED_KEY.encode() and not self.revoked:
            return Caller(8, 4, ED_KEY, frozenset(("read", "trade"))), PRIVATE.public_key()
        raise key_refused()


async def settled(account_id: int) -> None:
    """Rows are always there."""


async def echo(request: LaneRequest) -> LaneResponse:
    return answer({"account": request.account_id, "params": request.params})


@pytest.fixture
def trading_socket() -> TradingSocket:
    async def broken(_: LaneRequest) -> LaneResponse:
        raise ZeroDivisionError

    routes = {address: Route(echo) for address in METHODS.values()}
    routes["GET", "/fapi/v3/balance"] = Route(echo, 5, Security.SIGNED)
    routes["POST", "/fapi/v1/order"] = Route(echo, 0, Security.SIGNED, (1, 1), "trade")
    routes["POST", "/fapi/v1/listenKey"] = Route(echo, 1, Security.KEY)
    routes["GET", "/fapi/v1/time"] = Route(broken)
    return TradingSocket(routes, TwoKeys(), Limits(LimitTerms(), lambda: NOW_MS), settled)


async def ask(trading_socket: TradingSocket, message: Any, talk: Talk | None = None) -> Any:
    raw = message if isinstance(message, bytes) else json.dumps(message).encode()
    return json.loads(await trading_socket.respond(raw, talk or Talk("1.2.3.4")))


def signed(**params: Any) -> dict[str, Any]:
    params |= {"apiKey": KEY, "timestamp": time.time_ns() // 1_000_000}
    text = "&".join(
        f"{name}={str(value).lower() if value is True else value}" for name, value in sorted(params.items())
    )
    return params | {"signature": hmac.digest(SECRET, text.encode(), "sha256").hex()}


@pytest.mark.parametrize("identity", [1, "a-b", None, -5])
async def test_the_id_comes_back_unchanged(trading_socket: TradingSocket, identity: Any) -> None:
    found = await ask(trading_socket, {"id": identity, "method": "ping", "params": {}})
    assert (found["id"], found["status"]) == (identity, 200)
    assert found["rateLimits"][0]["count"] == 1


async def test_numbers_keep_their_text_and_the_signature_holds(trading_socket: TradingSocket) -> None:
    params = signed(price=50_000.10, x=True)
    found = await ask(trading_socket, {"id": 1, "method": "v2/account.balance", "params": params})
    assert found["result"]["account"] == 7
    assert (found["result"]["params"]["price"], found["result"]["params"]["x"]) == ("50000.1", "true")
    params["price"] = 50_000.2
    found = await ask(trading_socket, {"id": 1, "method": "v2/account.balance", "params": params})
    assert (found["status"], found["error"]["code"]) == (400, -1022)


async def test_rights_are_asked(trading_socket: TradingSocket) -> None:
    found = await ask(trading_socket, {"id": 1, "method": "order.place", "params": signed()})
    assert found["error"]["code"] == -2015
    stranger = {"id": 1, "method": "userDataStream.start", "params": {"apiKey": "x" * 64}}
    assert (await ask(trading_socket, stranger))["status"] == 401
    known = {"id": 1, "method": "userDataStream.start", "params": {"apiKey": KEY}}
    assert (await ask(trading_socket, known))["result"]["account"] == 7


async def test_rate_limits_can_be_left_out(trading_socket: TradingSocket) -> None:
    found = await ask(trading_socket, {"id": 1, "method": "ping", "params": {"returnRateLimits": False}})
    assert set(found) == {"id", "status", "result"}


async def test_an_unforeseen_error_is_an_unknown_outcome(trading_socket: TradingSocket) -> None:
    found = await ask(trading_socket, {"id": 1, "method": "time"})
    assert (found["status"], found["error"]["code"]) == (503, -1007)


def signed_on(**params: Any) -> dict[str, Any]:
    params |= {"apiKey": ED_KEY, "timestamp": time.time_ns() // 1_000_000}
    text = "&".join(f"{name}={value}" for name, value in sorted(params.items()))
    return params | {"signature": base64.b64encode(PRIVATE.sign(text.encode())).decode()}


def stamped(**params: Any) -> dict[str, Any]:
    return params | {"timestamp": time.time_ns() // 1_000_000}


async def test_a_session_stands_for_key_and_signature_until_logout(trading_socket: TradingSocket) -> None:
    talk = Talk("1.2.3.4")
    place = {"id": 1, "method": "order.place", "params": stamped()}
    assert (await ask(trading_socket, place, talk))["error"]["code"] == -2015
    found = await ask(trading_socket, {"id": 1, "method": "session.logon", "params": signed_on()}, talk)
    assert found["result"]["apiKey"] == ED_KEY
    assert found["result"]["authorizedSince"] >= found["result"]["connectedSince"]
    assert (await ask(trading_socket, place, talk))["result"]["account"] == 8
    assert (await ask(trading_socket, place | {"params": {}}, talk))["error"]["code"] == -1102, "a time it needs"
    ping = {"id": 1, "method": "userDataStream.start"}
    assert (await ask(trading_socket, ping, talk))["result"]["account"] == 8
    other = {"id": 1, "method": "v2/account.balance", "params": signed()}
    assert (await ask(trading_socket, other, talk))["result"]["account"] == 7, "a key of its own goes before"
    status = {"id": 1, "method": "session.status"}
    assert (await ask(trading_socket, status, talk))["result"]["apiKey"] == ED_KEY
    assert (await ask(trading_socket, status, Talk("1.2.3.4")))["result"]["apiKey"] is None
    out = await ask(trading_socket, {"id": 1, "method": "session.logout"}, talk)
    assert (out["result"]["apiKey"], out["result"]["authorizedSince"]) == (None, None)
    assert (await ask(trading_socket, place, talk))["error"]["code"] == -2015


async def test_logon_needs_an_ed25519_key_and_its_signature(trading_socket: TradingSocket) -> None:
    talk = Talk("1.2.3.4")
    for params, code in (
        (signed(), -4056),
        ({}, -2015),
        (signed_on() | {"signature": "A" * 88}, -1022),
        (signed_on() | {"timestamp": 1}, -1022),
        (stamped(apiKey=ED_KEY), -1102),
    ):
        found = await ask(trading_socket, {"id": 1, "method": "session.logon", "params": params}, talk)
        assert found["error"]["code"] == code
    assert talk.api_key is None


async def test_a_session_ends_with_its_key(trading_socket: TradingSocket) -> None:
    ends: list[tuple[int, str]] = []

    async def close(code: int, reason: str) -> None:
        ends.append((code, reason))

    talk, watch = Talk("1.2.3.4", close), KeyWatch()
    trading_socket._key_watch = watch
    await ask(trading_socket, {"id": 1, "method": "session.logon", "params": signed_on()}, talk)
    watch.hear("api_key", ED_KEY)
    await asyncio.sleep(0)
    assert ends == [(4403, "the API key has ended")]
    assert talk.api_key is None
    await asyncio.sleep(0)
    assert watch._task is not None
    watch._task.cancel()


def test_requests_of_a_session_are_told_apart() -> None:
    talk = Talk("1.2.3.4")
    nonces = {talk.next_nonce() for _ in range(100)}
    assert len(nonces) == 100
    assert {len(nonce) for nonce in nonces} == {64}


@pytest.mark.parametrize(
    ("message", "code"),
    [
        (b"", -1130),
        (b"\xff", -1130),
        (b"[]", -1130),
        (b"[" * 60_000, -1130),
        (b'{"method":5}', -1130),
        (b'{"method":"nope"}', -1130),
        (b'{"id":{},"method":"ping"}', -1130),
        (b'{"id":1,"method":"ping","params":[]}', -1130),
        (b'{"id":1,"method":"ping","params":{"a":1,"a":2}}', -1101),
        (b'{"id":1,"method":"ping","params":{"a":[1]}}', -1130),
        (b'{"id":1,"method":"ping","params":{"a":NaN}}', -1130),
        (b'{"id":1,"method":"account.balance","params":{"apiKey":"\\ud800"}}', -2014),
    ],
)
async def test_nonsense_is_refused(trading_socket: TradingSocket, message: bytes, code: int) -> None:
    found = await ask(trading_socket, message)
    if b"ud800" in message:
        code = found["error"]["code"]
    assert found["status"] in {400, 401, 404}
    assert found["error"]["code"] == code


@pytest.mark.parametrize(
    "message", [b"", b'{"method":"nope"}', b'{"id":{},"method":"ping"}', b'{"method":"ping","params":[]}']
)
async def test_nonsense_has_a_weight_and_an_end(message: bytes) -> None:
    """A client that sends it for ever hears of the limit and then is banned, as at every other door."""
    limits = Limits(LimitTerms(weight_1m=10), clock_ms=lambda: 1e12)
    door = TradingSocket({address: Route(echo) for address in METHODS.values()}, TwoKeys(), limits, settled)
    heard = [(await ask(door, message))["status"] for _ in range(10 + STUBBORN_REQUESTS)]
    assert heard[0] in {400, 404}
    assert heard[10:12] == [429, 429]
    assert heard[-1] == 418


async def test_answers_come_as_they_are_ready(trading_socket: TradingSocket) -> None:
    """Two requests on one socket, then the client leaves."""
    inbox: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    inbox.put_nowait({"type": "websocket.connect"})
    for number in (1, 2):
        inbox.put_nowait({"type": "websocket.receive", "text": json.dumps({"id": number, "method": "ping"})})
    task = asyncio.create_task(trading_socket({"client": ("1.2.3.4", 5)}, inbox.get, send))
    while len(sent) < 3:
        await asyncio.sleep(0)
    inbox.put_nowait({"type": "websocket.disconnect"})
    await task
    assert [json.loads(one["text"])["id"] for one in sent[1:]] == [1, 2]
