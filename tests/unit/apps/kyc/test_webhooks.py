"""A provider that is another process: told over HTTP, calling back signed, late, twice and in any order."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from apps.kyc import reviews
from apps.kyc.models import Document, Submission, WebhookDelivery
from apps.kyc.providers import send_queued
from apps.kyc.sanctions import ListEntry, load_list
from apps.kyc.selectors import get_own_application, limits_of
from apps.kyc.tasks import send_submissions
from apps.users.models import User
from tests.support.kyc_papers import pdf
from tests.support.kyc_story import SYSTEM, actor, submit, submitted
from tests.support.pace import PATIENCE_S

pytestmark = pytest.mark.django_db(transaction=True)
PATH = "/api/v1/kyc/webhooks/remote"


class Twin:
    """The provider's process; `seen` what it holds, `tell` has it call us back."""

    def __init__(self, port: int, url: str) -> None:
        self.base_url, self.url = f"http://127.0.0.1:{port}", url

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.base_url + path, data=data, method=method)
        with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
            return json.loads(answer.read())

    @property
    def seen(self) -> dict[str, Any]:
        return dict(self.ask("GET", "/"))

    def tell(self, *events: dict[str, Any], **more: Any) -> list[list[Any]]:
        return list(self.ask("POST", "/control/tell", {"url": self.url, "events": events, **more}))


@pytest.fixture(scope="module")
def provider_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    file = tmp_path_factory.mktemp("twin") / "key"
    file.write_text("k" * 40)
    argv = [sys.executable, "-m", "tests.support.kyc_provider", str(file)]
    process = subprocess.Popen(argv, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[4])
    assert process.stdout is not None
    yield int(process.stdout.readline())
    process.terminate()
    process.wait()
    process.stdout.close()


@pytest.fixture
def twin(provider_port: int, live_server: Any, settings: Any) -> Twin:
    settings.EXCHANGE_KYC_PROVIDER_URL = f"http://127.0.0.1:{provider_port}"
    settings.EXCHANGE_KYC_PROVIDER_KEY = "k" * 40
    return Twin(provider_port, live_server.url + PATH)


@pytest.fixture
def case(twin: Twin, alice: User) -> str:
    """An application that the provider has got."""
    application_id = submitted(alice)
    assert send_queued() == 1
    return application_id


def event(name: str, sequence: int, event_id: str = "", **changes: Any) -> dict[str, Any]:
    reference = str(Submission.objects.latest("id").reference)
    told = {"event_id": event_id or f"{reference}-{sequence}", "reference": reference, "sequence": sequence}
    return {**told, "event": name, "reason": "", **changes}


def state(user: User) -> str:
    return get_own_application(user.pk, str(Submission.objects.latest("id").application_id)).state


def outcomes(answers: list[list[Any]]) -> list[Any]:
    return [body.get("outcome", body.get("code")) for _, body in answers]


def test_the_provider_gets_person_and_documents_and_decides(twin: Twin, alice: User, case: str) -> None:
    reference = str(Submission.objects.get().reference)
    held = twin.seen[reference]
    document = Document.objects.get()
    assert (held["full_name"], held["level"], held["is_complete"]) == ("Alice Example", 1, True)
    assert held["files"] == {str(document.pk): ["application/pdf", len(pdf()), pdf()[:8].hex()]}
    assert case not in json.dumps(held), "it knows the reference alone"
    assert outcomes(twin.tell(event("in_review", 1), event("approved", 2))) == ["applied", "applied"]
    assert (state(alice), limits_of(alice.pk).level) == ("approved", 1)
    assert outcomes(twin.tell(event("rejected", 3))) == ["ignored"], "what is decided stays decided"


def test_events_out_of_order_end_where_the_newest_says(twin: Twin, alice: User, case: str) -> None:
    answers = twin.tell(event("rejected", 3, reason="Blurred <b>page</b>"), event("in_review", 1), event("approved", 2))
    assert outcomes(answers) == ["applied", "stale", "stale"]
    found = get_own_application(alice.pk, case)
    assert (found.state, found.reason, limits_of(alice.pk).level) == ("rejected", "Blurred <b>page</b>", 0)


