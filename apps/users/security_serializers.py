"""Shapes of the doors about second factors, sessions, passwords and addresses; they check form only."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from apps.common.serializers import MillisecondsField
from apps.users.devices import device_name
from apps.users.one_time import TOKEN_CHARS_MAX
from apps.users.serializers import CODE_METHODS, MAX_EMAIL_CHARS, STEP_UP_METHODS, password_field
from apps.users.types import SessionRow

CODE_CHARS_MAX = 32


def token_field() -> serializers.CharField:
    return serializers.CharField(max_length=TOKEN_CHARS_MAX)


class ChallengeSerializer(serializers.Serializer[Any]):
    """What finishes the sign-in: one of `methods`, within `expires_s` seconds, in at most five tries."""

    challenge = serializers.CharField()
    methods = serializers.ListField(child=serializers.ChoiceField(choices=("passkey", *CODE_METHODS)))
    expires_s = serializers.IntegerField()


class SecondFactorSerializer(serializers.Serializer[Any]):
    challenge = token_field()
    method = serializers.ChoiceField(choices=CODE_METHODS)
    code = serializers.CharField(max_length=CODE_CHARS_MAX)


class EmailSerializer(serializers.Serializer[Any]):
    email = serializers.CharField(max_length=MAX_EMAIL_CHARS)


class LinkSerializer(serializers.Serializer[Any]):
    """The text of a link that was mailed."""

    token = token_field()


class LinkAndPasswordSerializer(LinkSerializer):
    password = password_field()


class NewPasswordSerializer(serializers.Serializer[Any]):
    current_password = password_field()
    new_password = password_field()


class CodeSerializer(serializers.Serializer[Any]):
    code = serializers.CharField(max_length=CODE_CHARS_MAX)


class NameSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=64)


class StepUpSerializer(serializers.Serializer[Any]):
    """`password` or `code` by the method; a passkey sends its ceremony and the browser's credential."""

    method = serializers.ChoiceField(choices=STEP_UP_METHODS)
    password = password_field(required=False, default="")
    code = serializers.CharField(max_length=CODE_CHARS_MAX, required=False, default="")
    ceremony = serializers.CharField(max_length=TOKEN_CHARS_MAX, required=False, default="")
    credential = serializers.DictField(required=False, default=dict)


class BeginPasskeySerializer(serializers.Serializer[Any]):
    """`challenge` of a sign-in under way, or nothing to sign in by passkey alone."""

    challenge = serializers.CharField(max_length=TOKEN_CHARS_MAX, required=False, default="")


class PasskeyAnswerSerializer(serializers.Serializer[Any]):
    ceremony = token_field()
    credential = serializers.DictField()


class NewPasskeySerializer(PasskeyAnswerSerializer):
    name = serializers.CharField(max_length=64)


class CeremonySerializer(serializers.Serializer[Any]):
    """`options` as navigator.credentials takes them (binary values as base64url text)."""

    ceremony = serializers.CharField()
    options = serializers.DictField()


class PasskeySerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    is_backed_up = serializers.BooleanField()
    created_ms = MillisecondsField(source="created_at")
    last_used_ms = MillisecondsField(source="last_used_at", allow_null=True)


class BackupCodesSerializer(serializers.Serializer[Any]):
    """New codes, shown this once; an empty list when the old ones go on."""

    backup_codes = serializers.ListField(child=serializers.CharField())


class AddedPasskeySerializer(BackupCodesSerializer):
    passkey = PasskeySerializer()


class TotpSetupSerializer(serializers.Serializer[Any]):
    """For the authenticator app: the secret as text, as address, and as a picture of the address (SVG)."""

    secret = serializers.CharField()
    otpauth = serializers.CharField()
    qr_svg = serializers.CharField()


class SecuritySerializer(serializers.Serializer[Any]):
    """How the person proves who they are, and what rests because of it."""

    totp = serializers.BooleanField()
    passkeys = serializers.IntegerField()
    backup_codes_left = serializers.IntegerField()
    step_up_methods = serializers.ListField(child=serializers.ChoiceField(choices=STEP_UP_METHODS))
    step_up_until_ms = MillisecondsField(source="step_up_until", allow_null=True)
    withdrawal_hold_until_ms = MillisecondsField(source="withdrawal_hold_until", allow_null=True)


class SessionSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    device = serializers.CharField()
    address = serializers.CharField(allow_null=True)
    methods = serializers.ListField(child=serializers.CharField())
    created_ms = serializers.IntegerField()
    last_used_ms = serializers.IntegerField()
    current = serializers.BooleanField()


class EndedSerializer(serializers.Serializer[Any]):
    ended = serializers.IntegerField()


class DoneSerializer(serializers.Serializer[Any]):
    """The same answer for everybody: what comes next is in the mail."""

    status = serializers.ChoiceField(choices=("check_mail",))


def session_body(row: SessionRow, current_id: str) -> dict[str, Any]:
    return {
        "id": row.id,
        "device": device_name(row.user_agent),
        "address": row.address,
        "methods": row.methods,
        "created_ms": int(row.created_at.timestamp() * 1000),
        "last_used_ms": int(row.refreshed_at.timestamp() * 1000),
        "current": row.id == current_id,
    }
