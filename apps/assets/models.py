"""What can be held. An asset's id is the engine's number for it (USDT = 1); units are always 1e-8."""

from django.db import models
from django.db.models import Q


class Asset(models.Model):
    id = models.PositiveSmallIntegerField("engine number", primary_key=True)
    code = models.CharField(max_length=16, unique=True)
    name = models.CharField(max_length=64, blank=True)
    decimals = models.PositiveSmallIntegerField(default=8, help_text="Decimals shown; the engine always keeps 8.")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(decimals__lte=8), name="assets_asset_decimals"),
            models.CheckConstraint(condition=Q(id__gte=1, id__lte=1023), name="assets_asset_engine_id"),
        ]

    def __str__(self) -> str:
        return self.code
