"""Typed bodies: exactly what the struct says, each fault by its name."""

import msgspec
import pytest

from apps.common.json_body import read_body
from apps.common.lane import LaneError


class Body(msgspec.Struct, forbid_unknown_fields=True):
    text: str
    number: int = 1


def test_a_good_body() -> None:
    assert read_body(b'{"text": "\\u00fc"}', Body) == Body("\u00fc", 1)


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        (b"", "MALFORMED_BODY"),
        (b"\xff", "MALFORMED_BODY"),
        (b"[" * 50_000, "MALFORMED_BODY"),
        (b'{"text": NaN}', "MALFORMED_BODY"),
        (b'{"text": "\\ud800"}', "MALFORMED_BODY"),
        (b'{"text": "a", "text": "b"}', "DUPLICATE_PARAMETER"),
        (b'{"text": "a", "x": {"y": 1, "y": 2}}', "DUPLICATE_PARAMETER"),
        (b'{"text": 5}', "INVALID_BODY"),
        (b'{"text": "a", "number": 1.5}', "INVALID_BODY"),
        (b'{"text": "a", "number": "1"}', "INVALID_BODY"),
        (b'{"text": "a", "more": 1}', "INVALID_BODY"),
        (b"null", "INVALID_BODY"),
    ],
)
def test_a_bad_body(raw: bytes, name: str) -> None:
    with pytest.raises(LaneError) as error:
        read_body(raw, Body)
    assert (error.value.name, error.value.status) == (name, 400)
