"""Tells a person what happened, never before the commit: open session sockets over the channel layer (at most once), and
by mail, one recipient each.

A layer, broker or mail server that does not answer stops nobody's work. Rows are the record; see docs/wiring.md.
"""

from __future__ import annotations

import asyncio
import logging
import smtplib
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.conf import settings
from django.db import transaction
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from apps.notifications import mail
from apps.notifications.tasks import deliver_mail
from apps.notifications.types import NoticeKind

SEND_WAIT_S = 2.0
MESSAGE_TYPE = "session.notice"
log = logging.getLogger(__name__)
_posters = ThreadPoolExecutor(max_workers=1, thread_name_prefix="mail")


def notices_group(user_id: int) -> str:
    """The channel-layer group that the user's session sockets join."""
    return f"notices.user.{user_id}"


def notify_user(*, user_id: int, kind: NoticeKind, **facts: str | int) -> None:
    """After the commit: `{"event": kind, "time_ms", **facts}` to every session socket of the user."""
    notice = {"event": kind.value, "time_ms": time.time_ns() // 1_000_000, **facts}
    transaction.on_commit(lambda: _send(user_id, notice), robust=True)


def _send(user_id: int, notice: dict[str, Any]) -> None:
    try:
        async_to_sync(_deliver)(notices_group(user_id), notice)
    except (RedisError, OSError, TimeoutError):
        log.warning("a notice was not sent", extra={"notice": notice["event"]})


async def _deliver(group: str, notice: dict[str, Any]) -> None:
    async with asyncio.timeout(SEND_WAIT_S):
        await get_channel_layer().group_send(group, {"type": MESSAGE_TYPE, "notice": notice})


def send_mail(to: str, template: str, context: dict[str, Any] | None = None) -> None:
    """After the commit: the mail `templates/mail/<template>.txt` to this one address; returns at once.

    A worker sends it; where no broker is, this process does, and so it does while the broker is away.
    """
    letter = mail.write(to, template, context or {})
    transaction.on_commit(lambda: _post(letter), robust=True)


def _post(letter: mail.Letter) -> None:
    """With a broker, from a thread of its own: one that is away may take seconds to say so."""
    if settings.REDIS_URL:
        _posters.submit(_queue_letter, letter)
    else:
        _send_letter(letter)


def _queue_letter(letter: mail.Letter) -> None:
    parts = (letter.to, letter.subject, letter.text, letter.html)
    try:
        deliver_mail.apply_async(parts, retry=False, argsrepr="(a mail)")
    except (OperationalError, RedisError, OSError):
        log.warning("the broker is away: a mail is sent from here", extra={"subject": letter.subject})
        _send_letter(letter)


def _send_letter(letter: mail.Letter) -> None:
    try:
        mail.send(letter)
    except (OSError, smtplib.SMTPException):
        log.exception("a mail was not sent", extra={"subject": letter.subject})
