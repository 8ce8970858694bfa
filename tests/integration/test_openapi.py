"""One document describes both lanes, says how every operation is refused, and its page needs no network."""

import re
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client

pytestmark = pytest.mark.django_db
PUBLIC = {
    ("post", "/api/v1/auth/register"),
    ("post", "/api/v1/auth/login"),
    ("post", "/api/v1/auth/login/second-factor"),
    ("post", "/api/v1/auth/passkey/options"),
    ("post", "/api/v1/auth/passkey/login"),
    ("post", "/api/v1/auth/verify-email"),
    ("post", "/api/v1/auth/verify-email/resend"),
    ("post", "/api/v1/auth/password/ask-reset"),
    ("post", "/api/v1/auth/password/reset"),
    ("post", "/api/v1/auth/email/confirm"),
    ("post", "/api/v1/auth/email/undo"),
    ("post", "/api/v1/auth/unfreeze"),
    ("post", "/api/v1/auth/refresh"),
    ("post", "/api/v1/kyc/webhooks/{provider}"),
    ("get", "/api/v1/instruments"),
    ("get", "/api/v1/instruments/{symbol}"),
    ("get", "/api/v1/instruments/{symbol}/funding"),
    ("get", "/api/v1/instruments/{symbol}/funding-samples"),
    ("get", "/api/v1/insurance"),
    ("get", "/api/v1/insurance/{asset}"),
}
PLATFORM = (
    "/api/v1/auth/",
    "/api/v1/me",
    "/api/v1/api-keys",
    "/api/v1/accounts",
    "/api/v1/instruments",
    "/api/v1/insurance",
    "/api/v1/kyc",
)


@pytest.fixture
def document(client: Client) -> dict[str, dict[str, dict[str, dict[str, object]]]]:
    answer = client.get("/api/v1/schema")
    assert answer.status_code == 200
    return answer.json()


def test_it_is_valid_and_complete_without_a_warning(tmp_path: Path) -> None:
    call_command(
        "spectacular", validate=True, fail_on_warn=True, format="openapi-json", file=str(tmp_path / "schema.json")
    )


def test_both_lanes_are_in_it(document: dict[str, dict[str, dict[str, dict[str, object]]]]) -> None:
    assert document["openapi"] == "3.1.0"
    for path in ("/api/v1/orders", "/api/v1/positions", "/api/v1/api-keys", "/api/v1/accounts/{account_id}/ledger"):
        assert path in document["paths"]
    names = [operation["operationId"] for item in document["paths"].values() for operation in item.values()]
    assert len(names) == len(set(names))


def test_only_the_open_doors_of_the_platform_are_open(
    document: dict[str, dict[str, dict[str, dict[str, object]]]],
) -> None:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if path.startswith(PLATFORM):
                guarded = {"bearer": []} in operation.get("security", [])
                assert guarded != ((method, path) in PUBLIC), (method, path)
                assert "429" in operation["responses"], (method, path)


def test_the_page_asks_nobody_else(client: Client) -> None:
    page = client.get("/api/v1/docs").content.decode()
    links = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert links
    assert all(link.startswith(("/static/", "/api/v1/docs?")) for link in links), links
    for link in links:
        assert client.get(link).status_code == 200, link
