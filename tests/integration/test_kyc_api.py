"""The KYC doors: one's own application alone, every wrong field and document told in words, names shown harmless."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from apps.approvals.selectors import list_open
from apps.audit.models import AuditRecord
from apps.common.roles import AUDITOR, COMPLIANCE, SUPPORT
from apps.kyc.models import Application, Document, KycLevel, Screening
from apps.kyc.sanctions import ListEntry, load_list
from apps.kyc.selectors import limits_of
from apps.users.models import User
from apps.users.roles import set_roles
from apps.users.services import open_session
from tests.support.kyc_papers import HOSTILE, PERSON, SVG, pdf, picture
from tests.support.kyc_story import SYSTEM, submitted

pytestmark = pytest.mark.django_db
XSS = "<script>alert(1)</script><img src=x onerror=alert(2)>"
SQLI = "Robert'); DROP TABLE kyc_application;-- \" OR 1=1"
Ask = Callable[..., HttpResponse]


@pytest.fixture(autouse=True)
def _strict(settings: Any, tmp_path: Path) -> None:
    cache.clear()
    settings.EXCHANGE_KYC_DEFAULT_LEVEL, settings.EXCHANGE_KYC_FOLDER = 0, tmp_path / "kyc"


def person(name: str, **fields: Any) -> User:
    return User.objects.create_user(f"{name}@example.com", "seven-Ducks-swim", **fields)


def asker(client: Client, user: User) -> Ask:
    """`ask(method, path, body)` as the user; the path starts behind /api/v1/kyc."""
    headers = {"authorization": f"Bearer {open_session(user_id=user.pk).access}"}

    def ask(method: str, path: str, body: Any = None) -> HttpResponse:
        return client.generic(method, f"/api/v1/kyc{path}", *_encoded(client, body), headers=headers)

    def upload(path: str, content: bytes, name: str = "p.pdf", kind: str = "passport") -> HttpResponse:
        form = {"kind": kind, "file": SimpleUploadedFile(name, content)}
        return client.post(f"/api/v1/kyc{path}", form, headers=headers)

    ask.upload = upload  # type: ignore[attr-defined]
    return ask


def _encoded(client: Client, body: Any) -> tuple[bytes, str]:
    return (b"" if body is None else json.dumps(body).encode(), "application/json")


@pytest.fixture
def alice() -> User:
    return person("alice")


@pytest.fixture
def ask(client: Client, alice: User) -> Ask:
    return asker(client, alice)


@pytest.fixture
def application(ask: Ask) -> str:
    answer = ask("POST", "/applications", {"level": 1, **PERSON})
    assert answer.status_code == 201, answer.content
    return str(answer.json()["id"])


@pytest.fixture
def carol() -> User:
    user = person("carol")
    set_roles(user_id=user.pk, roles=[COMPLIANCE], actor=SYSTEM, reason="test")
    return User.objects.get(pk=user.pk)


@pytest.fixture
def desk(carol: User) -> Client:
    found = Client()
    found.force_login(carol)
    return found


def text_of(answer: HttpResponse) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_an_applicants_way(ask: Ask, alice: User, desk: Client) -> None:
    start = ask("GET", "").json()
    assert (start["level"], start["name"], start["is_held"], start["application"]) == (0, "unverified", False, None)
    assert start["limits"]["daily_withdrawal"] == "0.00000000"
    levels = ask("GET", "/levels").json()
    assert [level["requirements"] for level in levels][:2] == [[], ["identity"]]
    assert levels[3]["daily_deposit"] is None
    made = ask("POST", "/applications", {"level": 1, **PERSON}).json()
    assert (made["state"], made["person"], made["missing"]) == ("draft", PERSON, ["identity"])
    path = f"/applications/{made['id']}"
    assert ask("POST", f"{path}/submit").json()["code"] == "DOCUMENTS_MISSING"
    document = ask.upload(f"{path}/documents", picture("JPEG"), "my pass.jpg")
    assert document.status_code == 201
    assert (document.json()["content_type"], document.json()["file_name"]) == ("image/jpeg", "my pass.jpg")
    handed_in = ask("POST", f"{path}/submit").json()
    assert (handed_in["state"], handed_in["missing"]) == ("submitted", [])
    body = {"decision": "approve", "reason": "all is well"}
    said = desk.post(f"/admin/kyc/application/{made['id']}/change/", body, follow=True)
    assert "Approved." in text_of(said)
    end = ask("GET", "").json()
    assert (end["level"], end["application"]["state"]) == (1, "approved")
    assert [step["state"] for step in end["application"]["history"]] == ["draft", "submitted", "in_review", "approved"]
    assert ask("GET", "/limits").json()["daily_deposit"] == "10000.00000000"
    assert limits_of(alice.pk).level == 1


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"full_name": ""}, "full_name"), ({"full_name": "7"}, "full_name"), ({"full_name": "x" * 141}, "full_name"),
        ({"full_name": "Ali\u202ece"}, "full_name"), ({"full_name": "A\u0000lice B"}, "full_name"),
        ({"full_name": "\ue000\ue001ab"}, "full_name"), ({"full_name": ["a"]}, "full_name"),
        ({"full_name": None}, "full_name"), ({"birth_date": "17.05.1990"}, "birth_date"),
        ({"birth_date": "2020-01-01"}, "birth_date"), ({"birth_date": "1850-01-01"}, "birth_date"),
        ({"birth_date": "2990-01-01"}, "birth_date"), ({"birth_date": "1990-02-30"}, "birth_date"),
        ({"country": "de"}, "country"), ({"country": "XX"}, "country"), ({"country": "Germany"}, "country"),
        ({"nationality": ""}, "nationality"), ({"address": "7"}, "address"), ({"level": 0}, "level"),
        ({"level": 4}, "level"), ({"level": "one"}, "level"), ({"level": True}, "level"),
    ],
)  # fmt: skip
def test_every_wrong_field_is_named(ask: Ask, change: dict[str, Any], named: str) -> None:
    answer = ask("POST", "/applications", {"level": 1, **PERSON, **change})
    assert (answer.status_code, answer.json()["code"]) == (400, "INVALID_REQUEST")
    assert list(answer.json()["details"]) == [named]
    assert not Application.objects.exists()


@pytest.mark.parametrize("name", ["Zoë Ångström", "王小明", "محمد علی‌پور", "Jean-Luc d’Arc III.", "N", XSS, SQLI])
def test_names_of_every_script_are_taken_as_written(ask: Ask, name: str) -> None:
    answer = ask("POST", "/applications", {"level": 1, **PERSON, "full_name": name})
    if name == "N":
        assert answer.status_code == 400
    else:
        assert answer.json()["person"]["full_name"] == name


def test_what_is_not_mine_to_set_is_ignored(ask: Ask, alice: User) -> None:
    more = {"state": "approved", "user": 1, "user_id": 1, "id": str(uuid.uuid4()), "expires_at": "2099-01-01"}
    made = ask("POST", "/applications", {"level": 1, **PERSON, **more}).json()
    assert (made["state"], made["id"] == more["id"], made["expires_ms"]) == ("draft", False, None)
    assert Application.objects.get().user_id == alice.pk


def test_anothers_application_is_none(client: Client, application: str, ask: Ask) -> None:
    document = ask.upload(f"/applications/{application}/documents", pdf()).json()["id"]
    bob = asker(client, person("bob"))
    path = f"/applications/{application}"
    answers = [
        bob("GET", path), bob("PUT", path, PERSON), bob("POST", f"{path}/submit"),
        bob("DELETE", f"{path}/documents/{document}"), bob.upload(f"{path}/documents", pdf()),
        bob("GET", f"/applications/{uuid.uuid4()}"), bob("GET", "/applications/7"),
    ]  # fmt: skip
    assert [answer.status_code for answer in answers] == [404] * len(answers)
    assert bob("GET", "/applications").json() == []
    assert ask("GET", path).json()["documents"][0]["id"] == document


def test_nobody_gets_in_without_a_token(client: Client, application: str) -> None:
    for path in ("", "/levels", "/limits", "/applications", f"/applications/{application}"):
        assert client.get(f"/api/v1/kyc{path}").status_code == 401


@pytest.mark.parametrize("name", ["svg", "text", "cut jpeg", "pdf with a script", "nothing", "ten megabytes and one"])
def test_a_wrong_document_is_told_and_loses_nothing(ask: Ask, application: str, name: str) -> None:
    content, reason = HOSTILE[name]
    path = f"/applications/{application}/documents"
    kept = ask.upload(path, pdf()).json()
    answer = ask.upload(path, content, "passport.pdf")
    assert (answer.status_code, answer.json()["code"]) == (400, "DOCUMENT_REFUSED")
    assert answer.json()["details"] == {"reason": reason}
    found = ask("GET", f"/applications/{application}").json()
    assert ([one["id"] for one in found["documents"]], found["person"]) == ([kept["id"]], PERSON)


def test_forms_that_are_none_are_refused(client: Client, ask: Ask, application: str, alice: User) -> None:
    path = f"/applications/{application}/documents"
    assert ask("POST", path, {"kind": "passport"}).status_code == 415
    assert ask.upload(path, pdf(), kind="diary").json()["details"].keys() == {"kind"}
    headers = {"authorization": f"Bearer {open_session(user_id=alice.pk).access}"}
    full = f"/api/v1/kyc{path}"
    assert client.post(full, {"kind": "passport"}, headers=headers).json()["details"].keys() == {"file"}
    for body, kind in (
        (b"x", "multipart/form-data"),
        (b"x", "multipart/form-data; boundary=y"),
        (b"", "multipart/form-data; boundary="),
    ):
        assert client.post(full, body, content_type=kind, headers=headers).status_code == 400
    many = {"kind": "passport", **{f"f{number}": "x" for number in range(1_200)}}
    assert client.post(full, many, headers=headers).status_code == 400
    assert not Document.objects.exists()


def test_corrections_until_it_is_handed_in(ask: Ask, application: str) -> None:
    path = f"/applications/{application}"
    assert ask("PUT", path, {**PERSON, "full_name": "Alice B."}).json()["person"]["full_name"] == "Alice B."
    document = ask.upload(f"{path}/documents", pdf()).json()["id"]
    assert ask("DELETE", f"{path}/documents/{document}").status_code == 204
    assert ask("DELETE", f"{path}/documents/{document}").json()["code"] == "UNKNOWN_DOCUMENT"
    ask.upload(f"{path}/documents", pdf())
    assert ask("POST", f"{path}/submit").status_code == 200
    for answer in (ask("PUT", path, PERSON), ask("POST", f"{path}/submit"), ask.upload(f"{path}/documents", pdf())):
        assert (answer.status_code, answer.json()["details"]) == (409, {"state": "submitted"})


# the back office


def handed_in(user: User, name: str = "Alice Example") -> Application:
    submitted(user, name=name)
    return Application.objects.get(user=user)


def test_hostile_names_are_shown_harmless_to_reviewers(alice: User, desk: Client) -> None:
    for number, name in enumerate((XSS, SQLI)):
        row = handed_in(person(f"p{number}"), name)
        page = desk.get(f"/admin/kyc/application/{row.pk}/change/").content.decode()
        assert "<script>alert(1)" not in page
        assert "<img src=x" not in page
        assert name.split("'")[0].replace("<", "&lt;").replace(">", "&gt;") in page
    assert desk.get("/admin/kyc/application/?q=%27%3B+DROP+TABLE").status_code == 200
    assert Application.objects.count() == 2


def test_documents_are_for_reviewers_each_look_is_recorded(alice: User, desk: Client, carol: User) -> None:
    row = handed_in(alice)
    document = Document.objects.get()
    path = f"/admin/kyc/application/{row.pk}/documents/{document.pk}/"
    answer = desk.get(path)
    assert (answer.status_code, answer.content, answer["Content-Type"]) == (200, pdf(), "application/pdf")
    assert answer["Content-Disposition"] == f'attachment; filename="kyc-{document.pk}.pdf"'
    assert answer["Cache-Control"].startswith("no-store, private")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    look = AuditRecord.objects.get(action="kyc.document_viewed")
    assert (look.actor_id, look.subject) == (str(carol.pk), f"kyc.document:{document.pk}")
    other = handed_in(person("bob"))
    for wrong in (
        path.replace(str(row.pk), str(other.pk)),
        path.replace(str(document.pk), "x"),
        path.replace(str(row.pk), "x"),
    ):
        assert desk.get(wrong).status_code == 404


def test_pictures_are_shown_with_a_mark(alice: User, ask: Ask, application: str, desk: Client) -> None:
    ask.upload(f"/applications/{application}/documents", picture("JPEG", (900, 600)))
    document = Document.objects.get()
    answer = desk.get(f"/admin/kyc/application/{application}/documents/{document.pk}/")
    assert (answer["Content-Type"], answer["Content-Disposition"][:6]) == ("image/jpeg", "inline")
    assert SVG not in answer.content


@pytest.mark.parametrize("role", [SUPPORT, AUDITOR, None])
def test_others_of_the_staff_see_no_person_and_no_document(alice: User, role: str | None) -> None:
    row = handed_in(alice)
    document = Document.objects.get()
    user = person("eve")
    if role:
        set_roles(user_id=user.pk, roles=[role], actor=SYSTEM, reason="test")
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))
    for path in ("change/", f"documents/{document.pk}/"):
        assert client.get(f"/admin/kyc/application/{row.pk}/{path}").status_code in {302, 403}
    body = {"decision": "approve", "reason": "mine"}
    assert client.post(f"/admin/kyc/application/{row.pk}/change/", body).status_code in {302, 403}
    assert Application.objects.get().state == "submitted"
    assert client.get("/admin/kyc/application/").status_code == (200 if role else 302)


def test_reviewers_take_up_ask_and_reject(alice: User, desk: Client) -> None:
    row = handed_in(alice)
    path = f"/admin/kyc/application/{row.pk}/change/"

    def decide(decision: str, reason: str = "") -> str:
        return text_of(desk.post(path, {"decision": decision, "reason": reason}, follow=True))

    assert "Taken up." in decide("start")
    assert "A decision needs a reason." in decide("more")
    assert "decision: Select a valid choice." in decide("explode")
    assert "The applicant is asked for more." in decide("more", "Which street?")
    assert "Decide the application" not in text_of(desk.get(path)), "it is the applicant's turn"
    assert "Rejected." in decide("reject", "No answer")
    assert Application.objects.get().state == "rejected"
    assert desk.get("/admin/kyc/application/7/change/").status_code == 404


def test_a_list_hit_is_decided_on_the_page(alice: User, desk: Client) -> None:
    load_list([ListEntry("X-1", ("Alice Example",), ("1990",))], source="test", actor=SYSTEM)
    row, other = handed_in(alice), handed_in(person("bob"))
    path = f"/admin/kyc/application/{row.pk}/change/"
    page = text_of(desk.get(path))
    assert "X-1: Alice Example, score 100" in page
    said = desk.post(path, {"decision": "approve", "reason": "fine"}, follow=True)
    assert "A sanctions-list hit waits" in text_of(said)
    foreign = Screening.objects.get(application=other)
    wanted = {"screening": foreign.pk, "verdict": "cleared", "reason": "another town"}
    assert "belongs to another application" in text_of(desk.post(path, wanted, follow=True))
    wanted["screening"] = Screening.objects.get(application=row).pk
    assert "The hit is decided." in text_of(desk.post(path, wanted, follow=True))
    assert "Approved." in text_of(desk.post(path, {"decision": "approve", "reason": "fine"}, follow=True))


def test_the_highest_level_waits_for_a_second_person(alice: User, desk: Client) -> None:
    submitted(alice, 3)
    row = Application.objects.get()
    path = f"/admin/kyc/application/{row.pk}/change/"
    said = text_of(desk.post(path, {"decision": "approve", "reason": "fine"}, follow=True))
    assert "A second person is asked to allow it" in said
    assert f"approval {list_open()[0].id}" in said
    assert limits_of(alice.pk).level == 0


def test_levels_change_by_a_new_version_that_two_agree_on(desk: Client, carol: User) -> None:
    """Its terms say how much may leave in a day and whether a level takes two persons: no matter of one."""
    dave = User.objects.create_user("dave@example.com", "seven-Ducks-swim")
    set_roles(user_id=dave.pk, roles=["risk"], actor=SYSTEM, reason="test")
    second = Client()
    second.force_login(User.objects.get(pk=dave.pk))
    path = "/admin/kyc/kyclevel/add/"
    form = {
        "level": "1", "max_leverage": "25", "daily_deposit_units": "100", "daily_withdrawal_units": "50",
        "validity_days": "100", "requirements": ["identity", "address"], "reason": "regulator",
    }  # fmt: skip
    for change in ({"level": "7"}, {"reason": " "}, {"daily_deposit_units": "10000000000.1"}, {"requirements": ["x"]}):
        assert desk.post(path, {**form, **change}).status_code == 200
    assert KycLevel.objects.count() == 4
    asked = desk.post(path, form)["Location"]
    desk.post(path, {**form, "two_persons": "on", "max_leverage": "99"})
    told = text_of(desk.get(asked))
    for line in ("Max leverage 50 → 25", "Daily deposit 10000 → 100", "Requirements identity → identity, address"):
        assert line in told
    desk.post(asked, {"decision": "approve", "reason": "my own"})
    assert KycLevel.objects.count() == 4, "not by who asks"
    second.post(asked, {"decision": "approve", "reason": "as the law says"})
    newest = KycLevel.objects.get(level=1, version=2)
    assert (newest.daily_deposit_units, newest.two_persons) == (100 * 10**8, False)
    assert [one.subject for one in list_open()] == ["level:1"]
    second.post(f"/admin/approvals/approvalrequest/{list_open()[0].id}/change/", {"decision": "approve", "reason": "x"})
    assert KycLevel.objects.filter(level=1).count() == 2, "asked of other terms than there are now"
    assert (newest.max_leverage, newest.requirements, newest.changed_by) == (
        25,
        ["identity", "address"],
        f"staff:{carol.pk}",
    )
    assert desk.post(f"/admin/kyc/kyclevel/{newest.pk}/change/", form).status_code == 403
