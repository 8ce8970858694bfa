"""Jobs of accounts. They move no money: they send commands again and compare rows."""

from __future__ import annotations

import logging

from celery import shared_task

from apps.accounts import services
from apps.accounts.selectors import get_unbalanced_assets
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
def check_ledger() -> dict[int, int]:
    """All legs of all time sum to zero per asset; what does not is shouted about and returned."""
    unbalanced = get_unbalanced_assets()
    for asset_id, total_units in unbalanced.items():
        log.critical("ledger legs do not sum to zero", extra={"asset_id": asset_id, "total_units": total_units})
    return unbalanced
