"""The configuration app."""

from django.apps import AppConfig


class ConfigurationConfig(AppConfig):
    name = "apps.configuration"
    label = "configuration"
    verbose_name = "Configuration"

    def ready(self) -> None:
        from apps.configuration.services import declare_approval  # noqa: PLC0415  listens to the store; models first

        declare_approval()
