"""Passkeys (WebAuthn): as a second factor, and alone, where the browser verifies the person (PIN, finger, face).

A ceremony is a one-time text with its challenge; the browser's answer must be for our origin. The relying party is the
host name the page was opened under, if the settings list that origin; a number is no name.
"""

from __future__ import annotations

import hashlib
import ipaddress
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from apps.common.text import clean_label
from apps.users import factors, one_time, security, sign_in, trail
from apps.users.attempts import Place, store_up
from apps.users.errors import (
    AccountFrozen,
    ChallengeOver,
    PasskeyRefused,
    PasskeysNotHere,
    StepUpRequired,
    TooManyPasskeys,
    UnknownPasskey,
)
from apps.users.models import Passkey, User
from apps.users.one_time import Kind, Used
from apps.users.step_up import stepped_up
from apps.users.types import Ceremony, PasskeyRow, TokenIdentity, TokenPair

PASSKEYS_MAX = 10
NAME_CHARS_MAX = 64
MALFORMED = (WebAuthnException, ValueError, KeyError, TypeError, AttributeError, RecursionError)


@dataclass(frozen=True, slots=True)
class Party:
    """Who we are to the browser: the origin it shows and that origin's host."""

    id: str
    origin: str


def party_of(host: str) -> Party:
    """The relying party of a page opened under `host` (with its port). Raises PasskeysNotHere."""
    for origin in settings.EXCHANGE_ORIGINS:
        parts = urlsplit(origin)
        if parts.netloc == host.lower() and parts.hostname and not _is_number(parts.hostname):
            return Party(parts.hostname, origin)
    raise PasskeysNotHere


def list_passkeys(user_id: int) -> list[PasskeyRow]:
    return [_row(one) for one in Passkey.objects.filter(user_id=user_id)]


def begin_adding(*, user_id: int, party: Party) -> Ceremony:
    """What the browser needs to make a passkey. Raises TooManyPasskeys."""
    user = User.objects.get(id=user_id)
    mine = list(Passkey.objects.filter(user_id=user_id))
    if len(mine) >= PASSKEYS_MAX:
        raise TooManyPasskeys(limit=PASSKEYS_MAX)
    options = generate_registration_options(
        rp_id=party.id,
        rp_name=settings.EXCHANGE_NAME,
        user_name=user.email,
        user_id=_handle(user_id),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED, user_verification=UserVerificationRequirement.PREFERRED
        ),
        exclude_credentials=[_descriptor(one) for one in mine],
    )
    text = one_time.issue(Kind.ADD_PASSKEY, user_id, challenge=bytes_to_base64url(options.challenge), party=party.id)
    return Ceremony(text, json.loads(options_to_json(options)))


def add(
    *, identity: TokenIdentity, party: Party, ceremony: str, credential: dict[str, Any], name: str, place: Place
) -> tuple[PasskeyRow, list[str]]:
    """The new passkey, and backup codes when it is the first second factor. Raises PasskeyRefused, InvalidLink,
    TooManyPasskeys; ValueError for the name.
    """
    name = clean_label(name, max_chars=NAME_CHARS_MAX)
    used = one_time.use(Kind.ADD_PASSKEY, ceremony)
    if used.user_id != identity.user_id or used.payload["party"] != party.id:
        raise PasskeyRefused
    try:
        made = verify_registration_response(
            credential=credential,
            expected_challenge=base64url_to_bytes(used.payload["challenge"]),
            expected_rp_id=party.id,
            expected_origin=party.origin,
        )
        transports = [str(one) for one in credential["response"].get("transports", []) if str(one).isascii()][:8]
    except MALFORMED:
        raise PasskeyRefused from None
    with transaction.atomic():
        User.objects.select_for_update().get(id=identity.user_id)
        if Passkey.objects.filter(user_id=identity.user_id).count() >= PASSKEYS_MAX:
            raise TooManyPasskeys(limit=PASSKEYS_MAX)
        row, is_new = Passkey.objects.get_or_create(
            credential_hash=_hash(made.credential_id),
            defaults={
                "user_id": identity.user_id,
                "credential_id": bytes_to_base64url(made.credential_id),
                "public_key": made.credential_public_key,
                "sign_count": made.sign_count,
                "name": name,
                "transports": transports,
                "aaguid": made.aaguid,
                "is_backed_up": made.credential_backed_up,
            },
        )
        if not is_new:
            raise PasskeyRefused("This passkey is registered already.")
        codes = factors.first_backup_codes(identity.user_id)
        security.changed(identity.user_id, "passkey_added", place=place, keep_session=identity.session_id)
    return _row(row), codes


def rename(*, user_id: int, passkey_id: int, name: str) -> PasskeyRow:
    """Raises UnknownPasskey; ValueError for the name."""
    rows = Passkey.objects.filter(id=passkey_id, user_id=user_id)
    if not rows.update(name=clean_label(name, max_chars=NAME_CHARS_MAX)):
        raise UnknownPasskey
    return _row(rows.get())


def remove(*, identity: TokenIdentity, passkey_id: int, place: Place) -> None:
    """Raises UnknownPasskey."""
    with transaction.atomic():
        removed, _ = Passkey.objects.filter(id=passkey_id, user_id=identity.user_id).delete()
        if not removed:
            raise UnknownPasskey
        factors.drop_codes_of_nothing(identity.user_id)
        security.changed(identity.user_id, "passkey_removed", place=place, keep_session=identity.session_id)


