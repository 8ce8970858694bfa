"""/metrics for the monitoring server: not for the public, so only from this host, with the token, or for staff."""

from __future__ import annotations

import hmac
import ipaddress

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe
from django_prometheus.exports import ExportToDjangoView

from apps.common.error_responses import refusal_body


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus text, or 404 for whoever may not know of it."""
    if not (_from_this_host(request) or _has_token(request) or _is_staff(request)):
        return JsonResponse(refusal_body("NOT_FOUND", "There is nothing at this address."), status=404)
    response: HttpResponse = ExportToDjangoView(request)
    return response


def _from_this_host(request: HttpRequest) -> bool:
    if request.headers.get("X-Forwarded-For"):
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def _has_token(request: HttpRequest) -> bool:
    token: str = settings.EXCHANGE_METRICS_TOKEN
    given = request.headers.get("Authorization", "")
    return bool(token) and hmac.compare_digest(given.encode(), f"Bearer {token}".encode())


def _is_staff(request: HttpRequest) -> bool:
    return request.user.is_authenticated and request.user.is_active and request.user.is_staff
