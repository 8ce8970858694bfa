"""The trail: what is recorded, that it joins its transaction, and that it is linked once, in order, without gaps."""

from __future__ import annotations

import json

import pytest
from django.db import DatabaseError, connection, transaction

from apps.audit.chain import GENESIS, link_hash, record_digest
from apps.audit.models import AuditLink, AuditPending, AuditRecord
from apps.audit.selectors import count_pending, get_head, list_records, record_row
from apps.audit.services import link_pending, record
from apps.audit.types import Actor

pytestmark = pytest.mark.django_db(transaction=True)
ALICE = Actor("user", "7", "203.0.113.9")


def test_a_record_says_who_did_what_to_what_and_why() -> None:
    record(
        "api_key.created", actor=ALICE, subject="users.apikey:3", reason="a new bot", before={}, after={"label": "bot"},
        request_id="r-1",
    )  # fmt: skip
    (row,) = list_records(subject="users.apikey:3")
    assert (row.seq, row.action, row.actor, row.reason, row.request_id) == (
        1, "api_key.created", ALICE, "a new bot", "r-1",
    )  # fmt: skip
    assert (row.before, json.loads(row.after)) == ("{}", {"label": "bot"})
    assert list_records(action="api_key.") == list_records(actor_id="7") == list_records(request_id="r-1") == [row]
    assert list_records(action="api_key") == []


def test_no_secret_enters_the_trail() -> None:
    record(
        "auth.login", actor=ALICE, reason="signature=abcdef",
        after={"password": "canary", "nested": {"api_secret": "canary"}, "raw": b"canary", "link": "db://me:canary@host"},
    )  # fmt: skip
    (row,) = list_records()
    assert "canary" not in row.after
    assert row.reason == "signature=***"


def test_odd_text_is_kept_as_far_as_a_database_can() -> None:
    record(
        "x" * 200, actor=Actor("anonymous", "\x00" * 99), subject="\ud800", reason="r" * 999, after={"\x00": "\udfff"}
    )
    (row,) = list_records()
    assert (len(row.action), len(row.actor.id), len(row.reason)) == (64, 64, 500)
    assert link_pending() == 0


def test_a_record_shares_the_fate_of_its_transaction() -> None:
    with transaction.atomic():
        record("money.moved", actor=ALICE)
        transaction.set_rollback(True)
    assert list_records() == []
    with transaction.atomic():
        record("money.moved", actor=ALICE)
        assert (count_pending(), get_head()[0]) == (1, 0), "linked only after the commit"
    assert (count_pending(), get_head()[0]) == (0, 1)


def test_what_a_crash_left_unlinked_is_linked_by_the_next() -> None:
    row = AuditRecord.objects.create(time_ns=1, action="left.behind", actor_kind="system", actor_id="x")
    AuditPending.objects.create(record=row)
    record("next.one", actor=ALICE)
    assert [one.action for one in reversed(list_records())] == ["left.behind", "next.one"]
    assert [link.seq for link in AuditLink.objects.order_by("seq")] == [1, 2]


def test_each_link_covers_the_one_before() -> None:
    for number in range(3):
        record(f"step.{number}", actor=ALICE)
    previous = GENESIS
    for link in AuditLink.objects.select_related("record").order_by("seq"):
        assert link.digest == record_digest(record_row(link.record, seq=link.seq))
        previous = link_hash(seq=link.seq, previous=previous, digest=link.digest)
        assert link.hash == previous


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_auditrecord SET reason = 'other'",
        "DELETE FROM audit_auditrecord",
        "UPDATE audit_auditlink SET hash = 'other'",
        "DELETE FROM audit_auditlink",
    ],
)
def test_the_database_refuses_to_change_the_trail(statement: str) -> None:
    record("kept.forever", actor=ALICE)
    with pytest.raises(DatabaseError, match="never changed"), connection.cursor() as cursor:
        cursor.execute(statement)
