"""The surveillance app."""

from __future__ import annotations

from django.apps import AppConfig


class SurveillanceConfig(AppConfig):
    name = "apps.surveillance"
    label = "surveillance"
    verbose_name = "Surveillance"

    def ready(self) -> None:
        from apps.surveillance.actions import declare_approval  # noqa: PLC0415
        from apps.surveillance.rules.table import declare_settings  # noqa: PLC0415  reads models

        declare_settings()
        declare_approval()
