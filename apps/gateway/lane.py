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
from apps.common.lane import Caller, Cost, LaneError, LaneRequest, LaneResponse, Route, Routes, Security
from apps.common.refusals import CommandRefused
from apps.fapi.errors import refused
from apps.feeds.errors import FeedsUnavailableError, UnknownInstrumentError
from apps.gateway import errors
from apps.gateway.answer_headers import RETIRED, Origins, fixed_headers
from apps.gateway.identity import Identities
from apps.gateway.instrument_scope import refuse_foreign_instruments
from apps.gateway.limits import Limits
from apps.gateway.pressure import Pressure
from apps.gateway.replay import ReplayGuard
from apps.gateway.request import MAX_QUERY_BYTES, address_of, is_json, merge, own_proxies, parse_form, read_body
from apps.gateway.request_log import RequestIds, RequestLog, Trail
from apps.gateway.signature import check_window, verify
from apps.gateway.whole_answer import joined, write_whole

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Settled = Callable[[int], Awaitable[None]]

OWN_PREFIXES = ("/fapi/", "/futures/")
_JSON = (b"content-type", b"application/json")
_log = structlog.get_logger("gateway.lane")


class Lane:
    """Serves the routes it was given; `identities` and `limits` may be those of a test."""

    def __init__(
        self,
        routes: Routes,
        identities: Identities,
        limits: Limits,
        log: RequestLog,
        settled: Settled,
        *,
        replays: ReplayGuard | None = None,
        pressure: Pressure | None = None,
    ) -> None:
        self.identities, self.limits, self._log, self._settled = identities, limits, log, settled
        self._replays = replays or ReplayGuard(None)
        self.pressure = pressure or Pressure(lambda: None)
        self._headers, self._origins, self._ids = (_JSON, *fixed_headers()), Origins(), RequestIds()
        self._fixed_head = joined(self._headers)
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
        method, path, headers = scope["method"], scope["path"], dict(scope["headers"])
        trail = Trail(self._request_id(scope, headers), address_of(scope, self._proxies))
        try:
            response = await self._answer(scope, receive, headers, trail)
        except LaneError as error:
            response = await self._refuse(error, path, trail)
        except DomainError as error:
            told = LaneError(-1000, error.message, error.status, name=error.code, details=error.details)
            response = await self._refuse(told, path, trail)
        except CommandRefused as refusal:
            response = await self._refuse(refused(refusal.reason), path, trail)
        except OutcomeUnknown:
            self.pressure.answer_missed()
            response = await self._refuse(errors.outcome_unknown(), path, trail)
        except (MatcherUnavailable, FeedsUnavailableError, UnknownInstrumentError):
            response = await self._refuse(errors.unavailable(), path, trail)
        except Exception:  # noqa: BLE001 -- the door answers whatever happens behind it
            _log.exception(
                "request_failed", method=method, path=path, request_id=trail.request_id, account_id=trail.account_id
            )
            response = await self._refuse(errors.outcome_unknown(), path, trail)
        body, status, more = response
        answered = [
            (b"content-length", b"%d" % len(body)),
            (b"x-request-id", trail.request_id.encode("ascii")),
            *trail.usage,
            *more,
        ]
        origin = headers.get(b"origin")
        if origin is not None:
            answered += self._origins.headers(origin)
        retired = RETIRED.get((method, path))
        if retired is not None:
            answered += retired.headers()
        if not write_whole(send, status, self._fixed_head, answered, body):
            await send({"type": "http.response.start", "status": status, "headers": [*self._headers, *answered]})
            await send({"type": "http.response.body", "body": body})
        self._log.add("trading", method, path, status, time.perf_counter() - began, trail)

    def _request_id(self, scope: Scope, headers: dict[bytes, bytes]) -> str:
        if b"x-request-id" in headers and self._proxies.trusts(scope):
            return self._ids.told(headers[b"x-request-id"])
        return self._ids.next()

    async def _refuse(self, error: LaneError, path: str, trail: Trail) -> LaneResponse:
        if not trail.usage:
            try:
                trail.usage = await self.limits.spend_weight(trail.address, 1)
            except LaneError as limited:
                error = limited
        trail.code = error.name if path.startswith("/api/") else error.code
        return errors.render(error, path)

    async def _answer(self, scope: Scope, receive: Receive, headers: dict[bytes, bytes], trail: Trail) -> LaneResponse:
        method, path = scope["method"], scope["path"]
        found = self.find(path)
        if found is None:
            raise errors.not_found(method, path)
        route = found[0].get(method)
        if route is None:
            if method == "OPTIONS" and b"origin" in headers:
                return self._origins.preflight(headers[b"origin"])
            raise errors.method_not_allowed(method, path)
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
        trail.weight = weight = cost_of(route.weight, params)
        limits = self.limits
        trail.usage = limits.take_weight(trail.address, weight) or await limits.spend_weight(trail.address, weight)
        if route.security:
            caller = await self._identify(route, request, headers, query, trail.address)
            trail.account_id, trail.user_id, trail.key = caller.account_id, caller.user_id, caller.key
            if self.pressure.level and self.pressure.refuses(route, request):
                raise errors.unavailable()
            short_orders, long_orders = route.orders
            told = limits.take_order(caller, weight, short_orders, long_orders) if short_orders and caller.key else None
            if told is None:
                await limits.spend_caller(caller, weight)
                told = await limits.spend_orders(caller.account_id, short_orders, long_orders) if short_orders else ()
            trail.usage += told
            if self._replays.watches(route, request):
                await self._replays.claim(route, request)
        response = await route.handler(request)
        if self.pressure.level and route.permission == "trade":
            self.pressure.answer_came()
        return response

    async def _identify(
        self, route: Route, request: LaneRequest, headers: dict[bytes, bytes], query: bytes, address: str
    ) -> Caller:
        """Fill in the caller. Raises LaneError when the proof is missing, wrong or not enough."""
        key = headers.get(b"x-mbx-apikey")
        if route.security == Security.TOKEN and key is None:
            bearer = headers.get(b"authorization")
            if bearer is None:
                raise errors.token_refused()
            caller = await self.identities.of_token(bearer)
        else:
            known = self.identities.recall(key, address) if key else None
            caller, proof = known or await self.identities.of_key(key, address)
            if route.security != Security.KEY:
                params = request.params
                request.nonce = verify(proof, query, request.body, params.get("signature"))
                check_window(params.get("timestamp"), params.get("recvWindow"), request.received_ms)
        if route.permission not in caller.permissions:
            raise errors.key_refused()
        if not caller.account_id:
            raise errors.no_account()
        if caller.instruments:
            refuse_foreign_instruments(caller, route, request)
        request.caller, request.account_id = caller, caller.account_id
        return caller


def cost_of(cost: Cost, params: dict[str, str]) -> int:
    """A fixed price, or the price of these parameters."""
    return cost if isinstance(cost, int) else cost(params)
