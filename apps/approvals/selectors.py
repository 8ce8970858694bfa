"""Questions about requests."""

from __future__ import annotations

import json
from typing import Any

from apps.approvals.models import ApprovalRequest
from apps.approvals.types import OPEN_STATES, ApprovalRef, ApprovalState


def get_approval(approval_id: int) -> ApprovalRef | None:
    row = ApprovalRequest.objects.filter(id=approval_id).first()
    return approval_ref(row) if row else None


def list_open(*, subject: str = "", kind: str = "") -> list[ApprovalRef]:
    """What is neither done nor refused, oldest first."""
    rows = ApprovalRequest.objects.filter(state__in=OPEN_STATES).order_by("id")
    wanted = {"subject": subject, "kind": kind}
    return [approval_ref(row) for row in rows.filter(**{name: value for name, value in wanted.items() if value})]


def count_pending() -> int:
    return ApprovalRequest.objects.filter(state=ApprovalState.PENDING).count()


def approval_ref(row: ApprovalRequest) -> ApprovalRef:
    return ApprovalRef(
        id=row.pk,
        kind=row.kind,
        subject=row.subject,
        state=ApprovalState(row.state),
        requested_by=row.requested_by,
        expires_at=row.expires_at,
        result=row.result,
    )


def payload_of(row: ApprovalRequest) -> dict[str, Any]:
    found = json.loads(row.payload)
    assert isinstance(found, dict), "written by request()"
    return found
