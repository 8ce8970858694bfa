"""The jobs that watch over the trail."""

from __future__ import annotations

from celery import shared_task

from apps.audit.verification import verify_and_anchor, verify_whole


@shared_task(name="audit.verify")  # type: ignore[untyped-decorator]
def verify() -> int:
    """Link what a crash left, verify what is new, anchor the head; the number of findings."""
    return len(verify_and_anchor().findings)


@shared_task(name="audit.verify_whole")  # type: ignore[untyped-decorator]
def verify_from_the_start() -> int:
    """Every record; the number of findings."""
    return len(verify_whole().findings)
