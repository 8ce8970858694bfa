from django.apps import AppConfig


class RiskConfig(AppConfig):
    name = "apps.risk"
    label = "risk"
    verbose_name = "Risk"

    def ready(self) -> None:
        from apps.accounts.sub_accounts import register_heir  # noqa: PLC0415  models come first
        from apps.risk.services import inherit_limits, push_untold  # noqa: PLC0415
        from apps.risk.widening import register_kinds  # noqa: PLC0415

        register_heir(inherit_limits, push_untold)
        register_kinds()
