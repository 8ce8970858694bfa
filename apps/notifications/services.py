"""Tells a person's open session sockets what happened, over the channel layer: at most once, never before the commit.

A layer that does not answer stops nobody's work. Rows and ledger are the record; see docs/wiring.md.
"""

from __future__ import annotations

import asyncio
import logging
import time
from typing import Any

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import transaction
from redis.exceptions import RedisError

from apps.notifications.types import NoticeKind

SEND_WAIT_S = 2.0
MESSAGE_TYPE = "session.notice"
log = logging.getLogger(__name__)


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
