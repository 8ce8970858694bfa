"""Cancel-on-disconnect of one native socket: the engine's own countdown, renewed while the socket lives.

When the socket goes, the account's orders are canceled at once; when this process goes with it, by the engine
when the countdown runs out.
"""

from __future__ import annotations

import asyncio

import structlog

from apps.bridge.errors import BridgeError
from apps.common.refusals import CommandRefused
from apps.orders import services

NS_PER_MS = 1_000_000
RENEWALS = 3  # in one countdown
_log = structlog.get_logger("feeds.dead_man")
_firing: set[asyncio.Task[None]] = set()


class DeadMan:
    """Holds the account's countdown for all instruments."""

    def __init__(self, account_id: int) -> None:
        self.account_id = account_id
        self._renewer: asyncio.Task[None] | None = None

    async def arm(self, timeout_ms: int) -> None:
        """Start, or go on with another time. Raises BridgeError."""
        await self._set(timeout_ms)
        if self._renewer is not None:
            self._renewer.cancel()
        self._renewer = asyncio.create_task(self._renew(timeout_ms), name="cancel on disconnect")

    async def disarm(self) -> None:
        """Take it back. Raises BridgeError."""
        if self._renewer is not None:
            self._renewer.cancel()
        await self._set(0)

    def fire(self) -> None:
        """The socket is lost: cancel everything, in the background."""
        if self._renewer is not None:
            self._renewer.cancel()
        task = asyncio.create_task(self._cancel_all(), name="canceling on disconnect")
        _firing.add(task)
        task.add_done_callback(_firing.discard)

    async def _cancel_all(self) -> None:
        try:
            canceled = await services.cancel_all_orders(account_id=self.account_id)
            await self._set(0)
            _log.info("canceled_on_disconnect", account_id=self.account_id, orders=len(canceled))
        except (BridgeError, CommandRefused) as error:
            _log.warning("left_to_the_countdown", account_id=self.account_id, error=str(error))

    async def _renew(self, timeout_ms: int) -> None:
        while True:
            await asyncio.sleep(timeout_ms / 1000 / RENEWALS)
            try:
                await self._set(timeout_ms)
            except (BridgeError, CommandRefused) as error:
                _log.warning("countdown_not_renewed", account_id=self.account_id, error=str(error))

    async def _set(self, timeout_ms: int) -> None:
        await services.set_countdown(account_id=self.account_id, instrument_id=0, countdown_ns=timeout_ms * NS_PER_MS)
