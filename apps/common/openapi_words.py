"""What the OpenAPI document says of a status, and the example of a field by its name.

Schemathesis and generated clients read these too, so every example is a value the exchange takes.
A name not in `EXAMPLES` gets the example of its ending in `ENDINGS`.
"""

from __future__ import annotations

Example = str | int

STATUS_WORDS = {
    "200": "Done.",
    "201": "Made.",
    "202": "Taken; the rest follows later.",
    "204": "Done; there is nothing to tell.",
    "400": "The request is malformed, or refused for the reason that `code` and `message` tell.",
    "401": "Nobody is signed in: the token, key or signature is missing, wrong, expired or revoked.",
    "403": "The caller may not do this: a right, a role or a fresh proof of identity is missing.",
    "404": "There is no such thing, or it is somebody else's.",
    "405": "The address does not know this method.",
    "409": "The request contradicts what stands already.",
    "413": "The body is larger than the address takes.",
    "415": "The body is not of a type the address takes.",
    "418": "The address is banned for going on after 429; `Retry-After` tells for how long.",
    "429": "Too many requests; `Retry-After` tells when to come back.",
    "431": "The headers are larger than the gateway takes.",
    "503": "Not now: a part of the exchange cannot be reached or sheds load. Nothing was done, or `code` says unknown.",
}

EXAMPLES: dict[str, tuple[Example, ...]] = {
    "asset": ("USDT",),
    "base_asset": ("BTC",),
    "quote_asset": ("USDT",),
    "settlement_asset": ("USDT",),
    "email": ("alice@example.com",),
    "password": ("correct horse battery",),
    "label": ("my bot",),
    "symbol": ("BTCUSDT",),
    "client_order_id": ("my-order-1",),
    "reference": ("2026-11-21-rebalance-1",),
    "interval": ("1m",),
    "limit": (100,),
    "offset": (0,),
    "leverage": (10, "10"),
    "callback_rate": ("1.0",),
    "interval_hours": (8,),
    "countdown_ms": (60000,),
    "quantity": ("0.020",),
    "price": ("50000.0",),
    "amount": ("250.5",),
    "notional": ("1000.00",),
    "mmr": ("0.004",),
    "cum": ("0",),
    "floor": ("-0.0075",),
    "cap": ("0.0075",),
    "code": ("MARGIN_INSUFFICIENT",),
    "message": ("Margin is insufficient.",),
    "impact_bid": ("49990.0",),
    "impact_ask": ("50010.0",),
    "position": ("0.020",),
    "volume": ("12.345",),
    "trading_state": ("active",),
    "order_type": ("limit",),
    "time_in_force": ("GTC",),
    "account_id": ("1", 1),
    "to_account_id": (2,),
    "from_account_id": (1,),
    "order_id": ("8389765763",),
    "linked_order_id": ("8389765764",),
    "access_expires_s": (900,),
    "risk_tier": (1,),
    "tier": (1,),
    "adl_lights": (3,),
}

ENDINGS: dict[str, tuple[Example, ...]] = {
    "_ms": (1795181007439,),
    "_price": ("50000.0",),
    "_quantity": ("0.020",),
    "_margin": ("100.00000000",),
    "_balance": ("99981.42656180",),
    "_pnl": ("-0.40000000",),
    "_rate": ("0.0001",),
    "_leverage": (20,),
    "_notional": ("1000.00",),
    "_id": (1, "1"),
}


def examples(name: str) -> tuple[Example, ...]:
    """Values for a field of this name, of whichever types it may have; none when nothing is known."""
    if name in EXAMPLES:
        return EXAMPLES[name]
    return next((found for ending, found in ENDINGS.items() if name.endswith(ending)), ())
