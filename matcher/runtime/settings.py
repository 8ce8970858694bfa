"""The matcher's settings: read once from the environment, checked, and never read again."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from matcher.runtime.errors import ConfigurationRefused

SOCKET_PATH_BYTES_MAX = 100


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the process is told from outside; docs/wiring.md names the variables."""

    journal_url: str
    matcher_url: str
    metrics_port: int | None = None
    batch_commands_max: int = 4096
    waiting_commands_max: int = 65_536
    backlog_bytes_max: int = 64 * 1024 * 1024
    snapshot_commands: int = 500_000
    snapshot_batches: int = 25_000
    watch_seconds: float = 1.0


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Settings out of `environ`. Raises ConfigurationRefused naming the variable that is wrong."""
    data = Path(environ.get("EXCHANGE_DATA") or ".data").absolute()
    database_url = environ.get("DATABASE_URL") or f"sqlite:///{data / 'exchange.sqlite3'}"
    journal_url = environ.get("JOURNAL_URL") or default_journal_url(database_url)
    if not journal_url.startswith(("postgresql://", "postgres://", "sqlite:///")):
        raise ConfigurationRefused(f"JOURNAL_URL must be postgresql:// or sqlite:///, not {_scheme(journal_url)}")
    matcher_url = environ.get("MATCHER_URL") or default_matcher_url(data)
    if not matcher_url.startswith(("unix://", "tcp://")):
        raise ConfigurationRefused(f"MATCHER_URL must be unix:// or tcp://, not {_scheme(matcher_url)}")
    return Settings(
        watch_seconds=_integer(environ, "MATCHER_WATCH_MS", 1000, 10, 60_000) / 1000,
        journal_url=journal_url,
        matcher_url=matcher_url,
        metrics_port=_integer(environ, "MATCHER_METRICS_PORT", 0, 0, 65_535) or None,
        batch_commands_max=_integer(environ, "MATCHER_BATCH_COMMANDS", 4096, 1, 65_536),
        waiting_commands_max=_integer(environ, "MATCHER_WAITING_COMMANDS", 65_536, 1, 1 << 24),
        snapshot_commands=_integer(environ, "MATCHER_SNAPSHOT_COMMANDS", 500_000, 0, 1 << 40),
        snapshot_batches=_integer(environ, "MATCHER_SNAPSHOT_BATCHES", 25_000, 0, 1 << 40),
    )


def default_journal_url(database_url: str) -> str:
    """A server keeps both; SQLite has one writer a file, so the journal gets a file of its own."""
    if not database_url.startswith("sqlite:///"):
        return database_url
    path = Path(sqlite_path(database_url))
    return f"sqlite:///{path.with_name(f'{path.stem}-journal{path.suffix}')}"


def default_matcher_url(data: Path) -> str:
    """The socket in the data folder, or a short stand-in where the system's limit would be passed."""
    path = data / "run" / "matcher.sock"
    if len(os.fsencode(path)) > SOCKET_PATH_BYTES_MAX:
        name = hashlib.blake2b(os.fsencode(data), digest_size=8).hexdigest()
        path = Path(tempfile.gettempdir()) / f"exchange-{name}" / "matcher.sock"
    return f"unix://{path}"


def sqlite_path(url: str) -> str:
    """File of a `sqlite:///` URL; three slashes and a path, so an absolute one has four."""
    return url.removeprefix("sqlite:///").partition("?")[0]


def _scheme(url: str) -> str:
    return repr(url.partition("://")[0][:20])  # the rest may hold a password


def _integer(environ: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    text = environ.get(name) or str(default)
    if not (text.isascii() and text.isdigit() and low <= int(text) <= high):
        raise ConfigurationRefused(f"{name} must be a whole number from {low} to {high}, not {text[:20]!r}")
    return int(text)
