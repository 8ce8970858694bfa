"""What a browser may do with our answers, beyond Django's own headers: permissions, keeping none of the API's, as on the
trading lane, and nonces for the admin's styles.

The admin theme and the API documents bring `<style>` elements of their own; a nonce of the answer names them, so that
no page needs unsafe-inline. The theme's scripts compile expressions, which its pages alone are allowed. No nonce can name
a style attribute: the width that the scripts write as one they set as a property, and JSON has no colors.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponse, HttpResponseBase

ADMIN, API, DOCUMENTS = "/admin/", "/api/", "/api/v1/docs"
# The hash is of the rules htmx writes for its progress mark.
ADMIN_POLICY = {
    "script-src": ["'self'", "'unsafe-eval'"],
    "style-src": ["'sha256-bsV5JivYxvGywDAZ22EZJKBFip65Ng9xoJVLbBg7bdo='"],
}


STYLE_AS_TEXT = b"""x-bind:style="'width: ' + changeListWidth + 'px'\""""
STYLE_AS_PROPERTY = b"""x-bind:style="{width: changeListWidth + 'px'}\""""

_colors = re.compile(rb'(?<=<span|.<pre) style="[^"<>]*"')


class BrowserRulesMiddleware:
    """Stands behind the CSP middleware, which turns what is noted here into its header."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self._get_response(request)
        response.headers.setdefault("Permissions-Policy", settings.EXCHANGE_PERMISSIONS_POLICY)
        if request.path.startswith(API):
            response.headers.setdefault("Cache-Control", "no-store")
        if request.path.startswith((ADMIN, DOCUMENTS)) and isinstance(response, HttpResponse):
            _adapt_styles(request, response)
            if request.path.startswith(ADMIN):
                vars(response)["_csp_update"] = ADMIN_POLICY
        return response


def _adapt_styles(request: Any, response: HttpResponse) -> None:
    if not response.get("Content-Type", "").startswith("text/html"):
        return
    page = _colors.sub(b"", response.content.replace(STYLE_AS_TEXT, STYLE_AS_PROPERTY))
    if b"<style" in page:
        page = page.replace(b"<style", f'<style nonce="{request.csp_nonce}"'.encode())
    if page != response.content:
        response.content = page
        if response.has_header("Content-Length"):
            response["Content-Length"] = str(len(page))
