"""What the rest of the house may know of who a person is to us: a level, its limits, and how an application stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import TextChoices

UNLIMITED_UNITS = 10**18
LEVEL_MAX = 3


class ApplicationState(TextChoices):
    """How an application stands. Approved, rejected and expired are its ends, but an approved one runs out."""

    DRAFT = "draft", "draft"
    SUBMITTED = "submitted", "submitted"
    IN_REVIEW = "in_review", "in review"
    APPROVED = "approved", "approved"
    REJECTED = "rejected", "rejected"
    NEEDS_MORE = "needs_more", "needs more"
    EXPIRED = "expired", "expired"


OPEN_STATES = (
    ApplicationState.DRAFT,
    ApplicationState.SUBMITTED,
    ApplicationState.IN_REVIEW,
    ApplicationState.NEEDS_MORE,
)
EDITABLE_STATES = (ApplicationState.DRAFT, ApplicationState.NEEDS_MORE)
REVIEWED_STATES = (ApplicationState.SUBMITTED, ApplicationState.IN_REVIEW)


class DocumentKind(TextChoices):
    """What a document is said to be."""

    PASSPORT = "passport", "passport"
    IDENTITY_CARD = "identity_card", "identity card"
    DRIVING_LICENCE = "driving_licence", "driving licence"
    PROOF_OF_ADDRESS = "proof_of_address", "proof of address"
    SOURCE_OF_FUNDS = "source_of_funds", "source of funds"
    OTHER = "other", "other"


# What a level asks for, and which kinds of document answer it.
REQUIREMENTS: dict[str, tuple[DocumentKind, ...]] = {
    "identity": (DocumentKind.PASSPORT, DocumentKind.IDENTITY_CARD, DocumentKind.DRIVING_LICENCE),
    "address": (DocumentKind.PROOF_OF_ADDRESS,),
    "funds": (DocumentKind.SOURCE_OF_FUNDS,),
}


class LimitKind(TextChoices):
    """Which way money goes through the door."""

    DEPOSIT = "deposit", "deposit"
    WITHDRAWAL = "withdrawal", "withdrawal"


class ScreeningOutcome(TextChoices):
    """`review` waits for a person, who says cleared (somebody else of that name) or confirmed."""

    CLEAR = "clear", "clear"
    REVIEW = "review", "review"
    CLEARED = "cleared", "cleared"
    CONFIRMED = "confirmed", "confirmed"


@dataclass(frozen=True, slots=True)
class KycLimits:
    """What a person may do. Amounts are units (1e-8) of the limits' asset in any 24 hours; 0 allows nothing."""

    level: int
    max_leverage: int
    daily_deposit_units: int
    daily_withdrawal_units: int


@dataclass(frozen=True, slots=True)
class LevelTerms:
    """The newest version of a level: its limits, and what it takes to get there and stay."""

    level: int
    version: int
    name: str
    max_leverage: int
    daily_deposit_units: int
    daily_withdrawal_units: int
    validity_days: int
    requirements: tuple[str, ...]
    two_persons: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a person stands now. A held one may neither pay in nor take out until a reviewer has looked."""

    user_id: int
    limits: KycLimits
    expires_at: datetime | None
    is_held: bool


@dataclass(frozen=True, slots=True)
class Person:
    """Who an application is about, as the applicant wrote it, in normal form C."""

    full_name: str = field(repr=False)
    birth_date: date = field(repr=False)
    country: str
    nationality: str
    address: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class DocumentRef:
    """A stored document without its contents; `pages` is 1 for a picture, `width` and `height` 0 for a PDF."""

    id: str
    kind: str
    file_name: str
    content_type: str
    size_bytes: int
    pages: int
    width: int
    height: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class TransitionRef:
    """One step of an application's life, as its owner may read it."""

    state: str
    reason: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ApplicationRef:
    """An application as its owner may read it; `person` is None once retention has taken it."""

    id: str
    user_id: int
    level: int
    state: str
    reason: str
    person: Person | None
    documents: tuple[DocumentRef, ...]
    history: tuple[TransitionRef, ...]
    missing: tuple[str, ...]
    created_at: datetime
    submitted_at: datetime | None
    decided_at: datetime | None
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class InspectedDocument:
    """A document that passed: pictures are encoded anew, without what the camera wrote into them."""

    content: bytes = field(repr=False)
    content_type: str
    pages: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class ScreeningHit:
    """An entry of a sanctions list that may be the person; `score` is 0 to 100."""

    entry: str
    name: str
    score: int
    why: str


@dataclass(frozen=True, slots=True)
class ScreeningResult:
    """What a screening found, and in which version of which list."""

    screener: str
    list_version: int
    hits: tuple[ScreeningHit, ...]
