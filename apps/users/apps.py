from django.apps import AppConfig
from django.db.models.signals import post_migrate

from apps.common.sealed_rows import SealedColumns, register


class UsersConfig(AppConfig):
    name = "apps.users"
    label = "users"
    verbose_name = "Users"

    def ready(self) -> None:
        from apps.users import enabling, lost_factors, role_giving  # noqa: PLC0415 -- models are there only now
        from apps.users.api_keys import seal_context  # noqa: PLC0415 -- models are there only now
        from apps.users.factors import totp_context  # noqa: PLC0415
        from apps.users.models import ApiKey, TotpDevice  # noqa: PLC0415
        from apps.users.role_groups import after_migrate  # noqa: PLC0415

        enabling.register_kinds()
        lost_factors.register_kinds()
        role_giving.register_kinds()
        register(SealedColumns("secrets of API keys", ApiKey.objects, seal_context))
        register(SealedColumns("secrets of authenticators", TotpDevice.objects, totp_context))
        post_migrate.connect(after_migrate, dispatch_uid="users.roles")
