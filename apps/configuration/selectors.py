"""Questions about the history of live settings."""

from __future__ import annotations

from apps.configuration.models import SettingVersion
from apps.configuration.types import SettingVersionRow


def list_versions(name: str, *, limit: int = 100) -> list[SettingVersionRow]:
    """Changes of one setting, newest first."""
    return [_row(row) for row in SettingVersion.objects.filter(name=name).order_by("-number")[:limit]]


def get_version(name: str, number: int) -> SettingVersionRow | None:
    row = SettingVersion.objects.filter(name=name, number=number).first()
    return _row(row) if row else None


def get_version_counts() -> dict[str, int]:
    """How often each setting was changed; those that never were are left out."""
    newest = SettingVersion.objects.order_by("name", "number").values_list("name", "number")
    return dict(newest)


def _row(row: SettingVersion) -> SettingVersionRow:
    return SettingVersionRow(
        name=row.name,
        number=row.number,
        before=row.before,
        after=row.after,
        actor_kind=row.actor_kind,
        actor_id=row.actor_id,
        reason=row.reason,
        created_at=row.created_at,
    )
