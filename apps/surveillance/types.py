"""Words of surveillance: what a rule finds, what stands in the queue, and what is done about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any

from django.db.models import IntegerChoices, TextChoices


class AlertState(IntegerChoices):
    OPEN = 0, "open"
    ACKNOWLEDGED = 1, "acknowledged"
    CLOSED = 2, "closed"


class Severity(IntegerChoices):
    LOW = 1, "low"
    MEDIUM = 2, "medium"
    HIGH = 3, "high"


class ActionKind(TextChoices):
    """What may be done, mildest first. The first three concern accounts, the last one instruments."""

    WARN = "warn", "warn the person"
    RESTRICT = "restrict", "reduce only"
    FREEZE = "freeze", "freeze"
    HALT = "halt", "halt the instrument"


class ActionState(IntegerChoices):
    """`WAITING` is tried again until the engine answers; `HELD_BACK`: too many within an hour, people decide."""

    WAITING = 0, "waiting"
    DONE = 1, "done"
    FAILED = 2, "failed"
    LIFTED = 3, "lifted"
    HELD_BACK = 4, "held back"


class Response(StrEnum):
    """What the setting `<rule>.action` may say."""

    OFF = "off"
    RECORD = "record"
    WARN = "warn"
    RESTRICT = "restrict"
    FREEZE = "freeze"
    HALT = "halt"


class Subject(IntEnum):
    """What an action is done to."""

    ACCOUNT = 1
    INSTRUMENT = 2


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a rule saw. `key` names the matter within the rule: an open alert about it is continued, not doubled.

    `evidence` is JSON: `facts` [[label, text]], `tables` [{title, columns, rows}], `charts` [{title, lines}].
    """

    key: str
    severity: Severity
    summary: str
    happened_ns: int
    evidence: dict[str, Any]
    account_ids: tuple[int, ...] = ()
    instrument_id: int = 0


@dataclass(slots=True)
class Pass:
    """What one pass of a rule came to: where it stands now, and what it saw on the way."""

    position: int
    state: dict[str, Any]
    findings: list[Finding] = field(default_factory=list)
    rows: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a wish to lift: done, or a request that waits for a second person."""

    lifted: bool
    approval_id: int = 0
    result: str = ""


@dataclass(frozen=True, slots=True)
class RuleRun:
    """How a pass of a rule went; `error` is empty when it went well."""

    rule: str
    rows: int
    opened: int
    continued: int
    cpu_ms: float
    error: str = ""


@dataclass(frozen=True, slots=True)
class AlertRow:
    """An alert as others may know it."""

    id: int
    rule: str
    severity: int
    state: int
    summary: str
    account_ids: tuple[int, ...]
    instrument_id: int
    occurrences: int
    opened_at: datetime
