"""An application's life: written, documented, handed in, decided, run out; every step remembered, nothing lost."""

from __future__ import annotations

import os
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.utils import timezone

from apps.approvals import services as approvals
from apps.approvals.selectors import list_open
from apps.audit.models import AuditRecord
from apps.common.errors import DomainError
from apps.common.sealed_rows import rewrap_all
from apps.common.sealing import SealError
from apps.kyc import applications, documents, errors, expiry, reviews, vault
from apps.kyc.models import Application, ApplicationTransition, Document, Standing
from apps.kyc.selectors import get_own_application, limits_of, list_applications
from apps.kyc.types import DocumentKind, Person
from apps.users.models import User
from tests.support.kyc_papers import pdf, picture
from tests.support.kyc_story import PERSON, actor, add, approved, opened, submit, submitted

pytestmark = pytest.mark.django_db


def states(application_id: str) -> list[str]:
    return list(ApplicationTransition.objects.filter(application=application_id).values_list("state", flat=True))


def files() -> list[Path]:
    return [path for path in Path(settings.EXCHANGE_KYC_FOLDER).rglob("*") if path.is_file()]


def test_the_whole_way_to_a_level(alice: User, carol: User) -> None:
    application_id = opened(alice)
    assert get_own_application(alice.pk, application_id).missing == ("identity",)
    add(alice, application_id)
    assert submit(alice, application_id).missing == ()
    reviews.start_review(application_id=application_id, actor=actor(carol))
    assert reviews.approve_application(application_id=application_id, actor=actor(carol), reason="all is well")
    found = get_own_application(alice.pk, application_id)
    assert (found.state, found.person, limits_of(alice.pk).level) == ("approved", PERSON, 1)
    assert states(application_id) == ["draft", "submitted", "in_review", "approved"]
    assert found.expires_at is not None
    assert timedelta(days=729) < found.expires_at - timezone.now() < timedelta(days=731)
    trail = list(AuditRecord.objects.filter(action__startswith="kyc.").values_list("action", "actor_id"))
    assert ("kyc.level_granted", str(carol.pk)) in trail
    assert ("kyc.submitted", str(alice.pk)) in trail
    assert "Alice" not in str(list(AuditRecord.objects.values_list("before", "after", "reason"))), (
        "no person in the trail"
    )


def test_nothing_personal_lies_open(alice: User) -> None:
    application_id = opened(alice)
    add(alice, application_id, content=pdf())
    row = Application.objects.get()
    assert b"Alice" not in bytes(row.details_sealed)
    (file,) = files()
    assert b"%PDF" not in file.read_bytes()
    assert file.stat().st_mode & 0o077 == 0
    assert file.parent.parent == Path(settings.EXCHANGE_KYC_FOLDER)
    document = Document.objects.get()
    assert documents.open_document(document) == pdf()
    other = Document.objects.create(
        application=row, kind="other", file_name="x", content_type="application/pdf", size_bytes=1,
        digest=document.digest, stored_name=document.stored_name, data_key_sealed=document.data_key_sealed,
        kek_id=document.kek_id,
    )  # fmt: skip
    with pytest.raises(SealError):
        documents.open_document(other)
    file.write_bytes(file.read_bytes()[:-1] + b"\0")
    with pytest.raises(SealError):
        documents.open_document(document)


@pytest.mark.parametrize("name", ["../secrets/kek_1", "/etc/passwd", "", "a" * 39, "A" * 40])
def test_a_file_is_found_by_random_names_alone(name: str) -> None:
    with pytest.raises(SealError):
        vault.fetch(name, data_key=b"", kek_id="1", context=b"")


