"""Verbs of the second pair of eyes: ask, allow, refuse. What is allowed is done once (execution.py).

A decision is one conditional update, so of two that come at once one wins. Everything is in the audit trail.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.approvals import registry
from apps.approvals.errors import MissingRole, NotPending, OwnRequest, ReasonMissing, UnknownApproval
from apps.approvals.execution import execute
from apps.approvals.models import ApprovalRequest
from apps.approvals.selectors import approval_ref
from apps.approvals.types import ApprovalRef, ApprovalState, Kind
from apps.audit.services import record
from apps.audit.types import Actor
from apps.common.roles import roles_of

register = registry.register


def request(
    kind: str, payload: Mapping[str, Any], *, actor: Actor, reason: str, subject: str = "", key: str = ""
) -> ApprovalRef:
    """Ask for something that another person must allow; `payload` is what JSON can say.

    The same `key` again gives the request that was made under it. In a demo (APPROVALS_SELF_SERVICE) whoever asks has
    allowed it too, and it is done at once. Raises ReasonMissing, MissingRole.
    """
    found = _kind(kind)
    _check_reason(reason)
    if actor.kind != "system" and roles_of_actor(actor).isdisjoint(found.request_roles):
        raise MissingRole(roles=sorted(found.request_roles))
    try:
        with transaction.atomic():
            row = ApprovalRequest.objects.create(
                kind=kind,
                key=key or None,
                subject=subject,
                payload=json.dumps(payload, sort_keys=True, ensure_ascii=False),
                reason=reason.strip()[:500],
                requested_by=actor.id,
                expires_at=timezone.now() + found.lifetime,
            )
            record("approval.requested", actor=actor, subject=f"approval:{row.pk}", reason=reason, after=_told(row))
    except IntegrityError:
        if not key:
            raise
        return approval_ref(ApprovalRequest.objects.get(kind=kind, key=key))
    if settings.APPROVALS_SELF_SERVICE:
        _decide(row.pk, ApprovalState.APPROVED, actor=actor, reason=reason, action="approval.self_approved")
        execute(row.pk)
    return approval_ref(_row(row.pk))


def approve(approval_id: int, *, actor: Actor, reason: str) -> ApprovalRef:
    """Allow it, and do it. When doing has to wait (a server is away), the beat job does it later.

    Raises UnknownApproval, ReasonMissing, OwnRequest, MissingRole, NotPending.
    """
    _check_decider(_row(approval_id), actor, reason)
    _decide(approval_id, ApprovalState.APPROVED, actor=actor, reason=reason, action="approval.approved")
    execute(approval_id)
    return approval_ref(_row(approval_id))


def reject(approval_id: int, *, actor: Actor, reason: str) -> ApprovalRef:
    """Refuse it for good; whoever asked may take their own request back like this. Raises as `approve`."""
    row = _row(approval_id)
    if actor.id == row.requested_by:
        _check_reason(reason)
    else:
        _check_decider(row, actor, reason)
    _decide(approval_id, ApprovalState.REJECTED, actor=actor, reason=reason, action="approval.rejected")
    return approval_ref(_row(approval_id))


def expire_due() -> int:
    """Close what nobody decided in time; how many that were."""
    due = ApprovalRequest.objects.filter(state=ApprovalState.PENDING, expires_at__lte=timezone.now())
    expired = 0
    for row in due:
        with transaction.atomic():
            still = ApprovalRequest.objects.filter(id=row.pk, state=ApprovalState.PENDING)
            if still.update(state=ApprovalState.EXPIRED, finished_at=timezone.now()):
                expired += 1
                record("approval.expired", actor=Actor("system", "approvals"), subject=f"approval:{row.pk}")
    return expired


def may_decide(approval_id: int, actor: Actor) -> bool:
    """Whether the person could allow it, were it still pending."""
    try:
        _check_decider(_row(approval_id), actor, "asking")
    except (OwnRequest, MissingRole):
        return False
    return True


def roles_of_actor(actor: Actor) -> frozenset[str]:
    return roles_of(int(actor.id)) if actor.kind in {"user", "staff"} and actor.id.isdecimal() else frozenset()


def _decide(approval_id: int, state: ApprovalState, *, actor: Actor, reason: str, action: str) -> None:
    now = timezone.now()
    with transaction.atomic():
        pending = ApprovalRequest.objects.filter(id=approval_id, state=ApprovalState.PENDING, expires_at__gt=now)
        is_last = state == ApprovalState.REJECTED
        if not pending.update(
            state=state,
            decided_by=actor.id,
            decided_at=now,
            decision_reason=reason.strip()[:500],
            finished_at=now if is_last else None,
        ):
            raise NotPending
        record(action, actor=actor, subject=f"approval:{approval_id}", reason=reason, after=_told(_row(approval_id)))


def _check_decider(row: ApprovalRequest, actor: Actor, reason: str) -> None:
    _check_reason(reason)
    if actor.id == row.requested_by:
        raise OwnRequest
    if roles_of_actor(actor).isdisjoint(_kind(row.kind).roles):
        raise MissingRole(roles=sorted(_kind(row.kind).roles))


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise ReasonMissing


def _kind(name: str) -> Kind:
    found = registry.find(name)
    assert found is not None, f"no app registered {name}"
    return found


def _row(approval_id: int) -> ApprovalRequest:
    row = ApprovalRequest.objects.filter(id=approval_id).first()
    if row is None:
        raise UnknownApproval
    return row


def _told(row: ApprovalRequest) -> dict[str, Any]:
    return {"kind": row.kind, "about": row.subject, "payload": json.loads(row.payload), "asked_by": row.requested_by}
