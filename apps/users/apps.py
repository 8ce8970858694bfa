from django.apps import AppConfig
from django.db.models.signals import post_migrate

from apps.common.sealed_rows import SealedColumns, register


class UsersConfig(AppConfig):
    name = "apps.users"
    label = "users"
    verbose_name = "Users"

    def ready(self) -> None:
        from apps.users import enabling  # noqa: PLC0415 -- models are there only now
        from apps.users.api_keys import seal_context  # noqa: PLC0415 -- models are there only now
        from apps.users.models import ApiKey  # noqa: PLC0415
        from apps.users.role_groups import after_migrate  # noqa: PLC0415

        enabling.register_kinds()
        register(SealedColumns("secrets of API keys", ApiKey.objects, seal_context))
        post_migrate.connect(after_migrate, dispatch_uid="users.roles")
