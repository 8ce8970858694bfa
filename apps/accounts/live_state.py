"""What an account holds right now, as the engine answers it: never from rows."""

from __future__ import annotations

from typing import NamedTuple, cast

from apps.bridge.services import aquery
from matcher.protocol.views import BalanceView, PositionView, Query, QueryKind


class LiveAccount(NamedTuple):
    """Balances and touched instruments at `seq`; empty lists for an account the engine does not know."""

    seq: int
    time_ns: int
    balances: list[BalanceView]
    positions: list[PositionView]


async def get_live_account(account_id: int) -> LiveAccount:
    """Raises MatcherUnavailable, OutcomeUnknown."""
    header, balances, positions = await aquery(Query(kind=QueryKind.ACCOUNT, account=account_id))
    return LiveAccount(
        header.seq, header.time_ns, cast("list[BalanceView]", balances), cast("list[PositionView]", positions)
    )
