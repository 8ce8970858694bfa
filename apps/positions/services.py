"""Verbs of positions."""

from __future__ import annotations

import msgspec

from apps.accounts.selectors import get_account
from apps.bridge.services import asend
from apps.common.refusals import CommandRefused
from apps.common.rows import ask
from apps.kyc.services import check_leverage
from matcher.protocol.commands import (
    AdjustIsolatedMargin,
    Command,
    SetLeverage,
    SetMarginMode,
    SetMultiAssets,
    SetPositionMode,
)
from matcher.protocol.enums import PositionSide
from matcher.protocol.events import CommandRejected, Event, IsolatedMarginChanged, LeverageChanged


class LeverageResult(msgspec.Struct, frozen=True):
    """The leverage in effect, and the most notional it allows (units)."""

    instrument_id: int
    leverage: int
    max_notional_units: int


async def set_leverage(*, account_id: int, instrument_id: int, leverage: int) -> LeverageResult:
    """Raises LeverageAboveLevel, CommandRefused, MatcherUnavailable, OutcomeUnknown."""
    await ask(_check_level, account_id, leverage)
    event = (await asend(SetLeverage(account=account_id, instrument=instrument_id, leverage=leverage)))[0]
    if isinstance(event, LeverageChanged):
        return LeverageResult(instrument_id, event.leverage, event.max_notional_units)
    if isinstance(event, CommandRejected):
        raise CommandRefused(event.reason)
    raise AssertionError(f"{type(event).__name__} is no answer to SetLeverage")


def _check_level(account_id: int, leverage: int) -> None:
    """An account without rows is the engine's to refuse."""
    account = get_account(account_id)
    if account is not None:
        check_leverage(user_id=account.user_id, leverage=leverage)


async def set_margin_mode(*, account_id: int, instrument_id: int, margin_mode: int) -> None:
    """Cross or isolated [MAR-007]. Raises CommandRefused, MatcherUnavailable, OutcomeUnknown."""
    await _do(SetMarginMode(account=account_id, instrument=instrument_id, margin_mode=margin_mode))


async def set_position_mode(*, account_id: int, position_mode: int) -> None:
    """One-way or hedge [MAR-008], of the whole account. Raises CommandRefused, MatcherUnavailable, OutcomeUnknown."""
    await _do(SetPositionMode(account=account_id, position_mode=position_mode))


async def set_multi_assets(*, account_id: int, multi_assets: bool) -> None:
    """Whether all assets back cross positions [MAR-011]. Raises CommandRefused, MatcherUnavailable, OutcomeUnknown."""
    await _do(SetMultiAssets(account=account_id, multi_assets=int(multi_assets)))


async def adjust_isolated_margin(
    *, account_id: int, instrument_id: int, amount_units: int, position_side: int = PositionSide.BOTH
) -> int:
    """Add (> 0) or take (< 0) margin of an isolated leg [MAR-009]; returns what it holds then, in units.

    Raises CommandRefused, MatcherUnavailable, OutcomeUnknown.
    """
    command = AdjustIsolatedMargin(
        account=account_id, instrument=instrument_id, amount_units=amount_units, position_side=position_side
    )
    event = await _do(command)
    assert isinstance(event, IsolatedMarginChanged), f"{type(event).__name__} is no answer to AdjustIsolatedMargin"
    return int(event.isolated_units)


async def _do(command: Command) -> Event:
    """The command's own first event. Raises CommandRefused."""
    event = (await asend(command))[0]
    if isinstance(event, CommandRejected):
        raise CommandRefused(event.reason)
    return event
