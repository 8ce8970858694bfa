"""A label that people read shows all it holds."""

import pytest

from apps.common.text import clean_label


@pytest.mark.parametrize(("typed", "kept"), [("  my   phone ", "my phone"), ("ｍｙ key", "my key"), ("鍵", "鍵")])
def test_a_label_is_kept_in_one_spelling(typed: str, kept: str) -> None:
    assert clean_label(typed, max_chars=10) == kept


@pytest.mark.parametrize("typed", ["", "   ", "x" * 11, "a\u202eb", "a\u200bb", "a\x07b", "\ue000", "a\u2066b"])
def test_empty_long_and_unseen_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="has|holds"):
        clean_label(typed, max_chars=10)
