from django.apps import AppConfig


class InstrumentsConfig(AppConfig):
    name = "apps.instruments"
    label = "instruments"
    verbose_name = "Instruments"

    def ready(self) -> None:
        from apps.instruments.guarded_changes import register_kinds  # noqa: PLC0415  models come first

        register_kinds()
