"""Shapes of the identity doors; they check form only."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from apps.common.serializers import MillisecondsField

MAX_PASSWORD_CHARS = 128
MAX_EMAIL_CHARS = 254
CODE_METHODS = ("totp", "backup_code", "email_code")
STEP_UP_METHODS = ("password", "totp", "backup_code", "passkey")


def password_field(**options: Any) -> serializers.CharField:
    return serializers.CharField(max_length=MAX_PASSWORD_CHARS, trim_whitespace=False, **options)


class CredentialsSerializer(serializers.Serializer[Any]):
    email = serializers.CharField(max_length=MAX_EMAIL_CHARS)
    password = password_field()


class RefreshSerializer(serializers.Serializer[Any]):
    refresh = serializers.CharField(max_length=2048)


class TokenPairSerializer(serializers.Serializer[Any]):
    """`access` goes into `Authorization: Bearer`; `refresh` buys the next pair, once."""

    access = serializers.CharField()
    refresh = serializers.CharField()
    access_expires_s = serializers.IntegerField()
    session_id = serializers.UUIDField()


class UserSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    email = serializers.EmailField()
    is_staff = serializers.BooleanField()
    account_id = serializers.IntegerField(allow_null=True)
    is_verified = serializers.BooleanField(help_text="Whether the e-mail address is confirmed.")
    created_ms = MillisecondsField(source="created_at")
