from django.apps import AppConfig
from prometheus_client import REGISTRY


class MonitoringConfig(AppConfig):
    name = "apps.monitoring"
    label = "monitoring"
    verbose_name = "Monitoring"
    _registered = False

    def ready(self) -> None:
        from apps.monitoring.money_metrics import MoneyCollector  # noqa: PLC0415  models must be loaded first
        from apps.monitoring.risk_metrics import RiskCollector  # noqa: PLC0415
        from apps.monitoring.trail_metrics import TrailCollector  # noqa: PLC0415

        if not MonitoringConfig._registered:
            REGISTRY.register(MoneyCollector())
            REGISTRY.register(RiskCollector())
            REGISTRY.register(TrailCollector())
            MonitoringConfig._registered = True
