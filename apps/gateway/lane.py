"""The trading lane: plain ASGI, one table of routes, no middleware and no thread hop.

For each request: find the route, read what was sent, charge its weight, identify the caller, count
orders, call the handler, answer. Every refusal is JSON; an unforeseen error is logged and answers
"outcome unknown", because a command may have been sent.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import Any

import structlog

from apps.bridge.errors import MatcherUnavailable, OutcomeUnknown
from apps.common.errors import DomainError
from apps.common.lane import Cost, LaneError, LaneRequest, LaneResponse, Route, Routes, Security
from apps.common.refusals import CommandRefused
from apps.fapi.errors import refused
from apps.feeds.errors import FeedsUnavailableError, UnknownInstrumentError
from apps.gateway import errors
from apps.gateway.identity import Identities
from apps.gateway.limits import Headers, LocalLimits
from apps.gateway.request import MAX_QUERY_BYTES, address_of, is_json, merge, own_proxies, parse_form, read_body
from apps.gateway.request_log import RequestLog
from apps.gateway.signature import check_window, verify

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Settled = Callable[[int], Awaitable[None]]

OWN_PREFIXES = ("/fapi/", "/futures/")
_JSON = (b"content-type", b"application/json")
_log = structlog.get_logger("gateway.lane")


class Trail:
    """What is known of a request so far, for its answer's headers and its log line."""

    __slots__ = ("account_id", "usage")

    def __init__(self) -> None:
        self.account_id = 0
        self.usage: Headers = ()


class Lane:
    """Serves the routes it was given; `identities` and `limits` may be those of a test."""

    def __init__(
        self, routes: Routes, identities: Identities, limits: LocalLimits, log: RequestLog, settled: Settled
    ) -> None:
        self.identities, self.limits, self._log, self._settled = identities, limits, log, settled
        self._proxies = own_proxies()
        self._fixed: dict[str, dict[str, Route]] = {}
        self._templates: list[tuple[tuple[str, ...], dict[str, Route]]] = []
        by_path: dict[str, dict[str, Route]] = {}
        for (method, path), route in routes.items():
            by_path.setdefault(path, {})[method] = route
        for path, methods in by_path.items():
            if "{}" in path:
                self._templates.append((tuple(path.split("/")), methods))
            else:
                self._fixed[path] = methods

    def find(self, path: str) -> tuple[dict[str, Route], tuple[str, ...]] | None:
        """The path's routes by method, and the texts of its `{}` segments; None when it is not ours."""
        methods = self._fixed.get(path)
        if methods is not None:
            return methods, ()
        segments = path.split("/")
        for template, found in self._templates:
            if len(template) == len(segments) and all(
                t == s or (t == "{}" and s) for t, s in zip(template, segments, strict=True)
            ):
                return found, tuple(s for t, s in zip(template, segments, strict=True) if t == "{}")
        return None

    def serves(self, path: str) -> bool:
        """Whether the lane answers this path, be it with a refusal."""
        return path in self._fixed or f"{path}/".startswith(OWN_PREFIXES) or self.find(path) is not None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One HTTP request."""
        began = time.perf_counter()
        method, path = scope["method"], scope["path"]
        address = address_of(scope, self._proxies)
        trail = Trail()
        try:
            response = await self._answer(scope, receive, address, trail)
        except LaneError as error:
            response = self._refuse(error, path, address, trail)
        except DomainError as error:
            told = LaneError(-1000, error.message, error.status, name=error.code, details=error.details)
            response = self._refuse(told, path, address, trail)
        except CommandRefused as refusal:
            response = self._refuse(refused(refusal.reason), path, address, trail)
        except OutcomeUnknown:
            response = self._refuse(errors.outcome_unknown(), path, address, trail)
        except (MatcherUnavailable, FeedsUnavailableError, UnknownInstrumentError):
            response = self._refuse(errors.unavailable(), path, address, trail)
        except Exception:  # noqa: BLE001 -- the door answers whatever happens behind it
            _log.exception("request_failed", method=method, path=path, account_id=trail.account_id)
            response = self._refuse(errors.outcome_unknown(), path, address, trail)
        body, status, more = response
        headers = [_JSON, (b"content-length", b"%d" % len(body)), *trail.usage, *more]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})
        self._log.add(method, path, status, trail.account_id, time.perf_counter() - began, address)

    def _refuse(self, error: LaneError, path: str, address: str, trail: Trail) -> LaneResponse:
        if not trail.usage:
            try:
                trail.usage = self.limits.spend_weight(address, 1)
            except LaneError as limited:
                error = limited
        return errors.render(error, path)

    async def _answer(self, scope: Scope, receive: Receive, address: str, trail: Trail) -> LaneResponse:
        method, path = scope["method"], scope["path"]
        found = self.find(path)
        if found is None:
            raise errors.not_found(method, path)
        route = found[0].get(method)
        if route is None:
            raise errors.method_not_allowed(method, path)
        headers = dict(scope["headers"])
        query: bytes = scope["query_string"]
        if len(query) > MAX_QUERY_BYTES:
            raise errors.too_large("query")
        length = headers.get(b"content-length")
        sent = (length is not None and length != b"0") or b"transfer-encoding" in headers
        body = await read_body(receive, length) if sent else b""
        native = path.startswith("/api/")
        if native and body and not is_json(headers.get(b"content-type")):
            raise errors.unsupported_media_type()
        params = parse_form(query) if native else merge(query, body)
        request = LaneRequest(method, path, params, time.time_ns() // 1_000_000, body)
        request.variables, request.settled = found[1], self._settled
        trail.usage = self.limits.spend_weight(address, cost_of(route.weight, params))
        if route.security:
            await self._identify(route, request, headers, query)
            trail.account_id = request.account_id
            if route.orders[0]:
                trail.usage += self.limits.spend_orders(request.account_id, *route.orders)
        return await route.handler(request)

    async def _identify(self, route: Route, request: LaneRequest, headers: dict[bytes, bytes], query: bytes) -> None:
        """Fill in the caller. Raises LaneError when the proof is missing, wrong or not enough."""
        key = headers.get(b"x-mbx-apikey")
        if route.security == Security.TOKEN and key is None:
            bearer = headers.get(b"authorization")
            if bearer is None:
                raise errors.token_refused()
            caller = await self.identities.of_token(bearer)
        else:
            caller, secret = await self.identities.of_key(key)
            if route.security != Security.KEY:
                params = request.params
                request.nonce = verify(secret, query, request.body, params.get("signature"))
                check_window(params.get("timestamp"), params.get("recvWindow"), request.received_ms)
        if route.permission not in caller.permissions:
            raise errors.key_refused()
        if not caller.account_id:
            raise errors.no_account()
        request.caller, request.account_id = caller, caller.account_id


def cost_of(cost: Cost, params: dict[str, str]) -> int:
    """A fixed price, or the price of these parameters."""
    return cost if isinstance(cost, int) else cost(params)
