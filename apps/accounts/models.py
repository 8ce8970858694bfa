"""Trading accounts (ours) and what the engine says they hold (written by projectors.py alone)."""

from django.conf import settings
from django.db import models

from matcher.protocol.enums import AccountState

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
