"""Sends a document through the bounded worker and tells in words what was wrong with it."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path

from apps.common.errors import ServiceUnavailable
from apps.kyc.errors import DocumentRefused
from apps.kyc.types import InspectedDocument

SIZE_BYTES_MAX = 10 * 1024 * 1024
LIMITS = {
    "size_bytes": SIZE_BYTES_MAX,
    "pixels": 50_000_000,
    "side_min": 120,
    "side_kept": 4_000,
    "side_pdf": 30_000,
    "pages": 30,
    "unfolded_bytes": 64 * 1024 * 1024,
    "memory_bytes": 1_536 * 1024 * 1024,
    "cpu_s": 20,
}
WALL_S = 40.0
AT_ONCE = 2
PATIENCE_S = 20.0
REASONS = {
    "empty": "The file is empty.",
    "too_large": "The file is larger than 10 MB.",
    "type_refused": "Only PDF, PNG, JPEG and WebP files are taken.",
    "unreadable": "The file cannot be read; it may be damaged or cut off.",
    "too_many_pixels": "The picture has too many pixels; 50 million is the most.",
    "too_small": "The picture is too small to be read; each side needs 120 pixels.",
    "animated": "The picture moves; send a single one.",
    "holds_another_file": "The file holds another file within it.",
    "active_content": "The PDF holds scripts, forms or attached files; print it to a plain PDF.",
    "locked": "The PDF is protected by a password; send it without.",
    "too_many_pages": "The PDF has more than 30 pages.",
    "unfolds_too_large": "The PDF unfolds to more than 64 MB.",
    "too_hard": "The file takes too long to be read.",
}
_WORKER = Path(__file__).with_name("inspector.py")
_places = threading.BoundedSemaphore(AT_ONCE)


def refusal(reason: str) -> DocumentRefused:
    return DocumentRefused(REASONS[reason], reason=reason)


def inspect_document(content: bytes) -> InspectedDocument:
    """Raises DocumentRefused with a reason of REASONS, ServiceUnavailable when too many are being looked at."""
    if not content:
        raise refusal("empty")
    if len(content) > SIZE_BYTES_MAX:
        raise refusal("too_large")
    return _work(content)


def watermark_picture(content: bytes, text: str) -> bytes:
    """A stored picture with `text` written across. Raises DocumentRefused, ServiceUnavailable."""
    return _work(content, text.encode("ascii", "replace").decode()[:120]).content


def _work(content: bytes, *words: str) -> InspectedDocument:
    if not _places.acquire(timeout=PATIENCE_S):
        raise ServiceUnavailable
    argv = [sys.executable, "-I", str(_WORKER), json.dumps(LIMITS), *words]
    try:
        done = subprocess.run(argv, input=content, capture_output=True, timeout=WALL_S, check=False, env={})  # noqa: S603
    except subprocess.TimeoutExpired:
        raise refusal("too_hard") from None
    finally:
        _places.release()
    head, line, kept = done.stdout.partition(b"\n")
    if done.returncode or not line:
        raise refusal("too_hard")
    facts = json.loads(head)
    if "refused" in facts:
        raise refusal(facts["refused"])
    return InspectedDocument(content=kept, **facts)
