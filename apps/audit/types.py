"""Who did something, and what the trail tells of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ActorKind = Literal["user", "staff", "api_key", "system", "anonymous"]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts. `id` is the user's number, the API key's public text, or the name of a job; never an e-mail address."""

    kind: ActorKind
    id: str
    address: str = ""


SYSTEM = Actor("system", "exchange")


@dataclass(frozen=True, slots=True)
class RecordRow:
    """One record; `before` and `after` are JSON text or empty; `seq` is None until the record is chained."""

    id: int
    seq: int | None
    time_ns: int
    action: str
    actor: Actor
    subject: str
    reason: str
    before: str
    after: str
    request_id: str


FindingKind = Literal["edited", "deleted", "reordered", "unchained", "tail_cut", "rewritten", "anchors_damaged"]


@dataclass(frozen=True, slots=True)
class Finding:
    """Damage to the trail: what was done, at which place of the chain (`seq`), in words."""

    kind: FindingKind
    seq: int
    text: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a verification looked at: places `from_seq`..`through_seq`, the hash at the end, and what it found."""

    from_seq: int
    through_seq: int
    head: str
    findings: tuple[Finding, ...]

    @property
    def is_good(self) -> bool:
        return not self.findings


@dataclass(frozen=True, slots=True)
class ChainHealth:
    """How the last verification of a kind ended. `checked_ns` is 0 when there was none."""

    kind: str
    checked_ns: int
    through_seq: int
    is_good: bool
    finding: str
