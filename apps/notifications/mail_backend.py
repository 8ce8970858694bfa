"""The only way mail leaves the house: a message with any number of recipients but one is a bug and stops here.

It hands messages on to `EXCHANGE_MAIL_TRANSPORT`: files in a local family, memory in tests, SMTP in production.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils.module_loading import import_string


class NotOneRecipientError(AssertionError):
    """A message that would go to nobody or to several."""


class OneRecipientBackend(BaseEmailBackend):
    """Refuses before anything is sent: of a batch with one bad message none goes out."""

    def __init__(self, fail_silently: bool = False, **options: Any) -> None:
        super().__init__(fail_silently=False)
        self._transport: BaseEmailBackend = import_string(settings.EXCHANGE_MAIL_TRANSPORT)(
            fail_silently=fail_silently, **options
        )

    def open(self) -> bool | None:
        return self._transport.open()

    def close(self) -> None:
        self._transport.close()

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Raises NotOneRecipientError."""
        for message in email_messages:
            if len(message.recipients()) != 1:
                raise NotOneRecipientError(f"a mail has one recipient, this one has {len(message.recipients())}")
        return self._transport.send_messages(email_messages) or 0
