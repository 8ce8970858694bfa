"""Verbs of the trail: record what was done, and link what was recorded.

A record is written in the caller's transaction without any lock and so shares its fate; right after the commit it is
linked into the hash chain in a short transaction of its own, which one writer at a time does for all. What a crash
leaves unlinked is linked by the next one or by the beat job.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any

import structlog
from django.db import IntegrityError, transaction

from apps.audit.chain import GENESIS, link_hash, record_digest
from apps.audit.models import AuditLink, AuditLock, AuditPending, AuditRecord
from apps.audit.recorded import note_recorded
from apps.audit.selectors import record_row
from apps.audit.types import Actor
from apps.common.masking import mask, mask_event

log = structlog.get_logger(__name__)
LINKS_AT_ONCE = 500
_LOCK_ID = 1


def record(
    action: str,
    *,
    actor: Actor,
    subject: str = "",
    reason: str = "",
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    request_id: str = "",
) -> None:
    """Add to the trail that `actor` did `action` ("api_key.created") to `subject` ("users.apikey:17").

    `before` and `after` hold the fields that matter; values under telling names and tokens are blanked. Too long texts
    are cut. A transaction that is rolled back takes its records along: a failed attempt is recorded outside of it.
    """
    request_id = request_id or str(structlog.contextvars.get_contextvars().get("request_id", ""))
    with transaction.atomic():
        row = AuditRecord.objects.create(
            time_ns=time.time_ns(),
            action=_text(action, 64),
            actor_kind=actor.kind,
            actor_id=_text(actor.id, 64),
            address=_text(actor.address, 45),
            subject=_text(subject, 128),
            reason=_text(mask(reason), 500),
            before=_json(before),
            after=_json(after),
            request_id=_text(request_id, 64),
        )
        AuditPending.objects.create(record=row)
        transaction.on_commit(_link_after_commit)
    note_recorded()


def link_pending(*, wait: bool = True) -> int:
    """Link every committed record that has no link; how many that were. Without `wait`, 0 when somebody else is at it."""
    linked = 0
    while True:
        with transaction.atomic():
            if not _take_lock(wait=wait):
                return linked
            done = _link_some()
        linked += done
        if done < LINKS_AT_ONCE:
            return linked


def _link_after_commit() -> None:
    """The caller's work is done and committed: whatever goes wrong here is left to the beat job."""
    try:
        link_pending(wait=False)
    except Exception:
        log.exception("audit.linking_failed")


def _take_lock(*, wait: bool) -> bool:
    """Hold the lock row until the transaction ends. (SQLite has one writer at a time by itself.)"""
    rows = AuditLock.objects.select_for_update(skip_locked=not wait).filter(id=_LOCK_ID)
    if rows.first() is not None:
        return True
    if AuditLock.objects.filter(id=_LOCK_ID).exists():
        return False
    try:
        with transaction.atomic():
            AuditLock.objects.create(id=_LOCK_ID)
    except IntegrityError:
        return AuditLock.objects.select_for_update().filter(id=_LOCK_ID).first() is not None
    return True


def _link_some() -> int:
    waiting = list(AuditRecord.objects.filter(pending__isnull=False).order_by("id")[:LINKS_AT_ONCE])
    if not waiting:
        return 0
    last = AuditLink.objects.order_by("-seq").first()
    seq, previous = (last.seq, last.hash) if last else (0, GENESIS)
    links = []
    for row in waiting:
        seq += 1
        digest = record_digest(record_row(row, seq=seq))
        previous = link_hash(seq=seq, previous=previous, digest=digest)
        links.append(AuditLink(seq=seq, record_id=row.pk, digest=digest, hash=previous))
    AuditLink.objects.bulk_create(links)
    AuditPending.objects.filter(record_id__in=[row.pk for row in waiting]).delete()
    return len(links)


def _json(values: Mapping[str, Any] | None) -> str:
    if values is None:
        return ""
    masked = mask_event(None, "", {str(name): _plain(value) for name, value in values.items()})
    return _clean(json.dumps(masked, ensure_ascii=False, sort_keys=True, separators=(",", ":")))


def _plain(value: Any) -> Any:
    """The value as JSON can say it; bytes are told by their number only."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, Mapping):
        return {str(name): _plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(inner) for inner in value]
    if isinstance(value, bytes | bytearray | memoryview):
        return f"{len(bytes(value))} bytes"
    return str(value)


def _text(value: str, limit: int) -> str:
    return _clean(value)[:limit]


def _clean(value: str) -> str:
    """Without what databases refuse: zero characters and lone surrogates."""
    return value.replace("\x00", "\ufffd").encode("utf-8", "replace").decode("utf-8")
