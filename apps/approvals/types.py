"""What one person asks for and another allows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any


class ApprovalState(StrEnum):
    """pending -> approved -> executing -> executed or failed; or pending -> rejected or expired."""

    PENDING = "pending"
    APPROVED = "approved"
    EXECUTING = "executing"
    EXECUTED = "executed"
    FAILED = "failed"
    REJECTED = "rejected"
    EXPIRED = "expired"


OPEN_STATES = (ApprovalState.PENDING, ApprovalState.APPROVED, ApprovalState.EXECUTING)


@dataclass(frozen=True, slots=True)
class ApprovalRef:
    """A request as it stands. `result` says what came of it, once something has."""

    id: int
    kind: str
    subject: str
    state: ApprovalState
    requested_by: str
    expires_at: datetime
    result: str


@dataclass(frozen=True, slots=True)
class Execution:
    """What an executor knows besides the payload.

    `reference` is the same at every attempt: a step that was done is not done again under it. `is_repeated` when an
    earlier attempt may have got somewhere before it was cut off.
    """

    id: int
    reference: str
    requested_by: str
    approved_by: str
    reason: str
    is_repeated: bool


# Does what was asked; the text says what came of it. Raises DomainError: ServiceUnavailable and OutcomeUnclear are
# tried again, any other ends the request as failed.
Executor = Callable[[Mapping[str, Any], Execution], str]
Describe = Callable[[Mapping[str, Any]], list[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class Kind:
    """What may be asked for: who may ask, who may allow it, and what happens then."""

    name: str
    title: str
    executor: Executor
    roles: frozenset[str]
    request_roles: frozenset[str]
    describe: Describe
    lifetime: timedelta
