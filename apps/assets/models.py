"""What can be held. An asset's id is the engine's number for it (USDT = 1); units are always 1e-8."""

from django.db import models
from django.db.models import Q


class Asset(models.Model):
    id = models.PositiveSmallIntegerField("engine number", primary_key=True)
    code = models.CharField(max_length=16, unique=True)
    name = models.CharField(max_length=64, blank=True)
    decimals = models.PositiveSmallIntegerField(default=8, help_text="Decimals shown; the engine always keeps 8.")
    is_collateral = models.BooleanField(default=False, help_text="Whether it backs positions in multi-asset mode.")
    haircut_ppb = models.PositiveIntegerField(
        default=50_000_000, help_text="The part of its value that does not count, in parts per billion."
    )
    overdraft_units = models.PositiveBigIntegerField(
        default=0, help_text="A wallet further below zero is repaid from other assets."
    )
    fixed_price_units = models.PositiveBigIntegerField(
        default=0, help_text="Units of the reference for one; 0 follows the index of the instrument it underlies."
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(haircut_ppb__lte=10**9, overdraft_units__lte=10**18, fixed_price_units__lte=10**15),
                name="assets_asset_collateral",
            ),
            models.CheckConstraint(condition=Q(decimals__lte=8), name="assets_asset_decimals"),
            models.CheckConstraint(condition=Q(id__gte=1, id__lte=1023), name="assets_asset_engine_id"),
        ]

    def __str__(self) -> str:
        return self.code


class Collateral(models.Model):
    """What the engine counts an asset for [MAR-012], as it took it last; written by projectors.py alone."""

    asset_id = models.SmallIntegerField(primary_key=True)
    price_units = models.BigIntegerField()
    haircut_ppb = models.BigIntegerField()
    threshold_units = models.BigIntegerField()
    updated_ns = models.BigIntegerField()

    class Meta:
        verbose_name_plural = "collateral"

    def __str__(self) -> str:
        return f"asset {self.asset_id}"
