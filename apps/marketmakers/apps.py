from django.apps import AppConfig


class MarketmakersConfig(AppConfig):
    name = "apps.marketmakers"
    label = "marketmakers"
    verbose_name = "Market makers"
