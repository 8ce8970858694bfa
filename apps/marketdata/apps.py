from django.apps import AppConfig


class MarketdataConfig(AppConfig):
    name = "apps.marketdata"
    label = "marketdata"
    verbose_name = "Market data"

    def ready(self) -> None:
        from apps.marketdata.guarded import register_kinds  # noqa: PLC0415 -- models are there only now

        register_kinds()
