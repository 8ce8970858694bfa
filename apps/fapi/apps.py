from django.apps import AppConfig


class FapiConfig(AppConfig):
    name = "apps.fapi"
    label = "fapi"
    verbose_name = "Compatible surface"
