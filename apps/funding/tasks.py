"""The beat's funding round."""

from __future__ import annotations

import time

import structlog
from celery import shared_task

from apps.common.errors import OutcomeUnclear, ServiceUnavailable
from apps.funding.services import run_funding

log = structlog.get_logger(__name__)


@shared_task(name="funding.run")  # type: ignore[untyped-decorator]
def funding_round() -> int:
    """How many instruments were settled; an absent engine is asked again by the next round."""
    try:
        done = run_funding(now_ns=time.time_ns())
    except (ServiceUnavailable, OutcomeUnclear) as error:
        log.warning("funding.waits", error=str(error))
        return 0
    if done.settled:
        log.info("funding.settled", instruments=done.settled)
    return done.settled
