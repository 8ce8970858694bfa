"""Registration, forgotten passwords, new addresses: doors tell strangers nothing, mailboxes tell owners everything."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.users import factors, recovery, registration, services
from apps.users.errors import AccountFrozen, InvalidCredentials, InvalidEmail, InvalidLink, WeakPassword
from apps.users.models import OneTimeToken, Session, TotpDevice, User
from apps.users.passwords import hash_password
from apps.users.selectors import withdrawal_hold_until
from apps.users.tasks import remove_old_texts
from apps.users.types import LoginChallenge, TokenIdentity, TokenPair, UserRef
from tests.support.authenticators import totp_code
from tests.support.mailbox import Committed, last_link, last_subject, letters_to
from tests.support.people import PASSWORD
from tests.unit.apps.users.conftest import AWAY, HOME

NEW_PASSWORD = "eight-Geese-fly"
NEW_EMAIL = "alice@elsewhere.example"


@pytest.fixture
def strict(settings: Any) -> None:
    """As in production: an address is confirmed before it is good for anything."""
    settings.EXCHANGE_REQUIRE_VERIFIED_EMAIL = True


def sign_up(email: str = "bob@example.com", password: str = PASSWORD) -> int | None:
    return registration.sign_up(email=email, password=password, place=HOME)


def test_a_taken_address_takes_no_longer_than_a_new_one(
    db: None, strict: None, person: UserRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What takes time is stretching the password: once for everybody, taken, waiting or new."""
    stretched: list[str] = []

    def counted(password: str) -> str:
        stretched.append(password)
        return hash_password(password)

    for room in (registration, services):
        monkeypatch.setattr(room, "hash_password", counted)
    costs = []
    for email in ("new@example.com", "new@example.com", person.email):
        stretched.clear()
        sign_up(email)
        costs.append(len(stretched))
    assert costs == [1, 1, 1]


@pytest.mark.django_db
class TestRegistration:
    def test_the_link_confirms_once(self, strict: None, committed: Committed) -> None:
        user_id = committed(sign_up)
        with pytest.raises(InvalidCredentials):
            services.log_in(email="bob@example.com", password=PASSWORD)
        link = last_link("bob@example.com", "verify")
        assert registration.verify(token=link, place=HOME) == user_id
        assert isinstance(services.log_in(email="bob@example.com", password=PASSWORD), TokenPair)
        with pytest.raises(InvalidLink):
            registration.verify(token=link, place=HOME)
        assert link not in str(list(OneTimeToken.objects.values()))

    def test_an_old_link_is_dead(self, strict: None, committed: Committed) -> None:
        committed(sign_up)
        OneTimeToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
        with pytest.raises(InvalidLink):
            registration.verify(token=last_link("bob@example.com", "verify"), place=HOME)

    def test_a_taken_address_changes_nothing_and_its_owner_is_told(self, person: UserRef, committed: Committed) -> None:
        before = User.objects.get(id=person.id).password
        assert committed(sign_up, "ALICE@example.com", NEW_PASSWORD) is None
        assert User.objects.get(id=person.id).password == before
        assert last_subject(person.email) == "You are registered already"

    def test_an_unconfirmed_address_is_whose_mailbox_it_is(self, strict: None, committed: Committed) -> None:
        committed(sign_up, password="of-the-Squatter-9")
        first = last_link("bob@example.com", "verify")
        committed(sign_up)
        with pytest.raises(InvalidLink):
            registration.verify(token=first, place=HOME)
        registration.verify(token=last_link("bob@example.com", "verify"), place=HOME)
        assert isinstance(services.log_in(email="bob@example.com", password=PASSWORD), TokenPair)

    def test_without_confirming_nobody_takes_an_unconfirmed_person_over(self, committed: Committed) -> None:
        assert committed(sign_up)
        assert committed(sign_up, password=NEW_PASSWORD) is None
        with pytest.raises(InvalidCredentials):
            services.log_in(email="bob@example.com", password=NEW_PASSWORD)

    def test_at_most_five_mails_an_hour_go_to_one_address(self, strict: None, committed: Committed) -> None:
        committed(sign_up)
        for _ in range(9):
            committed(registration.resend, email="bob@example.com")
            committed(recovery.ask_reset, email="bob@example.com", place=AWAY)
        assert len(letters_to("bob@example.com")) == 5

    def test_resending_says_nothing(self, person: UserRef, committed: Committed) -> None:
        committed(registration.resend, email=person.email)
        committed(registration.resend, email="nobody@example.com")
        committed(registration.resend, email="no address")
        assert mail.outbox == []


