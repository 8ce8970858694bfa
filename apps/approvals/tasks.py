"""The job that ends what a crash or an absent server left open, and closes what nobody decided."""

from __future__ import annotations

from celery import shared_task

from apps.approvals.execution import execute_all
from apps.approvals.services import expire_due


@shared_task(name="approvals.run")  # type: ignore[untyped-decorator]
def run() -> int:
    """How many requests came to an end."""
    return expire_due() + execute_all()
