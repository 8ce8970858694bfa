"""Whatever goes wrong under /api/ ends in `{code, message, details}`; elsewhere people get a page."""

import json

import pytest
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import OperationalError
from django.http import Http404, HttpResponse
from django.test import RequestFactory
from redis.exceptions import ConnectionError as RedisConnectionError
from rest_framework import exceptions

from apps.common import error_responses
from apps.common.errors import DomainError


class Teapot(DomainError):
    code = "TEAPOT"
    status = 418
    message = "Short and stout."


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (Http404("secret"), 404, "NOT_FOUND"),
        (PermissionDenied("secret"), 403, "FORBIDDEN"),
        (RequestDataTooBig("secret"), 400, "MALFORMED_REQUEST"),
        (OperationalError("secret"), 503, "SERVICE_UNAVAILABLE"),
        (RedisConnectionError("secret"), 503, "SERVICE_UNAVAILABLE"),
        (Teapot(), 418, "TEAPOT"),
        (exceptions.ValidationError(["odd"]), 400, "INVALID_REQUEST"),
        (exceptions.Throttled(2.5), 429, "TOO_MANY_REQUESTS"),
        (exceptions.APIException("x"), 500, "REFUSED"),
        (RuntimeError("secret"), 500, "INTERNAL_ERROR"),
    ],
)
def test_every_exception_has_an_answer(error: Exception, status: int, code: str) -> None:
    answer = error_responses.exception_handler(error, {})
    assert answer is not None
    assert (answer.status_code, answer.data["code"]) == (status, code)
    assert set(answer.data) == {"code", "message", "details"}
    assert "secret" not in str(answer.data)


def test_details_are_kept() -> None:
    answer = error_responses.exception_handler(Teapot("Hot.", spout=1), {})
    assert answer is not None
    assert answer.data == {"code": "TEAPOT", "message": "Hot.", "details": {"spout": 1}}
    wait = error_responses.exception_handler(exceptions.Throttled(2.5), {})
    assert wait is not None
    assert wait["Retry-After"] == "4"


def pages(path: str) -> list[tuple[HttpResponse, int, str]]:
    request = RequestFactory().get(path)
    return [
        (error_responses.bad_request(request, ValueError("secret")), 400, "MALFORMED_REQUEST"),
        (error_responses.permission_denied(request, PermissionDenied("secret")), 403, "FORBIDDEN"),
        (error_responses.server_error(request), 500, "INTERNAL_ERROR"),
    ]


def test_djangos_own_errors_speak_the_tongue_of_the_address() -> None:
    for answer, status, code in pages("/api/v1/x"):
        assert (answer.status_code, json.loads(answer.content)["code"]) == (status, code)
    for answer, status, _ in pages("/admin/x"):
        assert answer.status_code == status
        assert answer["Content-Type"].startswith("text/html")
