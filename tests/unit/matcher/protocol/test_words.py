"""Aim: the closed sets of the protocol are closed, numbered once and disjoint where they share a field."""

from __future__ import annotations

from enum import IntEnum

import pytest

from matcher.protocol import enums
from matcher.protocol.commands import COMMANDS
from matcher.protocol.events import EVENTS
from matcher.protocol.rejects import EndReason, RejectReason
from matcher.protocol.views import ANSWERS, QueryKind

SETS = [word for word in vars(enums).values() if isinstance(word, type) and issubclass(word, IntEnum) and len(word)]


@pytest.mark.parametrize("words", SETS, ids=lambda words: words.__name__)
def test_wire_numbers_fit_their_byte_and_have_no_alias(words: type[IntEnum]) -> None:
    assert len(words.__members__) == len(set(words))
    assert all(0 <= word <= 255 for word in words)


def test_reasons_are_numbered_in_the_order_of_checks_and_share_no_number_with_endings() -> None:
    numbers = [reason.value for reason in RejectReason]
    assert numbers == sorted(set(numbers))
    assert not set(numbers) & {reason.value for reason in EndReason}
    assert max(EndReason) < 2**16


def test_every_word_has_one_name() -> None:
    names = [record.__name__ for record in (*COMMANDS.values(), *EVENTS.values())]
    assert len(names) == len(set(names))
    assert set(ANSWERS) == set(QueryKind)
