"""The way in: password, then a second factor where there is one. Nobody learns here who is registered.

Wrong tries are counted by person and place (attempts.py). While strangers try an address hard, a stranger to it gets a
challenge for a code by mail, whether or not the password is right or anybody has the address; the known notice nothing.
"""

from __future__ import annotations

import secrets

from django.conf import settings

from apps.common.errors import ServiceUnavailable
from apps.notifications import mail
from apps.notifications.services import send_mail
from apps.users import devices, one_time, sessions, trail
from apps.users.attempts import Place, Tries, may_mail
from apps.users.emails import find_email
from apps.users.errors import AccountFrozen, ChallengeOver, InvalidCode, InvalidCredentials, TooManyAttempts
from apps.users.factors import check_code, methods_of
from apps.users.links import deed, page
from apps.users.models import User
from apps.users.one_time import Kind, Used
from apps.users.passwords import is_password
from apps.users.types import LoginChallenge, TokenPair

CODE_DIGITS = 8


def log_in(
    *, email: str, password: str, address: str | None = None, user_agent: str = "", device: str = ""
) -> TokenPair | LoginChallenge:
    """A new session, or what is still to be proved. The same work is done whether the person exists or not.

    Raises InvalidCredentials, TooManyAttempts, AccountFrozen (to who knows the password), ServiceUnavailable.
    """
    place, email = Place(address, device, user_agent), find_email(email)
    row = User.objects.filter(email=email).first() if email else None
    known = devices.known_by(row.id if row else 0, place)
    tries = Tries("password", email, place, known=known)
    tries.begin()
    good = is_password(password, row.password if row else None) and row is not None and _may_enter(row)
    if not good or row is None:
        tries.fail()
        trail.note("auth.login_failed", user_id=row.id if row else None, place=place, reason="password")
        if tries.is_pressed:
            return _mail_challenge(None)
        raise InvalidCredentials
    if tries.is_pressed:
        return _mail_challenge(row)
    if row.frozen_at is not None:
        raise _frozen(row)
    return _go_on(row, ("password",), tries, place)


def finish_log_in(*, challenge: str, method: str, code: str, place: Place) -> TokenPair | LoginChallenge:
    """Answer a challenge with a code. Raises InvalidCode, ChallengeOver, TooManyAttempts, ServiceUnavailable."""
    used = one_time.try_once(Kind.LOGIN, challenge)
    row = User.objects.filter(id=used.user_id).first() if used.user_id else None
    if method not in used.payload["methods"]:
        raise InvalidCode
    tries = _factor_tries(row, place)
    tries.begin()
    if row is None or not _is_code(row, used, method, code, place):
        tries.fail()
        trail.note("auth.login_failed", user_id=row.id if row else None, place=place, reason=method)
        _warn_of_thief(row, used, place, tries)
        raise InvalidCode
    one_time.finish(used)
    if not _may_enter(row):
        raise InvalidCredentials
    if row.frozen_at is not None:
        raise _frozen(row)
    done = (*used.payload["done"], method)
    return _go_on(row, done, tries, place) if method == "email_code" else enter(row, done, tries, place)


def challenge_of(text: str) -> tuple[Used, User]:
    """A challenge that a passkey answers, with its person; counts a try. Raises ChallengeOver."""
    used = one_time.try_once(Kind.LOGIN, text)
    row = User.objects.filter(id=used.user_id, is_active=True).first() if used.user_id else None
    if row is None or "passkey" not in used.payload["methods"]:
        raise ChallengeOver
    return used, row


def enter(row: User, methods: tuple[str, ...], tries: Tries | None, place: Place) -> TokenPair:
    """Everything is proved: a session, a known device, and word to the person when the place is new."""
    known_by = devices.known_by(row.id, place)
    if tries is not None:
        tries.succeed()
        if "password" in methods:
            for known in {known_by, ""}:
                Tries("password", row.email, place, known=known).succeed()
    is_new = not known_by and row.last_login is not None
    pair = sessions.open_session(user_id=row.id, address=place.address, user_agent=place.user_agent, methods=methods)
    device = devices.remember(row.id, place)
    if is_new:
        devices.tell_of_new_place(row, place)
    return TokenPair(pair.access, pair.refresh, pair.access_expires_s, pair.session_id, device)


def _go_on(row: User, done: tuple[str, ...], tries: Tries, place: Place) -> TokenPair | LoginChallenge:
    methods = methods_of(row.id)
    if not methods:
        return enter(row, done, tries, place)
    return _challenge(row.id, methods, done=list(done))


def _challenge(user_id: int | None, methods: tuple[str, ...], **payload: object) -> LoginChallenge:
    text = one_time.issue(Kind.LOGIN, user_id, methods=list(methods), **payload)
    return LoginChallenge(text, methods, int(one_time.LIFETIMES[Kind.LOGIN].total_seconds()))


def _mail_challenge(row: User | None) -> LoginChallenge:
    """A code goes to the person when the password was right; the challenge looks the same when it was not."""
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
    challenge = _challenge(row.id if row else None, ("email_code",), done=["password"], code=one_time.code_hash(code))
    facts = {"code": code, "link": page("confirm#forgot")}
    if row is not None and may_mail(row.email):
        send_mail(row.email, "login_code", facts)
    else:
        mail.write("nobody@example.com", "login_code", facts)
    return challenge


def _is_code(row: User, used: Used, method: str, code: str, place: Place) -> bool:
    if method == "email_code":
        return secrets.compare_digest(one_time.code_hash(code.replace(" ", "")), used.payload["code"])
    return check_code(row.id, method, code, place=place)


def _factor_tries(row: User | None, place: Place) -> Tries:
    known = devices.known_by(row.id, place) if row is not None else ""
    tries = Tries("second_factor", str(row.id if row else 0), place, known=known)
    if tries.is_pressed:
        raise TooManyAttempts(retry_after_s=3600)
    return tries


def _warn_of_thief(row: User | None, used: Used, place: Place, tries: Tries) -> None:
    """Who gets here knew the password: after many wrong codes the person should hear of it, once an hour or so."""
    if row is not None and "password" in used.payload["done"] and tries.is_pressed and may_mail(row.email):
        send_mail(row.email, "wrong_second_factor", {"address": place.address, "link": page("confirm#forgot")})


def _may_enter(row: User) -> bool:
    """Whether the right password is worth anything; a frozen person is told so further on."""
    if row.closed_at is not None or row.disabled_at is not None:
        return False
    return row.email_verified_at is not None or not settings.EXCHANGE_REQUIRE_VERIFIED_EMAIL


def _frozen(row: User) -> AccountFrozen:
    """The refusal; who froze the account themselves gets the way back by mail."""
    if row.frozen_by == "user":
        try:
            if may_mail(row.email):
                send_mail(row.email, "unfreeze", {"link": deed("unfreeze", one_time.issue(Kind.UNFREEZE, row.id))})
        except ServiceUnavailable:
            return AccountFrozen(by=row.frozen_by)
        return AccountFrozen("The account is frozen. We mailed you a link that opens it.", by=row.frozen_by)
    return AccountFrozen("The account is frozen by the exchange. Write to support.", by=row.frozen_by)
