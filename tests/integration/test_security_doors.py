"""A person's own security over HTTP: second factors, passkeys, step-up, sessions, freezing, closing; and hostile tokens."""

from __future__ import annotations

import base64
import json
import time
from datetime import timedelta
from typing import Any

import jwt
import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from apps.accounts.services import credit_account
from apps.assets.services import define_asset
from apps.users.models import Passkey, Session
from apps.users.selectors import withdrawal_hold_until
from matcher.protocol.commands import DefineAsset
from matcher.protocol.enums import AccountState
from tests.support.authenticators import PRESENT, SecurityKey, totp_code
from tests.support.engine_twin import EngineTwin, engine
from tests.support.mailbox import last_link, letters_to
from tests.support.people import JSON, PASSWORD, bearer, come_in

__all__ = ["engine"]
pytestmark = pytest.mark.django_db
LATER = timedelta(minutes=6)


class Me:
    """A signed-in person: requests with their token, after which what waits for the commit is done."""

    def __init__(
        self, client: Client, capture: DjangoCaptureOnCommitCallbacks, email: str = "alice@example.com"
    ) -> None:
        self.client, self.capture, self.email = client, capture, email
        self.pair = come_in(client, email)

    def call(self, method: str, path: str, body: dict[str, Any] | None = None, **pair: str) -> tuple[int, Any]:
        with self.capture(execute=True):
            send = getattr(self.client, method)
            arguments = () if body is None else (body, JSON)
            answer = send(f"/api/v1/{path}", *arguments, headers=bearer(pair or self.pair))
        return answer.status_code, answer.json() if answer.content else None

    def grow_stale(self) -> None:
        Session.objects.update(stepped_up_at=timezone.now() - LATER)

    def add_totp(self) -> tuple[str, list[str]]:
        secret = self.call("post", "me/totp")[1]["secret"]
        status, answer = self.call("post", "me/totp/confirm", {"code": totp_code(secret)})
        assert status == 200
        return secret, answer["backup_codes"]

    def add_passkey(self, key: SecurityKey, name: str = "my key") -> tuple[int, Any]:
        ceremony = self.call("post", "me/passkeys/options")[1]
        body = {"ceremony": ceremony["ceremony"], "credential": key.make(ceremony["options"]), "name": name}
        return self.call("post", "me/passkeys", body)

    def password(self) -> tuple[int, Any]:
        return self.call("post", "auth/login", {"email": self.email, "password": PASSWORD})


@pytest.fixture
def me(client: Client, engine: EngineTwin, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks) -> Me:
    return Me(client, django_capture_on_commit_callbacks)


def test_no_answer_of_the_api_is_kept(me: Me) -> None:
    """By no browser and no cache in between: of nobody, of somebody, refused or not."""
    for path in ("me", "accounts", "api-keys", "me/sessions", "me/security", "nothing"):
        for headers in (bearer(me.pair), {}):
            assert me.client.get(f"/api/v1/{path}", headers=headers)["Cache-Control"] == "no-store"


def test_registering_answers_the_same_whoever_has_the_address(me: Me) -> None:
    answers = [
        me.client.post("/api/v1/auth/register", {"email": email, "password": PASSWORD}, JSON)
        for email in (me.email, "new@example.com", "ALICE@example.com")
    ]
    assert {(answer.status_code, answer.content) for answer in answers} == {(202, b'{"status":"check_mail"}')}
    for path in ("auth/verify-email/resend", "auth/password/ask-reset"):
        seen = {str(me.call("post", path, {"email": email})) for email in (me.email, "nobody@example.com", "nonsense")}
        assert seen == {"(202, {'status': 'check_mail'})"}


def test_verify_and_reset_over_http_open_an_account(me: Me, settings: Any, engine: EngineTwin, client: Client) -> None:
    settings.EXCHANGE_REQUIRE_VERIFIED_EMAIL = True
    bob = {"email": "bob@example.com", "password": PASSWORD}
    sent = len(engine.sent)
    assert me.call("post", "auth/register", bob)[0] == 202
    assert me.call("post", "auth/login", bob)[0] == 401
    assert len(engine.sent) == sent, "no engine account before the address is confirmed"
    token = last_link("bob@example.com", "verify")
    assert me.call("post", "auth/verify-email", {"token": token})[0] == 204
    assert me.call("post", "auth/verify-email", {"token": token})[0] == 400
    status, pair = me.call("post", "auth/login", bob)
    assert status == 200
    assert me.call("get", "me", **pair)[1]["account_id"]


