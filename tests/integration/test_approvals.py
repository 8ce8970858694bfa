"""The second pair of eyes: who may ask and allow, that a thing is done once, and that everything is recorded."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from apps.approvals import services
from apps.approvals.errors import MissingRole, NotPending, OwnRequest, ReasonMissing, UnknownApproval
from apps.approvals.execution import LEASE, execute
from apps.approvals.models import ApprovalRequest
from apps.approvals.selectors import count_pending, get_approval, list_open
from apps.approvals.tasks import run
from apps.approvals.types import ApprovalState
from apps.audit.selectors import list_records
from apps.audit.types import Actor
from apps.common.errors import DomainError, OutcomeUnclear, ServiceUnavailable
from apps.users.models import User
from tests.support.approvals import Deed, deed, staff_member

__all__ = ["deed"]
pytestmark = pytest.mark.django_db


def acting(person: User) -> Actor:
    return Actor("staff", str(person.pk))


@pytest.fixture
def asker() -> User:
    return staff_member("asker", "finance")


@pytest.fixture
def allower() -> User:
    return staff_member("allower", "risk")


def ask(asker: User, **words: str) -> int:
    words = {"reason": "because", "subject": "thing:1", **words}
    return services.request("test.deed", {"what": "good"}, actor=acting(asker), **words).id


def state_of(number: int) -> str:
    return ApprovalRequest.objects.get(id=number).state


def test_another_person_allows_it_and_it_is_done(deed: Deed, asker: User, allower: User) -> None:
    number = ask(asker)
    assert (deed.done, count_pending(), len(list_open(subject="thing:1"))) == ([], 1, 1)
    done = services.approve(number, actor=acting(allower), reason="looks right")
    assert (done.state, done.result, count_pending(), list_open()) == (ApprovalState.EXECUTED, "did good", 0, [])
    ((payload, execution),) = deed.done
    assert payload == {"what": "good"}
    assert (execution.reference, execution.requested_by, execution.approved_by, execution.is_repeated) == (
        f"approval-{number}", str(asker.pk), str(allower.pk), False,
    )  # fmt: skip
    told = [row.action for row in reversed(list_records(subject=f"approval:{number}"))]
    assert told == ["approval.requested", "approval.approved", "approval.executed"]


def test_nobody_allows_their_own_request(deed: Deed) -> None:
    both = staff_member("both", "finance", "risk")
    number = ask(both)
    with pytest.raises(OwnRequest):
        services.approve(number, actor=acting(both), reason="I say so")
    with pytest.raises(OwnRequest):
        services.approve(number, actor=Actor("user", str(both.pk)), reason="by another door")
    assert services.reject(number, actor=acting(both), reason="taken back").state == ApprovalState.REJECTED
    assert deed.done == []


def test_roles_are_asked_for_on_both_sides(deed: Deed, asker: User, allower: User) -> None:
    number = ask(asker)
    outsider = staff_member("outsider", "support")
    for verb in (services.approve, services.reject):
        with pytest.raises(MissingRole):
            verb(number, actor=acting(outsider), reason="why not")
        with pytest.raises(MissingRole):
            verb(number, actor=Actor("api_key", str(allower.pk)), reason="why not")
    with pytest.raises(MissingRole):
        ask(outsider)
    User.objects.filter(pk=allower.pk).update(is_active=False)
    with pytest.raises(MissingRole):
        services.approve(number, actor=acting(allower), reason="fired yesterday")
    assert state_of(number) == ApprovalState.PENDING


def test_a_job_of_the_house_may_ask(deed: Deed, allower: User) -> None:
    made = services.request("test.deed", {"what": "good"}, actor=Actor("system", "risk"), reason="a rule")
    assert services.approve(made.id, actor=acting(allower), reason="fine").state == ApprovalState.EXECUTED


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_every_step_has_a_reason(deed: Deed, asker: User, allower: User, reason: str) -> None:
    with pytest.raises(ReasonMissing):
        ask(asker, reason=reason)
    number = ask(asker)
    with pytest.raises(ReasonMissing):
        services.approve(number, actor=acting(allower), reason=reason)
    with pytest.raises(ReasonMissing):
        services.reject(number, actor=acting(asker), reason=reason)


def test_what_is_decided_stays_decided(deed: Deed, asker: User, allower: User) -> None:
    number = ask(asker)
    assert services.reject(number, actor=acting(allower), reason="no").state == ApprovalState.REJECTED
    for verb in (services.approve, services.reject):
        with pytest.raises(NotPending):
            verb(number, actor=acting(allower), reason="again")
    with pytest.raises(UnknownApproval):
        services.approve(number + 1, actor=acting(allower), reason="what")
    assert (deed.done, execute(number), get_approval(number + 1)) == ([], False, None)


def test_a_request_sent_twice_is_one_request(deed: Deed, asker: User) -> None:
    assert ask(asker, key="form-1") == ask(asker, key="form-1")
    assert ask(asker) != ask(asker)


def test_nobody_allows_what_has_expired(deed: Deed, asker: User, allower: User) -> None:
    number = ask(asker)
    ApprovalRequest.objects.filter(id=number).update(expires_at=timezone.now())
    with pytest.raises(NotPending):
        services.approve(number, actor=acting(allower), reason="late")
    assert run() == 1
    assert (state_of(number), run()) == (ApprovalState.EXPIRED, 0)
    assert list_records(action="approval.expired")[0].subject == f"approval:{number}"


@pytest.mark.parametrize("error", [ServiceUnavailable(), OutcomeUnclear()])
def test_what_cannot_be_done_now_is_done_later(deed: Deed, asker: User, allower: User, error: Exception) -> None:
    number, deed.error = ask(asker), error
    waits = services.approve(number, actor=acting(allower), reason="yes")
    assert (waits.state, waits.result[:6], run()) == (ApprovalState.APPROVED, "waits:", 0)
    deed.error = None
    assert (run(), run(), state_of(number)) == (1, 0, ApprovalState.EXECUTED)
    assert [execution.is_repeated for _, execution in deed.done] == [True]


@pytest.mark.parametrize(
    ("error", "said"), [(DomainError("the engine said no"), "no"), (KeyError("x"), "broke: KeyError")]
)
def test_what_is_refused_ends_as_failed(deed: Deed, asker: User, allower: User, error: Exception, said: str) -> None:
    number, deed.error = ask(asker), error
    failed = services.approve(number, actor=acting(allower), reason="yes")
    assert (failed.state, run()) == (ApprovalState.FAILED, 0)
    assert said in failed.result
    assert list_records(action="approval.failed")[0].subject == f"approval:{number}"


def test_one_that_was_cut_off_is_taken_over_after_its_lease_and_not_before(
    deed: Deed, asker: User, allower: User
) -> None:
    """An execution whose process died leaves the row in `executing`; so does a database that went away."""
    number, deed.error = ask(asker), OperationalError("gone")
    with pytest.raises(OperationalError):
        services.approve(number, actor=acting(allower), reason="yes")
    deed.error = None
    assert (state_of(number), run(), deed.done) == (ApprovalState.EXECUTING, 0, [])
    ApprovalRequest.objects.filter(id=number).update(claimed_at=timezone.now() - LEASE - timedelta(seconds=1))
    assert (run(), state_of(number)) == (1, ApprovalState.EXECUTED)
    assert deed.done[0][1].is_repeated


def test_in_a_demo_whoever_asks_has_allowed_it_and_that_is_recorded(deed: Deed, asker: User, settings: object) -> None:
    settings.APPROVALS_SELF_SERVICE = True  # type: ignore[attr-defined]
    number = ask(asker)
    assert state_of(number) == ApprovalState.EXECUTED
    assert "approval.self_approved" in {row.action for row in list_records(subject=f"approval:{number}")}


def test_the_page_tells_what_is_asked_and_has_the_buttons(
    deed: Deed, asker: User, allower: User, client: Client
) -> None:
    number = ask(asker, reason="<script>alert(1)</script>")
    path = f"/admin/approvals/approvalrequest/{number}/change/"
    client.force_login(asker)
    own = client.get(path).content.decode()
    assert "Take back" in own
    assert 'value="approve"' not in own
    assert "<script>alert" not in own
    client.post(path, {"decision": "approve", "reason": "me"})
    assert state_of(number) == ApprovalState.PENDING
    client.force_login(staff_member("onlooker", "support"))
    assert 'name="decision"' not in client.get(path).content.decode()
    client.force_login(allower)
    assert 'value="approve"' in client.get(path).content.decode()
    client.post(path, {"decision": "approve", "reason": ""})
    assert state_of(number) == ApprovalState.PENDING
    said = client.post(path, {"decision": "approve", "reason": "checked"}, follow=True).content.decode()
    assert "did good" in said
    assert 'name="decision"' not in said
    assert client.get("/admin/approvals/approvalrequest/").status_code == 200
    assert client.get("/admin/approvals/approvalrequest/999/change/").status_code == 404
    User.objects.filter(pk=allower.pk).update(is_staff=False)
    assert client.get(path).status_code == 302
