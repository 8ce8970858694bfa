"""Positions as the journal tells them; written by projectors.py alone."""

from django.db import models


class Position(models.Model):
    """An instrument an account has touched, flat or not.

    `position_lots` and `cost_units` are signed (long > 0); `leverage` is 0 until the account set one;
    `updated_ns` is the last fill or leverage change. `position_id` is account x 1024 + instrument.
    """

    position_id = models.BigIntegerField(primary_key=True)
    account_id = models.IntegerField()
    instrument_id = models.SmallIntegerField()
    position_side = models.SmallIntegerField()
    position_lots = models.BigIntegerField()
    cost_units = models.BigIntegerField()
    realized_pnl_units = models.BigIntegerField()
    leverage = models.SmallIntegerField()
    updated_ns = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["instrument_id"], name="positions_of_instrument")]

    def __str__(self) -> str:
        return f"account {self.account_id} in instrument {self.instrument_id}"
