"""How far the rows follow the journal, and what the journal fixed for each instrument."""

from django.db import models


class Cursor(models.Model):
    """One row: the last command whose effects are in the rows, and the journal's digest there."""

    seq = models.BigIntegerField(default=0)
    time_ns = models.BigIntegerField(default=0)
    chain = models.BinaryField(max_length=32, default=bytes(32))

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="projection_one_cursor")]

    def __str__(self) -> str:
        return f"at {self.seq}"


class InstrumentTerms(models.Model):
    """Settlement asset and scale of an instrument as the journal defined them; neither ever changes."""

    instrument_id = models.SmallIntegerField(primary_key=True)
    settlement_asset_id = models.SmallIntegerField()
    tick_lot_units = models.BigIntegerField()

    class Meta:
        verbose_name_plural = "instrument terms"

    def __str__(self) -> str:
        return f"instrument {self.instrument_id}"
