"""The beat's sweep: what no mark price woke is found here [LIQ-001]."""

from __future__ import annotations

import structlog
from celery import shared_task

from apps.common.errors import DomainError
from apps.liquidations.services import sweep

log = structlog.get_logger(__name__)


@shared_task(name="liquidations.sweep")  # type: ignore[untyped-decorator]
def sweep_accounts() -> int:
    """How many groups were liquidated; an absent engine is asked again by the next round."""
    try:
        done = sweep()
    except DomainError as error:
        log.warning("sweep.waits", error=error.message)
        return 0
    if done.liquidated:
        log.warning("sweep.liquidated", groups=done.liquidated)
    return done.liquidated
