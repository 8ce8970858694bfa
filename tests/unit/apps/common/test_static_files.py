"""Static files come whole, in parts and not at all when the browser has them."""

import pytest
from django.test import Client

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