def test_the_second_factor_over_http(me: Me) -> None:
    _, codes = me.add_totp()
    assert me.call("get", "me/security")[1]["backup_codes_left"] == 10
    status, challenge = me.password()
    assert (status, challenge["methods"]) == (202, ["totp", "backup_code"])
    assert "access" not in challenge
    answer = {"challenge": challenge["challenge"], "method": "backup_code", "code": codes[0]}
    status, pair = me.call("post", "auth/login/second-factor", answer)
    assert status == 200
    assert me.call("get", "me", **pair)[0] == 200
    assert me.call("post", "auth/login/second-factor", answer)[0] == 401
    assert withdrawal_hold_until(me.pair["user"]["id"]) is not None


def test_what_changes_security_asks_for_a_fresh_proof(me: Me) -> None:
    me.grow_stale()
    guarded = [
        ("post", "me/totp", None),
        ("post", "me/totp/confirm", {"code": "123456"}),
        ("delete", "me/totp", None),
        ("post", "me/backup-codes", None),
        ("post", "me/passkeys/options", None),
        ("post", "me/passkeys", {"ceremony": "x", "credential": {}, "name": "x"}),
        ("delete", "me/passkeys/1", None),
        ("post", "me/password", {"current_password": PASSWORD, "new_password": "eight-Geese-fly"}),
        ("post", "me/email", {"email": "new@example.com"}),
        ("post", "me/close", None),
        ("post", "api-keys", {"label": "bot"}),
    ]
    for method, path, body in guarded:
        status, refusal = me.call(method, path, body)
        assert (status, refusal["code"], refusal["details"]) == (403, "STEP_UP_REQUIRED", {"methods": ["password"]}), (
            path
        )
    assert me.call("post", "auth/step-up", {"method": "password", "password": "wrong"})[0] == 401
    assert me.call("post", "auth/step-up", {"method": "password", "password": PASSWORD})[0] == 204
    assert me.call("post", "api-keys", {"label": "bot"})[0] == 201


def test_with_a_second_factor_the_password_is_no_fresh_proof(me: Me) -> None:
    secret, codes = me.add_totp()
    me.grow_stale()
    status, refusal = me.call("post", "auth/step-up", {"method": "password", "password": PASSWORD})
    assert (status, refusal["details"]["methods"]) == (403, ["totp", "backup_code"])
    assert me.call("post", "auth/step-up", {"method": "totp", "code": totp_code(secret, steps=1)})[0] == 204
    assert me.call("post", "me/backup-codes")[0] == 201
    assert me.call("post", "auth/step-up", {"method": "backup_code", "code": codes[0]})[0] == 401
    with time_machine.travel(timezone.now() + LATER):
        fresh = me.call("post", "auth/login/second-factor", {
            "challenge": me.password()[1]["challenge"], "method": "totp", "code": totp_code(secret)})  # fmt: skip
        assert fresh[0] == 200


def test_guessing_at_the_step_up_is_stopped(me: Me) -> None:
    statuses = [me.call("post", "auth/step-up", {"method": "password", "password": "x"})[0] for _ in range(12)]
    assert statuses[:10] == [401] * 10
    assert statuses[10:] == [429] * 2