@pytest.mark.parametrize(
    ("told", "kept"),
    [("C:\\scans\\pass.pdf", "pass.pdf"), ("../../etc/passwd", "passwd"), ("", "document"), ("...", "document"),
     ('a"b\r\nX: y.pdf', "abX y.pdf"), ("<img src=x>.png", "img src=x.png"), ("\u202egnp.exe", "gnp.exe"), ("é" * 300, "é" * 120)],
)  # fmt: skip
def test_a_file_name_is_for_people_only(told: str, kept: str) -> None:
    assert documents.plain_file_name(told) == kept


def test_one_open_application_and_only_upwards(alice: User, carol: User) -> None:
    with pytest.raises(errors.UnknownLevel):
        opened(alice, 0)
    with pytest.raises(errors.UnknownLevel):
        opened(alice, 4)
    first = opened(alice)
    with pytest.raises(errors.ApplicationOpen) as refusal:
        opened(alice, 2)
    assert refusal.value.details == {"application_id": first}
    add(alice, first)
    submit(alice, first)
    reviews.approve_application(application_id=first, actor=actor(carol), reason="fine")
    with pytest.raises(errors.LevelReached):
        opened(alice)
    assert opened(alice, 2)
    assert [one.level for one in list_applications(alice.pk)] == [2, 1]


def test_somebody_elses_application_looks_like_none(alice: User, carol: User) -> None:
    bob = User.objects.create_user("bob@example.com", "seven-Ducks-swim")
    application_id = opened(alice)
    document_id = add(alice, application_id)
    for ask in (
        lambda: get_own_application(bob.pk, application_id),
        lambda: add(bob, application_id),
        lambda: submit(bob, application_id),
        lambda: applications.correct_application(user_id=bob.pk, application_id=application_id, person=PERSON),
        lambda: applications.remove_document(
            user_id=bob.pk, application_id=application_id, document_id=document_id, actor=actor(bob)
        ),
    ):
        with pytest.raises(errors.UnknownApplication):
            ask()


def test_what_was_handed_in_stays_as_it_was(alice: User) -> None:
    application_id = submitted(alice)
    document_id = str(Document.objects.get().id)
    for ask in (
        lambda: add(alice, application_id),
        lambda: submit(alice, application_id),
        lambda: applications.correct_application(user_id=alice.pk, application_id=application_id, person=PERSON),
        lambda: applications.remove_document(
            user_id=alice.pk, application_id=application_id, document_id=document_id, actor=actor(alice)
        ),
    ):
        with pytest.raises(errors.WrongState) as refusal:
            ask()
        assert refusal.value.details == {"state": "submitted"}


def test_the_state_cannot_be_written_past_the_machine(alice: User) -> None:
    opened(alice)
    row = Application.objects.get()
    with pytest.raises(AttributeError):
        row.state = "approved"


def test_missing_documents_are_named_and_eight_are_enough(alice: User) -> None:
    application_id = opened(alice, 2)
    add(alice, application_id, DocumentKind.PROOF_OF_ADDRESS)
    with pytest.raises(errors.DocumentsMissing) as refusal:
        submit(alice, application_id)
    assert refusal.value.details == {"missing": ["identity"]}
    for _ in range(7):
        add(alice, application_id)
    with pytest.raises(errors.TooManyDocuments):
        add(alice, application_id)
    assert get_own_application(alice.pk, application_id).state == "draft"
    assert len(files()) == 8


def test_a_removed_document_is_gone_after_the_commit(alice: User, django_capture_on_commit_callbacks: object) -> None:
    application_id = opened(alice)
    document_id = add(alice, application_id)
    with django_capture_on_commit_callbacks(execute=True):
        applications.remove_document(
            user_id=alice.pk, application_id=application_id, document_id=document_id, actor=actor(alice)
        )
    assert files() == []
    assert get_own_application(alice.pk, application_id).documents == ()
    with pytest.raises(errors.UnknownDocument):
        applications.remove_document(
            user_id=alice.pk, application_id=application_id, document_id=document_id, actor=actor(alice)
        )


