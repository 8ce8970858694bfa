"""Housekeeping of identity."""

from __future__ import annotations

from celery import shared_task

from apps.users.one_time import remove_old


@shared_task(name="users.remove_old_texts")  # type: ignore[untyped-decorator]
def remove_old_texts() -> int:
    """Forget one-time texts that ran out a month ago; how many there were."""
    return remove_old()