class TestPasskeys:
    def test_as_second_factor_as_login_and_as_step_up(self, me: Me) -> None:
        key = SecurityKey()
        status, added = me.add_passkey(key, " my\u3000key ")
        assert (status, added["passkey"]["name"], len(added["backup_codes"])) == (201, "my key", 10)

        status, challenge = me.password()
        assert (status, challenge["methods"]) == (202, ["passkey", "backup_code"])
        ceremony = me.call("post", "auth/passkey/options", {"challenge": challenge["challenge"]})[1]
        assert [one["id"] for one in ceremony["options"]["allowCredentials"]] == [key.make(_made())["id"]]
        body = {"ceremony": ceremony["ceremony"], "credential": key.use(ceremony["options"])}
        status, pair = me.call("post", "auth/passkey/login", body)
        assert status == 200
        assert Session.objects.get(id=pair["session_id"]).methods == ["password", "passkey"]
        assert me.call("post", "auth/passkey/login", body)[0] == 401, "one ceremony, one sign-in"

        ceremony = me.call("post", "auth/passkey/options", {})[1]
        assert ceremony["options"]["userVerification"] == "required"
        assert not ceremony["options"].get("allowCredentials"), "nobody learns here who has what"
        body = {"ceremony": ceremony["ceremony"], "credential": key.use(ceremony["options"])}
        assert me.call("post", "auth/passkey/login", body)[0] == 200

        me.grow_stale()
        ceremony = me.call("post", "auth/step-up/passkey-options")[1]
        body = {"ceremony": ceremony["ceremony"], "credential": key.use(ceremony["options"])}
        assert me.call("post", "auth/step-up", {"method": "passkey", **body})[0] == 204
        passkey_id = added["passkey"]["id"]
        assert me.call("patch", f"me/passkeys/{passkey_id}", {"name": "other"})[1]["name"] == "other"
        assert me.call("patch", f"me/passkeys/{passkey_id}", {"name": "a\u202eb"})[0] == 400
        assert me.call("delete", f"me/passkeys/{passkey_id}")[0] == 204
        assert me.call("get", "me/passkeys")[1] == []
        assert me.password()[0] == 200

    def test_what_is_not_quite_right_is_refused(self, me: Me) -> None:
        key = SecurityKey()
        me.add_passkey(key)

        def enter(spoil: Any = None, flags: int | None = None, origin: str = "") -> int:
            ceremony = me.call("post", "auth/passkey/options", {})[1]
            key.flags, kept_flags = flags if flags is not None else key.flags, key.flags
            key.origin, kept_origin = origin or key.origin, key.origin
            credential = key.use(ceremony["options"])
            key.flags, key.origin = kept_flags, kept_origin
            if spoil:
                spoil(credential)
            return me.call("post", "auth/passkey/login", {"ceremony": ceremony["ceremony"], "credential": credential})[
                0
            ]

        assert enter(flags=PRESENT) == 400, "alone it wants the person verified"
        assert enter(origin="https://evil.example") == 400
        assert enter(lambda one: one["response"].update(signature="AAAA")) == 400
        assert enter(lambda one: one.update(id="AAAA")) == 400
        assert enter(lambda one: one.update(id={"deep": []})) == 400
        assert enter(dict.clear) == 400
        assert enter() == 200
        key.count = 0
        assert enter() == 400, "a counter that went back means a copy"

    def test_a_ceremony_is_its_owners_and_its_deeds_alone(
        self, me: Me, client: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
    ) -> None:
        key = SecurityKey()
        me.add_passkey(key)
        bob = Me(client, django_capture_on_commit_callbacks, "bob@example.com")
        theirs = me.call("post", "me/passkeys/options")[1]
        body = {"ceremony": theirs["ceremony"], "credential": SecurityKey().make(theirs["options"]), "name": "x"}
        assert bob.call("post", "me/passkeys", body)[0] == 400
        step = me.call("post", "auth/step-up/passkey-options")[1]
        body = {"ceremony": step["ceremony"], "credential": key.use(step["options"])}
        assert me.call("post", "auth/passkey/login", body)[0] == 400, "a step-up opens no session"
        assert bob.call("delete", f"me/passkeys/{Passkey.objects.get().pk}")[0] == 404
        assert bob.call("delete", f"me/passkeys/{2**80}")[0] == 404
        assert me.call("post", "me/passkeys/options")[1]["options"]["excludeCredentials"]

    def test_under_a_number_there_are_no_passkeys(self, me: Me) -> None:
        for host in ("127.0.0.1:8000", "evil.example"):
            answer = me.client.post("/api/v1/auth/passkey/options", {}, JSON, headers={"host": host})
            assert answer.status_code in {400, 409}


def _made() -> dict[str, Any]:
    return {"rp": {"id": "testserver"}, "challenge": "AAAA"}


def test_sessions_are_listed_and_ended(me: Me) -> None:
    phone = me.client.post(
        "/api/v1/auth/login", {"email": me.email, "password": PASSWORD}, JSON,
        headers={"user-agent": "Mozilla/5.0 (iPhone) Safari/604.1"},
    ).json()  # fmt: skip
    rows = me.call("get", "me/sessions")[1]
    assert [(row["device"], row["current"]) for row in rows] == [
        ("Safari on iPhone", False),
        ("an unknown program", True),
    ]
    assert me.call("delete", f"me/sessions/{phone['session_id']}")[0] == 204
    assert me.call("get", "me", **phone)[0] == 401
    assert me.call("delete", f"me/sessions/{phone['session_id']}")[0] == 404
    me.password()
    me.password()
    assert me.call("delete", "me/sessions")[1] == {"ended": 2}
    assert len(me.call("get", "me/sessions")[1]) == 1


