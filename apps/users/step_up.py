"""Proving once more who is there: what guards withdrawals, API keys and security changes. Good for five minutes.

Who has a second factor proves it with that, everybody else with the password. A fresh sign-in counts.
"""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from apps.users import trail
from apps.users.attempts import SIGNED_IN, Place, Tries, store_up
from apps.users.errors import (
    EmailNotVerified,
    InvalidCode,
    InvalidCredentials,
    StepUpRequired,
    WithdrawalHeld,
)
from apps.users.factors import check_code, methods_of
from apps.users.models import Session, User
from apps.users.passwords import is_password
from apps.users.selectors import is_email_verified, withdrawal_hold_until
from apps.users.types import TokenIdentity

FRESH = timedelta(minutes=5)


def require_step_up(identity: TokenIdentity) -> None:
    """Raises StepUpRequired unless the session's holder proved within five minutes who they are."""
    since = timezone.now() - FRESH
    if not Session.objects.filter(id=identity.session_id, revoked_at=None, stepped_up_at__gt=since).exists():
        raise StepUpRequired(methods=list(step_up_methods(identity.user_id)))


def require_withdrawal(identity: TokenIdentity) -> None:
    """What every withdrawal asks first.

    Raises EmailNotVerified, StepUpRequired, WithdrawalHeld; ServiceUnavailable while the cache is down.
    """
    store_up()
    if not is_email_verified(identity.user_id):
        raise EmailNotVerified
    require_step_up(identity)
    until = withdrawal_hold_until(identity.user_id)
    if until is not None:
        raise WithdrawalHeld(until_ms=int(until.timestamp() * 1000))


def step_up_methods(user_id: int) -> tuple[str, ...]:
    return methods_of(user_id) or ("password",)


def step_up(identity: TokenIdentity, *, method: str, proof: str, place: Place) -> None:
    """Prove by password or code. Raises StepUpRequired (not this method), InvalidCredentials, InvalidCode,
    TooManyAttempts, ServiceUnavailable.
    """
    methods = step_up_methods(identity.user_id)
    if method not in methods or method == "passkey":
        raise StepUpRequired(methods=list(methods))
    tries = Tries("step_up", identity.session_id, place, known=SIGNED_IN)
    tries.begin()
    if method == "password":
        encoded = User.objects.values_list("password", flat=True).get(id=identity.user_id)
        if not is_password(proof, encoded):
            trail.note("auth.step_up_failed", user_id=identity.user_id, place=place, reason=method)
            raise InvalidCredentials("The password is wrong.")
    elif not check_code(identity.user_id, method, proof, place=place):
        trail.note("auth.step_up_failed", user_id=identity.user_id, place=place, reason=method)
        raise InvalidCode
    tries.succeed()
    stepped_up(identity, method=method, place=place)


def stepped_up(identity: TokenIdentity, *, method: str, place: Place) -> None:
    """Note it on the session."""
    Session.objects.filter(id=identity.session_id).update(stepped_up_at=timezone.now())
    trail.note("auth.step_up", user_id=identity.user_id, place=place, after={"method": method})
