"""Mail leaves by a job: a slow mail server holds up nobody, and a lost one is tried again for some hours."""

from __future__ import annotations

import smtplib

from celery import shared_task

from apps.notifications.mail import Letter, send


@shared_task(  # type: ignore[untyped-decorator]
    name="notifications.deliver_mail",
    autoretry_for=(OSError, smtplib.SMTPException),
    retry_backoff=5,
    retry_backoff_max=1800,
    max_retries=12,
)
def deliver_mail(to: str, subject: str, text: str, html: str) -> None:
    """Send one mail."""
    send(Letter(to, subject, text, html))
