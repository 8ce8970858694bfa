"""Text that people type for other people to read: one spelling, nothing invisible, nothing that turns the line round."""

from __future__ import annotations

import unicodedata

# Controls, formats (zero width, bidirectional marks), surrogates, private use, unassigned, line and paragraph ends.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def has_unseen(text: str) -> bool:
    """Whether a character of the text shows nothing by itself or changes how others are shown."""
    return any(unicodedata.category(char) in _UNSEEN for char in text)


def clean_label(text: str, *, max_chars: int) -> str:
    """The label in its compatibility form with single spaces. Raises ValueError, in words for people."""
    label = " ".join(unicodedata.normalize("NFKC", text).split())
    if has_unseen(label):
        raise ValueError("It holds characters that cannot be seen.")
    if not 1 <= len(label) <= max_chars:
        raise ValueError(f"It has between 1 and {max_chars} characters.")
    return label
