"""Trading accounts (ours) and what the engine says they hold (written by projectors.py alone)."""

from django.conf import settings
from django.db import models

from apps.accounts.types import LedgerBook, LedgerKind
from matcher.protocol.enums import AccountState, PositionMode

POSITION_MODES = [(mode.value, mode.name.lower()) for mode in PositionMode]
STATES = [(state.value, state.name.lower()) for state in AccountState]


class TradingAccount(models.Model):
    """An account in the engine; `id` is the engine's number. `opened_at` is set once the engine knows it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="trading_accounts")
    name = models.CharField(max_length=64, default="main")
    group = models.PositiveBigIntegerField(
        default=0, help_text="Accounts of one group never trade with each other; 0 is a group of its own."
    )
    state = models.PositiveSmallIntegerField(choices=STATES, default=AccountState.ACTIVE.value)
    created_at = models.DateTimeField(auto_now_add=True)
    opened_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="accounts_name_once")]

    def __str__(self) -> str:
        return f"{self.id} {self.name}"


class Balance(models.Model):
    """An account's wallet in one asset. `balance_id` is account x 1024 + asset."""

    balance_id = models.BigIntegerField(primary_key=True)
    account_id = models.IntegerField()
    asset_id = models.SmallIntegerField()
    wallet_units = models.BigIntegerField()
    updated_ns = models.BigIntegerField()

    def __str__(self) -> str:
        return f"account {self.account_id}, asset {self.asset_id}"


class LedgerEntry(models.Model):
    """One leg of a balance change: event (`seq`, `part`) of the journal.

    The legs of an event sum to zero per asset; the database refuses anything else (migration
    0003). `account_id` is 0 unless the book is WALLET; `entry_id` counts legs from 1 in journal order.
    """

    entry_id = models.BigIntegerField(primary_key=True)
    seq = models.BigIntegerField()
    part = models.IntegerField()
    asset_id = models.SmallIntegerField()
    book = models.SmallIntegerField(choices=LedgerBook)
    kind = models.SmallIntegerField(choices=LedgerKind)
    account_id = models.IntegerField()
    instrument_id = models.SmallIntegerField()
    trade_id = models.BigIntegerField()
    amount_units = models.BigIntegerField()
    time_ns = models.BigIntegerField()
    reference = models.CharField(max_length=36)

    class Meta:
        verbose_name_plural = "ledger entries"
        indexes = [
            models.Index(
                fields=["account_id", "time_ns", "entry_id"],
                condition=models.Q(account_id__gt=0),
                name="ledger_of_account",
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(book=1, account_id__gt=0) | models.Q(~models.Q(book=1), account_id=0),
                name="ledger_wallet_has_account",
            ),
            models.CheckConstraint(condition=~models.Q(amount_units=0), name="ledger_moves_something"),
        ]

    def __str__(self) -> str:
        return f"leg {self.entry_id} of {self.seq}.{self.part}"


class AccountMode(models.Model):
    """Modes of an account that ever chose one; without a row it is one-way and each asset stands alone."""

    account_id = models.IntegerField(primary_key=True)
    position_mode = models.SmallIntegerField(choices=POSITION_MODES)
    multi_assets = models.SmallIntegerField()
    updated_ns = models.BigIntegerField()

    def __str__(self) -> str:
        return f"account {self.account_id}"


class Transfer(models.Model):
    """Money that went from one account to another; `seq` is the command's number."""

    seq = models.BigIntegerField(primary_key=True)
    from_account_id = models.IntegerField()
    to_account_id = models.IntegerField()
    asset_id = models.SmallIntegerField()
    amount_units = models.BigIntegerField()
    reference = models.CharField(max_length=36)
    time_ns = models.BigIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["from_account_id", "seq"], name="transfers_from"),
            models.Index(fields=["to_account_id", "seq"], name="transfers_to"),
        ]

    def __str__(self) -> str:
        return f"transfer {self.seq}"


class Conversion(models.Model):
    """Auto-exchange [LIQ-009]: the account gave one asset and got another from the conversion desk."""

    conversion_id = models.BigIntegerField(primary_key=True)
    seq = models.BigIntegerField()
    account_id = models.IntegerField()
    sold_asset_id = models.SmallIntegerField()
    sold_units = models.BigIntegerField()
    bought_asset_id = models.SmallIntegerField()
    bought_units = models.BigIntegerField()
    time_ns = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["account_id", "conversion_id"], name="conversions_of_account")]

    def __str__(self) -> str:
        return f"conversion {self.conversion_id}"
