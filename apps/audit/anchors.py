"""Anchors: the chain's head written down outside the database, signed, so that a cut or rewritten chain is found.

The file `$EXCHANGE_DATA/anchors/audit.jsonl` has one JSON object a line; each names the hash of the line before it and
carries an Ed25519 signature by the key made from the secret `audit_key`. The log line of each anchor is a copy that
leaves the machine with the logs. Further sinks are named in AUDIT_ANCHOR_SINKS.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import structlog
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.utils.module_loading import import_string

from apps.audit.chain import GENESIS

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Anchor:
    """The chain had `hash` at place `seq` at `time_ns`; `previous` is the hash of the anchor line before."""

    seq: int
    hash: str
    time_ns: int
    previous: str
    signature: str = ""

    def signed_bytes(self) -> bytes:
        return f"audit-anchor:{self.seq}:{self.hash}:{self.time_ns}:{self.previous}".encode("ascii")

    def line(self) -> str:
        words = {
            "seq": self.seq,
            "hash": self.hash,
            "time_ns": self.time_ns,
            "previous": self.previous,
            "signature": self.signature,
        }
        return json.dumps(words, separators=(",", ":"))


class AnchorSink(Protocol):
    """Somewhere an anchor is put that the database's owner cannot reach: a bucket with a lock, a mail, a notary."""

    def put(self, anchor: Anchor) -> None: ...


class LogSink:
    """A line of the log, which leaves the machine with the others."""

    def put(self, anchor: Anchor) -> None:
        log.info("audit.anchor", seq=anchor.seq, hash=anchor.hash, time_ns=anchor.time_ns, signed=anchor.signature)


class AnchorsDamaged(Exception):
    """The file of anchors is not what was written: `line` counts from 1."""

    def __init__(self, line: int, text: str) -> None:
        self.line = line
        super().__init__(f"line {line} of the anchors: {text}")


class AnchorFile:
    """The signed file; appended under a lock and synced to the disk."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or Path(settings.EXCHANGE_DATA) / "anchors" / "audit.jsonl"

    def read(self) -> list[Anchor]:
        """All anchors, oldest first. Raises AnchorsDamaged."""
        try:
            text = self.path.read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            return []
        found: list[Anchor] = []
        previous, key = GENESIS, _key().public_key()
        for number, line in enumerate(text.splitlines(), start=1):
            anchor = _parse(number, line)
            try:
                key.verify(bytes.fromhex(anchor.signature), anchor.signed_bytes())
            except (InvalidSignature, ValueError):
                raise AnchorsDamaged(number, "its signature is not good") from None
            if anchor.previous != previous:
                raise AnchorsDamaged(number, "it does not follow the line before it")
            found.append(anchor)
            previous = _line_hash(anchor)
        return found

    def append(self, seq: int, head: str) -> Anchor | None:
        """Write the head down unless the last anchor is as far. Raises AnchorsDamaged."""
        with self._locked():
            known = self.read()
            if known and known[-1].seq >= seq:
                return None
            previous = _line_hash(known[-1]) if known else GENESIS
            draft = Anchor(seq, head, time.time_ns(), previous)
            anchor = Anchor(seq, head, draft.time_ns, previous, _key().sign(draft.signed_bytes()).hex())
            handle = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                os.write(handle, f"{anchor.line()}\n".encode("ascii"))
                os.fsync(handle)
            finally:
                os.close(handle)
        return anchor

    @contextmanager
    def _locked(self) -> Iterator[None]:
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with self.path.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def sinks() -> list[AnchorSink]:
    return [import_string(name)() for name in settings.AUDIT_ANCHOR_SINKS]


def public_key() -> str:
    """Hex of the key that anyone may check the anchors with."""
    return _key().public_key().public_bytes_raw().hex()


def _key() -> Ed25519PrivateKey:
    seed = hashlib.blake2b(settings.AUDIT_KEY.encode("utf-8"), digest_size=32, person=b"audit-anchor").digest()
    return Ed25519PrivateKey.from_private_bytes(seed)


def _parse(number: int, line: str) -> Anchor:
    try:
        words = json.loads(line)
        return Anchor(
            int(words["seq"]),
            str(words["hash"]),
            int(words["time_ns"]),
            str(words["previous"]),
            str(words["signature"]),
        )
    except (ValueError, TypeError, KeyError):
        raise AnchorsDamaged(number, "it is no anchor") from None


def _line_hash(anchor: Anchor) -> str:
    return hashlib.blake2b(anchor.line().encode("ascii"), digest_size=32, person=b"anchor-line").hexdigest()