def test_an_event_told_again_changes_nothing_and_the_same_bytes_are_refused(twin: Twin, alice: User, case: str) -> None:
    told = event("in_review", 1)
    (first,) = twin.tell(told)
    (replayed,) = twin.tell(repeat=True)
    (again,) = twin.tell(told, now_ms=time.time_ns() // 1_000_000 + 5)
    assert [first, replayed[0], replayed[1]["code"], again] == [
        [200, {"outcome": "applied"}], 409, "DELIVERY_REPLAYED", [200, {"outcome": "repeated"}],
    ]  # fmt: skip
    assert WebhookDelivery.objects.count() == 1


def test_proofs_grow_old(twin: Twin, alice: User, case: str) -> None:
    now = time.time_ns() // 1_000_000
    for moved in (-301_000, 301_000):
        ((status, body),) = twin.tell(event("approved", 1), now_ms=now + moved)
        assert (status, body["code"]) == (401, "DELIVERY_REFUSED")
    assert state(alice) == "submitted"


def test_unknown_references_are_told_to_the_provider_alone(twin: Twin, client: Any, case: str) -> None:
    unknown = event("approved", 1, reference="00000000-0000-4000-8000-000000000000")
    ((status, body),) = twin.tell(unknown)
    assert (status, body["code"]) == (404, "UNKNOWN_REFERENCE")
    for told in (unknown, event("approved", 1)):
        answer = client.post(PATH, json.dumps(told), "application/json")
        assert (answer.status_code, answer.json()["code"]) == (401, "DELIVERY_REFUSED")


def test_the_highest_level_is_only_advised(twin: Twin, alice: User) -> None:
    submitted(alice, 3)
    send_queued()
    assert outcomes(twin.tell(event("approved", 1))) == ["advised"]
    assert (state(alice), Submission.objects.get().advice, limits_of(alice.pk).level) == ("in_review", "approved", 0)


def test_a_list_hit_makes_an_approval_an_advice(twin: Twin, alice: User) -> None:
    load_list([ListEntry("X-1", ("Alice Example",))], source="test", actor=SYSTEM)
    submitted(alice)
    send_queued()
    assert outcomes(twin.tell(event("approved", 1))) == ["advised"]
    assert state(alice) == "in_review"


def test_what_a_person_decided_first_stays(twin: Twin, alice: User, carol: User, case: str) -> None:
    reviews.reject_application(application_id=case, actor=actor(carol), reason="no")
    assert outcomes(twin.tell(event("approved", 1))) == ["ignored"]
    assert state(alice) == "rejected"


def test_an_older_submission_counts_no_more(twin: Twin, alice: User, case: str) -> None:
    old = event("approved", 5)
    assert outcomes(twin.tell(event("needs_more", 1, reason="one page is missing"))) == ["applied"]
    assert get_own_application(alice.pk, case).reason == "one page is missing"
    submit(alice, case)
    send_queued()
    assert outcomes(twin.tell(old)) == ["ignored"]
    assert outcomes(twin.tell(event("approved", 1))) == ["applied"]
    assert state(alice) == "approved"


def test_nothing_is_lost_while_the_provider_is_away(twin: Twin, alice: User) -> None:
    twin.ask("POST", "/control/away", {"away": True})
    submitted(alice)
    assert send_submissions() == 0
    waiting = Submission.objects.get()
    assert (waiting.state, waiting.attempts) == ("queued", 1)
    assert waiting.next_attempt_at is not None
    assert waiting.next_attempt_at > timezone.now()
    assert send_queued() == 0, "not before its time"
    twin.ask("POST", "/control/away", {"away": False})
    Submission.objects.update(next_attempt_at=timezone.now())
    assert send_queued() == 1
    assert twin.seen[str(waiting.reference)]["is_complete"]
