"""Jobs of KYC. Each is harmless when it runs twice, late or on two workers."""

from __future__ import annotations

from celery import shared_task

from apps.kyc import expiry
from apps.kyc.providers import send_queued
from apps.kyc.screening import rescreen_outdated


@shared_task(name="kyc.send_submissions")  # type: ignore[untyped-decorator]
def send_submissions() -> int:
    """Hand waiting applications to the provider; how many it took."""
    return send_queued()


@shared_task(name="kyc.rescreen")  # type: ignore[untyped-decorator]
def rescreen() -> int:
    """Look people up again whom an older sanctions list was read for; how many."""
    return rescreen_outdated()


@shared_task(name="kyc.expire")  # type: ignore[untyped-decorator]
def expire() -> int:
    """Levels that have run out, drafts that were given up, people to be told; how many."""
    return expiry.expire_due() + expiry.give_up_drafts() + expiry.tell_of_expiry()


@shared_task(name="kyc.delete_retained")  # type: ignore[untyped-decorator]
def delete_retained() -> int:
    """Documents and details that may be kept no longer, and files nobody names; how many."""
    return expiry.delete_retained() + expiry.sweep_orphans()
