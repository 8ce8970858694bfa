"""Parameters from the raw query and body, for every verb alike; limits on what may be sent at all.

Refuses broken percent codes, bytes that are no UTF-8, a key given twice, and anything too large.
The raw bytes stay as received: the signature is over them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import unquote_to_bytes

from apps.gateway.errors import body_late, duplicate_parameter, illegal_form, too_large
from apps.gateway.proxies import Proxies

MAX_BODY_BYTES = 64 * 1024
MAX_QUERY_BYTES = 16 * 1024
MAX_PARAMETERS = 100
BODY_WAIT_S = 10.0

Receive = Callable[[], Awaitable[dict[str, Any]]]


def parse_form(raw: bytes) -> dict[str, str]:
    """`a=1&b=2` as texts; an absent value is empty. Raises LaneError for a broken or repeated key."""
    params: dict[str, str] = {}
    if not raw:
        return params
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise illegal_form() from None
    plain = "%" not in text and "+" not in text
    pieces = text.split("&")
    if len(pieces) > MAX_PARAMETERS:
        raise too_large("parameters")
    for piece in pieces:
        name, equals, value = piece.partition("=")
        if not equals:
            if not piece:
                continue
            raise illegal_form()
        if not plain:
            name, value = _unquote(name), _unquote(value)
        if name in params:
            raise duplicate_parameter(name)
        params[name] = value
    return params


def _unquote(text: str) -> str:
    if "%" not in text:
        return text.replace("+", " ")
    try:
        return unquote_to_bytes(text.replace("+", " ")).decode("utf-8")
    except UnicodeDecodeError:
        raise illegal_form() from None


def merge(query: bytes, body: bytes) -> dict[str, str]:
    """Parameters of both; the query wins where both name one."""
    if not body:
        return parse_form(query)
    params = parse_form(body)
    if query:
        params.update(parse_form(query))
    return params


def is_json(content_type: bytes | None) -> bool:
    """Whether a body of this type may be read as JSON; a client that names no type means it."""
    return content_type is None or content_type.partition(b";")[0].strip().lower() == b"application/json"


async def read_body(receive: Receive, declared: bytes | None) -> bytes:
    """The whole body.

    Raises LaneError: 413 as soon as it is known to be too large, 408 when it does not come, -1100 when it breaks off.
    """
    if declared is not None and (not declared.isdigit() or len(declared) > 9 or int(declared) > MAX_BODY_BYTES):
        raise too_large("body")
    try:
        async with asyncio.timeout(BODY_WAIT_S):
            return await _read_whole(receive)
    except TimeoutError:
        raise body_late() from None


async def _read_whole(receive: Receive) -> bytes:
    body = b""
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise illegal_form()
        part: bytes = message.get("body", b"")
        body += part
        if len(body) > MAX_BODY_BYTES:
            raise too_large("body")
        if not message.get("more_body"):
            return body


def own_proxies() -> Proxies:
    """The proxies the environment names."""
    return Proxies.from_environment()


def address_of(scope: dict[str, Any], proxies: Proxies) -> str:
    """The client's address."""
    if proxies.hops:
        return proxies.client_of(scope)
    client = scope.get("client")
    return str(client[0]) if client else "local"
