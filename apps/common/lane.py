"""The words of the trading lane that every app's door may use: request, response, route, refusal.

The lane itself (sockets, signatures, limits) lives in `apps.gateway`; this module imports nothing of
ours, so that an app of any floor can offer a lean handler.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from enum import IntEnum
from typing import Any, NamedTuple

import msgspec

Encode = msgspec.json.Encoder().encode


class Security(IntEnum):
    """What a route asks of its caller."""

    NONE = 0
    KEY = 1  # the API key header alone
    SIGNED = 2  # API key and signature
    TOKEN = 3  # bearer token, or API key and signature


class Caller(msgspec.Struct, frozen=True):
    """Who asks. `key` is empty for a bearer token; `account_id` is 0 for a person without a trading account.

    `instruments` are the symbols an API key may trade; empty means all.
    """

    account_id: int
    user_id: int
    key: str
    permissions: frozenset[str]
    instruments: frozenset[str] = frozenset()


class LaneError(Exception):
    """One refusal in both tongues: `code` and `message` on /fapi, `name`, `message`, `details` on /api/v1."""

    def __init__(
        self,
        code: int,
        message: str,
        status: int = 400,
        *,
        name: str = "INVALID_REQUEST",
        details: Mapping[str, Any] | None = None,
        headers: tuple[tuple[bytes, bytes], ...] = (),
    ) -> None:
        super().__init__(message)
        self.code, self.message, self.status = code, message, status
        self.name, self.details, self.headers = name, details or {}, headers


class LaneResponse(NamedTuple):
    """An encoded answer; `headers` are added to those of the lane."""

    body: bytes
    status: int = 200
    headers: tuple[tuple[bytes, bytes], ...] = ()


async def _settled_already(account_id: int) -> None:
    """Rows need no waiting for."""


class LaneRequest:
    """One request as a handler sees it: parameters are text, nothing is converted yet.

    `nonce` is the request's signature where it has one: the same request repeated has the same.
    `await settled(account_id)` returns when the rows show everything the account was told.
    """

    __slots__ = (
        "account_id",
        "body",
        "caller",
        "method",
        "nonce",
        "params",
        "path",
        "received_ms",
        "settled",
        "variables",
    )

    def __init__(self, method: str, path: str, params: dict[str, str], received_ms: int, body: bytes = b"") -> None:
        self.method, self.path, self.params, self.received_ms, self.body = method, path, params, received_ms, body
        self.caller: Caller | None = None
        self.account_id = 0
        self.nonce = ""
        self.variables: tuple[str, ...] = ()
        self.settled: Callable[[int], Awaitable[None]] = _settled_already


Handler = Callable[[LaneRequest], Awaitable[LaneResponse]]
Cost = int | Callable[[Mapping[str, str]], int]


class Route(NamedTuple):
    """A handler and its price: `weight` against the address, `orders` (in 10 s, in 1 min) against the account.

    `permission` names the right an API key needs. A path may hold `{}` segments; their texts arrive
    in `LaneRequest.variables`.
    """

    handler: Handler
    weight: Cost = 1
    security: Security = Security.NONE
    orders: tuple[int, int] = (0, 0)
    permission: str = "read"


Routes = Mapping[tuple[str, str], Route]


def answer(value: Any, status: int = 200) -> LaneResponse:
    """`value` as JSON."""
    return LaneResponse(Encode(value), status)