def test_a_browser_keeps_its_device_text_where_scripts_cannot_read_it(me: Me) -> None:
    cookie = me.client.cookies["device"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Strict", "/api/v1/auth")


def test_freezing_stops_everything_and_reaches_the_engine(me: Me, engine: EngineTwin) -> None:
    key = me.call("post", "api-keys", {"label": "bot"})[1]["key"]
    assert me.call("post", "me/freeze")[0] == 204
    assert me.call("get", "me")[0] == 401
    from apps.users.services import authenticate_api_key

    assert authenticate_api_key(key) is None
    assert engine.sent[-1].account_state == AccountState.FROZEN.value
    status, refusal = me.password()
    assert (status, refusal["code"], refusal["details"]) == (403, "ACCOUNT_FROZEN", {"by": "user"})
    body = {"token": last_link(me.email, "unfreeze"), "password": PASSWORD}
    assert me.call("post", "auth/unfreeze", body)[0] == 204
    assert engine.sent[-1].account_state == AccountState.ACTIVE.value
    assert me.password()[0] == 200


def test_only_an_empty_account_closes(me: Me, engine: EngineTwin) -> None:
    account = me.pair["user"]["account_id"]
    define_asset(asset_id=1, code="USDT", name="Tether", decimals=8)
    engine.send(DefineAsset(asset=1))
    credit_account(account_id=account, asset_code="USDT", amount_units=1, reference="dust")
    status, refusal = me.call("post", "me/close")
    assert (status, refusal["code"], refusal["details"]) == (409, "ACCOUNT_NOT_EMPTY", {"reasons": ["money"]})
    assert engine.sent[-1].account_state == AccountState.ACTIVE.value, "what was stopped to look goes on"


def test_an_empty_account_closes_for_good(me: Me, engine: EngineTwin) -> None:
    assert me.call("post", "me/close")[0] == 204
    assert engine.sent[-1].account_state == AccountState.FROZEN.value
    assert me.call("get", "me")[0] == 401
    assert me.password()[0] == 401
    assert letters_to(me.email)[-1].subject == "Your account is closed"


def test_a_closing_without_the_engine_waits(me: Me, engine: EngineTwin) -> None:
    engine.down = True
    assert me.call("post", "me/close")[0] == 503
    engine.down = False
    assert me.call("get", "me")[0] == 200


def _forged(pair: dict[str, Any], **changes: Any) -> str:
    claims = jwt.decode(pair["access"], options={"verify_signature": False}) | changes
    return jwt.encode(claims, settings.SIMPLE_JWT["SIGNING_KEY"], "HS256")


def test_hostile_tokens_are_nobody(me: Me) -> None:
    head, body, sign = me.pair["access"].split(".")
    none = base64.urlsafe_b64encode(json.dumps({"alg": "none", "typ": "JWT"}).encode()).rstrip(b"=").decode()
    kid = base64.urlsafe_b64encode(json.dumps({"alg": "HS256", "kid": "../../dev/null"}).encode()).rstrip(b"=").decode()
    now = int(time.time())
    assert me.call("get", "me", access=_forged(me.pair))[0] == 200, (
        "the forger knows the key: the rest is refused for itself"
    )
    hostile = [
        f"{none}.{body}.", f"{none}.{body}.{sign}", f"{kid}.{body}.{sign}", f"{head}.{body}.", f"{head}..{sign}",
        f"{head}.{body}.{sign}x", "a" * 100_000, f"{head}.{'A' * 60_000}.{sign}",
        jwt.encode({"user_id": 1}, "x" * 32, "HS256"),
        jwt.encode({"user_id": 1}, settings.SIMPLE_JWT["SIGNING_KEY"], "HS512"),
        _forged(me.pair, exp=now - 60), _forged(me.pair, iat=now + 3600), _forged(me.pair, nbf=now + 3600),
        _forged(me.pair, iss="another"), _forged(me.pair, token_type="refresh"), _forged(me.pair, exp="soon"),
        _forged(me.pair, sid="00000000-0000-0000-0000-000000000000"), _forged(me.pair, sid=7),
        _forged(me.pair, user_id=me.pair["user"]["id"] + 1), _forged(me.pair, user_id="' OR 1=1"),
        _forged(me.pair, user_id=2**70), _forged(me.pair, sid=None), me.pair["refresh"],
    ]  # fmt: skip
    for token in hostile:
        assert me.call("get", "me", access=token)[0] == 401, token[:80]


def test_a_clock_a_little_ahead_is_borne(me: Me) -> None:
    assert me.call("get", "me", access=_forged(me.pair, iat=int(time.time()) + 3))[0] == 200


def test_a_session_ends_thirty_days_after_its_beginning_however_often_renewed(me: Me) -> None:
    Session.objects.update(created_at=timezone.now() - timedelta(days=29, hours=23))
    status, pair = me.call("post", "auth/refresh", {"refresh": me.pair["refresh"]})
    assert status == 200
    assert Session.objects.get(id=pair["session_id"]).expires_at < timezone.now() + timedelta(hours=2)
    Session.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert me.call("get", "me", **pair)[0] == 401
