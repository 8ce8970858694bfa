"""What follows from every change of how a person proves who they are: other sessions end, withdrawals rest for a day,
the person is told at once and by mail, and the trail knows.
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from apps.notifications.services import notify_user, send_mail
from apps.notifications.types import NoticeKind
from apps.users import trail
from apps.users.attempts import Place
from apps.users.devices import shown_time
from apps.users.links import page
from apps.users.models import User
from apps.users.sessions import revoke_sessions_of_user

# What changed -> (the mail's subject, its sentence).
CHANGES = {
    "password": ("Your password was changed", "Your password was changed."),
    "email": ("Your address was changed", "The address of your account was changed."),
    "totp_added": ("Authenticator added", "An authenticator app was set up for your account."),
    "totp_removed": ("Authenticator removed", "The authenticator app of your account was removed."),
    "backup_codes": ("New backup codes", "New backup codes were made; the old ones are good no more."),
    "backup_code_used": ("A backup code was used", "Somebody signed in, or proved who they are, with a backup code."),
    "passkey_added": ("Passkey added", "A passkey was added to your account."),
    "passkey_removed": ("Passkey removed", "A passkey of your account was removed."),
    "factors_dropped": (
        "Your second factors were removed",
        "Support removed the authenticator, the passkeys and the backup codes of your account, which you had reported lost.",
    ),
    "unfrozen": ("Your account is open again", "Your account was unfrozen."),
}


def changed(
    user_id: int, what: str, *, place: Place | None = None, keep_session: str = "", by_staff: int | None = None
) -> None:
    """Carry out all that follows; `keep_session` is the session that made the change and goes on."""
    with transaction.atomic():
        User.objects.filter(id=user_id).update(
            security_changed_at=timezone.now(), security_changes=F("security_changes") + 1
        )
        reason = "password_changed" if what == "password" else "security_changed"
        revoke_sessions_of_user(user_id=user_id, reason=reason, but=keep_session)
        trail.note(f"auth.{what}", user_id=user_id, place=place, by_staff=by_staff)
        if what != "email":  # told to both addresses, in words of its own
            tell(user_id, what, place=place, held=True)


def tell(user_id: int, what: str, *, place: Place | None = None, held: bool = False) -> None:
    """The notice on open pages, and the mail."""
    address = (place.address if place else None) or ""
    subject, sentence = CHANGES[what]
    notify_user(user_id=user_id, kind=NoticeKind.SECURITY_CHANGED, what=what, address=address)
    email = User.objects.values_list("email", flat=True).get(id=user_id)
    facts = {"subject": subject, "sentence": sentence, "address": address, "time": shown_time(), "held": held}
    send_mail(email, "security_changed", {**facts, "link": page("security")})
