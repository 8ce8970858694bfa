"""What follows an alert: warnings, restrictions, freezes and halts that the engine obeys, and how they are lifted.

Method: as test_surveillance_rules; the engine's own refusals show that an action is in force.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from prometheus_client import REGISTRY
from pytest_django import DjangoCaptureOnCommitCallbacks

from apps.accounts.models import TradingAccount
from apps.approvals.models import ApprovalRequest
from apps.approvals.services import approve
from apps.audit.selectors import list_records
from apps.audit.types import Actor
from apps.configuration.services import set_value
from apps.surveillance import actions
from apps.surveillance.errors import ActionRefused, AlertClosed, ReasonMissing
from apps.surveillance.models import Alert, RiskAction, RuleCursor
from apps.surveillance.rules.table import RULES
from apps.surveillance.services import acknowledge, close, run_rules
from apps.surveillance.tasks import look
from apps.surveillance.types import ActionKind, ActionState
from apps.users.models import User
from apps.users.roles import set_roles
from matcher.protocol.enums import AccountState, Side, TradingState
from matcher.protocol.rejects import RejectReason
from tests.support.projection import journal, journal_url
from tests.support.street import BTC, MARK_TICKS, Street, street

__all__ = ["journal", "journal_url", "street"]

pytestmark = pytest.mark.django_db
ANN = Actor("staff", "1")


class Told:
    """The channel layer's place: who would hear which notice."""

    def __init__(self) -> None:
        self.heard: list[tuple[int, str]] = []

    async def group_send(self, group: str, message: dict[str, Any]) -> None:
        self.heard.append((int(group.rpartition(".")[2]), message["notice"]["event"]))


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Told:
    layer = Told()
    monkeypatch.setattr("apps.notifications.services.get_channel_layer", lambda: layer)
    return layer


def tune(name: str, value: int | str | bool) -> None:
    set_value(name, value, actor=ANN, reason="test")


def wash(street: Street, one: str = "alice", other: str = "bob", times: int = 5) -> None:
    TradingAccount.objects.filter(id__in=(street.accounts[one], street.accounts[other])).update(
        group=street.accounts[one]
    )
    for _ in range(times):
        street.trade(one, other, 50)


def pass_over(street: Street) -> None:
    """The job, once everything is in the rows; alerts and then what was decided."""
    street.wait(20_000)
    street.mark(MARK_TICKS)
    street.settle()
    run_rules(wall_ns=street.now_ns, rules=[rule for rule in RULES if rule.name != "stale_price"])
    actions.perform_waiting()
    street.settle()


def states(street: Street, *names: str) -> list[int]:
    by_id = dict(TradingAccount.objects.values_list("id", "state"))
    return [by_id[street.accounts[name]] for name in names]


