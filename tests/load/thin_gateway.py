"""The trading lane with nothing around it, for bench_lane: signature, handler, matcher, answer.

No limits, replay cache, pressure, request log, answer headers, proxies or keys that end, and uvicorn's own parser
instead of the guarded one. It runs beside the real gateways of a family and must never run anywhere else.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import sys
import time
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "exchange.settings.local")

from django.core.asgi import get_asgi_application

get_asgi_application()

# Apps may be imported only after Django is set up.
from apps.bridge.services import close_async_client, start_async_client  # noqa: E402
from apps.common.lane import Caller, LaneError, LaneRequest, LaneResponse  # noqa: E402
from apps.common.refusals import CommandRefused  # noqa: E402
from apps.common.rows import ask_first  # noqa: E402
from apps.configuration.services import keep_fresh  # noqa: E402
from apps.fapi.errors import refused  # noqa: E402
from apps.feeds.hub import get_hub  # noqa: E402
from apps.gateway import errors  # noqa: E402
from apps.gateway.request import parse_form  # noqa: E402
from apps.gateway.routes import all_routes  # noqa: E402
from apps.gateway.service import GC_YOUNG, SWITCH_S, rows_settled  # noqa: E402
from apps.gateway.signature import ProofKey, check_window, proof_key, verify  # noqa: E402
from apps.instruments.catalog import get_catalog  # noqa: E402
from apps.users.services import authenticate_api_key  # noqa: E402
from matcher.protocol.frames import Mode  # noqa: E402

_routes = all_routes()
_callers: dict[bytes, tuple[Caller, ProofKey]] = {}


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Signed requests without a body, and the life of the process."""
    if scope["type"] == "lifespan":
        await _live(receive, send)
        return
    path = scope["path"]
    try:
        body, status, more = await _answer(scope, path)
    except LaneError as error:
        body, status, more = errors.render(error, path)
    except CommandRefused as refusal:
        body, status, more = errors.render(refused(refusal.reason), path)
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body)), *more]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _answer(scope: dict[str, Any], path: str) -> LaneResponse:
    route = _routes.get((scope["method"], path))
    if route is None:
        raise errors.not_found(scope["method"], path)
    query: bytes = scope["query_string"]
    params = parse_form(query)
    request = LaneRequest(scope["method"], path, params, time.time_ns() // 1_000_000)
    request.settled = rows_settled
    if route.security:
        request.caller, proof = await _caller_of(dict(scope["headers"]).get(b"x-mbx-apikey", b""))
        request.account_id = request.caller.account_id
        request.nonce = verify(proof, query, b"", params.get("signature"))
        check_window(params.get("timestamp"), params.get("recvWindow"), request.received_ms)
    return await route.handler(request)


async def _caller_of(key: bytes) -> tuple[Caller, ProofKey]:
    known = _callers.get(key)
    if known is None:
        found = await ask_first(authenticate_api_key, key.decode("ascii"))
        if found is None:
            raise errors.key_refused()
        caller = Caller(found.account_id, found.user_id, key.decode("ascii"), found.permissions)
        known = _callers[key] = caller, proof_key(found.secret, found.public_key)
    return known


async def _live(receive: Any, send: Any) -> None:
    await receive()
    sys.setswitchinterval(SWITCH_S)
    client = await start_async_client(f"thin gateway {os.getpid()}", Mode.EVENTS)
    await get_hub().start(client)
    await get_catalog().load()
    settings = asyncio.create_task(keep_fresh())
    gc.collect()
    gc.freeze()
    gc.set_threshold(GC_YOUNG, 20, 50)
    await send({"type": "lifespan.startup.complete"})
    await receive()
    settings.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await settings
    await get_hub().stop()
    await close_async_client()
    await send({"type": "lifespan.shutdown.complete"})
