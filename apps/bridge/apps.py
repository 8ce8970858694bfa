from django.apps import AppConfig


class BridgeConfig(AppConfig):
    name = "apps.bridge"
    label = "bridge"
    verbose_name = "Bridge"
