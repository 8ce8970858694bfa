"""Aim: what was recorded once is what every engine makes of it for ever, event for event.

A difference means that old journals would replay into another history: either a bug, or a rule changed on
purpose (then `python -m tests.regression.record`).
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.regression.record import EXPECTED, FOLDER, layouts, play

RECORDED: dict[str, dict[str, Any]] = json.loads(EXPECTED.read_text())


@pytest.fixture(params=["core", "reference"])
def engine(request: pytest.FixtureRequest) -> Any:
    if request.param == "reference":
        from tests.reference.engine import ReferenceEngine

        return ReferenceEngine()
    from matcher.core.engine import Engine

    return Engine()


@pytest.mark.parametrize("name", sorted(RECORDED))
def test_the_journal_replays_into_the_recorded_history(engine: Any, name: str) -> None:
    assert play(engine, (FOLDER / f"{name}.commands").read_bytes()) == RECORDED[name]


def test_every_recorded_journal_is_expected() -> None:
    assert {path.stem for path in FOLDER.glob("*.commands")} == set(RECORDED)
    assert all(told["events"] >= told["commands"] > 20 for told in RECORDED.values())


def test_the_words_keep_their_bytes() -> None:
    """Journals on disk hold these layouts: fields may be added in the padding, never moved."""
    assert layouts().splitlines() == (FOLDER / "layouts.txt").read_text().splitlines()
