"""Limits of accounts: rows with history become commands that the engine enforces; people see them and what is left out.

Method: services talk to the compiled engine; its refusals show what is in force.
"""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from apps.approvals.models import ApprovalRequest
from apps.audit.selectors import list_records
from apps.audit.types import Actor
from apps.common.lane import LaneError
from apps.fapi import errors
from apps.gateway.limits import Limits, LimitTerms
from apps.risk.errors import LimitsInvalid, LimitsUnchanged
from apps.risk.models import AccountLimit, AccountLimitVersion
from apps.risk.order_rates import OrderRates, get_rates
from apps.risk.selectors import count_untold, get_limits, get_order_rates, list_versions
from apps.risk.services import push_untold, set_limits
from apps.risk.types import LimitTerms as Terms
from apps.risk.types import Told
from apps.risk.widening import is_wider
from apps.users.models import User
from apps.users.roles import set_roles
from apps.users.services import open_session
from matcher.protocol.enums import Side
from matcher.protocol.rejects import RejectReason
from tests.support.projection import journal, journal_url
from tests.support.street import BTC, MARK_TICKS, Street, street

__all__ = ["journal", "journal_url", "street"]

pytestmark = pytest.mark.django_db
ANN = Actor("staff", "1")
UNIT = 10**8


def limit(street: Street, name: str, instrument: int = 0, reason: str = "test", **terms: int) -> Told:
    """Of everybody when there is no name."""
    account = street.accounts[name] if name else 0
    return set_limits(account_id=account, instrument_id=instrument, terms=Terms(**terms), actor=ANN, reason=reason)


def test_the_engine_enforces_what_the_rows_say(street: Street) -> None:
    assert limit(street, "alice", BTC, max_position_lots=100, max_open_orders=2) == Told.YES
    assert limit(street, "bob", max_position_notional_units=20_000 * UNIT) == Told.YES
    assert limit(street, "carol", max_open_orders=3) == Told.YES
    alice, bob = street.accounts["alice"], street.accounts["bob"]
    assert street.limits() == [
        (alice, BTC, 0, 100, 2),
        (bob, 0, 20_000 * UNIT, 0, 0),
        (street.accounts["carol"], 0, 0, 0, 3),
    ]
    assert street.refusal("alice", Side.BUY, 101) == RejectReason.ACCOUNT_LOTS_EXCEEDED
    for _ in range(2):
        street.place("alice", Side.BUY, 10, MARK_TICKS - 100)
    assert street.refusal("alice", Side.BUY, 10, MARK_TICKS - 100) == RejectReason.ACCOUNT_ORDERS_EXCEEDED
    assert street.refusal("bob", Side.BUY, 401) == RejectReason.ACCOUNT_NOTIONAL_EXCEEDED
    for _ in range(3):
        street.place("carol", Side.BUY, 10, MARK_TICKS - 100)
    assert street.refusal("carol", Side.BUY, 10, MARK_TICKS - 100) == RejectReason.ACCOUNT_ORDERS_EXCEEDED
    limit(street, "alice", BTC)
    street.place("alice", Side.BUY, 101, MARK_TICKS - 100)


def test_refusals_have_the_codes_clients_know() -> None:
    codes = {
        reason: (errors.refused(reason).code, errors.refused(reason).name)
        for reason in (
            RejectReason.ACCOUNT_ORDERS_EXCEEDED,
            RejectReason.ACCOUNT_LOTS_EXCEEDED,
            RejectReason.ACCOUNT_NOTIONAL_EXCEEDED,
        )
    }
    assert [code for code, _ in codes.values()] == [-2025, -2027, -2027]
    assert [name for _, name in codes.values()] == [reason.name for reason in codes]


def test_every_change_is_a_version(street: Street) -> None:
    limit(street, "alice", max_open_orders=5)
    limit(street, "alice", max_open_orders=7, orders_10s=20)
    with pytest.raises(LimitsUnchanged):
        limit(street, "alice", max_open_orders=7, orders_10s=20)
    versions = list_versions(street.accounts["alice"], 0)
    assert [(row.number, row.before.max_open_orders, row.after.max_open_orders) for row in versions] == [
        (2, 5, 7),
        (1, 0, 5),
    ]
    newest = list_records(action="risk.limits_changed")[0]
    assert (newest.subject, newest.reason) == (f"accounts.account:{street.accounts['alice']}", "test")


