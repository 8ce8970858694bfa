"""The trading WebSocket API at /ws-fapi/v1: requests by name, answered by the REST handlers.

One socket may have many requests in flight; their answers carry the request's id unchanged. Each
request proves itself by its own signature over its parameters sorted by name, or by the session that an
Ed25519 key logged on to; such a session ends with its key.
"""

from __future__ import annotations

import asyncio
import contextlib
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
from apps.fapi.trading_talk import GOING_AWAY, LIFETIME_S, Talk
from apps.feeds.errors import FeedsUnavailableError, UnknownInstrumentError
from apps.gateway import errors as door
from apps.gateway.identity import Identities
from apps.gateway.instrument_scope import refuse_foreign_instruments
from apps.gateway.key_watch import KeyWatch
from apps.gateway.lane import cost_of
from apps.gateway.limits import Limits
from apps.gateway.pressure import Pressure
from apps.gateway.replay import ReplayGuard
from apps.gateway.request import address_of, own_proxies
from apps.gateway.signature import check_window, verify_sorted

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

MESSAGE_BYTES_MAX = 64 * 1024
IN_FLIGHT_MAX = 64
SESSION_METHODS = frozenset({"session.logon", "session.status", "session.logout"})
SESSION_WEIGHT = 2
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
        limits: Limits,
        settled: Callable[[int], Awaitable[None]],
        *,
        replays: ReplayGuard | None = None,
        pressure: Pressure | None = None,
        key_watch: KeyWatch | None = None,
    ) -> None:
        self._routes = {name: routes[address] for name, address in METHODS.items()}
        self._identities, self._limits, self._settled = identities, limits, settled
        self._replays, self._key_watch = replays or ReplayGuard(None), key_watch or KeyWatch()
        self._pressure = pressure or Pressure(lambda: None)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One socket until it is closed."""
        await receive()
        await send({"type": "websocket.accept"})

        async def close(code: int, reason: str) -> None:
            with contextlib.suppress(OSError, RuntimeError):
                await send({"type": "websocket.close", "code": code, "reason": reason})

        talk = Talk(address_of(scope, own_proxies()), close)
        running: set[asyncio.Task[None]] = set()
        loop = asyncio.get_running_loop()
        lifetime = loop.call_later(LIFETIME_S, talk.end, GOING_AWAY, "24 hours are over: connect again")
        try:
            while (message := await receive())["type"] == "websocket.receive":
                raw = message.get("bytes") or (message.get("text") or "").encode()
                if len(raw) > MESSAGE_BYTES_MAX:
                    await close(1009, "the message is too long")
                    return
                if len(running) >= IN_FLIGHT_MAX:
                    await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
                task = asyncio.create_task(self._serve(raw, talk, send))
                running.add(task)
                task.add_done_callback(running.discard)
        finally:
            lifetime.cancel()
            self._key_watch.leave(talk)
            for task in running:
                task.cancel()

    async def _serve(self, raw: bytes, talk: Talk, send: Send) -> None:
        text = (await self.respond(raw, talk)).decode()
        try:
            await send({"type": "websocket.send", "text": text})
        except (OSError, RuntimeError):
            _log.debug("peer_gone")

    async def respond(self, raw: bytes, talk: Talk) -> bytes:
        """The answer to one message, whatever it holds."""
        address = talk.address
        try:
            envelope = _decode(raw)
        except (msgspec.DecodeError, RecursionError):
            return await self._unread(b"null", LaneError(-1130, "The message is no request."), address)
        told, identity = True, bytes(envelope.id)
        if identity[:1] not in {b'"', b"n", b"-"} and not identity[:1].isdigit():
            return await self._unread(b"null", errors.not_valid("id"), address)
        try:
            params = _texts(bytes(envelope.params))
        except LaneError as error:
            return await self._unread(identity, error, address)
        try:
            told = params.get("returnRateLimits", "true") != "false"
            result = await self._perform(envelope.method, params, talk)
        except LaneError as error:
            return self._error(identity, error, address, told=told)
        except CommandRefused as refusal:
            return self._error(identity, errors.refused(refusal.reason), address, told=told)
        except DomainError as error:
            return self._error(identity, LaneError(-1000, error.message, error.status), address, told=told)
        except (MatcherUnavailable, FeedsUnavailableError, UnknownInstrumentError):
            return self._error(identity, door.unavailable(), address, told=told)
        except OutcomeUnknown:
            self._pressure.answer_missed()
            return self._error(identity, door.outcome_unknown(), address, told=told)
        except Exception:  # noqa: BLE001 -- the door answers whatever happens behind it
            _log.exception("request_failed", method=envelope.method[:40])
            return self._error(identity, door.outcome_unknown(), address, told=told)
        limits = b',"rateLimits":%b' % self._rate_limits(address) if told else b""
        return b'{"id":%b,"status":200,"result":%b%b}' % (identity, result, limits)

    async def _perform(self, method: str, params: dict[str, str], talk: Talk) -> bytes:
        route, address = self._routes.get(method), talk.address
        if route is None:
            return await self._session(method, params, talk)
        http_method, path = METHODS[method]
        request = LaneRequest(http_method, path, params, time.time_ns() // 1_000_000)
        request.settled = self._settled
        weight = cost_of(route.weight, params)
        await self._limits.spend_weight(address, weight)
        if route.security:
            await self._identify(route, request, talk)
            if self._pressure.level and self._pressure.refuses(route, request):
                raise door.unavailable()
            if request.caller is not None:
                await self._limits.spend_caller(request.caller, weight)
            if route.orders[0]:
                await self._limits.spend_orders(request.account_id, *route.orders)
            if self._replays.watches(route, request):
                await self._replays.claim(route, request)
        return (await route.handler(request)).body

    async def _identify(self, route: Route, request: LaneRequest, talk: Talk) -> None:
        params = request.params
        name = params.get("apiKey") or talk.api_key or ""
        caller, proof = await self._identities.of_key(name.encode("utf-8"), talk.address)
        if route.security != Security.KEY:
            if "apiKey" not in params and talk.api_key is not None:
                request.nonce = talk.next_nonce()
            else:
                request.nonce = verify_sorted(proof, params)
            check_window(params.get("timestamp"), params.get("recvWindow"), request.received_ms)
        if route.permission not in caller.permissions:
            raise door.key_refused()
        if not caller.account_id:
            raise door.no_account()
        if caller.instruments:
            refuse_foreign_instruments(caller, route, request)
        request.caller, request.account_id = caller, caller.account_id

    async def _session(self, method: str, params: dict[str, str], talk: Talk) -> bytes:
        """session.logon, .status and .logout. Only an Ed25519 key may log on: nobody else can sign with it."""
        await self._limits.spend_weight(talk.address, SESSION_WEIGHT)
        if method not in SESSION_METHODS:
            raise LaneError(-1130, f"Unknown method '{method[:40]}'.", 404, name="NOT_FOUND")
        if method == "session.logon":
            name = params.get("apiKey", "")
            _, proof = await self._identities.of_key(name.encode("utf-8"), talk.address)
            if isinstance(proof, bytes):
                raise LaneError(-4056, "HMAC_SHA256 API key is not supported.", name="KEY_TYPE_NOT_SUPPORTED")
            nonce, now_ms = verify_sorted(proof, params), time.time_ns() // 1_000_000
            check_window(params.get("timestamp"), params.get("recvWindow"), now_ms)
            await self._replays.claim_nonce(nonce, params, now_ms)
            self._key_watch.leave(talk)
            talk.log_on(name)
            self._key_watch.join(talk, name)
        elif method == "session.logout":
            self._key_watch.leave(talk)
            talk.log_out()
        return Encode(talk.status(tells_limits=params.get("returnRateLimits", "true") != "false"))

    async def _unread(self, identity: bytes, error: LaneError, address: str) -> bytes:
        """The refusal of what is no request: it has a weight like every other, so that nobody sends it for nothing."""
        try:
            await self._limits.spend_weight(address, 1)
        except LaneError as limited:
            error = limited
        return self._error(identity, error, address, told=True)

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
