"""/metrics is for this host, for the token and for staff; to anybody else it does not exist."""

import pytest
from django.test import Client
from pytest_django import Settings

from apps.users.models import User

pytestmark = pytest.mark.django_db
OUTSIDE = {"REMOTE_ADDR": "203.0.113.9"}


def test_this_host_reads_them(client: Client) -> None:
    answer = client.get("/metrics")
    assert answer.status_code == 200
    assert b"django_http_requests" in answer.content


@pytest.mark.parametrize(
    "extra", [OUTSIDE, {"HTTP_X_FORWARDED_FOR": "127.0.0.1"}, {**OUTSIDE, "HTTP_AUTHORIZATION": "Bearer "}, {"REMOTE_ADDR": ""}]
)  # fmt: skip
def test_others_find_nothing(client: Client, extra: dict[str, str]) -> None:
    assert client.get("/metrics", **extra).status_code == 404


def test_the_token_opens(client: Client, settings: Settings) -> None:
    settings.EXCHANGE_METRICS_TOKEN = "let-me-see"
    assert client.get("/metrics", headers={"authorization": "Bearer let-me-see"}, **OUTSIDE).status_code == 200
    assert client.get("/metrics", headers={"authorization": "Bearer let-me-seé"}, **OUTSIDE).status_code == 404


def test_staff_reads_them_from_anywhere(client: Client) -> None:
    client.force_login(User.objects.create_user("staff@example.com", "x", is_staff=True))
    assert client.get("/metrics", **OUTSIDE).status_code == 200
    client.force_login(User.objects.create_user("alice@example.com", "x"))
    assert client.get("/metrics", **OUTSIDE).status_code == 404
