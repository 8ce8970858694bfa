"""Liquidations, their steps and every position that changed without an order; written by projectors.py alone."""

from django.db import models

from matcher.protocol.enums import MoveCause, PositionSide

SIDES = [(side.value, side.name.lower()) for side in PositionSide]
CAUSES = [(cause.value, cause.name.lower()) for cause in MoveCause]


class Liquidation(models.Model):
    """One margin group from its start to its end: an isolated leg, or (instrument 0) the cross group of an asset.

    In multi-asset mode `asset_id` is 0 and amounts are values [LIQ-003].
    """

    liquidation_id = models.BigIntegerField(primary_key=True)
    seq = models.BigIntegerField()
    account_id = models.IntegerField()
    instrument_id = models.SmallIntegerField()
    position_side = models.SmallIntegerField(choices=SIDES)
    is_isolated = models.BooleanField()
    asset_id = models.SmallIntegerField()
    equity_units = models.BigIntegerField()
    maintenance_units = models.BigIntegerField()
    wallet_units = models.BigIntegerField()
    end_equity_units = models.BigIntegerField()
    end_maintenance_units = models.BigIntegerField()
    end_wallet_units = models.BigIntegerField()
    steps = models.IntegerField()
    time_ns = models.BigIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["account_id", "liquidation_id"], name="liquidations_of_account"),
            models.Index(fields=["time_ns"], name="liquidations_by_time"),
        ]

    def __str__(self) -> str:
        return f"liquidation {self.liquidation_id}"


class LiquidationStep(models.Model):
    """One reduction of one leg; `order_id` is the forced order [LIQ-005]."""

    step_id = models.BigIntegerField(primary_key=True)
    liquidation_id = models.BigIntegerField()
    seq = models.BigIntegerField()
    account_id = models.IntegerField()
    instrument_id = models.SmallIntegerField()
    position_side = models.SmallIntegerField(choices=SIDES)
    risk_tier = models.SmallIntegerField()
    mark_ticks = models.BigIntegerField()
    bankruptcy_ticks = models.BigIntegerField()
    quantity_lots = models.BigIntegerField()
    position_lots = models.BigIntegerField()
    equity_units = models.BigIntegerField()
    maintenance_units = models.BigIntegerField()
    order_id = models.BigIntegerField()
    time_ns = models.BigIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["account_id", "step_id"], name="steps_of_account"),
            models.Index(fields=["liquidation_id", "step_id"], name="steps_of_liquidation"),
        ]

    def __str__(self) -> str:
        return f"step {self.step_id} of liquidation {self.liquidation_id}"


class PositionMove(models.Model):
    """One party of a position change without an order.

    A deleveraging [LIQ-007] leaves two: of the liquidated account and, the receipt, of the one that was
    deleveraged, with its rank and score. `liquidation_id` is 0 for the settlement of a delisting.
    """

    move_id = models.BigIntegerField(primary_key=True)
    liquidation_id = models.BigIntegerField()
    seq = models.BigIntegerField()
    cause = models.SmallIntegerField(choices=CAUSES)
    is_liquidated = models.BooleanField()
    account_id = models.IntegerField()
    counterparty_id = models.IntegerField()
    instrument_id = models.SmallIntegerField()
    position_side = models.SmallIntegerField(choices=SIDES)
    is_sell = models.BooleanField()
    price_ticks = models.BigIntegerField()
    quantity_lots = models.BigIntegerField()
    realized_pnl_units = models.BigIntegerField()
    position_lots = models.BigIntegerField()
    adl_rank = models.BigIntegerField()
    score = models.BigIntegerField()
    time_ns = models.BigIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["account_id", "move_id"], name="moves_of_account"),
            models.Index(fields=["liquidation_id", "move_id"], name="moves_of_liquidation"),
        ]

    def __str__(self) -> str:
        return f"move {self.move_id}"
