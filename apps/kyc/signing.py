"""How we and a provider prove to each other who speaks: HMAC-SHA256 over time, method, path and body.

Headers: `X-Kyc-Timestamp` (epoch ms), `X-Kyc-Signature` (`v1=` and hex). A proof is good for five minutes.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import time
from collections.abc import Mapping

TIMESTAMP, SIGNATURE = "X-Kyc-Timestamp", "X-Kyc-Signature"
WINDOW_MS = 300_000
_NUMBER = re.compile(r"[0-9]{13}\Z", re.ASCII)


def sign(key: bytes, method: str, path: str, body: bytes, *, now_ms: int | None = None) -> dict[str, str]:
    """The two headers of a request."""
    stamp = str(time.time_ns() // 1_000_000 if now_ms is None else now_ms)
    return {TIMESTAMP: stamp, SIGNATURE: f"v1={_digest(key, stamp, method, path, body)}"}


def is_signed(
    key: bytes, headers: Mapping[str, str], method: str, path: str, body: bytes, *, now_ms: int | None = None
) -> bool:
    """Whether the headers prove the request, now."""
    stamp, proof = headers.get(TIMESTAMP, ""), headers.get(SIGNATURE, "")
    now = time.time_ns() // 1_000_000 if now_ms is None else now_ms
    if not _NUMBER.match(stamp) or abs(now - int(stamp)) > WINDOW_MS:
        return False
    wanted = f"v1={_digest(key, stamp, method, path, body)}"
    return hmac.compare_digest(wanted.encode(), proof.encode("utf-8", "replace"))


def _digest(key: bytes, stamp: str, method: str, path: str, body: bytes) -> str:
    message = b"\n".join((stamp.encode(), method.encode(), path.encode(), hashlib.sha256(body).digest()))
    return hmac.new(key, message, hashlib.sha256).hexdigest()
