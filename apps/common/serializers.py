"""Shapes every door shares: the refusal, text with no control characters, nanoseconds as milliseconds."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers


class RefusalSerializer(serializers.Serializer[Any]):
    """Every refusal of the native API."""

    code = serializers.CharField()
    message = serializers.CharField()
    details = serializers.DictField()


class MillisecondsField(serializers.Field[Any, Any, int, Any]):
    """A datetime as epoch milliseconds, out only."""

    def to_representation(self, value: Any) -> int:
        return int(value.timestamp() * 1000)
