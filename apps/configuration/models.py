"""The history of live settings. The value in force stands in the store's own table (django-constance)."""

from __future__ import annotations

from django.db import models


class SettingVersion(models.Model):
    """One change of one setting; rows are added and never touched again. `before` of the first is the default."""

    name = models.CharField(max_length=120)
    number = models.PositiveIntegerField()
    before = models.JSONField()
    after = models.JSONField()
    actor_kind = models.CharField(max_length=16)
    actor_id = models.CharField(max_length=64)
    reason = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "live setting"
        verbose_name_plural = "live settings"
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["name", "number"], name="configuration_version_once")]

    def __str__(self) -> str:
        return f"{self.name} version {self.number}"
