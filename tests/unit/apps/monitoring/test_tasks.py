"""A heartbeat leaves its time behind; silence is told from late."""

from django.core.cache import cache

from apps.monitoring.selectors import heartbeat_age_ms
from apps.monitoring.tasks import HEARTBEAT_KEY, heartbeat


def test_a_heartbeat_is_seen() -> None:
    cache.clear()
    assert heartbeat_age_ms() is None
    heartbeat()
    age_ms = heartbeat_age_ms()
    assert age_ms is not None
    assert 0 <= age_ms < 5_000
    cache.set(HEARTBEAT_KEY, heartbeat() - 90_000)
    late_ms = heartbeat_age_ms()
    assert late_ms is not None
    assert late_ms >= 90_000
