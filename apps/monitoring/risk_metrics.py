"""What risk control looks like to a monitoring server: alerts and actions by rule and kind, and what the rules cost.

Read from rows whenever it asks: rules run in workers, /metrics is answered by gateways.
"""

from __future__ import annotations

from collections.abc import Iterable

import structlog
from django.db import DatabaseError
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from apps.surveillance.selectors import count_actions, count_alerts, get_progress

log = structlog.get_logger(__name__)


class RiskCollector(Collector):
    """Registered once by the app's config."""

    def describe(self) -> Iterable[Metric]:
        """The names alone: registering asks no database."""
        return _families()

    def collect(self) -> Iterable[Metric]:
        try:
            return self._read()
        except DatabaseError as error:
            log.warning("metrics.rows_unavailable", error=str(error))
            return []

    def _read(self) -> list[Metric]:
        alerts, waiting, actions, rows, cpu, failing = families = _families()
        opened: dict[str, int] = {}
        for (rule, state), count in count_alerts().items():
            opened[rule] = opened.get(rule, 0) + count
            if state != "closed":
                waiting.add_metric([rule, state], count)
        for rule, count in opened.items():
            alerts.add_metric([rule], count)
        for (kind, state, automatic), count in count_actions().items():
            actions.add_metric([kind, state, "yes" if automatic else "no"], count)
        for row in get_progress():
            rows.add_metric([row.rule], row.rows)
            cpu.add_metric([row.rule], row.cpu_us / 10**6)
            failing.add_metric([row.rule], row.failed)
        return list(families)


def _families() -> tuple[
    CounterMetricFamily,
    GaugeMetricFamily,
    GaugeMetricFamily,
    CounterMetricFamily,
    CounterMetricFamily,
    GaugeMetricFamily,
]:
    return (
        CounterMetricFamily("exchange_risk_alerts", "Alerts opened so far, by rule.", labels=["rule"]),
        GaugeMetricFamily("exchange_risk_alerts_waiting", "Alerts not closed yet.", labels=["rule", "state"]),
        GaugeMetricFamily(
            "exchange_risk_actions", "Actions so far, by what became of them.", labels=["kind", "state", "automatic"]
        ),
        CounterMetricFamily("exchange_risk_rule_rows", "Rows a rule has read.", labels=["rule"]),
        CounterMetricFamily("exchange_risk_rule_cpu_seconds", "CPU a rule has cost.", labels=["rule"]),
        GaugeMetricFamily("exchange_risk_rule_failing", "1 while a rule's last pass failed.", labels=["rule"]),
    )
