"""Answers over raw sockets: in one write where all is usual, and the way of the server where it is not."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest

from apps.gateway.guarded_http import GuardedHttp
from apps.gateway.whole_answer import joined, write_whole
from tests.support.http_server import serving
from tests.support.pace import PATIENCE_S

FIXED = joined(((b"x-fixed", b"1"),))
IDLE_S = 3
ways: list[bool] = []


class Quiet(GuardedHttp):
    """Without uvicorn's access log, as our gateways run it; pytest listens to all logs."""

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self.access_log = False


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Answers with the query as a header's value; notes whether it went out whole."""
    value = scope["query_string"].replace(b"_", b"\r\nx-smuggled: 1")
    headers = [(b"content-length", b"2"), (b"x-told", value)]
    ways.append(write_whole(send, 200, FIXED, headers, b"ok"))
    if not ways[-1]:
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"ok"})


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with serving(application, http=Quiet, access_log=False, timeout_keep_alive=IDLE_S) as number:
        yield number


def talk(port: int, raw: bytes) -> bytes:
    """All that comes until the server hangs up."""
    ways.clear()
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S) as link:
        link.sendall(raw)
        heard = b""
        while part := link.recv(65536):
            heard += part
    return heard


def test_an_answer_goes_out_whole_and_the_idle_link_is_closed(port: int) -> None:
    began = time.monotonic()
    heard = talk(port, b"GET /?a HTTP/1.1\r\nHost: a\r\n\r\nGET /?b HTTP/1.1\r\nHost: a\r\n\r\n")
    assert time.monotonic() - began >= IDLE_S
    assert ways == [True, True]
    head, body = heard.split(b"\r\n\r\n")[0].split(b"\r\n"), heard.rpartition(b"\r\n\r\n")[2]
    assert (head[0], body) == (b"HTTP/1.1 200 OK", b"ok")
    assert {b"x-fixed: 1", b"content-length: 2", b"x-told: a"} < set(head)
    assert any(line.startswith(b"date: ") for line in head)
    assert heard.count(b"HTTP/1.1 200 OK") == 2


def test_a_link_that_asks_again_is_not_idle(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S) as link:
        end = time.monotonic() + 1.5 * IDLE_S
        while (asked := time.monotonic()) < end:
            link.sendall(b"GET /?a HTTP/1.1\r\nHost: a\r\n\r\n")
            assert link.recv(65536).endswith(b"ok")
            last = asked
        assert link.recv(1) == b""
    assert time.monotonic() - last >= IDLE_S


@pytest.mark.parametrize(
    ("raw", "wanted"),
    [
        (b"GET /?a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", b"connection: close"),
        (b"GET /?a HTTP/1.0\r\n\r\n", b"connection: close"),
        (b"HEAD /?a HTTP/1.1\r\nHost: a\r\n\r\n", b"200 OK"),
        (b"GET /?_ HTTP/1.1\r\nHost: a\r\n\r\n", b""),  # refused there: nothing comes
    ],
)
def test_what_is_unusual_goes_the_way_of_the_server(port: int, raw: bytes, wanted: bytes) -> None:
    heard = talk(port, raw)
    assert ways == [False]
    assert wanted in heard
    assert b"x-smuggled" not in heard
