"""The way in under attack [S12]: a stranger is slowed, the person is not, and nobody learns who is registered."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.common.errors import ServiceUnavailable
from apps.users import factors, services, sign_in
from apps.users.attempts import PAIR_MAX, STRANGERS_MAX, Place, Tries, network
from apps.users.errors import AccountFrozen, ChallengeOver, InvalidCode, InvalidCredentials, TooManyAttempts
from apps.users.models import KnownDevice, Session, User
from apps.users.types import LoginChallenge, TokenIdentity, TokenPair, UserRef
from tests.support.authenticators import totp_code
from tests.support.mailbox import Committed, last_link, last_subject, letters_to
from tests.support.people import PASSWORD
from tests.unit.apps.users.conftest import AWAY, HOME

TRIES = 10_000


def log_in(person: UserRef, place: Place, password: str = PASSWORD) -> TokenPair | LoginChallenge:
    return services.log_in(
        email=person.email, password=password, address=place.address, user_agent=place.user_agent, device=place.device
    )


def guess_from_everywhere(email: str, times: int) -> None:
    for number in range(times):
        address = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
        try:
            found = services.log_in(email=email, password=f"wrong-{number}", address=address)
        except InvalidCredentials:
            continue
        assert isinstance(found, LoginChallenge)


def test_ten_wrong_passwords_close_the_way_from_that_place_alone(person: UserRef) -> None:
    for _ in range(PAIR_MAX):
        with pytest.raises(InvalidCredentials):
            log_in(person, AWAY, "wrong")
    with pytest.raises(TooManyAttempts) as refusal:
        log_in(person, AWAY)
    assert refusal.value.details["retry_after_s"] > 0
    assert isinstance(log_in(person, HOME), TokenPair)


def test_a_made_up_device_starts_no_count_anew(at_home: TokenIdentity, person: UserRef) -> None:
    """Behind the person's own network too: only a device text that is theirs is counted apart."""

    def claiming(number: int) -> Place:
        return Place(HOME.address, f"device-{number}", HOME.user_agent)

    for number in range(PAIR_MAX):
        with pytest.raises(InvalidCredentials):
            log_in(person, claiming(number), "wrong")
    with pytest.raises(TooManyAttempts):
        log_in(person, claiming(PAIR_MAX))


