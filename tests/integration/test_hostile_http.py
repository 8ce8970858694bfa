"""Heads over raw sockets: what two servers could read in two ways is refused, and nothing behind it is answered."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import pytest

from apps.gateway import guarded_http
from apps.gateway.guarded_http import HEAD_BYTES_MAX, HEADERS_MAX, GuardedHttp
from tests.support.http_server import serving
from tests.support.pace import PATIENCE_S

HEAD = b"POST /x HTTP/1.1\r\nHost: a\r\n"
CHUNK = b"5\r\nabcde\r\n0\r\n\r\n"
SMUGGLED = b"GET /evil HTTP/1.1\r\nHost: a\r\n\r\n"


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    if scope["type"] == "lifespan":
        return
    body = b""
    while (message := await receive())["type"] == "http.request":
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    told = scope["path"].encode() + b" " + body
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(told))]})
    await send({"type": "http.response.body", "body": told})


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with serving(application, http=GuardedHttp) as number:
        yield number


def talk(port: int, raw: bytes) -> bytes:
    """All that comes until the server closes, or until a whole answer is there."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S) as link:
        heard = b""
        try:
            link.sendall(raw)
            while part := link.recv(65536):
                heard += part
                if b" 200 OK" in heard and b"/x" in heard:
                    break
        except ConnectionError:
            pass
    return heard


@pytest.mark.parametrize(
    "raw",
    [
        HEAD + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
        HEAD + b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" + SMUGGLED,
        HEAD + b"Content-Length: 5\r\nContent-Length: 5\r\n\r\nabcde",
        HEAD + b"Content-Length: 5\r\nContent-Length: 0\r\n\r\n" + SMUGGLED,
        HEAD + b"Content-Length: 5, 5\r\n\r\nabcde",
        HEAD + b"Content-Length: +5\r\n\r\nabcde",
        HEAD + b"Content-Length: -5\r\n\r\nabcde",
        HEAD + b"Content-Length: 0x5\r\n\r\nabcde",
        HEAD + b"Content-Length: \r\n\r\n",
        HEAD + b"Content-Length: 99999999999999999999999\r\n\r\n",
        HEAD + b"Transfer-Encoding: xchunked\r\n\r\n" + CHUNK,
        HEAD + b"Transfer-Encoding: chunked, identity\r\n\r\n" + CHUNK,
        HEAD + b"Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n\r\n" + CHUNK,
        HEAD + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n" + CHUNK,
        HEAD + b"Transfer-Encoding: gzip, chunked\r\n\r\n" + CHUNK,
        HEAD + b"Transfer-Encoding:\x0bchunked\r\n\r\n" + CHUNK,
        HEAD + b"Transfer-Encoding : chunked\r\n\r\n" + CHUNK,
        HEAD + b"Transfer-Encoding:\r\n chunked\r\n\r\n" + CHUNK,
        b"POST /x HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n" + CHUNK,
        HEAD + b"X-A: b\r\n c\r\n\r\n",
        HEAD + b"X-A: b\nX-B: c\r\n\r\n",
        HEAD + b"X-A: b\rX-B: c\r\n\r\n",
        HEAD + b"X-A: b\0c\r\n\r\n",
        b"POST /x HTTP/1.1\nHost: a\n\n",
        HEAD + b"Host: b\r\n\r\n",
        b"GET /x HTTP/1.1\r\n\r\n",
        HEAD + b"X-MBX-APIKEY: a\r\nX-MBX-APIKEY: b\r\n\r\n",
        HEAD + b"Authorization: Bearer a\r\nauthorization: Bearer b\r\n\r\n",
        HEAD + b"X-Forwarded-Proto: https\r\nX-Forwarded-Proto: http\r\n\r\n",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n-5\r\nabcde\r\n0\r\n\r\n",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\nabcde\r\n0\r\n\r\n",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabcde\r\n0\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    ],
)
def test_ambiguous_heads_are_refused_once_and_the_link_is_closed(port: int, raw: bytes) -> None:
    heard = talk(port, raw)
    assert heard.startswith(b"HTTP/1.1 400 "), heard
    assert heard.count(b"HTTP/1.1") == 1
    assert b"connection: close" in heard
    assert b"evil" not in heard


@pytest.mark.parametrize(
    "raw",
    [
        b"GET /x HTTP/1.1\r\nHost: a\r\nX-A: " + b"a" * HEAD_BYTES_MAX + b"\r\n\r\n",
        b"GET /x HTTP/1.1\r\nHost: a\r\nX-A: " + b"a" * 2_000_000,
        b"GET /x HTTP/1.1\r\n" + b"".join(b"X-%d: b\r\n" % n for n in range(HEADERS_MAX + 1)) + b"Host: a\r\n\r\n",
        b"GET /x?" + b"a" * HEAD_BYTES_MAX + b" HTTP/1.1\r\nHost: a\r\n\r\n",
    ],
)
def test_a_head_too_large_is_431(port: int, raw: bytes) -> None:
    heard = talk(port, raw)
    assert heard.startswith(b"HTTP/1.1 431 ") or heard == b"", heard[:200]  # a reset may overtake the answer


def test_good_requests_pass(port: int) -> None:
    assert b"/x abcde" in talk(port, HEAD + b"Content-Length: 5\r\n\r\nabcde")
    assert b"/x abcde" in talk(port, HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + CHUNK)
    assert b"/x abcde" in talk(port, HEAD + b"Accept: a\r\nAccept: b\r\nContent-Length: 5\r\n\r\nabcde")
    assert b"/x " in talk(port, b"GET /x HTTP/1.0\r\n\r\n")


def test_a_head_that_does_not_come_is_given_up(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guarded_http, "HEAD_WAIT_S", 0.05)
    assert talk(port, b"GET /x HTTP/1.1\r\nHost: a\r\nX-A: ").startswith(b"HTTP/1.1 408 ")
    assert talk(port, b"").startswith(b"HTTP/1.1 408 ")
