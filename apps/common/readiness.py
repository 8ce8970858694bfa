"""Ready files: `$EXCHANGE_DATA/run/<name>.ready` tells the supervisor that a process does its work."""

import atexit
import os
from pathlib import Path

from django.conf import settings


def ready_path(name: str) -> Path:
    return Path(settings.EXCHANGE_DATA) / "run" / f"{name}.ready"


def mark_starting(name: str) -> None:
    """Take back what an earlier run of this process said; call before anything slow."""
    path = ready_path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)


def mark_ready(name: str) -> None:
    """Say that the process is ready, whole or not at all; taken back when the process ends by itself."""
    path = ready_path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}")
    draft.write_text(f"{os.getpid()}\n", encoding="ascii")
    draft.replace(path)
    atexit.register(path.unlink, missing_ok=True)
