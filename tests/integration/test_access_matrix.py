"""S2: every operation of the OpenAPI document for every kind of caller; nobody reaches another's objects.

The table is tests/vectors/access.txt: an operation that is not in it fails, and so does a cell that answers otherwise.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from django.urls import URLPattern, URLResolver, get_resolver

from apps.gateway.routes import all_routes
from tests.support.access import ADMITTED, ENDING, HOOK, PASSWORD, STAFF, House, Operation, outcome, table
from tests.support.lane_family import LaneFamily

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "openapi.yaml"
METHODS = {"get", "post", "put", "patch", "delete"}
# Addresses with no operation in the document, and why that is fine.
PLAIN = {"/api/v1/schema", "/api/v1/docs", "/health/live", "/health/ready"}  # the document itself; signs of life


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    lane = LaneFamily(tmp_path_factory.mktemp("access"))
    lane.environ["EXCHANGE_THROTTLE_TIMES"] = "100"
    with lane:
        made = House(lane)
        yield made
        made.link.close()


def bare(path: str) -> str:
    return re.sub(r"\{[^}]*\}|<[^>]*>", "{}", path)


@functools.cache
def documented() -> dict[str, list[dict[str, list[str]]]]:
    paths = yaml.load(DOCUMENT.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))[
        "paths"
    ]
    return {
        f"{method.upper()} {path}": operation.get("security") or []
        for path, item in paths.items()
        for method, operation in item.items()
        if method in METHODS
    }


def test_the_table_has_every_operation_of_the_document_and_no_other() -> None:
    listed = {one.name for one in table()}
    assert sorted(set(documented()) - listed) == [], "give each a line in tests/vectors/access.txt"
    assert sorted(listed - set(documented())) == []


def test_every_address_that_is_served_is_in_the_table() -> None:
    """Both lanes' own tables of addresses, so that a route without documentation is found too."""
    listed = {bare(one.path) for one in table()} | PLAIN
    assert {path for _, path in all_routes()} - listed == set()

    def walk(patterns: list[URLPattern | URLResolver], before: str) -> Iterator[str]:
        for one in patterns:
            address = before + str(one.pattern)
            if isinstance(one, URLResolver):
                yield from walk(one.url_patterns, address)
            elif address.startswith("/api/"):
                yield bare(address)

    assert set(walk(get_resolver().url_patterns, "/")) - listed == set()


def test_the_document_says_the_same_of_every_door() -> None:
    schemes = {"open": set(), "hook": set(), "person": {"bearer"}, "both": {"bearer"}, "signed": {"apiKey"}}
    said = documented()
    wrong = [
        one.name
        for one in table()
        if not {name for entry in said[one.name] for name in entry} >= schemes.get(one.kind, {"apiKey"})
        or (one.kind in {"open", "hook"} and said[one.name])
    ]
    assert wrong == []


@pytest.mark.stores
def test_every_cell(house: House) -> None:
    operations = [one for one in table() if one.name not in ENDING]
    callers = house.callers
    wrong = []
    for caller in callers:
        for one in operations:
            status, answer = house.call(one, caller)
            found, expected = outcome(status, answer), caller.expected(one)
            is_right = found in {"admitted", "refused"} if expected == HOOK else found == expected
            if not is_right:
                wrong.append(f"{caller.name}: {one.name}: {found}, not {expected}: {answer}")
    assert wrong == []


@pytest.mark.stores
def test_doors_that_end_the_session(house: House) -> None:
    operations = {one.name: one for one in table()}
    strangers = [caller for caller in house.callers if caller.kind not in {"staff", "user"}]
    for name in ENDING:
        for caller in strangers:
            assert outcome(*house.call(operations[name], caller)) == "refused", (name, caller.name)
        for person in ("dora", *STAFF):
            headers = house.log_in(f"{'leaving-' * name.endswith('/close')}{person}@example.com")
            status, answer = house.ask(
                "POST" if name.startswith("POST") else "DELETE", operations[name].path, headers, {}
            )
            assert outcome(status, answer) == ADMITTED, (name, person, status, answer)


