"""Tells every process that an identity changed, so that its cache forgets it: Redis channel `identity`."""

from __future__ import annotations

import json
import logging
from typing import Literal

from django.db import transaction
from redis.exceptions import RedisError

from apps.common.redis import get_redis

CHANNEL = "identity"
log = logging.getLogger(__name__)


def publish_change(kind: Literal["api_key", "session"], identity: str, *, account_id: int = 0) -> None:
    """After the commit: `{"kind", "id"}`; id is the key's public text or the session's id.

    With an `account_id` the account's user streams end as well.
    """
    transaction.on_commit(lambda: _publish(kind, identity, account_id), robust=True)


def _publish(kind: str, identity: str, account_id: int) -> None:
    client = get_redis()
    if client is None:
        return
    notice: dict[str, str | int] = {"kind": kind, "id": identity}
    if account_id:
        notice["account_id"] = account_id
    try:
        client.publish(CHANNEL, json.dumps(notice))
    except RedisError:
        log.warning("identity change was not published; caches forget it by time", extra={"kind": kind})
