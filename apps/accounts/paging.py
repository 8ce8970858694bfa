"""The page of a history that a native door is asked for: newest first, by time, limit and offset."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from apps.common.serializers import PlainIntegerField

MAX_MS = 2**53
NS_PER_MS = 1_000_000


class PageSerializer(serializers.Serializer[Any]):
    """What part of a history is wanted; newest first."""

    start_ms = PlainIntegerField(min_value=0, max_value=MAX_MS, required=False)
    end_ms = PlainIntegerField(min_value=0, max_value=MAX_MS, required=False)
    limit = PlainIntegerField(min_value=1, max_value=1000, default=100)
    offset = PlainIntegerField(min_value=0, max_value=100_000, default=0)


class InstrumentPageSerializer(PageSerializer):
    """The same, of one instrument when it is named."""

    symbol = serializers.CharField(required=False, max_length=32)


def page_of(wanted: dict[str, Any]) -> dict[str, Any]:
    """Keyword arguments of a history's selector. `wanted` is validated; end_ms includes its whole millisecond."""
    start_ms, end_ms = wanted.get("start_ms"), wanted.get("end_ms")
    return {
        "start_ns": None if start_ms is None else start_ms * NS_PER_MS,
        "end_ns": None if end_ms is None else end_ms * NS_PER_MS + NS_PER_MS - 1,
        "limit": wanted["limit"],
        "offset": wanted["offset"],
    }
