"""A forgotten password, a new password, a new address. Asking tells nobody who is registered; changing tells both sides."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.notifications import mail
from apps.notifications.services import send_mail
from apps.users import factors, one_time, security, trail
from apps.users.attempts import SIGNED_IN, Place, Tries, may_mail
from apps.users.devices import forget_devices, shown_time
from apps.users.emails import find_email, normalize_email
from apps.users.errors import InvalidCredentials, InvalidEmail, InvalidLink
from apps.users.links import deed, page
from apps.users.models import Passkey, TotpDevice, User
from apps.users.one_time import Kind
from apps.users.passwords import check_new_password, hash_password, is_password
from apps.users.services import unfreeze_user
from apps.users.types import TokenIdentity


def ask_reset(*, email: str, place: Place) -> None:
    """Mail a link to who may have one; the same work and the same silence for everybody else."""
    email = find_email(email)
    row = User.objects.filter(email=email, closed_at=None).first() if email else None
    if row is not None and row.disabled_at is not None:
        row = None
    with transaction.atomic():
        text = one_time.issue(Kind.RESET_PASSWORD, row.id if row else None)
        trail.note("auth.reset_asked", user_id=row.id if row else None, place=place)
        facts = {"link": deed("reset", text)}
        if may_mail(email) and row is not None:
            send_mail(row.email, "reset_password", facts)
        else:
            mail.write("nobody@example.com", "reset_password", facts)


def reset(*, token: str, password: str, place: Place) -> int:
    """A new password by link, which also shows whose mailbox it is; every session ends. The person's number.

    Raises WeakPassword (the link stays good), InvalidLink.
    """
    row = User.objects.get(one_time_tokens__id=one_time.look(Kind.RESET_PASSWORD, token).id)
    hashed = hash_password(check_new_password(password, email=row.email))
    with transaction.atomic():
        one_time.use(Kind.RESET_PASSWORD, token)
        User.objects.filter(id=row.id).update(password=hashed)
        User.objects.filter(id=row.id, email_verified_at=None).update(email_verified_at=timezone.now())
        one_time.forget_all(row.id, Kind.LOGIN, Kind.VERIFY_EMAIL)
        security.changed(row.id, "password", place=place)
    return row.id


def change_password(*, identity: TokenIdentity, current: str, password: str, place: Place) -> None:
    """A new password by who knows the old one; other sessions end. Raises InvalidCredentials, WeakPassword."""
    row = User.objects.get(id=identity.user_id)
    tries = Tries("change_password", identity.session_id, place, known=SIGNED_IN)
    tries.begin()
    if not is_password(current, row.password):
        trail.note("auth.password_change_failed", user_id=row.id, place=place)
        raise InvalidCredentials("The current password is wrong.")
    tries.succeed()
    hashed = hash_password(check_new_password(password, email=row.email))
    with transaction.atomic():
        User.objects.filter(id=row.id).update(password=hashed)
        one_time.forget_all(row.id, Kind.LOGIN, Kind.RESET_PASSWORD)
        security.changed(row.id, "password", place=place, keep_session=identity.session_id)


def ask_email_change(*, identity: TokenIdentity, new_email: str, place: Place) -> None:
    """Ask the new address to confirm, tell the old one; a taken address looks the same. Raises InvalidEmail."""
    new_email = normalize_email(new_email)
    row = User.objects.get(id=identity.user_id)
    if new_email == row.email:
        raise InvalidEmail("This is your address already.")
    with transaction.atomic():
        text = one_time.issue(Kind.CHANGE_EMAIL, row.id, email=new_email, old=row.email, session=identity.session_id)
        trail.note("auth.email_change_asked", user_id=row.id, place=place)
        if may_mail(new_email):
            if User.objects.filter(email=new_email).exists():
                send_mail(new_email, "already_registered", {"link": page("confirm#forgot")})
            else:
                send_mail(new_email, "confirm_new_email", {"link": deed("email", text)})
        facts = {"new_email": new_email, "address": place.address, "time": shown_time(), "link": page("security")}
        send_mail(row.email, "email_change_asked", facts)


def confirm_email_change(*, token: str, place: Place) -> int:
    """The new address counts from now on; the old one gets the way back. Raises InvalidLink."""
    with transaction.atomic():
        used = one_time.use(Kind.CHANGE_EMAIL, token)
        assert used.user_id is not None, "a decoy is never found"
        old, new = used.payload["old"], used.payload["email"]
        _move(used.user_id, old, new)
        undo = one_time.issue(Kind.UNDO_EMAIL, used.user_id, old=old, new=new, since=timezone.now().isoformat())
        security.changed(used.user_id, "email", place=place, keep_session=used.payload["session"])
        send_mail(old, "email_changed", {"new_email": new, "link": deed("undo-email", undo)})
        send_mail(new, "email_change_done", {})
    return used.user_id


def undo_email_change(*, token: str, place: Place) -> int:
    """The old address takes its account back: nobody stays signed in, the password and every factor that came since are
    good no more, a link for a new password goes to the old address. Raises InvalidLink.
    """
    with transaction.atomic():
        used = one_time.use(Kind.UNDO_EMAIL, token)
        assert used.user_id is not None, "a decoy is never found"
        user_id, old, since = used.user_id, used.payload["old"], used.payload["since"]
        current = User.objects.select_for_update().get(id=user_id)
        _move(user_id, current.email, old)
        current.set_unusable_password()
        User.objects.filter(id=user_id).update(password=current.password, email_verified_at=timezone.now())
        TotpDevice.objects.filter(user_id=user_id, confirmed_at__gte=since).delete()
        Passkey.objects.filter(user_id=user_id, created_at__gte=since).delete()
        factors.drop_codes_of_nothing(user_id)
        forget_devices(user_id)
        one_time.forget_all(user_id, *Kind)
        security.changed(user_id, "email", place=place)
        send_mail(old, "reset_password", {"link": deed("reset", one_time.issue(Kind.RESET_PASSWORD, user_id))})
    return user_id


def unfreeze(*, token: str, password: str, place: Place) -> int:
    """The way back of who froze their own account: mailbox and password. Raises InvalidLink, InvalidCredentials."""
    used = one_time.look(Kind.UNFREEZE, token)
    assert used.user_id is not None, "a decoy is never found"
    tries = Tries("unfreeze", str(used.user_id), place)
    tries.begin()
    encoded = User.objects.values_list("password", flat=True).get(id=used.user_id)
    if not is_password(password, encoded):
        tries.fail()
        raise InvalidCredentials("The password is wrong.")
    with transaction.atomic():
        one_time.use(Kind.UNFREEZE, token)
        if not unfreeze_user(user_id=used.user_id, place=place):
            raise InvalidLink("The account is not frozen, or not by you.")
    return used.user_id


def _move(user_id: int, old: str, new: str) -> None:
    try:
        with transaction.atomic():
            moved = User.objects.filter(id=user_id, email=old).update(email=new, email_verified_at=timezone.now())
    except IntegrityError:
        raise InvalidLink("The address belongs to somebody else by now.") from None
    if not moved:
        raise InvalidLink
