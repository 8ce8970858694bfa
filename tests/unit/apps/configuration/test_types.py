"""A setting accepts what it declares and names itself when it refuses."""

from __future__ import annotations

from typing import Any

import pytest

from apps.configuration import registry
from apps.configuration.errors import SettingInvalid, UnknownSetting
from apps.configuration.types import Setting

NUMBER = Setting("sample.number", 5, "A number.", unit="s", minimum=1, maximum=1_000)
FLAG = Setting("sample.flag", True, "A flag.")
CHOICE = Setting("sample.choice", "warn", "A choice.", choices=("off", "warn"))
TEXT = Setting("sample.text", "", "A text.")


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        (NUMBER, 0),
        (NUMBER, 1_001),
        (NUMBER, "5"),
        (NUMBER, 5.0),
        (NUMBER, True),
        (NUMBER, None),
        (FLAG, 1),
        (FLAG, "yes"),
        (CHOICE, "loud"),
        (CHOICE, 0),
        (TEXT, "x" * 201),
        (TEXT, "two\nlines"),
        (TEXT, "\x00"),
    ],
)
def test_a_bad_value_is_refused_by_name(setting: Setting[Any], value: object) -> None:
    with pytest.raises(SettingInvalid) as refusal:
        setting.clean(value)
    assert refusal.value.details["setting"] == setting.name
    assert refusal.value.message.startswith(f"{setting.name}: must be")


@pytest.mark.parametrize(
    ("setting", "typed", "value"),
    [
        (NUMBER, " 1,000 ", 1000),
        (NUMBER, "7", 7),
        (FLAG, "no", False),
        (FLAG, "yes", True),
        (CHOICE, "off", "off"),
        (TEXT, " some words ", "some words"),
    ],
)
def test_what_a_person_types(setting: Setting[Any], typed: str, value: object) -> None:
    assert setting.parse(typed) == value


@pytest.mark.parametrize("typed", ["", "1.5", "1e3", "-3", "９", "0x10", "9" * 30])
def test_typed_numbers_that_are_none(typed: str) -> None:
    with pytest.raises(SettingInvalid, match=r"sample\.number"):
        NUMBER.parse(typed)


def test_values_are_shown_with_their_units() -> None:
    assert (NUMBER.show(1000), FLAG.show(False), CHOICE.show("off")) == ("1,000 s", "no", "off")
    assert NUMBER.bounds == "1 to 1,000 s"
    assert CHOICE.bounds == "off or warn"
    assert FLAG.bounds == "yes or no"


def test_a_name_is_declared_once() -> None:
    registry.register(NUMBER)
    registry.register(NUMBER)
    with pytest.raises(ValueError, match=r"sample\.number is declared twice"):
        registry.register(Setting("sample.number", 6, "Another.", minimum=1, maximum=9))
    with pytest.raises(SettingInvalid):
        registry.register(Setting("sample.wrong", 6, "Its default is out of bounds.", maximum=5))
    with pytest.raises(UnknownSetting):
        registry.find("sample.wrong")
