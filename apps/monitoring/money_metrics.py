"""What the money machinery looks like to a monitoring server, read from rows whenever it asks.

Gauges of one process are no help here: jobs run in workers, /metrics is answered by gateways.
"""

from __future__ import annotations

import time
from collections.abc import Iterable

import structlog
from django.db import DatabaseError
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from apps.assets.selectors import get_assets
from apps.funding.selectors import get_next_funding_times
from apps.instruments.selectors import get_instruments
from apps.insurance.selectors import list_funds
from apps.liquidations.selectors import count_deleveragings, count_liquidations
from matcher.protocol.enums import TradingState
from matcher.protocol.units import ASSET_UNIT

log = structlog.get_logger(__name__)

_FUND = ("exchange_insurance_fund_balance", "What the insurance fund of an asset holds, in whole assets.", ("asset",))
_LIQUIDATIONS = ("exchange_liquidations_total", "Margin groups liquidated so far.", ())
_DELEVERAGINGS = ("exchange_deleveragings_total", "Positions deleveraged so far.", ())
_LATENESS = ("exchange_funding_lateness_seconds", "How long an instrument's funding is overdue.", ("symbol",))


class MoneyCollector(Collector):
    """Registered once by the app's config."""

    def describe(self) -> Iterable[GaugeMetricFamily]:
        """The names alone: registering asks no database."""
        return [GaugeMetricFamily(name, text, labels=labels) for name, text, labels in _ALL]

    def collect(self) -> Iterable[GaugeMetricFamily]:
        try:
            return self._read(time.time_ns())
        except DatabaseError as error:
            log.warning("metrics.rows_unavailable", error=str(error))
            return []

    def _read(self, now_ns: int) -> list[GaugeMetricFamily]:
        codes = {asset.id: asset.code for asset in get_assets()}
        fund, liquidations, deleveragings, lateness = self.describe()
        for row in list_funds():
            fund.add_metric([codes.get(row.asset_id, str(row.asset_id))], row.wallet_units / ASSET_UNIT)
        liquidations.add_metric([], count_liquidations())
        deleveragings.add_metric([], count_deleveragings())
        due = get_next_funding_times()
        for spec in get_instruments():
            if spec.id in due and spec.trading_state != TradingState.DELISTED:
                lateness.add_metric([spec.symbol], max(0, now_ns - due[spec.id]) / 10**9)
        return [fund, liquidations, deleveragings, lateness]


_ALL = (_FUND, _LIQUIDATIONS, _DELEVERAGINGS, _LATENESS)
