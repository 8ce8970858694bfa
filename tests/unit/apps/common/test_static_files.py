"""Static files come whole, in parts and not at all when the browser has them."""

import os
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from apps.common.static_files import StaticFilesMiddleware

PATH = "/static/img/mark.svg"


@pytest.fixture
def body(client: Client) -> bytes:
    answer = client.get(PATH)
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("image/svg+xml")
    return answer.content


def test_whole_head_part_and_unchanged(client: Client, body: bytes) -> None:
    assert body.startswith(b"<")
    assert client.head(PATH).content == b""
    part = client.get(PATH, headers={"range": "bytes=2-5"})
    assert (part.status_code, part.content) == (206, body[2:6])
    seen = client.get(PATH)["Last-Modified"]
    assert client.get(PATH, headers={"if-modified-since": seen}).status_code == 304


def test_nothing_outside_the_folders(client: Client, db: None) -> None:
    for path in ("/static/../manage.py", "/static/%2e%2e/manage.py", "/static/nothing.js"):
        assert client.get(path).status_code == 404


def test_a_changed_file_is_served_as_it_is_and_a_removed_one_is_gone(tmp_path: Path, settings: Any) -> None:
    settings.STATIC_ROOT, settings.WHITENOISE_USE_FINDERS = tmp_path, False
    file = tmp_path / "a.js"
    file.write_text("short")
    middleware = StaticFilesMiddleware(lambda _: HttpResponse("nothing", status=404))

    def get(**headers: str) -> HttpResponse:
        return middleware(RequestFactory().get("/static/a.js", headers=headers))

    first = get()
    file.write_text("much longer than before")
    os.utime(file, (2_000_000_000, 2_000_000_000))
    second = get(**{"if-modified-since": first["Last-Modified"]})
    assert (second.status_code, second.content) == (200, b"much longer than before")
    assert second["Content-Length"] == str(len(second.content))
    assert second["Last-Modified"] != first["Last-Modified"]
    file.unlink()
    assert get().status_code == 404
