"""The audit of the books as a job; run by the beat, whole-book, every few seconds (BARS R5)."""

from __future__ import annotations

import structlog
from celery import shared_task
from django.core.cache import cache

from apps.bridge.errors import BridgeError
from apps.projection.engine_comparison import compare_with_engine
from apps.projection.reconciliation import reconcile

log = structlog.get_logger(__name__)

ACCOUNTS_A_ROUND = 2000
_LAST_ACCOUNT = "projection.compared_up_to"


@shared_task(name="projection.reconcile")  # type: ignore[untyped-decorator]
def reconcile_books() -> int:
    """How many things do not agree; each one is logged as critical."""
    outcome = reconcile()
    for finding in outcome.findings:
        log.critical("books.disagree", finding=finding, seq=outcome.seq)
    return len(outcome.findings)


@shared_task(name="projection.compare_with_engine")  # type: ignore[untyped-decorator]
def compare_books_with_engine() -> int:
    """How many things differ from the engine's own answers; a round looks at the next accounts in turn."""
    try:
        outcome = compare_with_engine(above=int(cache.get(_LAST_ACCOUNT) or 0), limit=ACCOUNTS_A_ROUND)
    except (BridgeError, TimeoutError) as error:
        log.warning("books.not_compared", error=str(error))
        return 0
    cache.set(_LAST_ACCOUNT, outcome.accounts[-1] if len(outcome.accounts) == ACCOUNTS_A_ROUND else 0, timeout=None)
    for finding in outcome.findings:
        log.critical("books.disagree_with_engine", finding=finding, seq=outcome.seq)
    return len(outcome.findings)