def test_a_warning_reaches_both_and_the_desk_hears_of_the_alert(
    street: Street, told: Told, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    desk = User.objects.create_user("desk@example.com", "a long password")
    set_roles(user_id=desk.pk, roles=["risk"], actor=ANN, reason="first day")
    wash(street)
    with django_capture_on_commit_callbacks(execute=True):
        pass_over(street)
    assert told.heard == [
        (desk.pk, "risk_alert"),
        (street.users["alice"], "risk_warning"),
        (street.users["bob"], "risk_warning"),
    ]
    assert set(RiskAction.objects.values_list("kind", "state")) == {("warn", ActionState.DONE)}
    assert states(street, "alice", "bob") == [AccountState.ACTIVE] * 2
    wash(street)
    with django_capture_on_commit_callbacks(execute=True):
        pass_over(street)
    assert len(told.heard) == 3, "the cool-down"
    recorded = [row.action for row in list_records(limit=20)]
    assert {"risk.alert_opened", "risk.action_decided", "risk.action_done"} <= set(recorded)


def test_restricted_accounts_may_only_reduce_until_it_is_lifted(
    street: Street, told: Told, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    tune("risk.wash.action", "restrict")
    wash(street)
    with django_capture_on_commit_callbacks(execute=True):
        pass_over(street)
    assert states(street, "alice", "bob") == [AccountState.REDUCE_ONLY] * 2
    assert street.refusal("alice", Side.BUY, 50) == RejectReason.ONLY_REDUCE_ONLY
    assert (street.users["alice"], "account_restricted") in told.heard
    action = RiskAction.objects.get(subject_id=street.accounts["alice"])
    outcome = actions.ask_to_lift(action.pk, actor=ANN, reason="a mistake")
    assert outcome.lifted
    assert states(street, "alice", "bob") == [AccountState.ACTIVE, AccountState.REDUCE_ONLY]
    street.place("alice", Side.BUY, 50, MARK_TICKS - 100)
    action.refresh_from_db()
    assert (action.state, action.lifted_by, action.lift_reason) == (ActionState.LIFTED, "1", "a mistake")
    with pytest.raises(ActionRefused):
        actions.ask_to_lift(action.pk, actor=ANN, reason="again")


def test_a_freeze_is_lifted_by_two(street: Street) -> None:
    tune("risk.wash.action", "freeze")
    people = []
    for name in ("ann", "ben"):
        row = User.objects.create_user(f"{name}@example.com", "a long password")
        set_roles(user_id=row.pk, roles=["risk"], actor=ANN, reason="first day")
        people.append(Actor("staff", str(row.pk)))
    wash(street)
    pass_over(street)
    assert states(street, "alice", "bob") == [AccountState.FROZEN] * 2
    assert street.refusal("alice", Side.BUY, 50) == RejectReason.ACCOUNT_FROZEN
    action = RiskAction.objects.get(subject_id=street.accounts["alice"])
    asked = actions.ask_to_lift(action.pk, actor=people[0], reason="talked to her")
    assert not asked.lifted
    assert states(street, "alice") == [AccountState.FROZEN]
    done = approve(asked.approval_id, actor=people[1], reason="heard the call")
    assert (done.state, states(street, "alice")) == ("executed", [AccountState.ACTIVE])
    assert RiskAction.objects.get(pk=action.pk).lifted_by == people[1].id


def test_a_price_anomaly_halts_the_instrument(street: Street) -> None:
    tune("risk.price_jump.action", "halt")
    for _ in range(30):
        street.wait(1_000)
        street.mark(MARK_TICKS)
    street.mark(MARK_TICKS * 106 // 100)
    pass_over(street)
    assert street.refusal("alice", Side.BUY, 50) == RejectReason.TRADING_NOT_OPEN
    assert street.spec.trading_state == TradingState.HALTED
    action = RiskAction.objects.get()
    assert (action.kind, action.subject_id, action.state, action.state_before) == (
        "halt",
        BTC,
        ActionState.DONE,
        TradingState.ACTIVE,
    )
    actions.lift(action.pk, actor=ANN, reason="the price was right")
    street.place("alice", Side.BUY, 50, MARK_TICKS)
    assert street.spec.trading_state == TradingState.ACTIVE


def test_an_engine_that_is_away_is_asked_again(street: Street) -> None:
    tune("risk.wash.action", "restrict")
    wash(street)
    street.wait(20_000)
    street.mark(MARK_TICKS)
    street.settle()
    street.down = True
    run_rules(wall_ns=street.now_ns)
    assert actions.perform_waiting() == 0
    assert set(RiskAction.objects.values_list("state", flat=True)) == {ActionState.WAITING}
    street.down = False
    assert actions.perform_waiting() == 2
    assert actions.perform_waiting() == 0
    assert street.refusal("bob", Side.BUY, 50) == RejectReason.ONLY_REDUCE_ONLY


def test_switched_off_it_only_tells(street: Street) -> None:
    tune("risk.wash.action", "freeze")
    tune("risk.actions.automatic", False)
    wash(street)
    pass_over(street)
    assert Alert.objects.count() == 1
    assert not RiskAction.objects.exists()


def test_no_more_than_so_many_in_an_hour(street: Street) -> None:
    tune("risk.wash.action", "freeze")
    tune("risk.actions.hourly_max", 2)
    wash(street, "alice", "bob")
    wash(street, "carol", "dave")
    pass_over(street)
    assert sorted(RiskAction.objects.values_list("state", flat=True)) == [
        ActionState.DONE,
        ActionState.DONE,
        ActionState.HELD_BACK,
        ActionState.HELD_BACK,
    ]
    assert sorted(states(street, "alice", "bob", "carol", "dave")) == [0, 0, 2, 2]


def test_what_a_person_made_stricter_stays(street: Street) -> None:
    """An account restricted by rule and frozen by hand is not set free with the restriction; nor one frozen before."""
    tune("risk.wash.action", "restrict")
    TradingAccount.objects.filter(id=street.accounts["bob"]).update(state=AccountState.FROZEN)
    wash(street)
    pass_over(street)
    assert states(street, "alice", "bob") == [AccountState.REDUCE_ONLY, AccountState.FROZEN]
    TradingAccount.objects.filter(id=street.accounts["alice"]).update(state=AccountState.FROZEN)
    for action in RiskAction.objects.all():
        actions.lift(action.pk, actor=ANN, reason="over")
    assert states(street, "alice", "bob") == [AccountState.FROZEN] * 2


def test_two_actions_on_one_account_are_lifted_one_by_one(street: Street) -> None:
    wash(street)
    pass_over(street)
    alert = Alert.objects.get()
    account = street.accounts["alice"]
    first = actions.act(alert.pk, ActionKind.RESTRICT, subject_id=account, actor=ANN, reason="to be safe")
    second = actions.act(alert.pk, ActionKind.FREEZE, subject_id=account, actor=ANN, reason="worse than thought")
    assert states(street, "alice") == [AccountState.FROZEN]
    with pytest.raises(ActionRefused):
        actions.act(alert.pk, ActionKind.FREEZE, subject_id=account, actor=ANN, reason="again")
    actions.lift(second.pk, actor=ANN, reason="explained")
    assert states(street, "alice") == [AccountState.REDUCE_ONLY]
    actions.lift(first.pk, actor=ANN, reason="explained")
    assert states(street, "alice") == [AccountState.ACTIVE]
    with pytest.raises(ActionRefused):
        actions.act(alert.pk, ActionKind.FREEZE, subject_id=street.accounts["maker"], actor=ANN, reason="not in it")


def test_an_alert_is_acknowledged_closed_and_opens_anew(street: Street) -> None:
    wash(street)
    pass_over(street)
    alert = Alert.objects.get()
    acknowledge(alert.pk, actor=ANN)
    with pytest.raises(ReasonMissing):
        close(alert.pk, actor=ANN, reason="  ")
    close(alert.pk, actor=ANN, reason="one family, two people")
    with pytest.raises(AlertClosed):
        acknowledge(alert.pk, actor=ANN)
    wash(street)
    pass_over(street)
    assert list(Alert.objects.order_by("id").values_list("state", "occurrences")) == [(2, 1), (0, 1)]


def test_a_pass_that_lost_the_race_writes_nothing(street: Street, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another worker finishes its pass of the same place while this one still reads."""
    wash(street)
    street.wait(20_000)
    street.mark(MARK_TICKS)
    street.settle()
    rule = next(rule for rule in RULES if rule.name == "wash")
    original = type(rule).run

    def slow(self: object, look: object, position: int, state: dict[str, object]) -> object:
        found = original(self, look, position, state)  # type: ignore[arg-type]
        RuleCursor.objects.filter(rule="wash").update(turn=7)
        return found

    monkeypatch.setattr(type(rule), "run", slow)
    assert [(run.opened, run.continued) for run in run_rules(rules=[rule], wall_ns=street.now_ns)] == [(0, 0)]
    assert not Alert.objects.exists()


def test_a_rule_that_breaks_stops_no_other(street: Street, monkeypatch: pytest.MonkeyPatch) -> None:
    wash(street)
    street.wait(20_000)
    street.mark(MARK_TICKS)
    street.settle()
    run_rules(wall_ns=street.now_ns, rules=[rule for rule in RULES if rule.name == "spoofing"])
    monkeypatch.setattr("apps.surveillance.rules.orders.Spoofing.run", lambda *_: 1 // 0)
    runs = {run.rule: run for run in run_rules(wall_ns=street.now_ns)}
    assert (runs["spoofing"].error, runs["wash"].opened) == ("ZeroDivisionError", 1)
    assert "ZeroDivisionError" in RuleCursor.objects.get(rule="spoofing").error
    assert sample("exchange_risk_rule_failing", rule="spoofing") == 1
    assert sample("exchange_risk_alerts_total", rule="wash") == 1
    assert sample("exchange_risk_actions", kind="warn", state="waiting", automatic="yes") == 2


def sample(name: str, **labels: str) -> float | None:
    return REGISTRY.get_sample_value(name, labels)


def test_the_job_without_rows_does_nothing(db: None) -> None:
    assert look() == 0
    assert not RuleCursor.objects.exists()


# the page


@pytest.fixture
def desk(client: Client) -> Client:
    row = User.objects.create_user("desk@example.com", "a long password")
    set_roles(user_id=row.pk, roles=["risk"], actor=ANN, reason="first day")
    client.force_login(User.objects.get(pk=row.pk))
    return client


def test_the_page_shows_the_evidence_and_its_buttons_work(street: Street, desk: Client) -> None:
    wash(street)
    for _ in range(30):
        street.wait(1_000)
        street.mark(MARK_TICKS)
    street.mark(MARK_TICKS * 106 // 100)
    pass_over(street)
    queue = desk.get(reverse("admin:surveillance_alert_changelist")).content.decode()
    assert "Wash trading" in queue
    assert "Mark jumped" in queue
    jump, washed = Alert.objects.get(rule="price_jump"), Alert.objects.get(rule="wash")
    page = desk.get(reverse("admin:surveillance_alert_change", args=[jump.pk])).content.decode()
    assert "<polyline" in page
    assert "Usual range of a minute" in page
    assert "style=" not in page[page.index("Evidence") : page.index("</figure>")]
    page = desk.get(reverse("admin:surveillance_alert_change", args=[washed.pk])).content.decode()
    assert "alice@example.com" in page
    assert "linked: one group" in page
    assert [row.action for row in list_records(action="risk.alert_viewed")] == ["risk.alert_viewed"] * 2

    def press(alert: Alert, **form: object) -> str:
        return desk.post(reverse("admin:surveillance_alert_do", args=[alert.pk]), form, follow=True).content.decode()

    assert "Say why" in press(washed, do="freeze", subject_id=street.accounts["alice"])
    assert states(street, "alice") == [AccountState.ACTIVE]
    press(washed, do="acknowledge")
    press(washed, do="restrict", subject_id=street.accounts["alice"], reason="until we know")
    assert states(street, "alice") == [AccountState.REDUCE_ONLY]
    action = RiskAction.objects.get(kind="restrict")
    assert "That cannot" not in press(washed, do="lift", action=action.pk, reason="we know")
    assert states(street, "alice") == [AccountState.ACTIVE]
    press(jump, do="halt", subject_id=BTC, reason="look first")
    assert street.spec.trading_state == TradingState.HALTED
    assert "waits for a second person" in press(
        jump, do="lift", action=RiskAction.objects.get(kind="halt").pk, reason="looked"
    )
    assert ApprovalRequest.objects.get().kind == "risk.lift"
    press(washed, do="close", reason="done")
    washed.refresh_from_db()
    assert (washed.state, washed.close_reason) == (2, "done")
    assert washed.summary not in desk.get(reverse("admin:surveillance_alert_changelist")).content.decode()
    assert desk.get(reverse("admin:surveillance_riskaction_changelist")).status_code == 200
    assert desk.get(reverse("admin:surveillance_rulecursor_changelist")).status_code == 200
    assert desk.get(reverse("admin:surveillance_alert_changelist"), {"queue": "all"}).status_code == 200


def test_who_may_not_change_sees_no_buttons(street: Street, client: Client) -> None:
    row = User.objects.create_user("op@example.com", "a long password")
    set_roles(user_id=row.pk, roles=["operator"], actor=ANN, reason="first day")
    client.force_login(User.objects.get(pk=row.pk))
    wash(street)
    pass_over(street)
    alert = Alert.objects.get()
    page = client.get(reverse("admin:surveillance_alert_change", args=[alert.pk])).content.decode()
    assert "Evidence" in page
    assert 'value="freeze"' not in page
    do = reverse("admin:surveillance_alert_do", args=[alert.pk])
    assert client.post(do, {"do": "acknowledge"}).status_code == 403
    assert client.get(do).status_code == 405
    assert client.get(reverse("admin:surveillance_alert_change", args=[99])).status_code == 404
