"""Doing what was allowed, once.

Whoever moves the row from approved to executing does it, alone. One that was cut off in the middle is taken over after
its lease by the beat job; executors take each step at most once under the execution's reference, so that the second
attempt ends what the first began.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import structlog
from django.db import DatabaseError, transaction
from django.db.models import F, Q
from django.utils import timezone

from apps.approvals import registry
from apps.approvals.models import ApprovalRequest
from apps.approvals.selectors import payload_of
from apps.approvals.types import ApprovalState, Execution
from apps.audit.services import record
from apps.audit.types import Actor
from apps.common.errors import DomainError, OutcomeUnclear, ServiceUnavailable

log = structlog.get_logger(__name__)
LEASE = timedelta(minutes=6)  # longer than any job may run (CELERY_TASK_TIME_LIMIT)


def execute(approval_id: int) -> bool:
    """Do it if it is allowed and nobody is at it; whether it came to an end now."""
    claimed_at = timezone.now()
    ready = ApprovalRequest.objects.filter(_ready(claimed_at), id=approval_id)
    claim = {"state": ApprovalState.EXECUTING, "claimed_at": claimed_at, "attempts": F("attempts") + 1}
    if not ready.update(**claim):
        return False
    row = ApprovalRequest.objects.get(id=approval_id)
    kind = registry.find(row.kind)
    try:
        if kind is None:
            raise DomainError(f"Nothing is known of {row.kind} any more.")  # noqa: TRY301 - one place tells failures
        result = kind.executor(payload_of(row), _execution(row))
    except (ServiceUnavailable, OutcomeUnclear) as error:
        _wait(row, claimed_at, error.message)
        return False
    except DomainError as error:
        return _finish(row, claimed_at, ApprovalState.FAILED, error.message)
    except DatabaseError:
        raise  # tried again when the lease ends
    except Exception as error:
        log.exception("approvals.executor_broke", approval_id=row.pk, kind=row.kind)
        return _finish(row, claimed_at, ApprovalState.FAILED, f"It broke: {type(error).__name__}.")
    return _finish(row, claimed_at, ApprovalState.EXECUTED, result)


def execute_all() -> int:
    """Do whatever is allowed and waits; how many came to an end."""
    ids = list(ApprovalRequest.objects.filter(_ready(timezone.now())).order_by("id").values_list("id", flat=True))
    done = 0
    for approval_id in ids:
        try:
            done += execute(approval_id)
        except Exception:
            log.exception("approvals.execution_broke", approval_id=approval_id)
    return done


def _ready(now: datetime) -> Q:
    return Q(state=ApprovalState.APPROVED) | Q(state=ApprovalState.EXECUTING, claimed_at__lt=now - LEASE)


def _execution(row: ApprovalRequest) -> Execution:
    return Execution(
        id=row.pk,
        reference=f"approval-{row.pk}",
        requested_by=row.requested_by,
        approved_by=row.decided_by,
        reason=row.reason,
        is_repeated=row.attempts > 1,
    )


def _wait(row: ApprovalRequest, claimed_at: datetime, why: str) -> None:
    mine = ApprovalRequest.objects.filter(id=row.pk, state=ApprovalState.EXECUTING, claimed_at=claimed_at)
    mine.update(state=ApprovalState.APPROVED, result=f"waits: {why}"[:500])


def _finish(row: ApprovalRequest, claimed_at: datetime, state: ApprovalState, result: str) -> bool:
    with transaction.atomic():
        mine = ApprovalRequest.objects.filter(id=row.pk, state=ApprovalState.EXECUTING, claimed_at=claimed_at)
        if not mine.update(state=state, result=result[:500], finished_at=timezone.now()):
            return False
        record(
            f"approval.{state}",
            actor=Actor("staff", row.decided_by),
            subject=f"approval:{row.pk}",
            reason=row.reason,
            after={"kind": row.kind, "about": row.subject, "payload": json.loads(row.payload), "result": result},
        )
    return True
