"""Verbs of positions."""

from __future__ import annotations

import msgspec

from apps.bridge.services import asend
from apps.common.refusals import CommandRefused
from matcher.protocol.commands import SetLeverage
from matcher.protocol.events import CommandRejected, LeverageChanged


class LeverageResult(msgspec.Struct, frozen=True):
    """The leverage in effect, and the most notional it allows (units)."""

    instrument_id: int
    leverage: int
    max_notional_units: int


async def set_leverage(*, account_id: int, instrument_id: int, leverage: int) -> LeverageResult:
    """Raises CommandRefused, MatcherUnavailable, OutcomeUnknown."""
    event = (await asend(SetLeverage(account=account_id, instrument=instrument_id, leverage=leverage)))[0]
    if isinstance(event, LeverageChanged):
        return LeverageResult(instrument_id, event.leverage, event.max_notional_units)
    if isinstance(event, CommandRejected):
        raise CommandRefused(event.reason)
    raise AssertionError(f"{type(event).__name__} is no answer to SetLeverage")
