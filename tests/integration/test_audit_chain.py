"""S11: whatever is done to the trail behind the exchange's back is found, and the place of it is told.

Method: the triggers are dropped as somebody with the database's password would, each kind of damage is done to a good
chain, and the verdict names its kind and place.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from apps.audit.anchors import AnchorFile, AnchorsDamaged
from apps.audit.chain import GENESIS, link_hash, record_digest
from apps.audit.models import AuditCheck, AuditLink, AuditPending, AuditRecord
from apps.audit.selectors import list_health, list_records, record_row
from apps.audit.services import record
from apps.audit.tasks import verify as verify_task
from apps.audit.tasks import verify_from_the_start
from apps.audit.triggers import create_triggers, drop_triggers
from apps.audit.types import Actor
from apps.audit.verification import verify, verify_and_anchor, verify_whole

pytestmark = pytest.mark.django_db(transaction=True)
RECORDS = 12


@pytest.fixture
def anchors(settings: Any, tmp_path: Path) -> AnchorFile:
    settings.EXCHANGE_DATA = tmp_path
    return AnchorFile()


@pytest.fixture
def chain(anchors: AnchorFile) -> Any:
    """Twelve records, anchored; the database lets go of its triggers for the test."""
    for number in range(1, RECORDS + 1):
        record("step.taken", actor=Actor("user", str(number)), subject=f"thing:{number}", after={"number": number})
    assert verify_and_anchor().is_good
    drop_triggers(connection)
    yield
    create_triggers(connection)


def number_at(seq: int) -> int:
    return AuditLink.objects.get(seq=seq).record_id


def edit_a_record() -> None:
    AuditRecord.objects.filter(id=number_at(5)).update(after='{"number":500}')


def delete_a_record() -> None:
    AuditRecord.objects.filter(id=number_at(5))._raw_delete(using="default")


def delete_a_link_and_its_record() -> None:
    number = number_at(5)
    AuditLink.objects.filter(seq=5).delete()
    AuditRecord.objects.filter(id=number)._raw_delete(using="default")


def delete_a_link() -> None:
    AuditLink.objects.filter(seq=5).delete()


def swap_two_links() -> None:
    five, nine = AuditLink.objects.get(seq=5), AuditLink.objects.get(seq=9)
    AuditLink.objects.filter(seq__in=[5, 9]).delete()
    for seq, link in ((5, nine), (9, five)):
        AuditLink.objects.create(seq=seq, record_id=link.record_id, digest=link.digest, hash=link.hash)


def swap_what_two_records_say() -> None:
    five, nine = AuditRecord.objects.get(id=number_at(5)), AuditRecord.objects.get(id=number_at(9))
    five.pk, nine.pk = nine.pk, five.pk
    five.save(force_update=True)
    nine.save(force_update=True)


def put_one_in() -> None:
    AuditRecord.objects.create(time_ns=1, action="never.happened", actor_kind="user", actor_id="1")


def edit_and_mend_the_link() -> None:
    """The editor knows the digest, but not how to make the next place fit."""
    edit_a_record()
    link = AuditLink.objects.select_related("record").get(seq=5)
    AuditLink.objects.filter(seq=5).update(digest=record_digest(record_row(link.record, seq=5)))


def rewrite_from_the_edit_on() -> None:
    """The editor makes the whole rest of the chain anew: within itself it is perfect."""
    edit_a_record()
    previous = GENESIS
    for link in AuditLink.objects.select_related("record").order_by("seq"):
        digest = record_digest(record_row(link.record, seq=link.seq))
        previous = link_hash(seq=link.seq, previous=previous, digest=digest)
        AuditLink.objects.filter(seq=link.seq).update(digest=digest, hash=previous)


def cut_the_tail() -> None:
    numbers = [number_at(seq) for seq in (11, 12)]
    AuditLink.objects.filter(seq__gt=10).delete()
    AuditRecord.objects.filter(id__in=numbers)._raw_delete(using="default")


def empty_it() -> None:
    AuditLink.objects.all().delete()
    AuditRecord.objects.all()._raw_delete(using="default")


DAMAGES: list[tuple[Callable[[], None], set[tuple[str, int]]]] = [
    (edit_a_record, {("edited", 5)}),
    (delete_a_record, {("deleted", 5)}),
    (delete_a_link_and_its_record, {("deleted", 5)}),
    (delete_a_link, {("deleted", 5), ("unchained", 0)}),
    (swap_two_links, {("reordered", 5), ("reordered", 6), ("reordered", 9), ("reordered", 10)}),
    (swap_what_two_records_say, {("edited", 5), ("edited", 9)}),
    (put_one_in, {("unchained", 0)}),
    (edit_and_mend_the_link, {("reordered", 5)}),
    (rewrite_from_the_edit_on, {("rewritten", 12)}),
    (cut_the_tail, {("tail_cut", 11)}),
    (empty_it, {("tail_cut", 1)}),
]


@pytest.mark.parametrize(("damage", "found"), DAMAGES, ids=[damage.__name__ for damage, _ in DAMAGES])
def test_damage_is_found_where_it_was_done(chain: Any, damage: Callable[[], None], found: set[tuple[str, int]]) -> None:
    assert verify().is_good
    damage()
    assert {(finding.kind, finding.seq) for finding in verify().findings} == found
    out = StringIO()
    with pytest.raises(CommandError, match="the trail was changed"):
        call_command("audit_verify", stdout=out)
    assert all(f"{kind}:" in out.getvalue() for kind, _ in found)


def test_the_job_looks_at_what_is_new_and_says_so_once(chain: Any) -> None:
    record("step.taken", actor=Actor("user", "13"))
    AuditRecord.objects.filter(id=number_at(13)).update(reason="other")
    assert verify_task() == 1
    (health,) = list_health()
    assert (health.is_good, "place 13" in health.finding) == (False, True)
    assert verify_task() == 1
    assert len(list_records(action="audit.damage_found")) == 1, "told again only when it is another damage"
    assert AnchorFile().read()[-1].seq == RECORDS, "a damaged chain is not anchored"


@pytest.mark.parametrize("damage", [cut_the_tail, empty_it, rewrite_from_the_edit_on], ids=lambda made: made.__name__)
def test_the_job_finds_what_the_anchors_know(chain: Any, damage: Callable[[], None]) -> None:
    damage()
    assert not verify_and_anchor().is_good


def test_the_daily_job_finds_what_is_old(chain: Any) -> None:
    edit_a_record()
    assert verify_task() == 0, "the increments are good"
    assert verify_from_the_start() == 1
    assert {health.kind: health.is_good for health in list_health()} == {"increment": True, "whole": False}


def test_a_whole_trail_is_told_to_be_whole(anchors: AnchorFile) -> None:
    record("step.taken", actor=Actor("user", "1"))
    out = StringIO()
    call_command("audit_verify", stdout=out)
    assert "The trail is whole." in out.getvalue()
    assert verify_whole().is_good


def test_what_waits_for_its_link_is_no_damage(anchors: AnchorFile) -> None:
    row = AuditRecord.objects.create(time_ns=1, action="just.written", actor_kind="system", actor_id="x")
    AuditPending.objects.create(record=row)
    assert verify().is_good
    assert verify_and_anchor().through_seq == 1


def test_anchors_follow_the_head_and_each_other(anchors: AnchorFile) -> None:
    for _ in range(3):
        record("step.taken", actor=Actor("user", "1"))
        verify_and_anchor()
        verify_and_anchor()
    assert [anchor.seq for anchor in anchors.read()] == [1, 2, 3]
    assert anchors.path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "damage",
    [
        lambda lines: lines[1:],
        lambda lines: [lines[0], lines[0], *lines[1:]],
        lambda lines: [lines[0], json.dumps({**json.loads(lines[1]), "seq": 9}), lines[2]],
        lambda lines: [lines[0], "nonsense", lines[2]],
        lambda lines: [lines[0], lines[2]],
    ],
    ids=["first gone", "one twice", "one edited", "one broken", "one gone"],
)
def test_damaged_anchors_are_found(anchors: AnchorFile, damage: Callable[[list[str]], list[str]]) -> None:
    for _ in range(3):
        record("step.taken", actor=Actor("user", "1"))
        verify_and_anchor()
    lines = damage(anchors.path.read_text().splitlines())
    anchors.path.write_text("".join(f"{line}\n" for line in lines))
    with pytest.raises(AnchorsDamaged):
        anchors.read()
    assert [finding.kind for finding in verify().findings] == ["anchors_damaged"]
    assert not verify_and_anchor().is_good


def test_vanished_anchors_are_missed(anchors: AnchorFile) -> None:
    record("step.taken", actor=Actor("user", "1"))
    assert verify_and_anchor().is_good
    anchors.path.unlink()
    assert [finding.kind for finding in verify_and_anchor().findings] == ["anchors_damaged"]
    assert not verify_and_anchor().is_good, "one look does not make it good"
    assert AuditCheck.objects.get(kind="increment").through_seq >= 1


def test_anchors_of_another_key_are_not_believed(anchors: AnchorFile, settings: Any) -> None:
    record("step.taken", actor=Actor("user", "1"))
    verify_and_anchor()
    settings.AUDIT_KEY = "another key, long enough to be one"
    with pytest.raises(AnchorsDamaged, match="signature"):
        anchors.read()
