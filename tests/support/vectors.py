"""Worked numbers of tests/vectors, one row per example; `source` and `name` are words for people."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[1] / "vectors"
WORDS = {"name", "source"}


def rows(file: str, group: str) -> list[dict[str, Any]]:
    """The examples of one group, without their words."""
    found = json.loads((FOLDER / f"{file}.json").read_text(encoding="utf-8"))[group]
    return [{name: value for name, value in row.items() if name not in WORDS} for row in found]
