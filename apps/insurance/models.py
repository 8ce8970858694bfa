"""Insurance funds and what they gained and bore; written by projectors.py alone.

A fund is an account of the engine: its money stands in that account's wallet, and its whole history in the ledger.
"""

from django.db import models

from matcher.protocol.enums import InsuranceCause

CAUSES = [(cause.value, cause.name.lower()) for cause in InsuranceCause]


class InsuranceFund(models.Model):
    """The account that insures an asset, since command `seq`."""

    asset_id = models.SmallIntegerField(primary_key=True)
    account_id = models.IntegerField()
    seq = models.BigIntegerField()
    time_ns = models.BigIntegerField()

    def __str__(self) -> str:
        return f"fund of asset {self.asset_id}"


class InsuranceChange(models.Model):
    """A fund gained (> 0) or bore money; `source_account_id` is 0 where no single account stands behind it."""

    change_id = models.BigIntegerField(primary_key=True)
    seq = models.BigIntegerField()
    account_id = models.IntegerField()
    asset_id = models.SmallIntegerField()
    instrument_id = models.SmallIntegerField()
    cause = models.SmallIntegerField(choices=CAUSES)
    amount_units = models.BigIntegerField()
    wallet_units = models.BigIntegerField()
    source_account_id = models.IntegerField()
    time_ns = models.BigIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["asset_id", "change_id"], name="insurance_of_asset"),
            models.Index(fields=["source_account_id", "change_id"], name="insurance_of_source"),
        ]

    def __str__(self) -> str:
        return f"change {self.change_id}"
