"""Shapes of the doors of API keys; they check form only."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.common.serializers import MillisecondsField, PlainIntegerField
from apps.users.api_key_rules import MAX_ADDRESSES, MAX_INSTRUMENTS, MAX_PEM_CHARS
from apps.users.types import DEFAULT_PERMISSIONS, KEY_TYPES, PERMISSIONS

LATEST_MS = 4_102_444_800_000  # the year 2100


@extend_schema_field(OpenApiTypes.INT64)
class MomentField(PlainIntegerField):
    """Epoch milliseconds in, a datetime inside."""

    def to_internal_value(self, data: Any) -> Any:
        milliseconds = super().to_internal_value(data)
        if not 0 < milliseconds < LATEST_MS:
            self.fail("invalid")
        return datetime.fromtimestamp(milliseconds / 1000, UTC)


class ApiKeyTermsSerializer(serializers.Serializer[Any]):
    """What a key may be limited to. No addresses means any, no instruments means all, no expiry means none."""

    label = serializers.CharField(max_length=64)  # type: ignore[assignment]
    permissions = serializers.ListField(
        child=serializers.ChoiceField(choices=PERMISSIONS), max_length=len(PERMISSIONS), required=False
    )
    addresses = serializers.ListField(
        child=serializers.CharField(max_length=60), max_length=MAX_ADDRESSES, required=False
    )
    instruments = serializers.ListField(
        child=serializers.CharField(max_length=32), max_length=MAX_INSTRUMENTS, required=False
    )
    expires_ms = MomentField(source="expires_at", required=False, allow_null=True)


class NewApiKeySerializer(ApiKeyTermsSerializer):
    """A key of HMAC-SHA256, or of Ed25519 when a public key is given: the exchange never sees its private half."""

    permissions = serializers.ListField(
        child=serializers.ChoiceField(choices=PERMISSIONS),
        default=list(DEFAULT_PERMISSIONS),
        max_length=len(PERMISSIONS),
    )
    public_key = serializers.CharField(max_length=MAX_PEM_CHARS, required=False, help_text="Ed25519, PEM")
    account_id = PlainIntegerField(
        min_value=1,
        max_value=2**31 - 1,
        required=False,
        help_text="Which of my accounts it acts for, for good; the main one when left out.",
    )


class ApiKeySerializer(serializers.Serializer[Any]):
    key = serializers.CharField()
    key_type = serializers.ChoiceField(choices=KEY_TYPES)
    label = serializers.CharField()  # type: ignore[assignment]
    account_id = serializers.IntegerField()
    permissions = serializers.ListField(child=serializers.ChoiceField(choices=PERMISSIONS))
    addresses = serializers.ListField(child=serializers.CharField())
    instruments = serializers.ListField(child=serializers.CharField())
    is_active = serializers.BooleanField()
    created_ms = MillisecondsField(source="created_at")
    expires_ms = MillisecondsField(source="expires_at", allow_null=True)
    last_used_ms = MillisecondsField(source="last_used_at", allow_null=True)
    last_used_address = serializers.CharField(allow_null=True)


class IssuedApiKeySerializer(ApiKeySerializer):
    """`secret` is shown this once and kept nowhere in clear; null for an Ed25519 key."""

    secret = serializers.CharField(allow_null=True)
