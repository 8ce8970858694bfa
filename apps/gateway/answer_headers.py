"""Headers every answer of the trading lane carries, those of old routes, and the rule of foreign origins."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import format_datetime

import msgspec
from django.conf import settings

from apps.common.lane import LaneResponse

Headers = tuple[tuple[bytes, bytes], ...]
EXPOSED = b"X-Request-Id, X-MBX-USED-WEIGHT-1M, X-MBX-ORDER-COUNT-10S, X-MBX-ORDER-COUNT-1M, Retry-After"
ALLOWED_HEADERS = b"Authorization, Content-Type, X-MBX-APIKEY, X-Request-Id"
ALLOWED_METHODS = b"GET, POST, PUT, DELETE"
PREFLIGHT_AGE_S = b"600"


def fixed_headers() -> Headers:
    """Nothing of ours is a page, sniffed, framed or kept; HSTS where the settings ask for it."""
    found = [
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"no-referrer"),
        (b"permissions-policy", settings.EXCHANGE_PERMISSIONS_POLICY.encode("ascii")),
        (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
        (b"cache-control", b"no-store"),
    ]
    if settings.SECURE_HSTS_SECONDS:
        rest = "; includeSubDomains" if settings.SECURE_HSTS_INCLUDE_SUBDOMAINS else ""
        found.append((b"strict-transport-security", f"max-age={settings.SECURE_HSTS_SECONDS}{rest}".encode()))
    return tuple(found)


class Retirement(msgspec.Struct, frozen=True):
    """An address that has a better one: since when, until when (both epoch seconds), and which."""

    since_s: int
    sunset_s: int
    successor: str

    def headers(self) -> Headers:
        """Deprecation, Sunset and Link, as RFC 9745 and RFC 8594 spell them."""
        sunset = format_datetime(datetime.fromtimestamp(self.sunset_s, UTC), usegmt=True)
        return (
            (b"deprecation", b"@%d" % self.since_s),
            (b"sunset", sunset.encode()),
            (b"link", f'<{self.successor}>; rel="successor-version"'.encode()),
        )


_NOVEMBER_2026_S, _NOVEMBER_2027_S = 1_793_491_200, 1_825_027_200
RETIRED: dict[tuple[str, str], Retirement] = {
    ("GET", "/fapi/v2/balance"): Retirement(_NOVEMBER_2026_S, _NOVEMBER_2027_S, "/fapi/v3/balance"),
}


class Origins:
    """Pages of other sites that may read our answers: those the settings name, and none by default."""

    def __init__(self) -> None:
        self._allowed = {origin.encode("ascii"): _allow(origin) for origin in settings.CORS_ALLOWED_ORIGINS}

    def headers(self, origin: bytes) -> Headers:
        """For an answer to a request of this origin."""
        return self._allowed.get(origin, ())

    def preflight(self, origin: bytes) -> LaneResponse:
        """The answer to a browser that asks before it asks."""
        allowed = self._allowed.get(origin)
        if allowed is None:
            return LaneResponse(b"", 403, ((b"vary", b"Origin"),))
        more = (
            (b"access-control-allow-methods", ALLOWED_METHODS),
            (b"access-control-allow-headers", ALLOWED_HEADERS),
            (b"access-control-max-age", PREFLIGHT_AGE_S),
        )
        return LaneResponse(b"", 200, more)


def _allow(origin: str) -> Headers:
    return (
        (b"access-control-allow-origin", origin.encode("ascii")),
        (b"access-control-expose-headers", EXPOSED),
        (b"vary", b"Origin"),
    )
