from django.apps import AppConfig


class LiquidationsConfig(AppConfig):
    name = "apps.liquidations"
    label = "liquidations"
    verbose_name = "Liquidations"