class TestReset:
    def test_a_link_makes_a_new_password_once(
        self, at_home: TokenIdentity, person: UserRef, committed: Committed
    ) -> None:
        committed(recovery.ask_reset, email=person.email, place=AWAY)
        link = last_link(person.email, "reset")
        with pytest.raises(WeakPassword):
            recovery.reset(token=link, password="password1234", place=AWAY)
        committed(recovery.reset, token=link, password=NEW_PASSWORD, place=AWAY)
        assert Session.objects.get(id=at_home.session_id).revoke_reason == "password_changed"
        assert withdrawal_hold_until(person.id) is not None
        assert last_subject(person.email) == "Your password was changed"
        with pytest.raises(InvalidLink):
            recovery.reset(token=link, password=PASSWORD, place=AWAY)
        assert isinstance(services.log_in(email=person.email, password=NEW_PASSWORD), TokenPair)

    def test_a_reset_leaves_the_second_step_in_the_way(self, person: UserRef, committed: Committed) -> None:
        secret = factors.begin_totp(user_id=person.id).secret
        factors.confirm_totp(user_id=person.id, code=totp_code(secret), place=HOME)
        committed(recovery.ask_reset, email=person.email, place=AWAY)
        recovery.reset(token=last_link(person.email, "reset"), password=NEW_PASSWORD, place=AWAY)
        assert isinstance(services.log_in(email=person.email, password=NEW_PASSWORD), LoginChallenge)

    def test_old_texts_are_forgotten_after_a_month(self, person: UserRef) -> None:
        for days in (1, 31):
            recovery.ask_reset(email="nobody@example.com", place=AWAY)
            OneTimeToken.objects.filter(expires_at__gt=timezone.now()).update(
                expires_at=timezone.now() - timedelta(days=days)
            )
        assert remove_old_texts() == 1
        assert OneTimeToken.objects.count() == 1

    def test_the_newest_link_counts(self, person: UserRef, committed: Committed) -> None:
        committed(recovery.ask_reset, email=person.email, place=AWAY)
        first = last_link(person.email, "reset")
        committed(recovery.ask_reset, email=person.email, place=AWAY)
        with pytest.raises(InvalidLink):
            recovery.reset(token=first, password=NEW_PASSWORD, place=AWAY)

    def test_asking_costs_and_says_the_same_for_everybody(self, person: UserRef) -> None:
        counts = []
        for email in (person.email, "nobody@example.com"):
            with CaptureQueriesContext(connection) as asked:
                recovery.ask_reset(email=email, place=AWAY)
            counts.append(len(asked))
        assert abs(counts[0] - counts[1]) <= 1, "the known one's older links are put out by one more question"
        assert OneTimeToken.objects.filter(kind="reset_password").count() == 2

    def test_the_link_stands_behind_the_hash_of_our_own_origin(
        self, person: UserRef, committed: Committed, settings: Any
    ) -> None:
        committed(recovery.ask_reset, email=person.email, place=AWAY)
        assert f"{settings.EXCHANGE_ORIGIN}/confirm#reset=" in str(mail.outbox[0].body)

    def test_a_link_is_good_for_its_own_deed_only(self, person: UserRef, committed: Committed) -> None:
        committed(recovery.ask_reset, email=person.email, place=AWAY)
        link = last_link(person.email, "reset")
        for work in (registration.verify, recovery.confirm_email_change, recovery.undo_email_change):
            with pytest.raises(InvalidLink):
                work(token=link, place=AWAY)


class TestPassword:
    def test_the_old_one_is_asked_for_and_others_end(self, at_home: TokenIdentity, person: UserRef) -> None:
        other = services.open_session(user_id=person.id)
        with pytest.raises(InvalidCredentials):
            recovery.change_password(identity=at_home, current="wrong", password=NEW_PASSWORD, place=HOME)
        recovery.change_password(identity=at_home, current=PASSWORD, password=NEW_PASSWORD, place=HOME)
        assert services.authenticate_token(other.access) is None
        assert Session.objects.get(id=at_home.session_id).revoked_at is None
        assert isinstance(services.log_in(email=person.email, password=NEW_PASSWORD), TokenPair)


