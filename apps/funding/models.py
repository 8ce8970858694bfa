"""Funding as the journal tells it; written by projectors.py alone.

Everything a rate is made from is kept: with the samples of an interval and the instrument's market rules
at its end anyone can compute it again [FUND-002].
"""

from django.db import models

from matcher.protocol.enums import PositionSide

SIDES = [(side.value, side.name.lower()) for side in PositionSide]


class FundingSample(models.Model):
    """One premium sample and its inputs; impact prices in millionths of a tick, 0 = too thin. `seq`: its command."""

    seq = models.BigIntegerField(primary_key=True)
    instrument_id = models.SmallIntegerField()
    sample_ns = models.BigIntegerField()
    impact_bid_microticks = models.BigIntegerField()
    impact_ask_microticks = models.BigIntegerField()
    index_ticks = models.BigIntegerField()
    premium_ppb = models.BigIntegerField()
    average_premium_ppb = models.BigIntegerField()
    predicted_rate_ppb = models.BigIntegerField()
    samples = models.BigIntegerField()
    time_ns = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["instrument_id", "sample_ns"], name="funding_sample_once")]

    def __str__(self) -> str:
        return f"instrument {self.instrument_id} at {self.sample_ns}"


class FundingSettlement(models.Model):
    """An instrument's funding was paid once for `funding_ns`. `seq`: its command."""

    seq = models.BigIntegerField(primary_key=True)
    instrument_id = models.SmallIntegerField()
    funding_ns = models.BigIntegerField()
    next_funding_ns = models.BigIntegerField()
    rate_ppb = models.BigIntegerField()
    mark_ticks = models.BigIntegerField()
    average_premium_ppb = models.BigIntegerField()
    samples = models.BigIntegerField()
    positions = models.BigIntegerField()
    asset_id = models.SmallIntegerField()
    paid_units = models.BigIntegerField()
    received_units = models.BigIntegerField()
    residue_units = models.BigIntegerField()
    time_ns = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["instrument_id", "funding_ns"], name="funding_settled_once"),
            models.CheckConstraint(
                condition=models.Q(paid_units=models.F("received_units") + models.F("residue_units")),
                name="funding_nets_to_zero",
            ),
        ]

    def __str__(self) -> str:
        return f"instrument {self.instrument_id} at {self.funding_ns}"


class FundingPayment(models.Model):
    """What one leg paid (< 0) or received."""

    payment_id = models.BigIntegerField(primary_key=True)
    seq = models.BigIntegerField()
    account_id = models.IntegerField()
    instrument_id = models.SmallIntegerField()
    position_side = models.SmallIntegerField(choices=SIDES)
    funding_ns = models.BigIntegerField()
    rate_ppb = models.BigIntegerField()
    mark_ticks = models.BigIntegerField()
    position_lots = models.BigIntegerField()
    asset_id = models.SmallIntegerField()
    amount_units = models.BigIntegerField()
    time_ns = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["account_id", "funding_ns", "payment_id"], name="funding_of_account")]

    def __str__(self) -> str:
        return f"payment {self.payment_id}"
