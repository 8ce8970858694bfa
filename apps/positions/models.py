"""Positions as the journal tells them; written by projectors.py alone."""

from django.db import models

from matcher.protocol.enums import MarginMode, PositionSide

SIDES = [(side.value, side.name.lower()) for side in PositionSide]
MODES = [(mode.value, mode.name.lower()) for mode in MarginMode]


class Position(models.Model):
    """A leg [MAR-001] an account has touched, flat or not.

    `position_lots` and `cost_units` are signed (long > 0). `leverage` (0 until the account set one) and
    `margin_mode` are settings of the instrument and stand on the BOTH row alone. `updated_ns` is the last
    change of any column. `position_id` is (account x 1024 + instrument) x 4 + position_side.
    """

    position_id = models.BigIntegerField(primary_key=True)
    account_id = models.IntegerField()
    instrument_id = models.SmallIntegerField()
    position_side = models.SmallIntegerField(choices=SIDES)
    position_lots = models.BigIntegerField()
    cost_units = models.BigIntegerField()
    realized_pnl_units = models.BigIntegerField()
    isolated_units = models.BigIntegerField(default=0)
    leverage = models.SmallIntegerField()
    margin_mode = models.SmallIntegerField(choices=MODES, default=0)
    updated_ns = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["instrument_id"], name="positions_of_instrument")]

    def __str__(self) -> str:
        return f"account {self.account_id} in instrument {self.instrument_id}"


class MarginChange(models.Model):
    """Margin that an account moved into (> 0) or out of an isolated leg because it asked [MAR-009]. `seq`: its command."""

    seq = models.BigIntegerField(primary_key=True)
    account_id = models.IntegerField()
    instrument_id = models.SmallIntegerField()
    position_side = models.SmallIntegerField(choices=SIDES)
    asset_id = models.SmallIntegerField()
    amount_units = models.BigIntegerField()
    isolated_units = models.BigIntegerField()
    time_ns = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["account_id", "instrument_id", "seq"], name="margin_of_account")]

    def __str__(self) -> str:
        return f"margin of account {self.account_id} at {self.seq}"
