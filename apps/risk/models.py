"""Limits of accounts as the house wishes them, with every earlier version. The engine is told by command."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

UNITS_MAX = 10**18
ORDERS_MAX = 10**6


class AccountLimit(models.Model):
    """The most an account may have in an instrument (0 = all together); 0 = no limit.

    Account 0 is everybody, of whom only the order rates are limited here: the rest stands in the instruments' terms.

    `version` counts the changes; `told_at` is when the engine took this version.
    """

    account_id = models.PositiveIntegerField(default=0, help_text="0: everybody.")
    instrument_id = models.PositiveSmallIntegerField(default=0, help_text="0: all instruments together.")
    max_position_notional_units = models.PositiveBigIntegerField(default=0)
    max_position_lots = models.PositiveBigIntegerField(default=0)
    max_open_orders = models.PositiveIntegerField(default=0)
    orders_10s = models.PositiveIntegerField(default=0)
    orders_1m = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    told_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=200, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = "account limits"
        verbose_name_plural = "account limits"
        ordering = ["account_id", "instrument_id"]
        constraints = [
            models.UniqueConstraint(fields=["account_id", "instrument_id"], name="risk_limits_once"),
            models.CheckConstraint(
                condition=Q(max_position_notional_units__lte=UNITS_MAX, max_position_lots__lte=UNITS_MAX),
                name="risk_limits_in_range",
            ),
            models.CheckConstraint(
                condition=Q(instrument_id=0) | Q(orders_10s=0, orders_1m=0), name="risk_rates_of_all_instruments"
            ),
        ]

    def __str__(self) -> str:
        return f"limits of {f'account {self.account_id}' if self.account_id else 'everybody'}"


class AccountLimitVersion(models.Model):
    """One change of one row of limits; rows are added and never touched again."""

    account_id = models.PositiveIntegerField()
    instrument_id = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    before = models.JSONField()
    after = models.JSONField()
    actor_kind = models.CharField(max_length=16)
    actor_id = models.CharField(max_length=64)
    reason = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["account_id", "instrument_id", "number"], name="risk_version_once")
        ]

    def __str__(self) -> str:
        return f"limits of account {self.account_id}, instrument {self.instrument_id}, version {self.number}"
