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
from apps.common.rows import ask_first
from apps.gateway.errors import key_malformed, key_refused, token_refused
from apps.gateway.signature import ProofKey, proof_key
from apps.users.api_key_rules import Network, is_inside, networks_of
from apps.users.services import authenticate_api_key, authenticate_token

AGE_WITH_CHANNEL_S = 60.0
AGE_ALONE_S = 0.8
AGE_STRANGER_S = 0.8
ENTRIES_MAX = 20_000
ADMITTED_MAX = 64
CHANNEL = "identity"

_is_key = re.compile(r"[A-Za-z0-9_.-]{16,128}", re.ASCII).fullmatch
_is_token = re.compile(r"[A-Za-z0-9_.=-]{20,4096}", re.ASCII).fullmatch
_log = structlog.get_logger("gateway.identity")
Listener = Callable[[str, str, int], None]


class KnownKey(msgspec.Struct):
    """An API key that may sign, or a stranger when `caller` is None. `admitted` are addresses found inside its list."""

    caller: Caller | None
    proof: ProofKey
    until: float
    networks: tuple[Network, ...] = ()
    admitted: set[str] = msgspec.field(default_factory=set)

    def admits(self, address: str) -> bool:
        """Whether the key may be used from there."""
        if not self.networks or address in self.admitted:
            return True
        if not is_inside(address, self.networks):
            return False
        if len(self.admitted) < ADMITTED_MAX:
            self.admitted.add(address)
        return True


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
        self._uses: dict[str, str] = {}
        self._listeners: list[Listener] = []
        self._generation = 0
        self.channel_up = False

    def recall(self, raw: bytes, address: str) -> tuple[Caller, ProofKey] | None:
        """`of_key` where nothing must be asked and the answer is good, else None."""
        key = raw.decode("latin-1")
        known = self._keys.get(key)
        if known is None or known.until <= self._clock() or known.caller is None or not known.admits(address):
            return None
        self._uses[key] = address
        return known.caller, known.proof

    def cached_key(self, key: str) -> KnownKey | None:
        """What is remembered of the key and still good, without waiting."""
        known = self._keys.get(key)
        return known if known is not None and known.until > self._clock() else None

    async def of_key(self, raw: bytes | None, address: str) -> tuple[Caller, ProofKey]:
        """(caller, what checks its signatures) of an API key used from `address`.

        Raises LaneError: -2014 malformed, -2015 unknown, revoked, expired, or not to be used from there.
        """
        key = raw.decode("latin-1") if raw else ""
        known = self._keys.get(key)
        if known is None or known.until <= self._clock():
            if _is_key(key) is None:
                raise key_malformed()
            known = await self._load_key(key)
        if known.caller is None or not known.admits(address):
            raise key_refused()
        self._uses[key] = address
        return known.caller, known.proof

    async def _load_key(self, key: str) -> KnownKey:
        generation = self._generation
        found = await ask_first(authenticate_api_key, key)
        if found is None:
            known = KnownKey(None, b"", self._clock() + AGE_STRANGER_S)
        else:
            caller = Caller(found.account_id, found.user_id, key, found.permissions, found.instruments)
            proof, age = proof_key(found.secret, found.public_key), self._age()
            if found.expires_at is not None:
                age = min(age, found.expires_at.timestamp() - time.time())
            known = KnownKey(caller, proof, self._clock() + age, networks_of(found.addresses))
        if generation == self._generation:
            _make_room(self._keys)
            self._keys[key] = known
        return known

    def take_uses(self) -> dict[str, str]:
        """Keys used since the last asking, with the address of their latest use."""
        uses, self._uses = self._uses, {}
        return uses

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
        found = await ask_first(authenticate_token, token)
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

    def listen(self, listener: Listener) -> None:
        """`listener(kind, id, account_id)` for every change the channel tells; the account is 0 where none is told."""
        self._listeners.append(listener)

    def forget(self, kind: str, name: str, account_id: int = 0) -> None:
        """Drop a changed API key or session. What is being loaded right now will not be kept either."""
        self._generation += 1
        for listener in self._listeners:
            listener(kind, name, account_id)
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
        with contextlib.suppress(msgspec.DecodeError, TypeError, AttributeError, ValueError):
            notice = msgspec.json.decode(data)
            self.forget(notice.get("kind", ""), str(notice.get("id", "")), int(notice.get("account_id", 0)))


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