def test_asked_for_more_it_comes_back_and_goes_again(alice: User, carol: User) -> None:
    application_id = submitted(alice)
    reviews.ask_for_more(application_id=application_id, actor=actor(carol), reason="The passport is blurred.")
    found = get_own_application(alice.pk, application_id)
    assert (found.state, found.reason) == ("needs_more", "The passport is blurred.")
    other = Person("Alice B. Example", date(1990, 5, 17), "DE", "FR", "2 High Street")
    applications.correct_application(user_id=alice.pk, application_id=application_id, person=other)
    add(alice, application_id, content=picture())
    submit(alice, application_id)
    reviews.reject_application(application_id=application_id, actor=actor(carol), reason="Not the same person.")
    found = get_own_application(alice.pk, application_id)
    assert (found.state, found.reason, found.person) == ("rejected", "Not the same person.", other)
    assert states(application_id) == ["draft", "submitted", "in_review", "needs_more", "submitted", "rejected"]
    assert limits_of(alice.pk).level == 0
    assert opened(alice), "another try is possible"


def test_decisions_need_a_reason_another_person_and_the_right_state(alice: User, carol: User) -> None:
    application_id = submitted(carol)
    with pytest.raises(errors.OwnApplication):
        reviews.approve_application(application_id=application_id, actor=actor(carol), reason="it is me")
    with pytest.raises(errors.OwnApplication):
        reviews.start_review(application_id=application_id, actor=actor(carol))
    draft = opened(alice)
    for decide in (reviews.approve_application, reviews.reject_application, reviews.ask_for_more):
        with pytest.raises(errors.ReasonMissing):
            decide(application_id=draft, actor=actor(carol), reason="  ")
    for decide in (reviews.approve_application, reviews.ask_for_more, reviews.reject_application):
        with pytest.raises(errors.WrongState):
            decide(application_id=draft, actor=actor(carol), reason="too early")
    assert states(draft) == ["draft"]


def test_an_approval_can_be_taken_back(alice: User, carol: User) -> None:
    application_id = approved(alice, carol)
    reviews.reject_application(application_id=application_id, actor=actor(carol), reason="The passport was forged.")
    assert limits_of(alice.pk).level == 0


def test_the_highest_level_takes_two_persons(alice: User, carol: User, dora: User) -> None:
    application_id = submitted(alice, 3)
    assert not reviews.approve_application(application_id=application_id, actor=actor(carol), reason="fine")
    assert (limits_of(alice.pk).level, get_own_application(alice.pk, application_id).state) == (0, "in_review")
    with pytest.raises(errors.SecondPersonNeeded):
        reviews.approve_application(application_id=application_id, actor=actor(dora), reason="fine")
    (asked,) = list_open(kind=reviews.APPROVAL_KIND)
    with pytest.raises(DomainError):
        approvals.approve(asked.id, actor=actor(carol), reason="me again")
    done = approvals.approve(asked.id, actor=actor(dora), reason="fine too")
    assert (done.state, limits_of(alice.pk).level) == ("executed", 3)
    granted = AuditRecord.objects.get(action="kyc.level_granted")
    assert granted.actor_id == str(dora.pk)


def test_a_second_person_cannot_grant_what_has_moved_on(alice: User, carol: User, dora: User) -> None:
    application_id = submitted(alice, 3)
    reviews.approve_application(application_id=application_id, actor=actor(carol), reason="fine")
    reviews.reject_application(application_id=application_id, actor=actor(carol), reason="no, wait")
    (asked,) = list_open(kind=reviews.APPROVAL_KIND)
    assert approvals.approve(asked.id, actor=actor(dora), reason="fine").state == "failed"
    assert limits_of(alice.pk).level == 0


