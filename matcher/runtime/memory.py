"""What the C library does with freed memory: it keeps it, where it can be told to.

A batch's buffers are some 100 KB long. By default glibc gives such blocks back to the system and has
fresh, zeroed pages faulted in for the next batch, which costs more than the matching does.
"""

from __future__ import annotations

import ctypes

KEPT_BYTES_MAX = 64 * 1024 * 1024  # free memory at the heap's end beyond this goes back
MAPPED_BYTES_MIN = 32 * 1024 * 1024  # blocks from here on still come from, and go back to, the system
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3  # malloc.h of glibc


def keep_freed_memory() -> bool:
    """Set it for this process; whether it could be set. Other C libraries have no such call."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is None:
        return False
    return bool(mallopt(_MMAP_THRESHOLD, MAPPED_BYTES_MIN)) and bool(mallopt(_TRIM_THRESHOLD, KEPT_BYTES_MAX))
