from django.apps import AppConfig


class ProjectionConfig(AppConfig):
    name = "apps.projection"
    label = "projection"
    verbose_name = "Projection"
