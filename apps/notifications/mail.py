"""Writes a mail from its template: `templates/mail/<name>.txt`, whose first line is the subject.

The HTML part is the same text in the house's frame: paragraphs, and an address alone on its line as a button.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.template.loader import render_to_string

BACKEND = "apps.notifications.mail_backend.OneRecipientBackend"


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail as it is sent: to one address."""

    to: str
    subject: str
    text: str
    html: str


def write(to: str, template: str, context: dict[str, Any]) -> Letter:
    """The mail of that template. The template escapes nothing: its text is plain, and the frame escapes all of it."""
    facts = {"exchange": settings.EXCHANGE_NAME, "origin": settings.EXCHANGE_ORIGIN, **context}
    subject, _, body = render_to_string(f"mail/{template}.txt", facts).partition("\n")
    paragraphs = [" ".join(part.split()) for part in body.strip().split("\n\n")]
    blocks = [(part.startswith(("http://", "https://")) and " " not in part, part) for part in paragraphs]
    html = render_to_string("mail/frame.html", {**facts, "subject": subject.strip(), "blocks": blocks})
    return Letter(to=to, subject=subject.strip(), text="\n\n".join(paragraphs) + "\n", html=html)


def send(letter: Letter) -> None:
    """Hand it to the transport, now. Raises what the transport raises."""
    message = EmailMultiAlternatives(
        subject=letter.subject,
        body=letter.text,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[letter.to],
        connection=get_connection(BACKEND),
    )
    message.attach_alternative(letter.html, "text/html")
    message.send()
