"""The authenticator (TOTP, RFC 6238) and backup codes. Secrets are sealed, codes stretched; a code works once.

Both are used up by one conditional update: of twenty who send the same code at once, one gets in.
"""

from __future__ import annotations

import base64
import io
import os
import secrets
import time
from urllib.parse import quote, urlencode

import segno
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_otp.oath import hotp

from apps.common.sealing import Sealed, seal, unseal
from apps.users import security
from apps.users.attempts import Place
from apps.users.errors import InvalidCode, NoSecondFactor, SecondFactorExists
from apps.users.hashers import stretch
from apps.users.models import BackupCode, Passkey, TotpDevice, User
from apps.users.types import FactorsRow, TotpSetup

SECRET_BYTES = 20
STEP_S, DIGITS, TOLERANCE = 30, 6, 1
CODES, CODE_CHARS = 10, 12
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def methods_of(user_id: int) -> tuple[str, ...]:
    """The second factors the person has; empty when there is none."""
    has_totp = TotpDevice.objects.filter(user_id=user_id).exclude(confirmed_at=None).exists()
    has_passkey = Passkey.objects.filter(user_id=user_id).exists()
    if not (has_totp or has_passkey):
        return ()
    has_code = BackupCode.objects.filter(user_id=user_id, used_at=None).exists()
    found = (("passkey", has_passkey), ("totp", has_totp), ("backup_code", has_code))
    return tuple(name for name, is_there in found if is_there)


def factors_of(user_id: int) -> FactorsRow:
    return FactorsRow(
        totp=TotpDevice.objects.filter(user_id=user_id).exclude(confirmed_at=None).exists(),
        passkeys=Passkey.objects.filter(user_id=user_id).count(),
        backup_codes_left=BackupCode.objects.filter(user_id=user_id, used_at=None).count(),
    )


def begin_totp(*, user_id: int) -> TotpSetup:
    """A new secret, shown this once; it counts from `confirm_totp` on. Raises SecondFactorExists."""
    secret = secrets.token_bytes(SECRET_BYTES)
    sealed = seal(secret, context=_context(user_id))
    with transaction.atomic():
        user = User.objects.select_for_update().get(id=user_id)
        if TotpDevice.objects.filter(user=user).exclude(confirmed_at=None).exists():
            raise SecondFactorExists
        TotpDevice.objects.update_or_create(
            user=user,
            defaults={
                "secret_sealed": sealed.ciphertext,
                "data_key_sealed": sealed.data_key,
                "kek_id": sealed.kek_id,
                "last_step": -1,
                "confirmed_at": None,
            },
        )
    text = base64.b32encode(secret).decode("ascii")
    label = quote(f"{settings.EXCHANGE_NAME}:{user.email}")
    terms = {"secret": text, "issuer": settings.EXCHANGE_NAME, "algorithm": "SHA1", "digits": DIGITS, "period": STEP_S}
    address = f"otpauth://totp/{label}?{urlencode(terms, quote_via=quote)}"
    return TotpSetup(secret=text, otpauth=address, qr_svg=_picture(address))


def confirm_totp(*, user_id: int, code: str, place: Place, keep_session: str = "") -> list[str]:
    """The authenticator counts from now on; backup codes if there were none yet. Raises NoSecondFactor, InvalidCode."""
    device = TotpDevice.objects.filter(user_id=user_id, confirmed_at=None).first()
    if device is None:
        raise NoSecondFactor("Begin with a new secret.")
    if not _take_step(device, code):
        raise InvalidCode
    with transaction.atomic():
        if not TotpDevice.objects.filter(pk=device.pk, confirmed_at=None).update(confirmed_at=timezone.now()):
            raise InvalidCode
        had_codes = BackupCode.objects.filter(user_id=user_id, used_at=None).exists()
        codes = [] if had_codes else _new_codes(user_id)
        security.changed(user_id, "totp_added", place=place, keep_session=keep_session)
    return codes


def remove_totp(*, user_id: int, place: Place, keep_session: str = "") -> None:
    """Without it; backup codes go with the last second factor. Raises NoSecondFactor."""
    with transaction.atomic():
        removed, _ = TotpDevice.objects.filter(user_id=user_id).exclude(confirmed_at=None).delete()
        if not removed:
            raise NoSecondFactor
        drop_codes_of_nothing(user_id)
        security.changed(user_id, "totp_removed", place=place, keep_session=keep_session)


