"""Jobs of accounts. They move no money: they send commands again and compare rows."""

from __future__ import annotations

import logging
from dataclasses import asdict

from celery import shared_task

from apps.accounts import services
from apps.accounts.selectors import list_ledger_mismatches
from apps.common.errors import OutcomeUnclear, ServiceUnavailable

log = logging.getLogger(__name__)


@shared_task(name="accounts.open_pending_accounts")  # type: ignore[untyped-decorator]
def open_pending_accounts() -> int:
    """Open the accounts that were made while the engine did not answer; the number opened."""
    try:
        return services.open_pending_accounts()
    except (ServiceUnavailable, OutcomeUnclear):
        return 0


@shared_task(name="accounts.check_ledger")  # type: ignore[untyped-decorator]
def check_ledger() -> int:
    """All legs sum to zero and every wallet is the sum of its legs; what is not so is shouted about and counted."""
    mismatches = list_ledger_mismatches()
    for mismatch in mismatches:
        log.critical("the ledger is out of balance", extra=asdict(mismatch))
    return len(mismatches)
