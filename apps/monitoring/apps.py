from django.apps import AppConfig
from prometheus_client import REGISTRY


class MonitoringConfig(AppConfig):
    name = "apps.monitoring"
    label = "monitoring"
    verbose_name = "monitoring"
    _registered = False

    def ready(self) -> None:
        from apps.monitoring.money_metrics import MoneyCollector  # noqa: PLC0415  models must be loaded first

        if not MonitoringConfig._registered:
            REGISTRY.register(MoneyCollector())
            MonitoringConfig._registered = True
