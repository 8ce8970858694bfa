"""Counts what was recorded in this context, so that a door can see whether what it did left a record."""

from __future__ import annotations

from contextvars import ContextVar

_count: ContextVar[int] = ContextVar("audit_recorded", default=0)


def note_recorded() -> None:
    _count.set(_count.get() + 1)


def recorded_so_far() -> int:
    """Records of this thread or task since it began."""
    return _count.get()
