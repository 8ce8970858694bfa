"""The trail in the back office: searched, narrowed by time, masked by role, exported, and the export recorded."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from prometheus_client import REGISTRY

from apps.audit.selectors import list_records
from apps.audit.services import record
from apps.audit.tasks import verify
from apps.audit.types import Actor
from tests.support.approvals import staff_member

pytestmark = pytest.mark.django_db
LIST = "/admin/audit/auditrecord/"


@pytest.fixture(autouse=True)
def trail() -> None:
    for number, action in enumerate(("auth.login", "auth.login_failed", "api_key.created"), start=1):
        record(
            action, actor=Actor("user", str(700 + number), f"203.0.113.{number}"), subject=f"users.user:{700 + number}",
            reason="=HYPERLINK(1)", after={"email": f"person{number}@example.com"}, request_id=f"req-{number}",
        )  # fmt: skip


def signed_in(client: Client, *roles: str) -> Client:
    client.force_login(staff_member("looker", *roles))
    return client


def test_the_list_is_searched_by_action_actor_subject_and_request(client: Client) -> None:
    signed_in(client, "auditor")
    for words, found in (("auth.", 2), ("auth.login_failed", 1), ("702", 1), ("users.user:703", 1), ("req-1", 1)):
        page = client.get(LIST, {"q": words}).content.decode()
        assert sum(f"users.user:{700 + number}" in page for number in (1, 2, 3)) == found, words
    newest = list_records(action="api_key.created")[0]
    page = client.get(f"{LIST}{newest.id}/change/").content.decode()
    assert "p***@***.com" in page


def test_the_list_is_narrowed_by_time(client: Client) -> None:
    signed_in(client, "auditor")
    past = {"time_ns_to_0": "2001-01-01", "time_ns_to_1": "00:00:00"}
    assert "users.user:701" not in client.get(LIST, past).content.decode()
    since = {"time_ns_from_0": "2001-01-01", "time_ns_from_1": ""}
    assert "users.user:701" in client.get(LIST, since).content.decode()
    assert client.get(LIST, {"time_ns_from_0": "odd"}).status_code == 200


@pytest.mark.parametrize("form", ["csv", "jsonl"])
@pytest.mark.parametrize(("role", "address", "email"), [
    ("auditor", "203.0.x.x", "p***@***.com"),
    ("compliance", "203.0.113.1", "person1@example.com"),
])  # fmt: skip
def test_an_export_is_masked_by_role_and_recorded(
    client: Client, form: str, role: str, address: str, email: str
) -> None:
    signed_in(client, role)
    answer = client.get(f"{LIST}export/{form}/", {"q": "auth."})
    body = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    rows = list(csv.DictReader(io.StringIO(body))) if form == "csv" else [json.loads(row) for row in body.splitlines()]
    assert [row["action"] for row in rows] == ["auth.login", "auth.login_failed"]
    assert rows[0]["address"] == address
    assert json.loads(rows[0]["after"])["email"] == email
    assert rows[0]["reason"] == ("'=HYPERLINK(1)" if form == "csv" else "=HYPERLINK(1)")
    told = json.loads(list_records(action="audit.exported")[0].after)
    assert (told["form"], told["rows"], told["query"]) == (form, 2, {"q": "auth."})


def test_the_buttons_keep_the_filters(client: Client) -> None:
    signed_in(client, "auditor")
    answer = client.get(f"{LIST}csv/", headers={"Referer": f"http://testserver{LIST}?q=auth."})
    assert answer["Location"] == f"{LIST}export/csv/?q=auth."


def test_export_needs_its_right_and_a_known_form(client: Client) -> None:
    assert signed_in(client, "admin").get(f"{LIST}export/csv/").status_code == 403
    assert signed_in(client, "auditor").get(f"{LIST}export/xml/").status_code == 404
    client.logout()
    assert client.get(f"{LIST}export/csv/").status_code == 302


def test_the_monitoring_server_sees_the_trail(settings: Any, tmp_path: Path) -> None:
    settings.EXCHANGE_DATA = tmp_path
    verify()
    assert REGISTRY.get_sample_value("exchange_audit_chain_good", {"kind": "increment"}) == 1
    assert REGISTRY.get_sample_value("exchange_audit_waiting") == 0
    assert (REGISTRY.get_sample_value("exchange_audit_records") or 0) >= 3
