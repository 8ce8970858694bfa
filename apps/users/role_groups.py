"""Makes the groups and gives them exactly the table's permissions, after every migration."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.db import connection

from apps.common.roles import ROLES
from apps.users.role_table import grants


def sync_groups() -> None:
    """Groups hold what the table says, neither more nor less; a permission that is not there yet is left out."""
    known = {
        (app, codename): pk
        for pk, app, codename in Permission.objects.values_list("pk", "content_type__app_label", "codename")
    }
    existing = set(Group.objects.filter(name__in=ROLES).values_list("name", flat=True))
    Group.objects.bulk_create([Group(name=name) for name in ROLES if name not in existing])
    ids = dict(Group.objects.filter(name__in=ROLES).values_list("name", "pk"))
    wanted = {(ids[role], known[app, code]) for role, app, code in grants() if (app, code) in known}
    through = Group.permissions.through
    held = set(through.objects.filter(group_id__in=ids.values()).values_list("group_id", "permission_id"))
    for group_id in {group for group, _ in held - wanted}:
        surplus = [permission for group, permission in held - wanted if group == group_id]
        through.objects.filter(group_id=group_id, permission_id__in=surplus).delete()
    through.objects.bulk_create(
        through(group_id=group_id, permission_id=permission_id) for group_id, permission_id in sorted(wanted - held)
    )


def after_migrate(sender: Any, **_: Any) -> None:
    """Once a migration, when the last app has got its permissions."""
    last = [config for config in apps.get_app_configs() if config.models_module is not None][-1]
    if sender is last and "auth_group_permissions" in connection.introspection.table_names():
        sync_groups()