@pytest.mark.stores
def test_nobody_reaches_the_objects_of_another(house: House) -> None:
    """Alice's account, key, session, order and application: 404 for bob, whatever the method; hers are still there."""
    lane = house.lane
    alice = house.log_in(lane.accounts[0]["email"], lane.accounts[0]["password"])
    bob = house.log_in(lane.accounts[1]["email"], lane.accounts[1]["password"])
    me = house.ask("GET", "/api/v1/me", alice)[1]
    status, order = lane.order()
    assert status == 200, order
    house.link.request("GET", "/api/v1/me/sessions", headers=alice)
    session = json.loads(house.link.getresponse().read())[0]
    made = house.ask("POST", "/api/v1/kyc/applications", alice, {"level": 1})[1]
    known = {
        "account_id": str(me["account_id"]),
        "key": lane.accounts[0]["api_key"],
        "session_id": str(session["id"]),
        "order_id": str(order["orderId"]),
        **({"application_id": str(made["id"])} if "id" in made else {}),
    }
    wrong = []
    for one in table():
        named = re.findall(r"\{(\w+)\}", one.path)
        if one.kind not in {"person", "both"} or not set(named) & set(known):
            continue
        has_no_body = one.method == "GET" or (one.method == "DELETE" and "order_id" in named)
        body = None if has_no_body else _whole_body(one, {**known, "symbol": lane.symbol})
        address = one.address(**known) + (f"?symbol={lane.symbol}" if "order_id" in named and body is None else "")
        status, answer = house.ask(one.method, address, bob, body)
        if status != 404:
            wrong.append(f"{one.name}: {status} {answer}")
    assert wrong == []
    assert house.ask("GET", f"/api/v1/accounts/{known['account_id']}", alice)[0] == 200
    assert house.ask("GET", f"/api/v1/orders/{known['order_id']}?symbol={lane.symbol}", alice)[0] == 200
    assert house.ask("GET", "/api/v1/me", alice)[0] == 200, "her session lives"
    assert lane.signed("GET", "/fapi/v1/order", 1, symbol=lane.symbol, orderId=order["orderId"])[0] == 400
    assert lane.signed("DELETE", "/fapi/v1/order", 1, symbol=lane.symbol, orderId=order["orderId"])[0] == 400
    assert lane.signed("GET", "/fapi/v1/openOrders", 1, symbol=lane.symbol)[1] == []
    assert lane.signed("GET", "/fapi/v1/order", 0, symbol=lane.symbol, orderId=order["orderId"])[1]["status"] == "NEW"


def _whole_body(one: Operation, known: dict[str, str]) -> dict[str, object]:
    """A body that would be taken, were the object the caller's own."""
    if one.path.endswith("/transfers"):
        return {"to_account_id": int(known["account_id"]), "asset": "USDT", "amount": "1", "reference": "theft"}
    if "{order_id}" in one.path:
        return {"symbol": known["symbol"], "quantity": "1.000", "price": "99.00"}
    return {"label": "mine now"} if "{key}" in one.path else {}


@pytest.mark.stores
def test_fields_that_are_not_the_callers_to_set_are_ignored(house: House) -> None:
    lane = house.lane
    more = {"is_staff": True, "is_superuser": True, "roles": ["admin"], "account_id": 1, "user_id": 1, "level": 3}
    body = {"email": "mallory@example.com", "password": PASSWORD, **more}
    status, _ = house.ask("POST", "/api/v1/auth/register", {}, body)
    assert status in {202, 400}
    bob = house.log_in(lane.accounts[1]["email"], lane.accounts[1]["password"])
    mine = house.ask("GET", "/api/v1/me", bob)[1]
    made = house.ask("POST", "/api/v1/api-keys", bob, {"label": "x", "permissions": ["read"], **more})
    assert (made[0], made[1]["code"]) == (404, "UNKNOWN_ACCOUNT"), "an account may be named, one's own"
    del more["account_id"]
    made = house.ask("POST", "/api/v1/api-keys", bob, {"label": "x", "permissions": ["read"], **more})
    assert (made[0], made[1]["account_id"]) == (201, mine["account_id"])
    assert house.ask("GET", "/api/v1/me", bob)[1] == mine
    taken = {
        "symbol": lane.symbol,
        "side": "buy",
        "type": "limit",
        "quantity": "1",
        "price": "98",
        "account": 1,
        **more,
    }
    house.ask("POST", "/api/v1/orders", bob, taken)
    alice = house.log_in(lane.accounts[0]["email"], lane.accounts[0]["password"])
    assert house.ask("GET", "/api/v1/me", alice)[1]["email"] == lane.accounts[0]["email"]
