"""The rules as a job; a second worker at the same moment finds nothing left to do."""

from __future__ import annotations

import structlog
from celery import shared_task

from apps.surveillance.actions import perform_waiting
from apps.surveillance.services import run_rules

log = structlog.get_logger(__name__)


@shared_task(name="surveillance.look")  # type: ignore[untyped-decorator]
def look() -> int:
    """How many alerts opened; what was decided is done at once."""
    runs = run_rules()
    opened = sum(run.opened for run in runs)
    if opened:
        log.warning("surveillance.alerts", opened=opened, rules=[run.rule for run in runs if run.opened])
    perform_waiting()
    return opened
