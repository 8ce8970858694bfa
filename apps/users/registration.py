"""Becoming a person. Who asks learns the same about a new address and a taken one; the mailbox learns the truth."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from apps.notifications import mail
from apps.notifications.services import send_mail
from apps.users import one_time, trail
from apps.users.attempts import Place, may_mail
from apps.users.emails import find_email, normalize_email
from apps.users.errors import EmailTaken
from apps.users.links import deed, page
from apps.users.models import User
from apps.users.one_time import Kind
from apps.users.passwords import check_new_password, hash_password
from apps.users.services import add_user


def sign_up(*, email: str, password: str, place: Place) -> int | None:
    """The new person's number, or None for a taken address; the caller answers both alike.

    Where an address must be confirmed first, an unconfirmed one may be registered again: the newest password counts, and
    only the newest link. The password is stretched once whoever asks, for that is what takes time.
    Raises InvalidEmail, WeakPassword.
    """
    email = normalize_email(email)
    hashed = hash_password(check_new_password(password, email=email))
    with transaction.atomic():
        try:
            user_id: int | None = add_user(email=email, hashed=hashed, is_verified=False).id
        except EmailTaken:
            user_id = _again(email, hashed)
        trail.note("auth.register", user_id=user_id, place=place)
        if user_id is not None:
            _mail_link(user_id, email)
        else:
            one_time.issue(Kind.VERIFY_EMAIL, None)
            if may_mail(email):
                send_mail(email, "already_registered", {"link": page("confirm#forgot")})
    return user_id


def resend(*, email: str) -> None:
    """The link once more, to who still needs one; says nothing about whether anybody does."""
    email = find_email(email)
    row = User.objects.filter(email=email, email_verified_at=None, is_active=True).first() if email else None
    if row is not None:
        _mail_link(row.id, email)
    else:
        facts = {"link": deed("verify", one_time.issue(Kind.VERIFY_EMAIL, None))}
        may_mail(email)
        mail.write("nobody@example.com", "verify_email", facts)


def verify(*, token: str, place: Place) -> int:
    """The address is the person's; their number. Raises InvalidLink."""
    with transaction.atomic():
        used = one_time.use(Kind.VERIFY_EMAIL, token)
        assert used.user_id is not None, "a decoy is never found"
        User.objects.filter(id=used.user_id, email=used.payload["email"], email_verified_at=None).update(
            email_verified_at=timezone.now()
        )
        trail.note("auth.email_verified", user_id=used.user_id, place=place)
    return used.user_id


def _again(email: str, hashed: str) -> int | None:
    if not settings.EXCHANGE_REQUIRE_VERIFIED_EMAIL:
        return None
    rows = User.objects.filter(email=email, email_verified_at=None, is_active=True, is_staff=False)
    if not rows.update(password=hashed):
        return None
    return rows.values_list("id", flat=True).get()


def _mail_link(user_id: int, email: str) -> None:
    text = one_time.issue(Kind.VERIFY_EMAIL, user_id, email=email)
    if may_mail(email):
        send_mail(email, "verify_email", {"link": deed("verify", text)})
