"""What the rest of the house may know of an account."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AccountRef:
    """A trading account; `id` is the engine's number, `state` an AccountState."""

    id: int
    user_id: int
    state: int
    name: str = "main"
    is_open: bool = True


@dataclass(frozen=True, slots=True)
class CreditResult:
    """What a deposit did: the wallet after it, and whether the reference had been used before."""

    account_id: int
    asset: str
    amount_units: int
    wallet_units: int
    repeated: bool
    reference: str
