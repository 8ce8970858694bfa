"""The trading WebSocket API at /ws-fapi/v1: requests by name, answered by the REST handlers.

One socket may have many requests in flight; their answers carry the request's id unchanged. Each
request proves itself by its own signature over its parameters sorted by name.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
import structlog

from apps.bridge.errors import MatcherUnavailable, OutcomeUnknown
from apps.common.errors import DomainError
from apps.common.lane import Encode, LaneError, LaneRequest, Route, Routes, Security
from apps.common.refusals import CommandRefused
from apps.fapi import errors
from apps.fapi.batches import read_json
from apps.feeds.errors import FeedsUnavailableError, UnknownInstrumentError
from apps.gateway import errors as door
from apps.gateway.identity import Identities
from apps.gateway.lane import cost_of
from apps.gateway.limits import LocalLimits
from apps.gateway.request import address_of, own_proxies
from apps.gateway.signature import check_window, verify_sorted

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

MESSAGE_BYTES_MAX = 64 * 1024
IN_FLIGHT_MAX = 64
PATH = "/ws-fapi/v1"
_V1, _V2, _V3 = "/fapi/v1", "/fapi/v2", "/fapi/v3"
METHODS: dict[str, tuple[str, str]] = {
    "ping": ("GET", f"{_V1}/ping"),
    "time": ("GET", f"{_V1}/time"),
    "exchangeInfo": ("GET", f"{_V1}/exchangeInfo"),
    "depth": ("GET", f"{_V1}/depth"),
    "ticker.price": ("GET", f"{_V2}/ticker/price"),
    "ticker.book": ("GET", f"{_V1}/ticker/bookTicker"),
    "order.place": ("POST", f"{_V1}/order"),
    "order.test": ("POST", f"{_V1}/order/test"),
    "order.modify": ("PUT", f"{_V1}/order"),
    "order.cancel": ("DELETE", f"{_V1}/order"),
    "order.status": ("GET", f"{_V1}/order"),
    "algoOrder.place": ("POST", f"{_V1}/algoOrder"),
    "algoOrder.cancel": ("DELETE", f"{_V1}/algoOrder"),
    "account.balance": ("GET", f"{_V3}/balance"),
    "v2/account.balance": ("GET", f"{_V3}/balance"),
    "account.status": ("GET", f"{_V2}/account"),
    "v2/account.status": ("GET", f"{_V3}/account"),
    "account.position": ("GET", f"{_V2}/positionRisk"),
    "v2/account.position": ("GET", f"{_V3}/positionRisk"),
    "userDataStream.start": ("POST", f"{_V1}/listenKey"),
    "userDataStream.ping": ("PUT", f"{_V1}/listenKey"),
    "userDataStream.stop": ("DELETE", f"{_V1}/listenKey"),
}
_log = structlog.get_logger("fapi.trading_socket")


class Envelope(msgspec.Struct):
    """A request as sent; `id` comes back byte for byte."""

    method: str
    id: msgspec.Raw = msgspec.Raw(b"null")
    params: msgspec.Raw = msgspec.Raw(b"{}")


_decode = msgspec.json.Decoder(Envelope).decode


class TradingSocket:
    """Serves the sockets of one gateway; `settled` is the lane's."""

    def __init__(
        self,
        routes: Routes,
        identities: Identities,
        limits: LocalLimits,
        settled: Callable[[int], Awaitable[None]],
    ) -> None:
        self._routes = {name: routes[address] for name, address in METHODS.items()}
        self._identities, self._limits, self._settled = identities, limits, settled

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One socket until it is closed."""
        await receive()
        await send({"type": "websocket.accept"})
        address = address_of(scope, own_proxies())
        running: set[asyncio.Task[None]] = set()
        try:
            while (message := await receive())["type"] == "websocket.receive":
                raw = message.get("bytes") or (message.get("text") or "").encode()
                if len(raw) > MESSAGE_BYTES_MAX:
                    await send({"type": "websocket.close", "code": 1009, "reason": "the message is too long"})
                    return
                if len(running) >= IN_FLIGHT_MAX:
                    await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
                task = asyncio.create_task(self._serve(raw, address, send))
                running.add(task)
                task.add_done_callback(running.discard)
        finally:
            for task in running:
                task.cancel()

    async def _serve(self, raw: bytes, address: str, send: Send) -> None:
        text = (await self.respond(raw, address)).decode()
        try:
            await send({"type": "websocket.send", "text": text})
        except (OSError, RuntimeError):
            _log.debug("peer_gone")

    async def respond(self, raw: bytes, address: str) -> bytes:
        """The answer to one message, whatever it holds."""
        try:
            envelope = _decode(raw)
        except (msgspec.DecodeError, RecursionError):
            return self._error(b"null", LaneError(-1130, "The message is no request."), address, told=True)
        told, identity = True, bytes(envelope.id)
        if identity[:1] not in {b'"', b"n", b"-"} and not identity[:1].isdigit():
            return self._error(b"null", errors.not_valid("id"), address, told=True)
        try:
            params = _texts(bytes(envelope.params))
            told = params.get("returnRateLimits", "true") != "false"
            result = await self._perform(envelope.method, params, address)
        except LaneError as error:
            return self._error(identity, error, address, told=told)
        except CommandRefused as refusal:
            return self._error(identity, errors.refused(refusal.reason), address, told=told)
        except DomainError as error:
            return self._error(identity, LaneError(-1000, error.message, error.status), address, told=told)
        except (MatcherUnavailable, FeedsUnavailableError, UnknownInstrumentError):
            return self._error(identity, door.unavailable(), address, told=told)
        except OutcomeUnknown:
            return self._error(identity, door.outcome_unknown(), address, told=told)
        except Exception:  # noqa: BLE001 -- the door answers whatever happens behind it
            _log.exception("request_failed", method=envelope.method[:40])
            return self._error(identity, door.outcome_unknown(), address, told=told)
        limits = b',"rateLimits":%b' % self._rate_limits(address) if told else b""
        return b'{"id":%b,"status":200,"result":%b%b}' % (identity, result, limits)

    async def _perform(self, method: str, params: dict[str, str], address: str) -> bytes:
        route = self._routes.get(method)
        if route is None:
            return self._session(method)
        http_method, path = METHODS[method]
        request = LaneRequest(http_method, path, params, time.time_ns() // 1_000_000)
        request.settled = self._settled
        self._limits.spend_weight(address, cost_of(route.weight, params))
        if route.security:
            await self._identify(route, request)
            if route.orders[0]:
                self._limits.spend_orders(request.account_id, *route.orders)
        return (await route.handler(request)).body

    async def _identify(self, route: Route, request: LaneRequest) -> None:
        params = request.params
        caller, secret = await self._identities.of_key(params.get("apiKey", "").encode("utf-8"))
        if route.security != Security.KEY:
            request.nonce = verify_sorted(secret, params)
            check_window(params.get("timestamp"), params.get("recvWindow"), request.received_ms)
        if route.permission not in caller.permissions:
            raise door.key_refused()
        if not caller.account_id:
            raise door.no_account()
        request.caller, request.account_id = caller, caller.account_id

    def _session(self, method: str) -> bytes:
        """Sessions need Ed25519 keys, which this exchange does not issue yet; there is never one to end."""
        if method == "session.logon":
            raise LaneError(-4056, "HMAC_SHA256 API key is not supported.", name="KEY_TYPE_NOT_SUPPORTED")
        if method in {"session.status", "session.logout"}:
            now_ms = time.time_ns() // 1_000_000
            session = {"apiKey": None, "authorizedSince": None, "connectedSince": None, "serverTime": now_ms}
            return Encode(session | {"returnRateLimits": True})
        raise LaneError(-1130, f"Unknown method '{method[:40]}'.", 404, name="NOT_FOUND")

    def _error(self, identity: bytes, error: LaneError, address: str, *, told: bool) -> bytes:
        body = Encode({"code": error.code, "msg": error.message})
        limits = b',"rateLimits":%b' % self._rate_limits(address) if told else b""
        return b'{"id":%b,"status":%d,"error":%b%b}' % (identity, error.status, body, limits)

    def _rate_limits(self, address: str) -> bytes:
        used = {
            "rateLimitType": "REQUEST_WEIGHT",
            "interval": "MINUTE",
            "intervalNum": 1,
            "limit": self._limits.terms.weight_1m,
            "count": self._limits.weight_of(address),
        }
        return Encode([used])


def _texts(raw: bytes) -> dict[str, str]:
    """The parameters as texts, numbers as they were written. Raises LaneError -1130, -1101."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise errors.not_valid("params") from None
    found = read_json("params", text) if text not in {"null", ""} else {}
    if not isinstance(found, dict):
        raise errors.not_valid("params")
    texts: dict[str, str] = {}
    for key, value in found.items():
        if isinstance(value, bool):
            texts[key] = "true" if value else "false"
        elif isinstance(value, str):
            texts[key] = value
        elif isinstance(value, list | dict):
            raise errors.not_valid(key)
    return texts
