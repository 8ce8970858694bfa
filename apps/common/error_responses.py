"""How a refusal looks on the platform lane: `{code, message, details}`, and never a trace."""

from __future__ import annotations

import logging
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views import defaults
from redis.exceptions import RedisError
from rest_framework import exceptions
from rest_framework.response import Response

from apps.common.errors import DomainError, ServiceUnavailable

log = logging.getLogger(__name__)

_CODES: dict[type[exceptions.APIException], str] = {
    exceptions.ParseError: "MALFORMED_REQUEST",
    exceptions.AuthenticationFailed: "NOT_AUTHENTICATED",
    exceptions.NotAuthenticated: "NOT_AUTHENTICATED",
    exceptions.PermissionDenied: "FORBIDDEN",
    exceptions.NotFound: "NOT_FOUND",
    exceptions.MethodNotAllowed: "METHOD_NOT_ALLOWED",
    exceptions.NotAcceptable: "NOT_ACCEPTABLE",
    exceptions.UnsupportedMediaType: "UNSUPPORTED_MEDIA_TYPE",
    exceptions.Throttled: "TOO_MANY_REQUESTS",
}


def refusal_body(code: str, message: str, details: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"code": code, "message": message, "details": details or {}}


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:  # noqa: ARG001 - DRF's signature
    """DRF's hook: every exception becomes one of our answers; the unforeseen ones are logged with their trace."""
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    elif isinstance(error, RequestDataTooBig):
        error = exceptions.ParseError("The body is too large.")
    elif isinstance(error, RedisError | DatabaseError):
        log.error("a store failed while answering", exc_info=error)
        error = ServiceUnavailable()
    if isinstance(error, DomainError):
        wait = error.details.get("retry_after_s")
        headers = {"Retry-After": str(wait)} if wait else None
        return Response(refusal_body(error.code, error.message, error.details), status=error.status, headers=headers)
    if isinstance(error, exceptions.ValidationError):
        return Response(_invalid(error), status=400)
    if isinstance(error, exceptions.APIException):
        return _api_refusal(error)
    log.error("unforeseen error while answering", exc_info=error)
    return Response(refusal_body("INTERNAL_ERROR", "Something went wrong on our side."), status=500)


def _invalid(error: exceptions.ValidationError) -> dict[str, Any]:
    detail: Any = error.detail
    details = detail if isinstance(detail, dict) else {"non_field_errors": detail}
    return refusal_body("INVALID_REQUEST", "Some fields are not valid.", details)


def _api_refusal(error: exceptions.APIException) -> Response:
    headers: dict[str, str] = {}
    details: dict[str, int] = {}
    if header := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = header
    if wait := getattr(error, "wait", None):
        details["retry_after_s"] = int(wait) + 1
        headers["Retry-After"] = str(details["retry_after_s"])
    code = _CODES.get(type(error), "REFUSED")
    return Response(refusal_body(code, str(error.detail), details), status=error.status_code, headers=headers)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if _is_api(request):
        return JsonResponse(refusal_body("NOT_FOUND", "There is nothing at this address."), status=404)
    return defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    if _is_api(request):
        return JsonResponse(refusal_body("INTERNAL_ERROR", "Something went wrong on our side."), status=500)
    return defaults.server_error(request)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if _is_api(request):
        return JsonResponse(refusal_body("MALFORMED_REQUEST", "The request is malformed."), status=400)
    return defaults.bad_request(request, exception)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    if _is_api(request):
        return JsonResponse(refusal_body("FORBIDDEN", "This is not allowed."), status=403)
    return defaults.permission_denied(request, exception)


def _is_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")
