"""Who is asking: API keys and access tokens, known from an in-process cache.

An entry is dropped when Redis channel `identity` names it, and by age: soon where the channel is
down, so that a revoked key is dead within a second either way. Strangers are remembered briefly.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import re
import time
from collections.abc import Callable

import msgspec
import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from apps.common.lane import Caller
from apps.common.rows import ask
from apps.gateway.errors import key_malformed, key_refused, token_refused
from apps.users.services import authenticate_api_key, authenticate_token

AGE_WITH_CHANNEL_S = 60.0
AGE_ALONE_S = 0.8
AGE_STRANGER_S = 0.8
ENTRIES_MAX = 20_000
CHANNEL = "identity"

_is_key = re.compile(r"[A-Za-z0-9_.-]{16,128}", re.ASCII).fullmatch
_is_token = re.compile(r"[A-Za-z0-9_.=-]{20,4096}", re.ASCII).fullmatch
_log = structlog.get_logger("gateway.identity")


class KnownKey(msgspec.Struct, frozen=True):
    """An API key that may sign, or a stranger when `caller` is None."""

    caller: Caller | None
    secret: bytes
    until: float


class KnownToken(msgspec.Struct, frozen=True):
    """An access token that was found good, or not when `caller` is None."""

    caller: Caller | None
    session_id: str
    until: float


class Identities:
    """The cache and the questions behind it."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._keys: dict[str, KnownKey] = {}
        self._tokens: dict[str, KnownToken] = {}
        self._generation = 0
        self.channel_up = False

    def cached_key(self, key: str) -> KnownKey | None:
        """What is remembered of the key and still good, without waiting."""
        known = self._keys.get(key)
        return known if known is not None and known.until > self._clock() else None

    async def of_key(self, raw: bytes | None) -> tuple[Caller, bytes]:
        """(caller, secret) of an API key header. Raises LaneError: -2014 malformed, -2015 unknown."""
        key = raw.decode("latin-1") if raw else ""
        known = self._keys.get(key)
        if known is None or known.until <= self._clock():
            if _is_key(key) is None:
                raise key_malformed()
            known = await self._load_key(key)
        if known.caller is None:
            raise key_refused()
        return known.caller, known.secret

    async def _load_key(self, key: str) -> KnownKey:
        generation = self._generation
        found = await ask(authenticate_api_key, key)
        if found is None:
            known = KnownKey(None, b"", self._clock() + AGE_STRANGER_S)
        else:
            caller = Caller(found.account_id, found.user_id, key, frozenset(found.permissions))
            known = KnownKey(caller, found.secret, self._clock() + self._age())
        if generation == self._generation:
            _make_room(self._keys)
            self._keys[key] = known
        return known

    async def of_token(self, raw: bytes) -> Caller:
        """The caller of an `Authorization: Bearer ...` header. Raises LaneError (401)."""
        scheme, _, token = raw.decode("latin-1").partition(" ")
        if scheme.lower() != "bearer" or _is_token(token) is None:
            raise token_refused()
        known = self._tokens.get(token)
        if known is None or known.until <= self._clock():
            known = await self._load_token(token)
        if known.caller is None:
            raise token_refused()
        return known.caller

    async def _load_token(self, token: str) -> KnownToken:
        generation = self._generation
        found = await ask(authenticate_token, token)
        if found is None:
            known = KnownToken(None, "", self._clock() + AGE_STRANGER_S)
        else:
            caller = Caller(found.account_id or 0, found.user_id, "", frozenset(("read", "trade")))
            age = min(self._age(), _seconds_left(token))
            known = KnownToken(caller, str(found.session_id), self._clock() + age)
        if generation == self._generation:
            _make_room(self._tokens)
            self._tokens[token] = known
        return known

    def _age(self) -> float:
        return AGE_WITH_CHANNEL_S if self.channel_up else AGE_ALONE_S

    def forget(self, kind: str, name: str) -> None:
        """Drop a changed API key or session. What is being loaded right now will not be kept either."""
        self._generation += 1
        if kind == "api_key":
            self._keys.pop(name, None)
        elif kind == "session":
            for token in [t for t, known in self._tokens.items() if known.session_id == name]:
                del self._tokens[token]

    def forget_all(self) -> None:
        self._generation += 1
        self._keys.clear()
        self._tokens.clear()

    async def follow(self, redis: Redis) -> None:
        """Obey the channel until canceled; while it is down, entries age within a second."""
        while True:
            try:
                async with redis.pubsub() as channel:
                    await channel.subscribe(CHANNEL)
                    self.forget_all()
                    self.channel_up = True
                    while True:
                        message = await channel.get_message(ignore_subscribe_messages=True, timeout=1.0)
                        if message is not None:
                            self._obey(message["data"])
            except (RedisError, OSError) as error:
                _log.warning("identity_channel_lost", error=str(error))
            finally:
                self.channel_up = False
                self.forget_all()
            await asyncio.sleep(0.2)

    def _obey(self, data: bytes) -> None:
        with contextlib.suppress(msgspec.DecodeError, TypeError, AttributeError):
            notice = msgspec.json.decode(data)
            self.forget(notice.get("kind", ""), str(notice.get("id", "")))


def _make_room(entries: dict[str, KnownKey] | dict[str, KnownToken]) -> None:
    if len(entries) >= ENTRIES_MAX:
        entries.clear()


def _seconds_left(token: str) -> float:
    """Until the token's own `exp`; the token was verified before."""
    try:
        claims = token.split(".")[1]
        payload = msgspec.json.decode(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))
        return max(0.0, float(payload["exp"]) - time.time())
    except (IndexError, KeyError, ValueError, TypeError, msgspec.DecodeError):
        return AGE_ALONE_S
