"""Limits of an account, as they leave the app."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import TextChoices

EVERYBODY = 0
ALL_INSTRUMENTS = 0


@dataclass(frozen=True, slots=True)
class LimitTerms:
    """The most an account may hold, keep open and send; 0 = no limit of its own.

    Notional in units of 1e-8. Lots are of one instrument; how many orders it may send stands at all instruments only.
    """

    max_position_notional_units: int = 0
    max_position_lots: int = 0
    max_open_orders: int = 0
    orders_10s: int = 0
    orders_1m: int = 0


@dataclass(frozen=True, slots=True)
class LimitRow:
    """Terms of an account (0 = everybody) in an instrument (0 = all); `told_at` is None until the engine took them."""

    account_id: int
    instrument_id: int
    terms: LimitTerms
    version: int
    told_at: datetime | None
    error: str


@dataclass(frozen=True, slots=True)
class LimitVersionRow:
    """One change: who turned `before` into `after`, when and why."""

    number: int
    before: LimitTerms
    after: LimitTerms
    actor_kind: str
    actor_id: str
    reason: str
    created_at: datetime


class Told(TextChoices):
    """Whether the engine has the limits."""

    YES = "told"
    WAITING = "waiting"
