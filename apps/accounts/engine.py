"""Sends commands and questions over the bridge and speaks of their failures in the words every door knows."""

from __future__ import annotations

from collections.abc import Sequence

from apps.bridge import services as bridge
from apps.bridge.errors import MatcherUnavailable, OutcomeUnknown
from apps.common.errors import OutcomeUnclear, ServiceUnavailable
from matcher.protocol.commands import Command
from matcher.protocol.events import CommandRejected, Event
from matcher.protocol.rejects import RejectReason
from matcher.protocol.views import BalanceView, Query, QueryKind


def send(command: Command) -> Sequence[Event]:
    """The command's own events. Raises ServiceUnavailable (nothing was done) or OutcomeUnclear."""
    try:
        return bridge.send(command)
    except MatcherUnavailable:
        raise ServiceUnavailable("The matching engine does not answer. Try again.") from None
    except OutcomeUnknown:
        raise OutcomeUnclear from None


def list_live_balances(account_id: int) -> list[BalanceView]:
    """What the account's wallets hold and how much of it may leave; nothing of one that the engine does not know.

    Raises ServiceUnavailable.
    """
    try:
        _, balances, _ = bridge.query(Query(kind=QueryKind.ACCOUNT, account=account_id))
    except (MatcherUnavailable, OutcomeUnknown):
        raise ServiceUnavailable("The matching engine does not answer. Try again.") from None
    return [view for view in balances if isinstance(view, BalanceView)]


def refusal(events: Sequence[Event]) -> str | None:
    """The name of the RejectReason when the command was refused."""
    for event in events:
        if isinstance(event, CommandRejected):
            return RejectReason(event.reason).name
    return None
