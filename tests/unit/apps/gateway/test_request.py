"""Parameters from raw bytes: what is decoded, what is refused, and who wins."""

import asyncio
from typing import Any

import pytest

from apps.common.lane import LaneError
from apps.gateway import request
from apps.gateway.request import MAX_BODY_BYTES, merge, parse_form, read_body


def test_values_are_decoded_once() -> None:
    assert parse_form(b"a=1&b=x%2By&c=a+b&d=&%65=%C3%A9") == {"a": "1", "b": "x+y", "c": "a b", "d": "", "e": "é"}
    assert parse_form(b"a=%2541") == {"a": "%41"}
    assert parse_form(b"") == {}
    assert parse_form(b"a=1&&b=2&") == {"a": "1", "b": "2"}


def test_the_query_wins() -> None:
    assert merge(b"a=1", b"a=2&b=3") == {"a": "1", "b": "3"}


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"a=1&a=2", -1101),
        (b"a=1&%61=2", -1101),
        (b"a", -1100),
        (b"a=\xff", -1100),
        (b"a=%ff", -1100),
        (b"&".join(b"p%d=1" % n for n in range(101)), -1130),
    ],
)
def test_broken_forms_are_refused(raw: bytes, code: int) -> None:
    with pytest.raises(LaneError) as error:
        parse_form(raw)
    assert error.value.code == code


def receiver(*parts: bytes) -> Any:
    left = list(parts)

    async def receive() -> dict[str, Any]:
        body = left.pop(0)
        return {"type": "http.request", "body": body, "more_body": bool(left)}

    return receive


async def test_a_body_in_parts_is_read_whole() -> None:
    assert await read_body(receiver(b"a=", b"1", b""), b"3") == b"a=1"


@pytest.mark.parametrize("declared", [b"65537", b"-1", b"1e3", b"9" * 30])
async def test_a_body_declared_too_large_is_never_read(declared: bytes) -> None:
    with pytest.raises(LaneError) as error:
        await read_body(receiver(), declared)
    assert error.value.status == 413


async def test_a_body_that_breaks_off_is_no_body() -> None:
    parts = [{"type": "http.request", "body": b"a=", "more_body": True}, {"type": "http.disconnect"}]

    async def receive() -> dict[str, Any]:
        return parts.pop(0)

    with pytest.raises(LaneError) as error:
        await read_body(receive, b"3")
    assert error.value.code == -1100


async def test_a_body_that_never_comes_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(request, "BODY_WAIT_S", 0.01)

    async def receive() -> dict[str, Any]:
        await asyncio.Event().wait()
        raise AssertionError

    with pytest.raises(LaneError) as error:
        await read_body(receive, b"3")
    assert error.value.status == 408


async def test_a_body_that_grows_too_large_is_refused() -> None:
    half = b"x" * (MAX_BODY_BYTES // 2 + 1)
    with pytest.raises(LaneError):
        await read_body(receiver(half, half, half), None)
