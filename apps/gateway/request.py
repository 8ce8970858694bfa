"""Parameters from the raw query and body, for every verb alike; limits on what may be sent at all.

Refuses broken percent codes, bytes that are no UTF-8, a key given twice, and anything too large.
The raw bytes stay as received: the signature is over them.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import unquote_to_bytes

from apps.gateway.errors import duplicate_parameter, illegal_form, too_large

MAX_BODY_BYTES = 64 * 1024
MAX_QUERY_BYTES = 16 * 1024
MAX_PARAMETERS = 100

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


async def read_body(receive: Receive, declared: bytes | None) -> bytes:
    """The whole body. Raises LaneError (413) as soon as it is known to be too large."""
    if declared is not None and (not declared.isdigit() or len(declared) > 9 or int(declared) > MAX_BODY_BYTES):
        raise too_large("body")
    message = await receive()
    body: bytes = message.get("body", b"")
    while message.get("more_body"):
        if len(body) > MAX_BODY_BYTES:
            raise too_large("body")
        message = await receive()
        body += message.get("body", b"")
    if len(body) > MAX_BODY_BYTES:
        raise too_large("body")
    return body
