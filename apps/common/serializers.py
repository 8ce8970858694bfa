"""Shapes every door shares: the refusal, text with no control characters, nanoseconds as milliseconds."""

from __future__ import annotations

import re
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers


def checked(shape: type[serializers.Serializer[Any]], data: Any, *, partial: bool = False) -> dict[str, Any]:
    """What a door was sent, of that shape; a wrong one is refused field by field (ValidationError, INVALID_REQUEST)."""
    form = shape(data=data, partial=partial)
    form.is_valid(raise_exception=True)
    found: dict[str, Any] = form.validated_data
    return found


class RefusalSerializer(serializers.Serializer[Any]):
    """Every refusal of the native API."""

    code = serializers.CharField()
    message = serializers.CharField()
    details = serializers.DictField()


_INTEGER = re.compile(r"-?[0-9]{1,18}", re.ASCII)


class PlainIntegerField(serializers.IntegerField):
    """An integer as a JSON number or in ASCII digits; Python would take other scripts' digits too."""

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool) or not _INTEGER.fullmatch(str(data)):
            self.fail("invalid")
        return int(super().to_internal_value(data))


@extend_schema_field(OpenApiTypes.INT64)
class MillisecondsField(serializers.Field[Any, Any, int, Any]):
    """A datetime as epoch milliseconds, out only."""

    def to_representation(self, value: Any) -> int:
        return int(value.timestamp() * 1000)
