"""Shapes of the identity doors; they check form only."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from apps.common.serializers import MillisecondsField
from apps.users.types import PERMISSIONS

MAX_PASSWORD_CHARS = 128


class CredentialsSerializer(serializers.Serializer[Any]):
    email = serializers.EmailField(max_length=254)
    password = serializers.CharField(max_length=MAX_PASSWORD_CHARS, trim_whitespace=False)


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
    created_ms = MillisecondsField(source="created_at")


class NewApiKeySerializer(serializers.Serializer[Any]):
    label = serializers.CharField(max_length=64)  # type: ignore[assignment]
    permissions = serializers.ListField(
        child=serializers.ChoiceField(choices=PERMISSIONS), default=["read", "trade"], max_length=len(PERMISSIONS)
    )


class ApiKeySerializer(serializers.Serializer[Any]):
    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    permissions = serializers.ListField(child=serializers.ChoiceField(choices=PERMISSIONS))
    is_active = serializers.BooleanField()
    created_ms = MillisecondsField(source="created_at")


class IssuedApiKeySerializer(ApiKeySerializer):
    """`secret` is shown this once and kept nowhere in clear."""

    secret = serializers.CharField()