@pytest.mark.parametrize(
    ("instrument", "terms", "field"),
    [
        (0, {"max_position_lots": 5}, "max_position_lots"),
        (BTC, {"orders_10s": 5}, "orders_10s"),
        (BTC, {"max_open_orders": -1}, "max_open_orders"),
        (BTC, {"max_position_notional_units": 10**18 + 1}, "max_position_notional_units"),
        (99, {"max_open_orders": 1}, "instrument"),
    ],
)
def test_terms_that_cannot_stand(street: Street, instrument: int, terms: dict[str, int], field: str) -> None:
    with pytest.raises(LimitsInvalid) as refused:
        limit(street, "alice", instrument, **terms)
    assert refused.value.details["field"] == field
    with pytest.raises(LimitsInvalid, match="account"):
        set_limits(account_id=999, instrument_id=0, terms=Terms(max_open_orders=1), actor=ANN, reason="test")
    with pytest.raises(LimitsInvalid, match="reason"):
        limit(street, "alice", max_open_orders=1, reason=" ")
    with pytest.raises(LimitsInvalid, match="everybody are limited by the instrument"):
        limit(street, "", max_open_orders=1)
    assert not AccountLimit.objects.exists()
    assert not AccountLimitVersion.objects.exists()


def test_an_engine_that_is_away_is_told_later(street: Street) -> None:
    street.down = True
    assert limit(street, "alice", max_open_orders=1) == Told.WAITING
    assert (push_untold(), count_untold()) == (0, 1)
    with pytest.raises(CommandError):
        call_command("sync_engine", "--wait", "0")
    street.down = False
    assert (push_untold(), count_untold()) == (1, 0)
    row = get_limits(street.accounts["alice"], 0)
    assert row is not None
    assert row.told_at is not None
    assert street.limits() == [(street.accounts["alice"], 0, 0, 0, 1)]


def test_sync_engine_tells_all_of_them_again(street: Street, capsys: pytest.CaptureFixture[str]) -> None:
    limit(street, "alice", BTC, max_position_lots=100)
    limit(street, "bob", max_open_orders=50)
    before, sent = street.limits(), len(street.sent)
    call_command("sync_engine")
    assert "2 limits" in capsys.readouterr().out
    assert [type(command).__name__ for command in street.sent[sent:]].count("SetAccountLimits") == 2
    assert street.limits() == before


def test_my_limits(street: Street, client: Client) -> None:
    limit(street, "alice", BTC, max_position_lots=1_500, max_position_notional_units=90_000 * UNIT)
    limit(street, "", orders_1m=600)
    limit(street, "bob", max_open_orders=1)
    token = open_session(user_id=street.users["alice"]).access
    assert client.get("/api/v1/risk/limits").status_code == 401
    answer = client.get("/api/v1/risk/limits", headers={"Authorization": f"Bearer {token}"})
    none = dict.fromkeys(("max_position_notional", "max_position", "max_open_orders", "orders_10s", "orders_1m"))
    assert answer.json() == [
        {
            "account_id": street.accounts["alice"],
            "limits": [
                none | {"scope": "everybody", "symbol": None, "orders_1m": 600, "in_force": True},
                none
                | {
                    "scope": "account",
                    "symbol": "BTCUSDT",
                    "max_position": "1.500",
                    "max_position_notional": "90000.00000000",
                    "in_force": True,
                },
            ],
        }
    ]


async def test_order_rates_of_an_account_go_before_everybodys() -> None:
    rates = OrderRates()
    assert rates.of(7, 300, 1200) == (300, 1200)
    rates.fill({0: (100, 0), 7: (5, 0), 8: (0, 9)})
    assert (rates.of(7, 300, 1200), rates.of(8, 300, 1200), rates.of(9, 300, 1200)) == (
        (5, 1200),
        (100, 9),
        (100, 1200),
    )
    get_rates().fill({7: (2, 3)})
    try:
        limits = Limits(LimitTerms(), clock_ms=lambda: 1_000_000.0)
        await limits.spend_orders(7, 2, 2)
        with pytest.raises(LaneError, match="current limit is 2 orders per 10 SECOND"):
            await limits.spend_orders(7, 1, 1)
        for _ in range(20):
            await limits.spend_orders(8, 10, 10)
    finally:
        get_rates().fill({})


def test_order_rates_are_read_from_the_rows(street: Street) -> None:
    limit(street, "alice", orders_10s=20)
    limit(street, "", orders_1m=50)
    limit(street, "bob", max_open_orders=5)
    assert get_order_rates() == {street.accounts["alice"]: (20, 0), 0: (0, 50)}
    assert count_untold() == 0


