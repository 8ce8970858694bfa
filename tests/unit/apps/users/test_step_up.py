"""What money asks before it leaves [S6]: a confirmed address, a fresh proof, and a day of rest after a change."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from apps.users import recovery, services, step_up
from apps.users.attempts import PAIR_MAX, Place
from apps.users.errors import EmailNotVerified, InvalidCredentials, StepUpRequired, TooManyAttempts, WithdrawalHeld
from apps.users.models import Session, User
from apps.users.selectors import withdrawal_hold_until
from apps.users.types import TokenIdentity, UserRef
from tests.support.people import PASSWORD
from tests.unit.apps.users.conftest import HOME


def test_a_withdrawal_wants_a_confirmed_address_a_fresh_proof_and_a_day_of_rest(
    at_home: TokenIdentity, person: UserRef
) -> None:
    services.require_withdrawal(at_home)
    User.objects.update(email_verified_at=None)
    with pytest.raises(EmailNotVerified):
        services.require_withdrawal(at_home)
    User.objects.update(email_verified_at=timezone.now())
    Session.objects.update(stepped_up_at=timezone.now() - timedelta(minutes=5, seconds=1))
    with pytest.raises(StepUpRequired):
        services.require_withdrawal(at_home)
    step_up.step_up(at_home, method="password", proof=PASSWORD, place=HOME)
    services.require_withdrawal(at_home)

    recovery.change_password(identity=at_home, current=PASSWORD, password="eight-Geese-fly", place=HOME)
    with pytest.raises(WithdrawalHeld) as refusal:
        services.require_withdrawal(at_home)
    until = withdrawal_hold_until(person.id)
    assert until is not None
    assert refusal.value.details == {"until_ms": int(until.timestamp() * 1000)}
    with time_machine.travel(until + timedelta(seconds=1), tick=False):
        assert withdrawal_hold_until(person.id) is None


def test_a_proof_belongs_to_its_session(at_home: TokenIdentity, person: UserRef) -> None:
    other = services.authenticate_token(services.open_session(user_id=person.id).access)
    assert other is not None
    Session.objects.update(stepped_up_at=None)
    step_up.step_up(at_home, method="password", proof=PASSWORD, place=HOME)
    services.require_step_up(at_home)
    with pytest.raises(StepUpRequired):
        services.require_step_up(other)


@pytest.mark.parametrize("change", [False, True])
def test_a_stolen_session_guesses_ten_times_from_wherever_it_claims_to_be(at_home: TokenIdentity, change: bool) -> None:
    """Another address and another device text at each try are the same session's tries."""

    def guess(number: int) -> None:
        place = Place(f"198.51.100.{number}", f"device-{number}")
        if change:
            recovery.change_password(identity=at_home, current="wrong", password="eight-Geese-fly", place=place)
        else:
            step_up.step_up(identity=at_home, method="password", proof="wrong", place=place)

    for number in range(PAIR_MAX):
        with pytest.raises(InvalidCredentials):
            guess(number)
    with pytest.raises(TooManyAttempts):
        guess(PAIR_MAX)
