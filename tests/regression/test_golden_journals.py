"""Aim: what was recorded once is what every engine makes of it for ever, event for event.

A difference means that old journals would replay into another history: a bug, or rules that were changed without
a new version of the commands they are for. Such a change is refused by `python -m tests.regression.record` too.
"""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

import pytest

from matcher.protocol.codec import COMMAND_BYTES, decode_events
from tests.regression.layouts import layouts
from tests.regression.record import DUMP_VERSION, EXPECTED, FOLDER, HistoryChangedError, play, renewed
from tests.scenarios.engines import engine_class

GOLDEN: dict[str, Any] = json.loads(EXPECTED.read_text())
RECORDED: dict[str, dict[str, Any]] = GOLDEN["journals"]


@pytest.mark.parametrize("kind", ["core", "reference"])
@pytest.mark.parametrize("name", sorted(RECORDED))
@pytest.mark.rule("ENG-005")
def test_the_journal_replays_into_the_recorded_history(kind: str, name: str) -> None:
    assert play(engine_class(kind)(), (FOLDER / f"{name}.commands").read_bytes()) == RECORDED[name]


def test_every_recorded_journal_is_expected() -> None:
    assert {path.stem for path in FOLDER.glob("*.commands")} == set(RECORDED)
    assert all(told["events"] >= told["commands"] > 20 for told in RECORDED.values())
    assert {told["version"] for told in RECORDED.values()} == {1, 2, 4}
    assert GOLDEN["dump_version"] == DUMP_VERSION


@pytest.mark.parametrize("version", [2, 4])
def test_journals_of_a_version_meet_nearly_every_event(version: int) -> None:
    kinds = set()
    for name, told in RECORDED.items():
        if told["version"] == version:
            events = decode_events(engine_class("core")().process((FOLDER / f"{name}.commands").read_bytes()))
            kinds |= {type(event).__name__ for event in events}
    assert len(kinds) >= 37, sorted(kinds)
    assert {"LiquidationStarted", "FundingSettled", "InstrumentSettled", "AssetConverted", "OrderTriggered"} <= kinds


def test_the_words_keep_their_bytes() -> None:
    """Journals on disk hold these layouts: fields may be added in the padding, never moved."""
    assert layouts().splitlines() == (FOLDER / "layouts.txt").read_text().splitlines()


@pytest.mark.parametrize("word", ["events_digest", "levels_digest", "chain", "events", "version"])
def test_other_events_of_an_old_journal_are_never_recorded(word: str) -> None:
    played = deepcopy(RECORDED)
    played["busy_day"][word] = "other"
    with pytest.raises(HistoryChangedError, match=f"busy_day: {word}"):
        renewed(GOLDEN, played)


def test_another_dump_is_recorded_under_another_version_alone() -> None:
    played = deepcopy(RECORDED)
    played["storm_2"]["state_digest"] = "other"
    with pytest.raises(HistoryChangedError, match="storm_2: state_digest"):
        renewed(GOLDEN, played)
    assert renewed({**GOLDEN, "dump_version": DUMP_VERSION - 1}, played)["journals"] == played


def test_a_change_of_rules_shows() -> None:
    """A maker fee one unit dearer changes the events and the chain of an old journal."""
    commands = bytearray((FOLDER / "busy_day.commands").read_bytes())
    other = play(engine_class("core")(), bytes(commands))
    assert other == RECORDED["busy_day"]
    at = next(n for n in range(0, len(commands), COMMAND_BYTES) if commands[n + 30] == 5)
    commands[at + 32] ^= 1  # a deposit of one unit more or less
    assert play(engine_class("core")(), bytes(commands))["chain"] != other["chain"]
