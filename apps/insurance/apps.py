from django.apps import AppConfig


class InsuranceConfig(AppConfig):
    name = "apps.insurance"
    label = "insurance"
    verbose_name = "Insurance"
