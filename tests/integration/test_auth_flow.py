"""The platform lane over HTTP: a person comes in, makes a key, looks around and leaves; strangers get nowhere."""

import pytest
from django.test import Client

from tests.support.engine_twin import EngineTwin, engine
from tests.support.people import JSON, PASSWORD, bearer, come_in

__all__ = ["engine"]
pytestmark = pytest.mark.django_db


def test_a_whole_visit(client: Client, engine: EngineTwin) -> None:
    alice = come_in(client)
    account_id = alice["user"]["account_id"]
    pair = client.post("/api/v1/auth/login", {"email": "alice@example.com", "password": PASSWORD}, JSON).json()
    me = client.get("/api/v1/me", headers=bearer(pair)).json()
    assert (me["email"], me["account_id"], me["is_staff"]) == ("alice@example.com", account_id, False)

    made = client.post("/api/v1/api-keys", {"label": "bot"}, JSON, headers=bearer(pair))
    assert made.status_code == 201
    assert made["Cache-Control"] == "no-store"
    key = made.json()["key"]
    listed = client.get("/api/v1/api-keys", headers=bearer(pair)).json()
    assert [row["key"] for row in listed] == [key]
    assert "secret" not in listed[0]
    assert client.delete(f"/api/v1/api-keys/{key}", headers=bearer(pair)).status_code == 204
    assert client.delete(f"/api/v1/api-keys/{key}", headers=bearer(pair)).status_code == 404

    accounts = client.get("/api/v1/accounts", headers=bearer(pair)).json()
    assert accounts == [{"id": account_id, "name": "main", "state": "active", "is_open": True, "is_main": True}]
    assert client.get(f"/api/v1/accounts/{account_id}/ledger", headers=bearer(pair)).json() == []

    turned = client.post("/api/v1/auth/refresh", {"refresh": pair["refresh"]}, JSON).json()
    assert client.post("/api/v1/auth/logout", headers=bearer(turned)).status_code == 204
    for token in (pair, turned):
        assert client.get("/api/v1/me", headers=bearer(token)).status_code == 401
    assert client.post("/api/v1/auth/refresh", {"refresh": turned["refresh"]}, JSON).status_code == 401


