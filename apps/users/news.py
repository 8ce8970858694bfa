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


def publish_change(kind: Literal["api_key", "session"], identity: str) -> None:
    """After the commit: `{"kind", "id"}`; id is the key's public text or the session's id."""
    transaction.on_commit(lambda: _publish(kind, identity), robust=True)


def _publish(kind: str, identity: str) -> None:
    client = get_redis()
    if client is None:
        return
    try:
        client.publish(CHANNEL, json.dumps({"kind": kind, "id": identity}))
    except RedisError:
        log.warning("identity change was not published; caches forget it by time", extra={"kind": kind})
