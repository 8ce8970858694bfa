"""The trail as a file, line by line."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import asdict, fields

from django.db.models import QuerySet

from apps.audit.display import ShownRecord, show
from apps.audit.models import AuditRecord
from apps.audit.selectors import record_row

CONTENT_TYPES = {"csv": "text/csv; charset=utf-8", "jsonl": "application/jsonl; charset=utf-8"}
_COLUMNS = [field.name for field in fields(ShownRecord)]
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def lines(rows: QuerySet[AuditRecord], form: str, *, masked: bool) -> Iterator[bytes]:
    """Bytes of the file, a line each; rows are read from the database as they are sent."""
    if form == "csv":
        yield _csv(_COLUMNS)
    for row in rows.select_related("link").iterator(chunk_size=1000):
        shown = asdict(show(record_row(row, seq=row.link.seq if hasattr(row, "link") else None), masked=masked))
        if form == "csv":
            yield _csv([_harmless(shown[name]) for name in _COLUMNS])
        else:
            yield json.dumps(shown, ensure_ascii=False).encode("utf-8") + b"\n"


def _csv(values: list[str]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerow(values)
    return out.getvalue().encode("utf-8")


def _harmless(value: str) -> str:
    """A text that a spreadsheet would take for a formula stays a text."""
    return f"'{value}" if value.startswith(_FORMULA_STARTS) else value
