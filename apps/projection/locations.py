"""Where the journal and the matcher are (docs/wiring.md, Environment)."""

from __future__ import annotations

import os
from pathlib import Path

from django.conf import settings
from django.db import connection


def journal_url() -> str:
    """`JOURNAL_URL`; else `DATABASE_URL`, for SQLite with `-journal` before the suffix."""
    named = os.environ.get("JOURNAL_URL")
    if named:
        return named
    if connection.vendor != "sqlite":
        return os.environ["DATABASE_URL"]
    rows = Path(str(connection.settings_dict["NAME"]))
    return f"sqlite:///{rows.with_name(f'{rows.stem}-journal{rows.suffix}').absolute()}"


def matcher_url() -> str:
    """`MATCHER_URL`; else the socket in the data folder."""
    return settings.MATCHER_URL or f"unix://{Path(settings.EXCHANGE_DATA).absolute()}/run/matcher.sock"
