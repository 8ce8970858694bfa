"""The lane alone, as ASGI: routing, charging, refusing, logging; handlers are the test's own."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from apps.bridge.errors import MatcherUnavailable, OutcomeUnknown
from apps.common.errors import ServiceUnavailable
from apps.common.lane import LaneError, LaneRequest, LaneResponse, Route, Security, answer
from apps.common.refusals import CommandRefused
from apps.feeds.errors import FeedsUnavailableError
from apps.gateway.identity import Identities
from apps.gateway.lane import Lane
from apps.gateway.limits import Limits, LimitTerms
from apps.gateway.request_log import RequestLog
from apps.gateway.routes import all_routes
from matcher.protocol.rejects import RejectReason

NOW_MS = 1_800_000_030_000.0


async def settled(account_id: int) -> None:
    """Rows are always there."""


class Call:
    """One request through the lane and what came back."""

    def __init__(self, **failures: Exception) -> None:
        async def echo(request: LaneRequest) -> LaneResponse:
            return answer({"params": request.params, "variables": request.variables, "body": len(request.body)})

        def failing(error: Exception) -> Any:
            async def fail(_: LaneRequest) -> LaneResponse:
                raise error

            return fail

        routes = {
            ("GET", "/fapi/v1/echo"): Route(echo, 3),
            ("POST", "/fapi/v1/echo"): Route(echo, lambda params: int(params.get("w", "1"))),
            ("GET", "/api/v1/things/{}/parts"): Route(echo),
            ("GET", "/fapi/v1/private"): Route(echo, 1, Security.SIGNED),
            ("GET", "/api/v1/private"): Route(echo, 1, Security.TOKEN),
        }
        for name, error in failures.items():
            routes["GET", f"/fapi/v1/{name}"] = routes["GET", f"/api/v1/{name}"] = Route(failing(error))
        self.log = io.BytesIO()
        self.request_log = RequestLog(self.log)
        self.request_log.enabled = True
        limits = Limits(LimitTerms(weight_1m=20), lambda: NOW_MS)  # a window may end by the clock, but not in a test
        self.lane = Lane(routes, Identities(), limits, self.request_log, settled)

    async def __call__(
        self, method: str, path: str, query: bytes = b"", body: bytes = b"", **headers: str
    ) -> tuple[int, Any, dict[bytes, bytes]]:
        sent: list[dict[str, Any]] = []
        raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
        if body:
            raw.append((b"content-length", b"%d" % len(body)))

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        scope = {"method": method, "path": path, "query_string": query, "headers": raw, "client": ("1.2.3.4", 5)}
        await self.lane(scope, receive, send)
        return sent[0]["status"], json.loads(sent[1]["body"]), dict(sent[0]["headers"])


async def test_parameters_reach_the_handler_and_weight_is_told() -> None:
    call = Call()
    status, body, headers = await call("GET", "/fapi/v1/echo", b"a=1")
    assert (status, body["params"]) == (200, {"a": "1"})
    assert headers[b"x-mbx-used-weight-1m"] == b"3"
    assert headers[b"content-type"] == b"application/json"
    _, body, headers = await call("POST", "/fapi/v1/echo", b"a=1", b"a=2&w=5")
    assert (body["params"], headers[b"x-mbx-used-weight-1m"]) == ({"a": "1", "w": "5"}, b"8")


async def test_templates_hand_their_segments_on() -> None:
    call = Call()
    assert (await call("GET", "/api/v1/things/BTC/parts"))[1]["variables"] == ["BTC"]
    assert not call.lane.serves("/api/v1/things//parts")
    assert not call.lane.serves("/api/v1/other")
    assert call.lane.serves("/fapi/whatever")
    assert call.lane.serves("/fapi")
    assert call.lane.serves("/futures")
    assert not call.lane.serves("/fapix")


async def test_unknown_addresses_and_methods() -> None:
    call = Call()
    assert (await call("GET", "/fapi/v1/nope"))[:2] == (
        404,
        {"code": -5000, "msg": "Path /fapi/v1/nope, Method GET is invalid"},
    )
    status, body, _ = await call("PATCH", "/api/v1/things/a/parts")
    assert (status, body["code"], set(body)) == (405, "METHOD_NOT_ALLOWED", {"code", "message", "details"})


@pytest.mark.parametrize(
    ("content_type", "status"),
    [("application/json", 200), ("Application/JSON; charset=utf-8", 200), (None, 200), ("text/plain", 415), ("", 415)],
)
async def test_the_native_surface_takes_json_and_says_so(content_type: str | None, status: int) -> None:
    headers = {} if content_type is None else {"content_type": content_type}
    found, body, _ = await Call()("GET", "/api/v1/things/a/parts", b"", b"{}", **headers)
    assert found == status
    assert status == 200 or body == {
        "code": "UNSUPPORTED_MEDIA_TYPE",
        "message": "The body must be application/json.",
        "details": {},
    }
    assert (await Call()("POST", "/fapi/v1/echo", b"", b"a=1", content_type="text/plain"))[0] == 200


async def test_errors_before_any_charge_cost_one() -> None:
    call = Call()
    for expected in (b"1", b"2"):
        assert (await call("GET", "/fapi/v1/echo", b"a=1&a=2"))[2][b"x-mbx-used-weight-1m"] == expected


async def test_a_flood_is_refused_even_where_it_is_malformed() -> None:
    call = Call()
    for _ in range(20):
        await call("GET", "/fapi/v1/nope")
    status, body, headers = await call("GET", "/fapi/v1/nope")
    assert (status, body["code"]) == (429, -1003)
    assert int(headers[b"retry-after"]) > 0


@pytest.mark.parametrize(
    ("error", "status", "code", "name"),
    [
        (LaneError(-9, "no", 409, name="NO"), 409, -9, "NO"),
        (CommandRefused(RejectReason.MARGIN_INSUFFICIENT), 400, -2019, "MARGIN_INSUFFICIENT"),
        (OutcomeUnknown("?"), 503, -1007, "OUTCOME_UNKNOWN"),
        (MatcherUnavailable("?"), 503, -1008, "UNAVAILABLE"),
        (FeedsUnavailableError("?"), 503, -1008, "UNAVAILABLE"),
        (ServiceUnavailable(), 503, -1000, "SERVICE_UNAVAILABLE"),
        (ZeroDivisionError("secret"), 503, -1007, "OUTCOME_UNKNOWN"),
    ],
)
async def test_every_failure_is_told_in_both_tongues(error: Exception, status: int, code: int, name: str) -> None:
    call = Call(fails=error)
    found, body, _ = await call("GET", "/fapi/v1/fails")
    assert (found, body["code"], set(body)) == (status, code, {"code", "msg"})
    found, body, _ = await call("GET", "/api/v1/fails")
    assert (found, body["code"], set(body)) == (status, name, {"code", "message", "details"})
    assert "secret" not in str(body)


async def test_private_routes_ask_for_proof() -> None:
    call = Call()
    assert (await call("GET", "/fapi/v1/private"))[1]["code"] == -2014
    assert (await call("GET", "/api/v1/private"))[:1] == (401,)


async def test_the_log_names_the_path_and_no_query() -> None:
    call = Call()
    await call("GET", "/fapi/v1/echo", b"signature=abcdef")
    call.request_log.flush()
    line = json.loads(call.log.getvalue())
    assert (line["path"], line["status"], line["address"]) == ("/fapi/v1/echo", 200, "1.2.3.4")
    assert "abcdef" not in call.log.getvalue().decode()


async def test_behind_a_proxy_its_word_counts_and_nobody_elses(monkeypatch: pytest.MonkeyPatch) -> None:
    call = Call()
    await call("GET", "/fapi/v1/echo", x_forwarded_for="9.9.9.9")
    assert (call.lane.limits.weight_of("1.2.3.4"), call.lane.limits.weight_of("9.9.9.9")) == (3, 0)
    monkeypatch.setenv("EXCHANGE_PROXIES", "1")
    call = Call()
    await call("GET", "/fapi/v1/echo", x_forwarded_for="6.6.6.6, 9.9.9.9")
    assert (call.lane.limits.weight_of("6.6.6.6"), call.lane.limits.weight_of("9.9.9.9")) == (0, 3)


def test_the_house_has_one_table_of_routes() -> None:
    table = all_routes()
    for (_, path), route in table.items():
        if path.startswith("/fapi/") and route.permission == "trade":
            assert route.security == Security.SIGNED, path
        if any(route.orders):
            assert route.security in {Security.SIGNED, Security.TOKEN}, path