def drop_all(*, user_id: int, by_staff: int, security_changes: int) -> bool:
    """Every factor of who lost theirs, if nothing about their sign-in has changed since that many changes."""
    with transaction.atomic():
        row = User.objects.select_for_update().get(id=user_id)
        if row.security_changes != security_changes or not methods_of(user_id):
            return False
        for model in (TotpDevice, Passkey, BackupCode):
            model.objects.filter(user_id=user_id).delete()
        security.changed(user_id, "factors_dropped", by_staff=by_staff)
    return True


def renew_backup_codes(*, user_id: int, place: Place, keep_session: str = "") -> list[str]:
    """Ten new codes, shown this once; older ones are good no more. Raises NoSecondFactor."""
    if not methods_of(user_id):
        raise NoSecondFactor
    with transaction.atomic():
        codes = _new_codes(user_id)
        security.changed(user_id, "backup_codes", place=place, keep_session=keep_session)
    return codes


def first_backup_codes(user_id: int) -> list[str]:
    """Codes for who gets a first second factor; none when there are some left."""
    return [] if BackupCode.objects.filter(user_id=user_id, used_at=None).exists() else _new_codes(user_id)


def drop_codes_of_nothing(user_id: int) -> None:
    """Backup codes stand in for a second factor; without any they would be one by themselves."""
    has_totp = TotpDevice.objects.filter(user_id=user_id).exclude(confirmed_at=None).exists()
    if not has_totp and not Passkey.objects.filter(user_id=user_id).exists():
        BackupCode.objects.filter(user_id=user_id).delete()


def check_code(user_id: int, method: str, code: str, *, place: Place) -> bool:
    """Use up a code of the authenticator (`totp`) or of the backup codes (`backup_code`); whether it was good."""
    if method == "totp":
        device = TotpDevice.objects.filter(user_id=user_id).exclude(confirmed_at=None).first()
        return device is not None and _take_step(device, code)
    return method == "backup_code" and _take_backup_code(user_id, code, place)


def _take_step(device: TotpDevice, code: str) -> bool:
    digits = code.replace(" ", "")
    if len(digits) != DIGITS or not (digits.isascii() and digits.isdigit()):
        return False
    sealed = Sealed(bytes(device.secret_sealed), bytes(device.data_key_sealed), device.kek_id)
    secret = unseal(sealed, context=_context(device.user_id))
    now = int(time.time()) // STEP_S
    matches = [
        step
        for step in range(now - TOLERANCE, now + TOLERANCE + 1)
        if secrets.compare_digest(f"{hotp(secret, step, DIGITS):06d}", digits)
    ]
    if not matches:
        return False
    return TotpDevice.objects.filter(pk=device.pk, last_step__lt=matches[-1]).update(last_step=matches[-1]) == 1


def _take_backup_code(user_id: int, code: str, place: Place) -> bool:
    text = "".join(char for char in code.lower() if char in _ALPHABET)
    live = BackupCode.objects.filter(user_id=user_id, used_at=None)
    first = live.first()
    salt = bytes(first.salt) if first else b"no codes are left"[:16]
    found = stretch(text, salt).hex()
    if len(text) != CODE_CHARS or not live.filter(code_hash=found).update(used_at=timezone.now()):
        return False
    security.tell(user_id, "backup_code_used", place=place)
    return True


def _new_codes(user_id: int) -> list[str]:
    """Codes of one set share a salt, so that checking one is one hash and one look-up."""
    salt = os.urandom(16)
    codes = ["".join(secrets.choice(_ALPHABET) for _ in range(CODE_CHARS)) for _ in range(CODES)]
    rows = [BackupCode(user_id=user_id, salt=salt, code_hash=stretch(code, salt).hex()) for code in codes]
    with transaction.atomic():
        BackupCode.objects.filter(user_id=user_id).delete()
        BackupCode.objects.bulk_create(rows)
    return ["-".join(code[at : at + 4] for at in range(0, CODE_CHARS, 4)) for code in codes]


def _picture(text: str) -> str:
    out = io.BytesIO()
    segno.make(text, error="m").save(out, kind="svg", xmldecl=False, svgclass=None, lineclass=None, omitsize=True)
    return out.getvalue().decode("utf-8")


def totp_context(device: TotpDevice) -> bytes:
    """What a sealed secret is bound to."""
    return _context(device.user_id)


def _context(user_id: int) -> bytes:
    return f"totp:{user_id}".encode()
