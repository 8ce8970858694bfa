"""A live setting as its owner declares it, and a version of it. Values are whole numbers, yes or no, or short text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from apps.configuration.errors import SettingInvalid

V = TypeVar("V", bound=int | str)  # bool is an int to Python; `clean` keeps them apart
TEXT_CHARS_MAX = 200
YES, NO = "yes", "no"


@dataclass(frozen=True, slots=True)
class Setting(Generic[V]):
    """One setting. Its kind is that of `default`; numbers have bounds, text may have `choices`.

    `name` is dotted, all but its last part the group. `guarded`: money or risk hangs on it, so a second person must agree.
    """

    name: str
    default: V
    help: str
    unit: str = ""
    minimum: int = 0
    maximum: int = 2**53
    choices: tuple[str, ...] = ()
    guarded: bool = False

    @property
    def group(self) -> str:
        return self.name.rpartition(".")[0]

    @property
    def kind(self) -> str:
        """`boolean`, `integer`, `choice` or `text`."""
        if isinstance(self.default, bool):
            return "boolean"
        if isinstance(self.default, int):
            return "integer"
        return "choice" if self.choices else "text"

    @property
    def bounds(self) -> str:
        """What may stand there, in words."""
        if self.kind == "integer":
            return f"{self.minimum:,} to {self.maximum:,} {self.unit}".strip()
        return " or ".join(self.choices or ((YES, NO) if self.kind == "boolean" else (f"{TEXT_CHARS_MAX} characters",)))

    def clean(self, value: object) -> V:
        """The value, if it may stand. Raises SettingInvalid, which names the setting."""
        if type(value) is not type(self.default):
            raise SettingInvalid(self.name, f"must be of kind {self.kind}")
        if self.kind == "integer" and not self.minimum <= value <= self.maximum:  # type: ignore[operator]
            raise SettingInvalid(self.name, f"must be from {self.bounds}")
        if self.choices and value not in self.choices:
            raise SettingInvalid(self.name, f"must be {self.bounds}")
        if isinstance(value, str) and (len(value) > TEXT_CHARS_MAX or not (value.isprintable() or not value)):
            raise SettingInvalid(self.name, f"must be plain text of at most {TEXT_CHARS_MAX} characters")
        return value

    def parse(self, text: str) -> V:
        """The value of what a person typed. Raises SettingInvalid."""
        text = text.strip()
        if self.kind == "boolean":
            if text not in {YES, NO}:
                raise SettingInvalid(self.name, f"must be {YES} or {NO}")
            return self.clean(text == YES)
        if self.kind == "integer":
            digits = text.replace(",", "").replace("_", "")
            if not (digits.removeprefix("-").isdecimal() and digits.isascii() and len(digits) <= 20):
                raise SettingInvalid(self.name, "must be a whole number")
            return self.clean(int(digits))
        return self.clean(text)

    def show(self, value: object) -> str:
        """The value for people, with its unit."""
        if isinstance(value, bool):
            return YES if value else NO
        return f"{value:,} {self.unit}".strip() if isinstance(value, int) else str(value)


@dataclass(frozen=True, slots=True)
class SettingVersionRow:
    """One change: who turned `before` into `after`, when and why. Versions of a setting count from 1."""

    name: str
    number: int
    before: int | str
    after: int | str
    actor_kind: str
    actor_id: str
    reason: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a wish to change a setting: its new version, or the number of the request that waits for a second person."""

    version: int = 0
    approval_id: int = 0
