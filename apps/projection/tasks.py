"""The audit of the books as a job; run by the beat, whole-book, every few seconds (BARS R5)."""

from __future__ import annotations

import structlog
from celery import shared_task

from apps.projection.reconciliation import reconcile

log = structlog.get_logger(__name__)


@shared_task(name="projection.reconcile")  # type: ignore[untyped-decorator]
def reconcile_books() -> int:
    """How many things do not agree; each one is logged as critical."""
    outcome = reconcile()
    for finding in outcome.findings:
        log.critical("books.disagree", finding=finding, seq=outcome.seq)
    return len(outcome.findings)
