"""The back office leaves a record of everything: who came in, what they looked at, what they changed, from what to what."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.test import Client
from django_otp.oath import totp

from apps.accounts.models import TradingAccount
from apps.approvals.models import ApprovalRequest
from apps.audit.selectors import list_records
from apps.audit.types import SYSTEM, RecordRow
from apps.backoffice.audited import Audited
from apps.users import passkeys
from apps.users.attempts import STRANGERS_MAX, Place, Tries
from apps.users.factors import begin_totp, confirm_totp, methods_of, renew_backup_codes
from apps.users.models import User
from apps.users.roles import set_roles
from apps.users.selectors import withdrawal_hold_until
from apps.users.services import authenticate_token, open_session
from apps.users.types import TokenIdentity
from tests.support.approvals import staff_member
from tests.support.authenticators import SecurityKey

pytestmark = pytest.mark.django_db
PASSWORD = "seven-Ducks-swim"


@pytest.fixture(autouse=True)
def fresh_cache() -> None:
    cache.clear()


@pytest.fixture
def boss(client: Client) -> User:
    person = staff_member("boss", "admin")
    client.force_login(person)
    return person


@pytest.fixture
def alice() -> User:
    return User.objects.create_user("alice@example.com", PASSWORD)


def newest(action: str) -> RecordRow:
    return list_records(action=action)[0]


def sign_in(client: Client, email: str, password: str = PASSWORD, code: str = "", **fields: str) -> int:
    body = {"username": email, "password": password, "code": code, "next": "/admin/", **fields}
    return client.post("/admin/login/", body, REMOTE_ADDR="203.0.113.7").status_code


def test_every_model_of_the_site_is_audited() -> None:
    assert [name for name, one in admin.site._registry.items() if not isinstance(one, Audited)] == []


def test_staff_who_come_in_or_fail_to_are_recorded(client: Client) -> None:
    person = staff_member("helper", "support")
    assert sign_in(client, "helper@example.com", "wrong") == 200
    failed = newest("auth.admin_login_failed")
    assert (failed.actor.kind, failed.actor.address) == ("anonymous", "203.0.113.7")
    assert json.loads(failed.after) == {"email": "helper@example.com"}
    assert sign_in(client, "helper@example.com") == 302
    assert newest("auth.admin_login").actor.id == str(person.pk)
    client.post("/admin/logout/")
    assert newest("auth.admin_logout").actor.id == str(person.pk)
    assert all("wrong" not in row.after and PASSWORD not in row.after for row in list_records())


def test_a_door_that_is_tried_too_often_stays_shut(client: Client) -> None:
    staff_member("helper", "support")
    for _ in range(10):
        assert sign_in(client, "helper@example.com", "wrong") == 200
    assert sign_in(client, "helper@example.com") == 200, "the right password from there has to wait too"


def test_a_flood_from_everywhere_shuts_strangers_out_and_not_the_person(client: Client) -> None:
    """Nor does it help to know the password: what is left to guess is a code of six digits."""
    person = staff_member("helper", "support")
    for number in range(STRANGERS_MAX):
        tries = Tries("admin", "helper@example.com", Place(f"10.0.0.{number}"))
        tries.begin()
        tries.fail()
    assert sign_in(client, "helper@example.com") == 200, "a stranger waits"
    open_session(user_id=person.pk, address="203.0.113.7")
    assert sign_in(client, "helper@example.com") == 302, "seen there before"


def seeded(person: User) -> bytes:
    """The secret of an authenticator that the person has set up."""
    import base64

    secret = base64.b32decode(begin_totp(user_id=person.pk).secret)
    confirm_totp(user_id=person.pk, code=f"{totp(secret, drift=-1):06d}", place=Place())
    return secret


def test_whoever_has_an_authenticator_shows_its_code(client: Client) -> None:
    secret = seeded(staff_member("helper", "support"))
    assert sign_in(client, "helper@example.com") == 200
    assert sign_in(client, "helper@example.com", code="000000x") == 200
    assert sign_in(client, "helper@example.com", code=f"{totp(secret):06d}") == 302
    client.logout()
    assert sign_in(client, "helper@example.com", code=f"{totp(secret):06d}") == 200, "a code works once"


def with_passkey(person: User) -> SecurityKey:
    """A passkey of theirs, made without the page."""
    key, party = SecurityKey(), passkeys.party_of("testserver")
    begun = passkeys.begin_adding(user_id=person.pk, party=party)
    me = TokenIdentity(user_id=person.pk, account_id=None, session_id=str(uuid.uuid4()), is_staff=True)
    passkeys.add(
        identity=me,
        party=party,
        ceremony=begun.ceremony,
        credential=key.make(begun.options),
        name="k",
        place=Place(None),
    )
    return key


def test_a_passkey_is_as_good_as_a_code(client: Client, settings: Any) -> None:
    """Once, with the password, by whoever it belongs to."""
    settings.ADMIN_SECOND_FACTOR = True
    key = with_passkey(staff_member("helper", "support"))
    with_passkey(staff_member("other", "support"))

    def shown() -> dict[str, str]:
        begun = client.post("/api/v1/auth/passkey/options", {}, "application/json").json()
        return {"ceremony": begun["ceremony"], "credential": json.dumps(key.use(begun["options"]))}

    assert sign_in(client, "helper@example.com") == 200
    answer = shown()
    assert sign_in(client, "helper@example.com", **answer) == 302
    assert client.get("/admin/").status_code == 200
    client.logout()
    assert sign_in(client, "helper@example.com", **answer) == 200, "one ceremony, one sign-in"
    assert sign_in(client, "other@example.com", **shown()) == 200, "another's passkey"
    assert sign_in(client, "helper@example.com", **{**shown(), "credential": "[]"}) == 200
    assert sign_in(client, "helper@example.com", **{**shown(), "credential": "{"}) == 200
    assert sign_in(client, "helper@example.com", **shown()) == 302


def test_in_production_nobody_comes_in_without_a_second_factor(client: Client, settings: Any) -> None:
    person = staff_member("helper", "support")
    client.force_login(person)
    assert client.get("/admin/").status_code == 200
    settings.ADMIN_SECOND_FACTOR = True
    assert client.get("/admin/").status_code == 302, "a session that never showed one ends at the door"
    assert sign_in(client, "helper@example.com") == 200
    secret = seeded(person)
    assert sign_in(client, "helper@example.com", code=f"{totp(secret):06d}") == 302
    assert client.get("/admin/").status_code == 200


def test_what_is_changed_is_recorded_with_before_and_after(client: Client, boss: User, alice: User) -> None:
    group = str(User.objects.get(pk=boss.pk).groups.model.objects.get(name="trader").pk)
    body = {"groups": [group]}
    answer = client.post(f"/admin/users/user/{alice.pk}/change/", body)
    assert answer.status_code == 302, answer.content
    row = newest("user.roles_changed")
    assert (row.subject, row.actor.id) == (f"users.user:{alice.pk}", str(boss.pk))
    assert json.loads(row.before) == {"roles": []}
    assert json.loads(row.after) == {"roles": ["trader"]}


def test_what_is_added_is_recorded_without_secrets(client: Client, boss: User) -> None:
    body = {"email": "dora@example.com", "password1": "nine-Swans-sing", "password2": "nine-Swans-sing"}
    assert client.post("/admin/users/user/add/", {**body, "usable_password": "true"}).status_code == 302
    told = json.loads(newest("admin.added").after)
    assert (told["email"], told["password"]) == ("dora@example.com", "***")


def test_actions_are_recorded_with_their_rows_and_reason(client: Client, boss: User, alice: User) -> None:
    body = {"action": "disable", "_selected_action": [alice.pk], "reason": "asked for it"}
    client.post("/admin/users/user/", body)
    row = newest("admin.action")
    assert (row.subject, row.reason) == ("users.user", "asked for it")
    assert json.loads(row.after) == {"action": "disable", "rows": [str(alice.pk)], "count": 1, "all": False}


def test_who_looked_at_whom_is_recorded_and_public_rows_are_not(client: Client, boss: User, alice: User) -> None:
    client.get(f"/admin/users/user/{alice.pk}/change/")
    assert newest("admin.read").subject == f"users.user:{alice.pk}"
    client.get("/admin/users/user/", {"q": "alice"})
    assert json.loads(newest("admin.read").after)["query"] == {"q": "alice"}
    seen = len(list_records(action="admin.read"))
    client.get("/admin/")
    client.get("/admin/instruments/instrument/")
    assert len(list_records(action="admin.read")) == seen


def test_what_was_refused_is_recorded(client: Client, alice: User) -> None:
    person = staff_member("clerk", "operator")
    client.force_login(person)
    assert client.get(f"/admin/users/user/{alice.pk}/change/").status_code == 403
    assert (newest("admin.denied").actor.id, newest("admin.denied").subject) == (
        str(person.pk), f"users.user:{alice.pk}",
    )  # fmt: skip


def test_a_page_that_records_nothing_itself_is_recorded(client: Client, boss: User) -> None:
    row = ApprovalRequest.objects.create(
        kind="unknown.kind", payload="{}", reason="x", requested_by="0", expires_at="2100-01-01T00:00Z", state="expired"
    )
    client.post(f"/admin/approvals/approvalrequest/{row.pk}/change/", {"decision": "reject"})
    told = newest("admin.posted")
    assert (told.subject, json.loads(told.after)["fields"]) == (f"approvals.approvalrequest:{row.pk}", ["decision"])


@pytest.mark.parametrize("role", ["support", "compliance"])
def test_nobody_raises_themselves_or_touches_colleagues(client: Client, alice: User, role: str) -> None:
    helper, colleague = staff_member("helper", role), staff_member("boss", "admin")
    client.force_login(helper)
    everything = {"email": "x@example.com", "is_staff": "on", "is_superuser": "on", "groups": ["1", "2"]}
    for person in (helper, colleague):
        assert client.post(f"/admin/users/user/{person.pk}/change/", everything).status_code == 403
    client.post(f"/admin/users/user/{alice.pk}/change/", everything)
    alice.refresh_from_db()
    assert (alice.is_staff, alice.is_superuser, alice.groups.count()) == (False, False, 0)
    assert client.get(f"/admin/users/user/{alice.pk}/password/").status_code == 403
    client.post("/admin/users/user/", {"action": "disable", "_selected_action": [colleague.pk, helper.pk]})
    assert User.objects.filter(is_active=False).count() == 0


@pytest.mark.parametrize("role", ["support", "compliance", "risk", "auditor"])
def test_who_may_not_set_a_password_sees_nothing_of_its_hash(client: Client, alice: User, role: str) -> None:
    client.force_login(staff_member("helper", role))
    page = client.get(f"/admin/users/user/{alice.pk}/change/").content.decode()
    assert "alice@example.com" in page
    assert "argon2" not in page


@pytest.mark.parametrize("role", ["support", "compliance", "admin"])
def test_staff_point_nobodys_account_at_another_mailbox(client: Client, alice: User, role: str) -> None:
    """A mail for a new password goes to the address: who could change it alone could take any account."""
    client.force_login(staff_member("helper", role))
    client.post(f"/admin/users/user/{alice.pk}/change/", {"email": "helper@elsewhere.example", "groups": []})
    alice.refresh_from_db()
    assert alice.email == "alice@example.com"


def test_a_staff_role_is_given_by_two(client: Client, boss: User, alice: User) -> None:
    """Who could give one alone would make the second pair of eyes for whatever they ask for."""

    def roles() -> list[str]:
        return sorted(User.objects.get(pk=alice.pk).groups.values_list("name", flat=True))

    path = f"/admin/users/user/{alice.pk}/change/"
    ids = {group.name: str(group.pk) for group in Group.objects.all()}
    client.post(path, {"groups": [ids["risk"]]})
    assert (roles(), ApprovalRequest.objects.count()) == ([], 0), "not without a reason"
    client.post(path, {"groups": [ids["risk"]], "role_reason": "hired"})
    asked = ApprovalRequest.objects.get()
    page = f"/admin/approvals/approvalrequest/{asked.pk}/change/"
    client.post(page, {"decision": "approve", "reason": "why not"})
    assert (roles(), ApprovalRequest.objects.get().state) == ([], "pending"), "nor by who asks"
    other = Client()
    other.force_login(staff_member("other", "admin"))
    assert "alice@example.com" in other.get(page).content.decode()
    other.post(page, {"decision": "approve", "reason": "I know her"})
    assert roles() == ["risk"]
    assert User.objects.get(pk=alice.pk).is_staff
    client.post(path, {"groups": [ids["trader"]]})
    assert roles() == ["trader"], "less is one person's doing, at once"
    assert not User.objects.get(pk=alice.pk).is_staff


def test_a_role_asked_for_before_another_change_is_not_given(client: Client, boss: User, alice: User) -> None:
    group = Group.objects.get(name="finance")
    client.post(f"/admin/users/user/{alice.pk}/change/", {"groups": [group.pk], "role_reason": "hired"})
    set_roles(user_id=alice.pk, roles=["trader"], actor=SYSTEM, reason="a customer")
    other = Client()
    other.force_login(staff_member("other", "admin"))
    asked = ApprovalRequest.objects.get()
    other.post(f"/admin/approvals/approvalrequest/{asked.pk}/change/", {"decision": "approve", "reason": "fine"})
    assert ApprovalRequest.objects.get().state == "failed"
    assert list(alice.groups.values_list("name", flat=True)) == ["trader"]


def test_a_lost_second_factor_is_removed_by_two(client: Client, alice: User) -> None:
    """Support asks, compliance allows; what was changed meanwhile is not undone."""
    client.force_login(staff_member("helper", "support"))
    other = Client()
    other.force_login(staff_member("second", "compliance"))
    form = {"action": "drop_factors", "_selected_action": [alice.pk], "reason": "seen with her passport"}

    def allow() -> str:
        asked = ApprovalRequest.objects.latest("id")
        page = f"/admin/approvals/approvalrequest/{asked.pk}/change/"
        assert "alice@example.com" in other.get(page).content.decode()
        other.post(page, {"decision": "approve", "reason": "I called her"})
        return ApprovalRequest.objects.latest("id").state

    client.post("/admin/users/user/", form)
    assert ApprovalRequest.objects.count() == 0, "there is nothing to remove"
    seeded(alice)
    with_passkey(alice)
    session = open_session(user_id=alice.pk)
    client.post("/admin/users/user/", form)
    assert methods_of(alice.pk)
    renew_backup_codes(user_id=alice.pk, place=Place())
    assert (allow(), bool(methods_of(alice.pk))) == ("failed", True)
    client.post("/admin/users/user/", form)
    assert (allow(), methods_of(alice.pk)) == ("executed", ())
    assert authenticate_token(session.access) is None
    assert withdrawal_hold_until(alice.pk) is not None
    assert newest("auth.factors_dropped").subject == f"users.user:{alice.pk}"


def test_nobody_sets_the_password_of_a_colleague(client: Client, boss: User, alice: User) -> None:
    """Who could would approve as them; a customer's an administrator may."""
    helper = staff_member("helper", "risk")
    body = {
        "password1": "nine-Swans-sing",
        "password2": "nine-Swans-sing",
        "usable_password": "true",
        "set-password": "1",
    }
    assert client.post(f"/admin/users/user/{helper.pk}/password/", body).status_code == 403
    helper.refresh_from_db()
    assert helper.check_password(PASSWORD)
    assert client.get(f"/admin/users/user/{alice.pk}/password/").status_code == 200


def test_not_even_an_administrator_makes_a_superuser(client: Client, boss: User, alice: User) -> None:
    body = {"email": "alice@example.com", "is_staff": "on", "is_superuser": "on"}
    client.post(f"/admin/users/user/{alice.pk}/change/", body)
    alice.refresh_from_db()
    assert (alice.is_staff, alice.is_superuser) == (False, False)
    client.post(f"/admin/users/user/{boss.pk}/change/", body)
    assert not User.objects.get(pk=boss.pk).is_superuser


def test_a_page_that_wants_reasons_opens_for_who_may_only_look(client: Client) -> None:
    client.force_login(staff_member("looker", "auditor"))
    row = TradingAccount.objects.create(user=User.objects.create_user("alice@example.com", PASSWORD))
    page = client.get(f"/admin/accounts/tradingaccount/{row.pk}/change/")
    assert page.status_code == 200
    assert "audit_reason" not in page.content.decode()
    assert client.post(f"/admin/accounts/tradingaccount/{row.pk}/change/", {"state": 2}).status_code == 403
