"""Counts wrong tries in the cache all gateways share. When the cache is down nobody signs in: see `store_up`.

A pair (person, place) is refused for a while after ten. Places that the person was seen at are counted apart, so that a
stranger who tries a million times from everywhere makes strangers prove more and changes nothing for the person.
"""

from __future__ import annotations

import hashlib
import ipaddress
from dataclasses import dataclass

from django.core.cache import cache
from redis.exceptions import RedisError

from apps.common.errors import ServiceUnavailable
from apps.users.errors import TooManyAttempts

PAIR_MAX, PAIR_WINDOW_S = 10, 900
SIGNED_IN = "session"  # what a session's own counters are known by, wherever it is used from
PLACE_MAX, PLACE_WINDOW_S = 100, 900
STRANGERS_MAX, STRANGERS_WINDOW_S = 50, 3600
MAILS_MAX, MAILS_WINDOW_S = 5, 3600


@dataclass(frozen=True, slots=True)
class Place:
    """Where a request came from: its address and, when the browser showed one, a device the person is known by."""

    address: str | None = None
    device: str = ""
    user_agent: str = ""


def network(address: str | None) -> str:
    """What one subscriber holds: the IPv4 address, or the /64 an IPv6 address lies in."""
    try:
        found = ipaddress.ip_address(address or "")
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv6Address):
        found = found.ipv4_mapped or found
    bits = 64 if found.version == 6 else 32
    return str(ipaddress.ip_network((found, bits), strict=False).network_address)


class Tries:
    """The counters of one subject (an e-mail address, a person, a session) for one way in, from one place.

    `known` is what the subject is known by there (`devices.known_by`), nothing for a stranger. It is never what the
    caller merely says of themselves: who could choose it would count from none at each try.
    """

    def __init__(self, what: str, subject: str, place: Place, *, known: str = "") -> None:
        where = f"known:{known}" if known else network(place.address)
        self._known = bool(known)
        self._pair = _name(what, subject, where)
        self._place = _name("place", network(place.address))
        self._strangers = _name(what, subject)

    def begin(self) -> None:
        """Count this try. Raises TooManyAttempts, ServiceUnavailable (the cache is down)."""
        if _add(self._pair, PAIR_WINDOW_S) > PAIR_MAX:
            raise TooManyAttempts(retry_after_s=PAIR_WINDOW_S)
        if not self._known and _read(self._place) >= PLACE_MAX:
            raise TooManyAttempts(retry_after_s=PLACE_WINDOW_S)

    def fail(self) -> None:
        """It was wrong."""
        if not self._known:
            _add(self._place, PLACE_WINDOW_S)
            _add(self._strangers, STRANGERS_WINDOW_S)

    def succeed(self) -> None:
        """It was right: this pair starts anew."""
        _forget(self._pair)

    @property
    def is_pressed(self) -> bool:
        """Whether strangers have tried so much that one more has to prove more; the known are never asked."""
        return not self._known and _read(self._strangers) >= STRANGERS_MAX


def may_mail(email: str) -> bool:
    """Whether one more mail that a stranger asked for may go to the address this hour."""
    return _add(_name("mail", email), MAILS_WINDOW_S) <= MAILS_MAX


def store_up() -> None:
    """Raises ServiceUnavailable when tries cannot be counted: what must fail closed asks this first."""
    _read(_name("up"))


def _name(*parts: str) -> str:
    return "tries:" + hashlib.blake2b("\0".join(parts).encode("utf-8", "replace"), digest_size=16).hexdigest()


def _add(name: str, window_s: int) -> int:
    try:
        cache.add(name, 0, window_s)
        return int(cache.incr(name))
    except ValueError:  # it ran out between the two
        cache.set(name, 1, window_s)
        return 1
    except (RedisError, OSError):
        raise ServiceUnavailable from None


def _read(name: str) -> int:
    try:
        return int(cache.get(name, 0))
    except (RedisError, OSError):
        raise ServiceUnavailable from None


def _forget(name: str) -> None:
    try:
        cache.delete(name)
    except (RedisError, OSError):
        raise ServiceUnavailable from None
