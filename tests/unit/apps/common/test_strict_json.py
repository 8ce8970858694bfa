"""Only one plain JSON object comes in."""

import io
from typing import Any

import pytest
from rest_framework.exceptions import ParseError

from apps.common.strict_json import MAX_BYTES, StrictJSONParser


def parse(body: bytes) -> dict[str, Any]:
    return StrictJSONParser().parse(io.BytesIO(body))


def test_a_plain_object_comes_through() -> None:
    assert parse(b'{"a": "\xc3\xa9", "b": [1, {"c": null}]}') == {"a": "é", "b": [1, {"c": None}]}


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"[]", b"1", b'"x"', b"null", b'{"a":1,"a":1}', b'{"x":{"a":1,"a":2}}', b'{"a":NaN}',
        b'{"a":-Infinity}', b'{"a":"\\ud800"}', b'{"a":"\xff"}', b"\xef\xbb\xbf{}", b"[" * 60_000,
        b'{"a":' + b"9" * 5000 + b"}", b'{"a":"' + b"x" * MAX_BYTES + b'"}',
    ],
)  # fmt: skip
def test_anything_else_is_refused(body: bytes) -> None:
    with pytest.raises(ParseError):
        parse(body)