def test_a_level_runs_out_after_a_warning_and_can_be_renewed(alice: User, carol: User) -> None:
    application_id = approved(alice, carol)
    assert expiry.tell_of_expiry() == 0
    Standing.objects.update(expires_at=timezone.now() + timedelta(days=20))
    assert [expiry.tell_of_expiry(), expiry.tell_of_expiry()] == [1, 0]
    renewal = opened(alice)
    past = timezone.now() - timedelta(seconds=1)
    Standing.objects.update(expires_at=past)
    Application.objects.filter(id=application_id).update(expires_at=past)
    assert limits_of(alice.pk).level == 0, "at once, before any job"
    assert [expiry.expire_due(), expiry.expire_due()] == [1, 0]
    assert get_own_application(alice.pk, application_id).state == "expired"
    add(alice, renewal)
    submit(alice, renewal)
    reviews.approve_application(application_id=renewal, actor=actor(carol), reason="still she")
    assert limits_of(alice.pk).level == 1


def test_each_change_is_mailed_to_the_applicant_alone(
    alice: User, carol: User, django_capture_on_commit_callbacks: object, mailoutbox: list[EmailMultiAlternatives]
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        application_id = submitted(alice)
        reviews.ask_for_more(
            application_id=application_id, actor=actor(carol), reason="Which <b>street</b>?\n\nhttps://x"
        )
    assert [(mail.to, mail.subject) for mail in mailoutbox] == [
        (["alice@example.com"], "Your verification is on its way"),
        (["alice@example.com"], "Your verification needs more"),
    ]
    html = str(mailoutbox[1].alternatives[0][0])
    assert "&lt;b&gt;street" in html
    assert 'href="https://x"' not in html, "a reviewer's words are no button"
    assert "Which <b>street</b>? https://x" in mailoutbox[1].body


def test_forgotten_drafts_are_given_up(alice: User) -> None:
    application_id = opened(alice)
    assert expiry.give_up_drafts() == 0
    Application.objects.update(changed_at=timezone.now() - timedelta(days=31))
    assert expiry.give_up_drafts() == 1
    assert get_own_application(alice.pk, application_id).state == "expired"


def test_after_retention_documents_and_details_are_gone(
    alice: User, carol: User, django_capture_on_commit_callbacks: object
) -> None:
    application_id = submitted(alice)
    reviews.reject_application(application_id=application_id, actor=actor(carol), reason="no")
    assert expiry.delete_retained() == 0
    with django_capture_on_commit_callbacks(execute=True):
        Document.objects.update(retain_until=timezone.now())
        Application.objects.update(changed_at=timezone.now() - timedelta(days=8))
        assert expiry.delete_retained() == 2
    assert files() == []
    found = get_own_application(alice.pk, application_id)
    assert (found.person, found.documents) == (None, ())
    with pytest.raises(errors.UnknownDocument):
        documents.read_document(
            str(Document.objects.get().id), application_id=application_id, actor=actor(carol), watermark="x"
        )


def test_files_nobody_names_are_swept_and_others_stay(alice: User) -> None:
    application_id = opened(alice)
    add(alice, application_id)
    with transaction.atomic():
        vault.keep(b"rolled back", context=b"x")
    assert expiry.sweep_orphans() == 0, "they may belong to a row that is being written"
    for file in files():
        os.utime(file, (1, 1))
    assert expiry.sweep_orphans() == 1
    assert documents.open_document(Document.objects.get()) == pdf()


def test_keys_rotate_without_opening_anything(alice: User, settings: object) -> None:
    application_id = opened(alice)
    add(alice, application_id)
    folder = Path(settings.EXCHANGE_SECRETS)
    (folder / "kek_kyc2").write_text("ab" * 32)
    settings.EXCHANGE_KEK_ID = "kyc2"
    left = {progress.columns: (progress.left, progress.broken) for progress in rewrap_all()}
    assert left["people of KYC"] == left["documents of KYC"] == (0, [])
    assert {Application.objects.get().kek_id, Document.objects.get().kek_id} == {"kyc2"}
    assert documents.open_document(Document.objects.get()) == pdf()
    assert get_own_application(alice.pk, application_id).person == PERSON
