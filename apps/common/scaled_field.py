"""A form's number as people write it ("0.02"), which the row keeps as an integer on a grid; nothing is ever rounded."""

from __future__ import annotations

from typing import Any

from django import forms
from unfold.widgets import UnfoldAdminTextInputWidget

from matcher.protocol.units import OffGridError, format_scaled, parse_scaled

PERCENT_OF_PPM = 4  # decimals of a percentage whose last digit is one part per million
PERCENT_OF_PPB = 7
MONEY = 8
_TEXT_CHARS_MAX = 30


class ScaledField(forms.Field):
    """The integer is what was typed times 10**decimals, in steps of `step`."""

    def __init__(self, *, decimals: int, step: int = 1, **kwargs: Any) -> None:
        kwargs.setdefault("widget", UnfoldAdminTextInputWidget(attrs={"inputmode": "decimal"}))
        super().__init__(**kwargs)
        self.decimals, self.step = decimals, step

    def prepare_value(self, value: Any) -> Any:
        return plain(value * self.step, self.decimals) if isinstance(value, int) else value

    def to_python(self, value: Any) -> int | None:
        if value is None or isinstance(value, int):
            return value
        text = str(value).strip()
        if not text:
            return None
        try:
            return self._on_grid(text)
        except OffGridError:
            finest = plain(self.step, self.decimals)
            raise forms.ValidationError(f"Give a multiple of {finest}.") from None
        except ValueError:
            raise forms.ValidationError("Give a plain decimal number.") from None

    def _on_grid(self, text: str) -> int:
        if len(text) > _TEXT_CHARS_MAX:
            raise ValueError
        whole, rest = divmod(parse_scaled(text, self.decimals), self.step)
        if rest:
            raise OffGridError
        return whole

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return not self.disabled and self.to_python(data) != initial
        except forms.ValidationError:
            return True


def plain(value: int, decimals: int) -> str:
    """The integer over 10**decimals, without zeros that say nothing."""
    text = format_scaled(value, decimals)
    return text.rstrip("0").rstrip(".") if "." in text else text
