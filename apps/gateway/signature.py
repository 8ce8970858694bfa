"""The signature of a request, HMAC-SHA256 or Ed25519, and the window of time it is good for.

The payload is the raw query and the raw body joined without a separator, less the `signature` pair,
in the order the client sent it. A client that signed before its library percent-encoded is accepted
too: the decoded text is tried second. Comparison takes constant time.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Mapping
from urllib.parse import quote, unquote_to_bytes, urlencode

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from apps.gateway.errors import missing, signature_refused, too_early, too_old, window_too_large

DEFAULT_WINDOW_MS = 5000
MAX_WINDOW_MS = 60_000
AHEAD_MS = 1000
HMAC_BYTES, ED25519_BYTES = 32, 64
ProofKey = bytes | Ed25519PublicKey
_MARK = b"signature="
_digits = re.compile(r"[0-9]{1,16}", re.ASCII).fullmatch
_is_hex = re.compile(r"[0-9a-fA-F]{64}", re.ASCII).fullmatch


def payload_of(query: bytes, body: bytes) -> bytes:
    """What was signed: query + body without the first `signature=...` pair found from the end of either."""
    bare = _without_signature(query)
    return bare + body if bare is not None else query + (_without_signature(body) or b"")


def _without_signature(raw: bytes) -> bytes | None:
    at = raw.rfind(b"&" + _MARK)
    if at >= 0:
        end = raw.find(b"&", at + 1)
        return raw[:at] if end < 0 else raw[:at] + raw[end:]
    if raw.startswith(_MARK):
        _, _, rest = raw.partition(b"&")
        return rest
    return None


def proof_key(secret: bytes, public_key: bytes) -> ProofKey:
    """What checks the signatures of an API key: its HMAC secret, or the 32 bytes of its Ed25519 public key."""
    return Ed25519PublicKey.from_public_bytes(public_key) if public_key else secret


def verify(key: ProofKey, query: bytes, body: bytes, signature: str | None) -> str:
    """A text of at least 64 hex digits that this request has and no other. Raises LaneError (-1102, -1022)."""
    given = _read(key, signature)
    payload = payload_of(query, body)
    if _is_signed(key, payload, given):
        return _nonce(given)
    if b"%" in payload or b"+" in payload:
        for decoded in (unquote_to_bytes(payload), unquote_to_bytes(payload.replace(b"+", b" "))):
            if _is_signed(key, decoded, given):
                return _nonce(given)
    raise signature_refused()


def _read(key: ProofKey, signature: str | None) -> bytes:
    """The signature's raw bytes. Raises LaneError."""
    if not signature:
        raise missing("signature")
    if isinstance(key, bytes):
        if _is_hex(signature) is None:
            raise signature_refused()
        return bytes.fromhex(signature)
    try:
        # An unencoded plus sign arrives as a space.
        raw = base64.b64decode(signature.replace(" ", "+"), validate=True)
    except (ValueError, binascii.Error):
        raise signature_refused() from None
    if len(raw) != ED25519_BYTES:
        raise signature_refused()
    return raw


def _is_signed(key: ProofKey, payload: bytes, given: bytes) -> bool:
    if isinstance(key, bytes):
        return hmac.compare_digest(hmac.digest(key, payload, "sha256"), given)
    try:
        key.verify(given, payload)
    except InvalidSignature:
        return False
    return True


def _nonce(given: bytes) -> str:
    """An HMAC is a good nonce itself; an Ed25519 signature is shortened to one."""
    return given.hex() if len(given) == HMAC_BYTES else hashlib.sha256(given).hexdigest()


def check_window(timestamp: str | None, window: str | None, now_ms: int) -> None:
    """Raises LaneError: -1102 without a timestamp, -1131 for a window above 60 s, -1021 outside the window."""
    if not timestamp or _digits(timestamp) is None:
        raise missing("timestamp")
    window_ms = DEFAULT_WINDOW_MS
    if window:
        if _digits(window) is None:
            raise missing("recvWindow")
        window_ms = int(window)
        if window_ms > MAX_WINDOW_MS:
            raise window_too_large()
    sent_ms = int(timestamp)
    if sent_ms > now_ms + AHEAD_MS:
        raise too_early()
    if now_ms - sent_ms > window_ms:
        raise too_old()


def verify_sorted(key: ProofKey, params: Mapping[str, str]) -> str:
    """Like `verify` for a socket request: its parameters sorted by name, raw or percent-encoded."""
    given = _read(key, params.get("signature"))
    pairs = sorted((name, value) for name, value in params.items() if name != "signature")
    raw = "&".join(f"{name}={value}" for name, value in pairs)
    try:
        payloads = [one.encode("utf-8") for one in (raw, urlencode(pairs), urlencode(pairs, quote_via=quote))]
    except UnicodeEncodeError:  # lone surrogates: nobody can have signed them
        raise signature_refused() from None
    for payload in dict.fromkeys(payloads):
        if _is_signed(key, payload, given):
            return _nonce(given)
    raise signature_refused()