def test_ten_thousand_wrong_passwords_from_everywhere_do_not_touch_the_person(
    at_home: TokenIdentity, person: UserRef, committed: Committed
) -> None:
    for number in range(TRIES):
        tries = Tries("password", person.email, Place(f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}"))
        tries.begin()
        tries.fail()
    assert isinstance(log_in(person, HOME), TokenPair)
    # From a place nobody knows the right password and a wrong one look alike; the mailbox tells them apart.
    wrong, right = log_in(person, AWAY, "wrong"), committed(log_in, person, Place("203.0.113.5"))
    assert isinstance(wrong, LoginChallenge)
    assert isinstance(right, LoginChallenge)
    assert (wrong.methods, wrong.expires_s) == (right.methods, right.expires_s) == (("email_code",), 600)
    assert [letter.subject for letter in letters_to(person.email)] == [last_subject(person.email)]
    code = last_subject(person.email).rpartition(" ")[2]
    with pytest.raises(InvalidCode):
        sign_in.finish_log_in(challenge=wrong.challenge, method="email_code", code=code, place=AWAY)
    pair = sign_in.finish_log_in(challenge=right.challenge, method="email_code", code=code, place=Place("203.0.113.5"))
    assert isinstance(pair, TokenPair)


def test_nobody_learns_from_the_flood_who_is_registered(person: UserRef) -> None:
    for email in (person.email, "nobody@example.com"):
        guess_from_everywhere(email, STRANGERS_MAX)
        found = services.log_in(email=email, password="wrong", address=AWAY.address)
        assert isinstance(found, LoginChallenge)
        assert found.methods == ("email_code",)
    assert mail.outbox == []


@pytest.mark.parametrize("address", ["2001:db8:1:2::1", "2001:db8:1:2:ffff::9"])
def test_a_device_is_known_by_its_text_and_a_place_by_its_network(person: UserRef, address: str) -> None:
    pair = log_in(person, Place(address="2001:db8:1:2::5"))
    assert isinstance(pair, TokenPair)
    assert pair.device
    assert pair.device not in str(KnownDevice.objects.values())
    guess_from_everywhere(person.email, STRANGERS_MAX)
    assert isinstance(log_in(person, Place(address=address)), TokenPair)
    assert isinstance(log_in(person, Place(address="2001:db8:9::1", device=pair.device)), TokenPair)
    assert isinstance(log_in(person, Place(address="2001:db8:8::1", device="x" * 43)), LoginChallenge)


def test_networks() -> None:
    assert network("192.0.2.7") == network("::ffff:192.0.2.7") == "192.0.2.7"
    assert network("2001:db8:1:2:3::4") == "2001:db8:1:2::"
    assert network(None) == network("nonsense") == ""


def test_trying_many_people_from_one_place_closes_the_place(person: UserRef) -> None:
    for number in range(100):
        with pytest.raises(InvalidCredentials):
            services.log_in(email=f"someone{number}@example.com", password="wrong", address=AWAY.address)
    with pytest.raises(TooManyAttempts):
        log_in(person, AWAY)
    assert isinstance(log_in(person, HOME), TokenPair)


def test_unknown_and_known_people_cost_the_same_questions(person: UserRef) -> None:
    counts = []
    for email in (person.email, "nobody@example.com"):
        with CaptureQueriesContext(connection) as asked, pytest.raises(InvalidCredentials):
            services.log_in(email=email, password="wrong", address=AWAY.address)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_with_the_counters_down_nobody_signs_in_or_withdraws(person: UserRef, settings: Any, tmp_path: Path) -> None:
    where = f"unix://{tmp_path / 'nobody.sock'}"
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": where}}
    with pytest.raises(ServiceUnavailable):
        log_in(person, HOME)
    with pytest.raises(ServiceUnavailable):
        services.require_withdrawal(TokenIdentity(person.id, None, "0" * 32, is_staff=False))


class TestSecondFactor:
    def test_the_password_alone_opens_nothing(self, person: UserRef) -> None:
        secret = factors.begin_totp(user_id=person.id).secret
        codes = factors.confirm_totp(user_id=person.id, code=totp_code(secret), place=HOME)
        before = Session.objects.count()
        found = log_in(person, HOME)
        assert isinstance(found, LoginChallenge)
        assert found.methods == ("totp", "backup_code")
        assert Session.objects.count() == before
        with pytest.raises(InvalidCode):
            sign_in.finish_log_in(challenge=found.challenge, method="totp", code="000000", place=HOME)
        pair = sign_in.finish_log_in(
            challenge=found.challenge, method="totp", code=totp_code(secret, steps=1), place=HOME
        )
        assert isinstance(pair, TokenPair)
        assert Session.objects.get(id=pair.session_id).methods == ["password", "totp"]
        with pytest.raises(ChallengeOver):
            sign_in.finish_log_in(challenge=found.challenge, method="backup_code", code=codes[0], place=HOME)

    def test_a_challenge_bears_five_tries(self, person: UserRef) -> None:
        secret = factors.begin_totp(user_id=person.id).secret
        factors.confirm_totp(user_id=person.id, code=totp_code(secret), place=HOME)
        found = log_in(person, HOME)
        assert isinstance(found, LoginChallenge)
        for _ in range(5):
            with pytest.raises(InvalidCode):
                sign_in.finish_log_in(challenge=found.challenge, method="totp", code="000000", place=HOME)
        with pytest.raises(ChallengeOver):
            sign_in.finish_log_in(challenge=found.challenge, method="totp", code=totp_code(secret, steps=1), place=HOME)

    def test_a_challenge_is_no_token_and_made_up_ones_lead_nowhere(self, person: UserRef) -> None:
        secret = factors.begin_totp(user_id=person.id).secret
        factors.confirm_totp(user_id=person.id, code=totp_code(secret), place=HOME)
        found = log_in(person, HOME)
        assert isinstance(found, LoginChallenge)
        assert services.authenticate_token(found.challenge) is None
        for text in ("", "x", "x" * 43):
            with pytest.raises(ChallengeOver):
                sign_in.finish_log_in(challenge=text, method="totp", code=totp_code(secret, steps=1), place=HOME)

    def test_a_thief_with_the_password_is_stopped_and_told_of(self, person: UserRef, committed: Committed) -> None:
        secret = factors.begin_totp(user_id=person.id).secret
        factors.confirm_totp(user_id=person.id, code=totp_code(secret), place=HOME)
        User.objects.update(last_login=timezone.now())
        for number in range(STRANGERS_MAX):
            place = Place(f"203.0.113.{number}")
            found = log_in(person, place)
            assert isinstance(found, LoginChallenge)
            with pytest.raises(InvalidCode):
                committed(sign_in.finish_log_in, challenge=found.challenge, method="totp", code="000000", place=place)
        assert last_subject(person.email) == "Somebody knows your password"
        found = log_in(person, AWAY)
        assert isinstance(found, LoginChallenge)
        with pytest.raises(TooManyAttempts):
            sign_in.finish_log_in(challenge=found.challenge, method="totp", code="000000", place=AWAY)


class TestStanding:
    def test_an_unconfirmed_person_looks_like_a_wrong_password_where_confirming_is_asked(
        self, person: UserRef, settings: Any
    ) -> None:
        User.objects.update(email_verified_at=None)
        assert isinstance(log_in(person, HOME), TokenPair)
        settings.EXCHANGE_REQUIRE_VERIFIED_EMAIL = True
        with pytest.raises(InvalidCredentials):
            log_in(person, HOME)

    def test_who_froze_the_account_is_told_the_way_back_and_staffs_freeze_has_none(
        self, person: UserRef, committed: Committed
    ) -> None:
        assert services.freeze_user(user_id=person.id)
        with pytest.raises(InvalidCredentials):
            log_in(person, HOME, "wrong")
        with pytest.raises(AccountFrozen):
            committed(log_in, person, HOME)
        assert last_link(person.email, "unfreeze")
        assert services.freeze_user(user_id=person.id, by_staff=1)
        assert not services.unfreeze_user(user_id=person.id)
        with pytest.raises(AccountFrozen) as refusal:
            log_in(person, HOME)
        assert refusal.value.details == {"by": "staff"}
        assert services.unfreeze_user(user_id=person.id, by_staff=1)
        assert isinstance(log_in(person, HOME), TokenPair)

    def test_a_new_place_is_told_a_known_one_is_not(self, person: UserRef, committed: Committed) -> None:
        committed(log_in, person, HOME)
        committed(log_in, person, HOME)
        assert mail.outbox == []
        committed(log_in, person, AWAY)
        assert last_subject(person.email) == "A new sign-in"
        assert "curl" in str(mail.outbox[0].body)

    def test_places_are_forgotten_after_ninety_days(self, person: UserRef, committed: Committed) -> None:
        committed(log_in, person, HOME)
        Session.objects.update(created_at=timezone.now() - timedelta(days=91))
        committed(log_in, person, HOME)
        assert last_subject(person.email) == "A new sign-in"