def test_anothers_account_and_key_do_not_exist(client: Client, engine: EngineTwin) -> None:
    alice, bob = come_in(client), come_in(client, "bob@example.com")
    key = client.post("/api/v1/api-keys", {"label": "bot"}, JSON, headers=bearer(alice)).json()["key"]
    theirs = alice["user"]["account_id"]
    for method, path in [
        ("get", f"/api/v1/accounts/{theirs}"),
        ("get", f"/api/v1/accounts/{theirs}/ledger"),
        ("delete", f"/api/v1/api-keys/{key}"),
    ]:
        answer = getattr(client, method)(path, headers=bearer(bob))
        assert answer.status_code == 404, path
        assert set(answer.json()) == {"code", "message", "details"}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", "/api/v1/me"),
        ("post", "/api/v1/auth/logout"),
        ("get", "/api/v1/api-keys"),
        ("post", "/api/v1/api-keys"),
        ("delete", f"/api/v1/api-keys/{'A' * 64}"),
        ("get", "/api/v1/accounts"),
        ("get", "/api/v1/accounts/1"),
        ("get", "/api/v1/accounts/1/ledger"),
    ],
)
@pytest.mark.parametrize("header", [None, "Bearer x", "Bearer", "Basic YTpi", "Bearer é"])
def test_strangers_get_nowhere(client: Client, method: str, path: str, header: str | None) -> None:
    headers = {} if header is None else {"authorization": header}
    answer = getattr(client, method)(path, headers=headers)
    assert answer.status_code == 401
    assert answer.json()["code"] == "NOT_AUTHENTICATED"
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_fields_nobody_asked_for_are_ignored(client: Client, engine: EngineTwin) -> None:
    body = {"email": "eve@example.com", "password": PASSWORD, "is_staff": True, "account_id": 1, "id": 1}
    assert client.post("/api/v1/auth/register", body, JSON).status_code == 202
    pair = client.post("/api/v1/auth/login", body, JSON).json()
    assert client.get("/api/v1/me", headers=bearer(pair)).json()["is_staff"] is False


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("{", "MALFORMED_REQUEST"),
        ("[]", "MALFORMED_REQUEST"),
        ('{"email":"a","email":"b"}', "MALFORMED_REQUEST"),
        ('{"email":NaN}', "MALFORMED_REQUEST"),
        ("{}", "INVALID_REQUEST"),
        ('{"email":1e400,"password":{}}', "INVALID_REQUEST"),
        ('{"email":{},"password":[]}', "INVALID_REQUEST"),
        ('{"email":"alice@example.com","password":"\\u0000"}', "INVALID_REQUEST"),
    ],
)
@pytest.mark.parametrize("path", ["register", "login"])
def test_garbage_has_its_own_answer(client: Client, path: str, body: str, code: str) -> None:
    answer = client.post(f"/api/v1/auth/{path}", body, JSON)
    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_wrong_addresses_methods_and_types(client: Client) -> None:
    seen = [
        (client.get("/api/v1/nowhere"), 404, "NOT_FOUND"),
        (client.get("/api/v1/accounts/0"), 404, "NOT_FOUND"),
        (client.get("/api/v1/accounts/99999999999"), 404, "NOT_FOUND"),
        (client.get("/api/v1/auth/login"), 405, "METHOD_NOT_ALLOWED"),
        (client.post("/api/v1/auth/login", "x", "text/plain"), 415, "UNSUPPORTED_MEDIA_TYPE"),
        (client.get("/api/v1/instruments/NOPE"), 404, "NOT_FOUND"),
    ]
    for answer, status, code in seen:
        assert (answer.status_code, answer.json()["code"]) == (status, code)
        assert set(answer.json()) == {"code", "message", "details"}


def test_a_weak_password_and_wrong_credentials(client: Client, engine: EngineTwin) -> None:
    come_in(client)
    seen = [
        ("register", {"email": "bob@example.com", "password": "1234567890"}, 400, "WEAK_PASSWORD"),
        ("login", {"email": "alice@example.com", "password": "wrong"}, 401, "INVALID_CREDENTIALS"),
        ("refresh", {"refresh": "x"}, 401, "INVALID_TOKEN"),
    ]
    for path, body, status, code in seen:
        answer = client.post(f"/api/v1/auth/{path}", body, JSON)
        assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_too_many_logins_are_told_when_to_come_back(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from rest_framework.throttling import ScopedRateThrottle

    monkeypatch.setitem(ScopedRateThrottle.THROTTLE_RATES, "login", "2/min")
    body = {"email": "alice@example.com", "password": "wrong"}
    answers = [client.post("/api/v1/auth/login", body, JSON) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [401, 401, 429]
    assert answers[2].json()["code"] == "TOO_MANY_REQUESTS"
    assert 0 < int(answers[2]["Retry-After"]) <= 61


@pytest.mark.parametrize("query", ["limit=0", "limit=1001", "limit=x", "offset=-1", "start_ms=1e5", "end_ms=٣"])
def test_odd_ledger_queries_are_refused(client: Client, engine: EngineTwin, query: str) -> None:
    alice = come_in(client)
    answer = client.get(f"/api/v1/accounts/{alice['user']['account_id']}/ledger?{query}", headers=bearer(alice))
    assert (answer.status_code, answer.json()["code"]) == (400, "INVALID_REQUEST")


def test_an_unforeseen_error_shows_no_trace(
    client: Client, engine: EngineTwin, monkeypatch: pytest.MonkeyPatch
) -> None:
    def explode(*args: object) -> None:
        raise RuntimeError("secret inner workings")

    alice = come_in(client)
    monkeypatch.setattr("apps.users.api.get_user", explode)
    answer = client.get("/api/v1/me", headers=bearer(alice))
    assert (answer.status_code, answer.json()["code"]) == (500, "INTERNAL_ERROR")
    assert b"inner workings" not in answer.content
