"""A signed request that changes something has its effect once, whichever gateway hears it again.

Placing an order needs no memory here: its nonce, or the client's own id, is the engine's key for 24 hours. What
the engine cannot tell apart (amend, cancel all, leverage, margin) claims its nonce in the store all gateways share
for as long as its signature is good. Without the store each gateway remembers its own; money does not move then.
"""

from __future__ import annotations

from collections.abc import Mapping

from apps.common.lane import LaneRequest, Route
from apps.gateway.errors import replayed, unavailable
from apps.gateway.shared_store import SharedStore, StoreDownError
from apps.gateway.signature import DEFAULT_WINDOW_MS, MAX_WINDOW_MS

CLAIMS_MAX = 100_000
# Doing these twice is doing them once: the engine knows the order by its id.
ONCE_BY_NATURE = frozenset((
    ("POST", "/fapi/v1/order"),
    ("POST", "/fapi/v1/order/test"),
    ("DELETE", "/fapi/v1/order"),
    ("POST", "/fapi/v1/algoOrder"),
    ("DELETE", "/fapi/v1/algoOrder"),
    ("POST", "/fapi/v1/batchOrders"),
    ("DELETE", "/fapi/v1/batchOrders"),
    ("POST", "/api/v1/orders"),
    ("POST", "/api/v1/order-batches"),
    ("POST", "/api/v1/order-batches/cancel"),
))  # fmt: skip
MONEY = frozenset(("transfer", "withdraw"))


class ReplayGuard:
    """The claims of one gateway; `store` is None where there is only one gateway."""

    def __init__(self, store: SharedStore | None) -> None:
        self._store = store
        self._claims: dict[str, int] = {}

    @staticmethod
    def watches(route: Route, request: LaneRequest) -> bool:
        """Whether this request must not be heard twice."""
        if not request.nonce or route.permission == "read":
            return False
        return (request.method, request.path) not in ONCE_BY_NATURE

    async def claim(self, route: Route, request: LaneRequest) -> None:
        """Take the request's nonce. Raises LaneError: -1022 when it was taken, -1008 for money without the store."""
        await self.claim_nonce(
            request.nonce, request.params, request.received_ms, needs_store=route.permission in MONEY
        )

    async def claim_nonce(
        self, nonce: str, params: Mapping[str, str], now_ms: int, *, needs_store: bool = False
    ) -> None:
        """The same of a signature whose window of time was found good."""
        if self._claims.get(nonce, 0) > now_ms:
            raise replayed()
        if len(self._claims) >= CLAIMS_MAX:
            self._claims = {one: until for one, until in self._claims.items() if until > now_ms}
        good_ms = _good_until(params) - now_ms + 1
        self._claims[nonce] = now_ms + good_ms
        if self._store is not None:
            name, redis = f"nonce:{nonce}", self._store.redis
            try:
                if not await self._store.ask(lambda: redis.set(name, b"1", nx=True, px=good_ms)):
                    raise replayed()
            except StoreDownError:
                if needs_store:
                    raise unavailable() from None


def _good_until(params: Mapping[str, str]) -> int:
    """The last millisecond at which the signature is taken; the window was checked before."""
    window = params.get("recvWindow")
    window_ms = min(int(window), MAX_WINDOW_MS) if window else DEFAULT_WINDOW_MS
    return int(params["timestamp"]) + window_ms
