from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "apps.accounts"
    label = "accounts"
    verbose_name = "Accounts"

    def ready(self) -> None:
        from apps.accounts import manual_money, standing, sub_accounts  # noqa: PLC0415  models come first
        from apps.configuration.services import register  # noqa: PLC0415

        manual_money.register_kinds()
        standing.register_kinds()
        register(sub_accounts.PER_PERSON_MAX)
