"""A ready file is there exactly while the process says so."""

import os
from pathlib import Path

from pytest_django import Settings

from apps.common.readiness import mark_ready, mark_starting, ready_path


def test_starting_takes_back_what_ready_said(settings: Settings, tmp_path: Path) -> None:
    settings.EXCHANGE_DATA = tmp_path
    mark_ready("worker")
    assert ready_path("worker").read_text() == f"{os.getpid()}\n"
    assert [path.name for path in (tmp_path / "run").iterdir()] == ["worker.ready"]
    mark_starting("worker")
    assert not ready_path("worker").exists()
    mark_starting("worker")