def begin_log_in(*, party: Party, challenge: str = "") -> Ceremony:
    """Without a challenge: for whoever the browser has a passkey of. With one: the person's second factor."""
    store_up()
    if not challenge:
        return _begin_use(None, party, alone=True)
    used, row = sign_in.challenge_of(challenge)
    return _begin_use(row.id, party, alone=False, login=used.id, done=used.payload["done"])


def log_in(*, party: Party, ceremony: str, credential: dict[str, Any], place: Place) -> TokenPair:
    """A session by passkey. Raises PasskeyRefused, ChallengeOver, AccountFrozen, ServiceUnavailable."""
    store_up()
    used = one_time.try_once(Kind.USE_PASSKEY, ceremony)
    one_time.finish(used)
    if "session" in used.payload:
        raise PasskeyRefused
    row = _check(used, party, credential, place)
    user = row.user
    if user.frozen_at is not None and user.closed_at is None:
        raise AccountFrozen(by=user.frozen_by)
    if not user.is_active:
        raise PasskeyRefused
    if used.payload["alone"]:
        return sign_in.enter(user, ("passkey",), None, place)
    if user.id != used.user_id:
        raise PasskeyRefused
    one_time.finish(Used(used.payload["login"], user.id, {}))
    return sign_in.enter(user, (*used.payload["done"], "passkey"), None, place)


def begin_step_up(*, identity: TokenIdentity, party: Party) -> Ceremony:
    """Raises StepUpRequired when the person has no passkey."""
    if not Passkey.objects.filter(user_id=identity.user_id).exists():
        raise StepUpRequired(methods=list(factors.methods_of(identity.user_id)) or ["password"])
    return _begin_use(identity.user_id, party, alone=False, session=identity.session_id)


def step_up(*, identity: TokenIdentity, party: Party, ceremony: str, credential: dict[str, Any], place: Place) -> None:
    """Raises PasskeyRefused, ChallengeOver."""
    used = one_time.try_once(Kind.USE_PASSKEY, ceremony)
    one_time.finish(used)
    if used.payload.get("session") != identity.session_id:
        raise PasskeyRefused
    row = _check(used, party, credential, place)
    if row.user_id != identity.user_id:
        raise PasskeyRefused
    stepped_up(identity, method="passkey", place=place)


def prove(*, user_id: int, party: Party, ceremony: str, credential: dict[str, Any], place: Place) -> None:
    """The answer to `begin_log_in` without a challenge, as a second factor at a door that knows the person.

    Raises PasskeyRefused (another's too), ChallengeOver.
    """
    used = one_time.try_once(Kind.USE_PASSKEY, ceremony)
    one_time.finish(used)
    if not used.payload["alone"] or _check(used, party, credential, place).user_id != user_id:
        raise PasskeyRefused


def _begin_use(user_id: int | None, party: Party, *, alone: bool, **payload: Any) -> Ceremony:
    mine = Passkey.objects.filter(user_id=user_id) if user_id else []
    options = generate_authentication_options(
        rp_id=party.id,
        allow_credentials=[_descriptor(one) for one in mine],
        user_verification=UserVerificationRequirement.REQUIRED if alone else UserVerificationRequirement.PREFERRED,
    )
    challenge = bytes_to_base64url(options.challenge)
    text = one_time.issue(Kind.USE_PASSKEY, user_id, challenge=challenge, party=party.id, alone=alone, **payload)
    return Ceremony(text, json.loads(options_to_json(options)))


def _check(used: Used, party: Party, credential: dict[str, Any], place: Place) -> Passkey:
    """The passkey that answered. A counter that went back means a copy: refused."""
    try:
        found = (
            Passkey.objects.select_related("user")
            .filter(credential_hash=_hash(base64url_to_bytes(str(credential["id"]))))
            .first()
        )
        if found is None or used.payload["party"] != party.id:
            raise PasskeyRefused
        proof = verify_authentication_response(
            credential=credential,
            expected_challenge=base64url_to_bytes(used.payload["challenge"]),
            expected_rp_id=party.id,
            expected_origin=party.origin,
            credential_public_key=bytes(found.public_key),
            credential_current_sign_count=found.sign_count,
            require_user_verification=used.payload["alone"],
        )
    except MALFORMED:
        trail.note("auth.login_failed", user_id=used.user_id, place=place, reason="passkey")
        raise PasskeyRefused from None
    unmoved = Passkey.objects.filter(pk=found.pk, sign_count=found.sign_count)
    if not unmoved.update(
        sign_count=proof.new_sign_count, last_used_at=timezone.now(), is_backed_up=proof.credential_backed_up
    ):
        raise ChallengeOver
    return found


def _descriptor(row: Passkey) -> PublicKeyCredentialDescriptor:
    return PublicKeyCredentialDescriptor(id=base64url_to_bytes(row.credential_id))


def _row(row: Passkey) -> PasskeyRow:
    return PasskeyRow(
        id=row.pk,
        name=row.name,
        is_backed_up=row.is_backed_up,
        created_at=row.created_at,
        last_used_at=row.last_used_at,
    )


def _handle(user_id: int) -> bytes:
    """What the authenticator keeps of the person: nothing that names them."""
    return hashlib.sha256(f"{settings.EXCHANGE_NAME}:{user_id}".encode()).digest()


def _hash(credential_id: bytes) -> str:
    return hashlib.sha256(credential_id).hexdigest()


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
