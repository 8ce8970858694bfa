"""The bytes that are hashed and the hashes themselves; knows no database.

digest = blake2b-256 over the record as a JSON list of fixed order;
hash of place n = blake2b-256 over (n, hash of place n - 1, digest), the first one over 64 zeros.
"""

from __future__ import annotations

import hashlib
import json
from typing import Protocol

from apps.audit.types import RecordRow

GENESIS = "0" * 64
_VERSION = 1


class Linked(Protocol):
    """What a link of the chain says."""

    seq: int
    digest: str
    hash: str


def record_digest(row: RecordRow) -> str:
    """Hex digest of everything the record says, its number included."""
    actor = row.actor
    fields = [
        _VERSION, row.id, row.time_ns, row.action, actor.kind, actor.id, actor.address,
        row.subject, row.reason, row.before, row.after, row.request_id,
    ]  # fmt: skip
    return _digest(b"record", json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode("utf-8"))


def link_hash(*, seq: int, previous: str, digest: str) -> str:
    """Hex hash of one place of the chain."""
    return _digest(b"link", f"{seq}:{previous}:{digest}".encode("ascii"))


def _digest(person: bytes, content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=32, person=person).hexdigest()
