"""How many orders each account may send, remembered by a gateway for its event loop; rows stay the source."""

from __future__ import annotations

import asyncio

import structlog
from django.db import DatabaseError

from apps.common.rows import ask
from apps.risk.selectors import get_order_rates
from apps.risk.types import EVERYBODY

READ_EVERY_S = 0.5
log = structlog.get_logger("risk.order_rates")


class OrderRates:
    """Looking one up never waits."""

    def __init__(self) -> None:
        self._of: dict[int, tuple[int, int]] = {}

    def fill(self, rates: dict[int, tuple[int, int]]) -> None:
        self._of = rates

    def of(self, account_id: int, short: int, long: int) -> tuple[int, int]:
        """Orders in ten seconds and in a minute: the account's own, else everybody's, else `short` and `long`."""
        if not self._of:
            return short, long
        own, all_ = self._of.get(account_id, (0, 0)), self._of.get(EVERYBODY, (0, 0))
        return own[0] or all_[0] or short, own[1] or all_[1] or long

    async def keep(self) -> None:
        """Read the rows again and again, until canceled; while they do not answer, what is known stays."""
        while True:
            try:
                self.fill(await ask(get_order_rates))
            except DatabaseError as error:
                log.warning("order_rates_unreadable", error=str(error))
            await asyncio.sleep(READ_EVERY_S)


_rates = OrderRates()


def get_rates() -> OrderRates:
    """The one of this process."""
    return _rates
