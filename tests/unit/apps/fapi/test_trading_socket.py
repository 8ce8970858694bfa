"""The trading socket: requests by name, ids unchanged, refusals as answers."""

from __future__ import annotations

import asyncio
import hmac
import json
import time
from typing import Any

import pytest

from apps.common.lane import Caller, LaneRequest, LaneResponse, Route, Security, answer
from apps.fapi.trading_socket import METHODS, TradingSocket
from apps.gateway.errors import key_refused
from apps.gateway.identity import Identities
from apps.gateway.limits import LimitTerms, LocalLimits

KEY, SECRET = "k" * 64, b"s"


class OneKey(Identities):
    """Knows one key."""

    async def of_key(self, raw: bytes | None) -> tuple[Caller, bytes]:
        if raw != KEY.encode():
            raise key_refused()
        return Caller(7, 3, KEY, frozenset(("read",))), SECRET


async def settled(account_id: int) -> None:
    """Rows are always there."""


@pytest.fixture
def trading_socket() -> TradingSocket:
    async def echo(request: LaneRequest) -> LaneResponse:
        return answer({"account": request.account_id, "params": request.params})

    async def broken(_: LaneRequest) -> LaneResponse:
        raise ZeroDivisionError

    routes = {address: Route(echo) for address in METHODS.values()}
    routes["GET", "/fapi/v3/balance"] = Route(echo, 5, Security.SIGNED)
    routes["POST", "/fapi/v1/order"] = Route(echo, 0, Security.SIGNED, (1, 1), "trade")
    routes["POST", "/fapi/v1/listenKey"] = Route(echo, 1, Security.KEY)
    routes["GET", "/fapi/v1/time"] = Route(broken)
    return TradingSocket(routes, OneKey(), LocalLimits(LimitTerms()), settled)


async def ask(trading_socket: TradingSocket, message: Any) -> Any:
    raw = message if isinstance(message, bytes) else json.dumps(message).encode()
    return json.loads(await trading_socket.respond(raw, "1.2.3.4"))


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


async def test_sessions_say_that_they_need_other_keys(trading_socket: TradingSocket) -> None:
    assert (await ask(trading_socket, {"id": 1, "method": "session.logon"}))["error"]["code"] == -4056
    assert (await ask(trading_socket, {"id": 1, "method": "session.status"}))["result"]["apiKey"] is None


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
