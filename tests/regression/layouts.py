"""The bytes of every record, as text that can be compared."""

from __future__ import annotations

from matcher.protocol import commands, events, views
from matcher.protocol.records import Record


def layouts() -> str:
    """Every record as one line: its width, kind and fields at their offsets."""
    records = [
        word
        for module in (commands, events, views)
        for word in vars(module).values()
        if isinstance(word, type)
        and getattr(word, "WIDTH", 0)
        and word is not Record
        and word.__module__ == module.__name__
    ]
    lines = [
        f"{record.__name__} {record.WIDTH} {record.KIND}: "  # type: ignore[attr-defined]
        + " ".join(f"{field.name}@{field.offset}{field.code}" for field in record.LAYOUT.fields)  # type: ignore[attr-defined]
        for record in records
    ]
    return "\n".join(lines) + "\n"