class TestEmail:
    def ask(self, at_home: TokenIdentity, committed: Committed, email: str = NEW_EMAIL) -> None:
        committed(recovery.ask_email_change, identity=at_home, new_email=email, place=HOME)

    def test_both_sides_are_told_and_the_old_one_may_undo(
        self, at_home: TokenIdentity, person: UserRef, committed: Committed
    ) -> None:
        self.ask(at_home, committed)
        assert last_subject(person.email) == "Your address is about to change"
        assert User.objects.get(id=person.id).email == person.email
        committed(recovery.confirm_email_change, token=last_link(NEW_EMAIL, "email"), place=HOME)
        assert User.objects.get(id=person.id).email == NEW_EMAIL
        assert last_subject(person.email) == "Your address was changed"
        assert last_subject(NEW_EMAIL) == "This is your address now"
        assert withdrawal_hold_until(person.id) is not None

        secret = factors.begin_totp(user_id=person.id).secret
        factors.confirm_totp(user_id=person.id, code=totp_code(secret), place=AWAY)
        committed(recovery.undo_email_change, token=last_link(person.email, "undo-email"), place=HOME)
        row = User.objects.get(id=person.id)
        assert row.email == person.email
        assert not row.has_usable_password()
        assert not TotpDevice.objects.exists(), "what came after the change goes"
        assert not Session.objects.filter(revoked_at=None).exists()
        recovery.reset(token=last_link(person.email, "reset"), password=NEW_PASSWORD, place=HOME)
        assert isinstance(services.log_in(email=person.email, password=NEW_PASSWORD), TokenPair)

    def test_a_taken_address_looks_the_same_and_cannot_be_had(
        self, at_home: TokenIdentity, person: UserRef, committed: Committed
    ) -> None:
        services.register_user(email="bob@example.com", password=PASSWORD)
        self.ask(at_home, committed, "bob@example.com")
        assert last_subject(person.email) == "Your address is about to change"
        assert last_subject("bob@example.com") == "You are registered already"

    def test_an_address_taken_meanwhile_cannot_be_had(self, at_home: TokenIdentity, committed: Committed) -> None:
        self.ask(at_home, committed)
        services.register_user(email=NEW_EMAIL, password=PASSWORD)
        with pytest.raises(InvalidLink):
            recovery.confirm_email_change(token=last_link(NEW_EMAIL, "email"), place=HOME)

    def test_ones_own_address_and_no_address(self, at_home: TokenIdentity, person: UserRef) -> None:
        for email in (person.email.upper(), "not an address"):
            with pytest.raises(InvalidEmail):
                recovery.ask_email_change(identity=at_home, new_email=email, place=HOME)


class TestFreezing:
    def test_mailbox_and_password_open_it_again(
        self, at_home: TokenIdentity, person: UserRef, committed: Committed
    ) -> None:
        services.freeze_user(user_id=person.id, place=HOME)
        assert Session.objects.get(id=at_home.session_id).revoke_reason == "frozen"
        with pytest.raises(Exception, match="mailed you a link"):
            committed(services.log_in, email=person.email, password=PASSWORD)
        link = last_link(person.email, "unfreeze")
        with pytest.raises(InvalidCredentials):
            recovery.unfreeze(token=link, password="wrong", place=HOME)
        recovery.unfreeze(token=link, password=PASSWORD, place=HOME)
        assert withdrawal_hold_until(person.id) is not None
        assert isinstance(services.log_in(email=person.email, password=PASSWORD), TokenPair)

    def test_who_is_disabled_does_not_come_back_by_undoing_a_freeze(
        self, person: UserRef, committed: Committed
    ) -> None:
        """A freeze of their own, before or after, is no way around what staff did, and no mail offers one."""
        services.freeze_user(user_id=person.id, place=HOME)
        with pytest.raises(AccountFrozen):
            committed(services.log_in, email=person.email, password=PASSWORD)
        link = last_link(person.email, "unfreeze")
        services.disable_user(user_id=person.id, by_staff=1)
        with pytest.raises(InvalidCredentials):
            services.log_in(email=person.email, password=PASSWORD)
        recovery.unfreeze(token=link, password=PASSWORD, place=HOME)
        assert not User.objects.get(id=person.id).is_active
        with pytest.raises(InvalidCredentials):
            services.log_in(email=person.email, password=PASSWORD)
        services.freeze_user(user_id=person.id, by_staff=1)
        assert services.enable_user(user_id=person.id, by_staff=1)
        assert not User.objects.get(id=person.id).is_active, "frozen all the same"
        assert services.unfreeze_user(user_id=person.id, by_staff=1)
        assert isinstance(services.log_in(email=person.email, password=PASSWORD), TokenPair)

    def test_closed_is_closed(self, person: UserRef) -> None:
        services.close_user(user_id=person.id)
        services.enable_user(user_id=person.id)
        assert not services.freeze_user(user_id=person.id)
        with pytest.raises(InvalidCredentials):
            services.log_in(email=person.email, password=PASSWORD)
