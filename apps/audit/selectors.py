"""Questions about the trail."""

from __future__ import annotations

from apps.audit.models import AuditCheck, AuditLink, AuditPending, AuditRecord
from apps.audit.types import Actor, ChainHealth, RecordRow


def list_records(
    *, action: str = "", actor_id: str = "", subject: str = "", request_id: str = "", limit: int = 100
) -> list[RecordRow]:
    """The newest records first; `action` may end in a dot to mean all that begin with it."""
    rows = AuditRecord.objects.select_related("link").order_by("-id")
    if action:
        rows = rows.filter(action__startswith=action) if action.endswith(".") else rows.filter(action=action)
    wanted = {"actor_id": actor_id, "subject": subject, "request_id": request_id}
    rows = rows.filter(**{name: value for name, value in wanted.items() if value})
    return [record_row(row, seq=row.link.seq if hasattr(row, "link") else None) for row in rows[:limit]]


def get_head() -> tuple[int, str]:
    """Place and hash of the last link; (0, "") of an empty chain."""
    last = AuditLink.objects.order_by("-seq").first()
    return (last.seq, last.hash) if last else (0, "")


def count_pending() -> int:
    """Records that wait for their link."""
    return AuditPending.objects.count()


def list_health() -> list[ChainHealth]:
    """How the last verification of each kind ended."""
    return [
        ChainHealth(
            kind=row.kind,
            checked_ns=row.checked_ns,
            through_seq=row.through_seq,
            is_good=row.is_good,
            finding=row.finding,
        )
        for row in AuditCheck.objects.order_by("kind")
    ]


def record_row(row: AuditRecord, *, seq: int | None) -> RecordRow:
    return RecordRow(
        id=row.pk,
        seq=seq,
        time_ns=row.time_ns,
        action=row.action,
        actor=Actor(row.actor_kind, row.actor_id, row.address),  # type: ignore[arg-type]  # its choices are the kinds
        subject=row.subject,
        reason=row.reason,
        before=row.before,
        after=row.after,
        request_id=row.request_id,
    )
