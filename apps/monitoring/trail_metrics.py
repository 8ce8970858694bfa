"""What the audit trail looks like to a monitoring server, read from rows whenever it asks."""

from __future__ import annotations

import time
from collections.abc import Iterable

import structlog
from django.db import DatabaseError
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from apps.audit.selectors import count_pending, get_head, list_health

log = structlog.get_logger(__name__)
_ALL = (
    ("exchange_audit_chain_good", "1 when the last verification of the audit trail found nothing.", ("kind",)),
    ("exchange_audit_check_age_seconds", "Since the last verification of the audit trail.", ("kind",)),
    ("exchange_audit_waiting", "Audit records that have no place in the chain yet.", ()),
    ("exchange_audit_records", "The last place of the audit trail's chain.", ()),
)


class TrailCollector(Collector):
    """Registered once by the app's config."""

    def describe(self) -> Iterable[GaugeMetricFamily]:
        """The names alone: registering asks no database."""
        return [GaugeMetricFamily(name, text, labels=labels) for name, text, labels in _ALL]

    def collect(self) -> Iterable[GaugeMetricFamily]:
        good, age, waiting, records = self.describe()
        now_ns = time.time_ns()
        try:
            for health in list_health():
                good.add_metric([health.kind], int(health.is_good))
                age.add_metric([health.kind], max(0, now_ns - health.checked_ns) / 10**9)
            waiting.add_metric([], count_pending())
            records.add_metric([], get_head()[0])
        except DatabaseError as error:
            log.warning("metrics.rows_unavailable", error=str(error))
            return []
        return [good, age, waiting, records]