@pytest.mark.parametrize(
    ("before", "after", "wider"),
    [
        (Terms(), Terms(max_open_orders=5), False),
        (Terms(max_open_orders=5), Terms(max_open_orders=4), False),
        (Terms(max_open_orders=5), Terms(max_open_orders=6), True),
        (Terms(max_open_orders=5), Terms(), True),
        (Terms(max_position_lots=5, max_open_orders=5), Terms(max_position_lots=6, max_open_orders=4), True),
        (Terms(max_position_notional_units=5), Terms(max_position_notional_units=5, max_position_lots=1), False),
        (Terms(orders_10s=5), Terms(orders_10s=500), False),
    ],
)
def test_what_is_wider(before: Terms, after: Terms, wider: bool) -> None:
    assert is_wider(before, after) is wider


def test_tighter_limits_take_one_person_and_wider_ones_two(street: Street, client: Client) -> None:
    for name in ("desk", "second"):
        row = User.objects.create_user(f"{name}@example.com", "a long password")
        set_roles(user_id=row.pk, roles=["risk"], actor=ANN, reason="first day")
    second = Client()
    client.force_login(User.objects.get(email="desk@example.com"))
    second.force_login(User.objects.get(email="second@example.com"))
    alice, page = street.accounts["alice"], reverse("admin:risk_limits_new")
    assert limit(street, "alice", BTC, max_position_lots=100) == Told.YES
    form = {"account": alice, "instrument": BTC, "max_position": "0.2", "reason": "known for long"}
    asked = client.post(page, form, follow=True).content.decode()
    assert "Another person has to approve it" in asked
    assert "up to 0.100 BTC" in asked
    assert "up to 0.200 BTC" in asked
    assert street.limits() == [(alice, BTC, 0, 100, 0)]
    there = f"/admin/approvals/approvalrequest/{ApprovalRequest.objects.get().pk}/change/"
    decision = {"decision": "approve", "reason": "so do I"}
    assert "somebody else has to approve" in client.post(there, decision, follow=True).content.decode()
    assert "The engine has taken the limits" in second.post(there, decision, follow=True).content.decode()
    assert street.limits() == [(alice, BTC, 0, 200, 0)]
    (newest, *_) = list_versions(alice, BTC)
    assert (newest.number, newest.reason) == (2, "known for long")

    client.post(page, form | {"max_position": "0.3"})
    assert "In force" in second.post(page, form | {"max_position": "0.05"}, follow=True).content.decode()
    there = f"/admin/approvals/approvalrequest/{ApprovalRequest.objects.latest('id').pk}/change/"
    assert "no longer as they were" in second.post(there, decision, follow=True).content.decode()
    assert street.limits() == [(alice, BTC, 0, 50, 0)], "what was made tighter meanwhile stays so"


def test_the_admin_sets_them_with_a_reason(street: Street, client: Client) -> None:
    row = User.objects.create_user("desk@example.com", "a long password")
    set_roles(user_id=row.pk, roles=["risk"], actor=ANN, reason="first day")
    client.force_login(User.objects.get(pk=row.pk))
    alice = street.accounts["alice"]
    page = reverse("admin:risk_limits_new")
    terms = {"account": alice, "instrument": BTC, "max_position": "0.1", "max_position_notional": "5000"}
    assert "This field is required" in client.post(page, terms).content.decode()
    assert "on the instrument" in client.post(page, terms | {"max_position": "0.10001", "reason": "x"}).content.decode()
    shown = client.post(page, terms | {"reason": "new customer"}, follow=True).content.decode()
    assert "In force: the engine has taken them." in shown
    assert "position up to 5000.00000000, up to 0.100 BTC" in shown
    assert "new customer" in shown
    assert street.limits() == [(alice, BTC, 5_000 * UNIT, 100, 0)]
    listed = client.get(reverse("admin:risk_accountlimit_changelist")).content.decode()
    assert "BTCUSDT" in listed
    pk = AccountLimit.objects.get().pk
    assert client.get(reverse("admin:risk_accountlimit_change", args=[pk])).url == reverse(  # type: ignore[attr-defined]
        "admin:risk_limits", args=[alice, BTC]
    )
    street.down = True
    assert (
        "has not taken them yet"
        in client.post(page, terms | {"max_position": "0.05", "reason": "y"}, follow=True).content.decode()
    )
    helper = User.objects.create_user("help@example.com", "a long password")
    set_roles(user_id=helper.pk, roles=["support"], actor=ANN, reason="first day")
    client.force_login(User.objects.get(pk=helper.pk))
    assert client.get(page).status_code == 200
    assert client.post(page, terms | {"reason": "z"}).status_code == 403
