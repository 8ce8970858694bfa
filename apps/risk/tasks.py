"""Limits that the engine has not taken yet, as a job."""

from __future__ import annotations

from celery import shared_task

from apps.risk.services import push_untold


@shared_task(name="risk.push_limits")  # type: ignore[untyped-decorator]
def push_limits() -> int:
    """How many rows the engine took now."""
    return push_untold()
