"""Deliveries that are not the provider's, or not what was agreed; and a provider that cannot be reached."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.http import HttpResponse
from django.test import Client

from apps.kyc import errors
from apps.kyc.models import Submission, WebhookDelivery
from apps.kyc.providers import send_queued
from apps.kyc.signing import is_signed, sign
from apps.users.models import User
from tests.support.kyc_story import submitted

pytestmark = pytest.mark.django_db
PATH = "/api/v1/kyc/webhooks/remote"


@pytest.fixture
def _provider(settings: Any) -> None:
    settings.EXCHANGE_KYC_PROVIDER_URL, settings.EXCHANGE_KYC_PROVIDER_KEY = "http://127.0.0.1:9", "k" * 40


@pytest.fixture
def _case(_provider: None, alice: User) -> None:
    submitted(alice)


def event() -> dict[str, Any]:
    reference = str(Submission.objects.get().reference)
    return {"event_id": "e-1", "reference": reference, "sequence": 1, "event": "approved", "reason": ""}


def deliver(client: Client, body: bytes) -> HttpResponse:
    return client.post(PATH, body, "application/json", headers=sign(b"k" * 40, "POST", PATH, body))


@pytest.mark.usefixtures("_case")
@pytest.mark.parametrize("change", ["key", "body", "path", "stamp", "no headers", "other provider", "odd stamp"])
def test_only_the_provider_is_believed(client: Client, change: str) -> None:
    path = PATH.replace("remote", "local") if change == "other provider" else PATH
    body = json.dumps(event()).encode()
    key = b"x" * 40 if change == "key" else b"k" * 40
    headers = sign(key, "POST", "/other" if change == "path" else path, body)
    if change == "body":
        body = body.replace(b'"reason": ""', b'"reason": "!"')
    if change == "stamp":
        headers["X-Kyc-Timestamp"] = str(int(headers["X-Kyc-Timestamp"]) + 1)
    if change == "odd stamp":
        headers["X-Kyc-Timestamp"] = "1e12"
    answer = client.post(path, body, "application/json", headers={} if change == "no headers" else headers)
    assert answer.status_code == 401
    assert WebhookDelivery.objects.count() == 0


@pytest.mark.usefixtures("_case")
@pytest.mark.parametrize(
    "change",
    [{"event": "exploded"}, {"sequence": 0}, {"sequence": "x"}, {"sequence": 2**40}, {"event_id": ""},
     {"event_id": "a b"}, {"reference": "7"}, {"reason": "a\u202eb"}, {"reason": "x" * 501}],
)  # fmt: skip
def test_malformed_events_are_refused(client: Client, change: dict[str, Any]) -> None:
    told = {**event(), **change}
    answer = deliver(client, json.dumps(told).encode())
    assert (answer.status_code, answer.json()["code"]) == (400, "INVALID_REQUEST")
    assert list(answer.json()["details"]) == list(change)


@pytest.mark.usefixtures("_case")
def test_bodies_that_are_no_json_object_are_refused(client: Client) -> None:
    for body in (b"", b"{", b"[]", b"null", b"\xff", b"[" * 60_000):
        answer = deliver(client, body)
        assert answer.status_code == 400, body[:9]


def test_a_provider_that_cannot_be_reached_is_tried_later(alice: User, settings: Any) -> None:
    settings.EXCHANGE_KYC_PROVIDER_URL, settings.EXCHANGE_KYC_PROVIDER_KEY = "http://127.0.0.1:9", "k" * 40
    submitted(alice)
    assert send_queued() == 0
    assert Submission.objects.get().attempts == 1


def test_without_a_provider_webhooks_are_closed(client: Any, alice: User) -> None:
    assert django_settings.EXCHANGE_KYC_PROVIDER_URL == ""
    submitted(alice)
    assert (Submission.objects.get().provider, Submission.objects.get().state) == ("local", "sent")
    body = b"{}"
    key = django_settings.EXCHANGE_KYC_PROVIDER_KEY.encode()
    answer = client.post(PATH, body, "application/json", headers=sign(key, "POST", PATH, body))
    assert answer.status_code == errors.DeliveryRefused.status


def test_a_proof_is_of_one_request_and_one_time() -> None:
    headers = sign(b"k", "POST", "/a", b"x", now_ms=1_700_000_000_000)
    assert is_signed(b"k", headers, "POST", "/a", b"x", now_ms=1_700_000_300_000)
    assert not is_signed(b"k", headers, "POST", "/a", b"x", now_ms=1_700_000_300_001)
    assert not is_signed(b"k", headers, "PUT", "/a", b"x", now_ms=1_700_000_000_000)
    assert not is_signed(b"k", {}, "POST", "/a", b"x")
