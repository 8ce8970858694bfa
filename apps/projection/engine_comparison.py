"""Do the rows agree with the engine itself? Its answers against rows that have caught up with them.

An answer is of one command; rows may be further by then. A row that changed since is left for the next time,
so that a market in motion never looks like a mistake.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

from apps.accounts.selectors import get_balances, get_house_totals, list_account_ids
from apps.accounts.types import HouseTotals
from apps.bridge import services as bridge
from apps.positions.selectors import get_positions
from apps.projection.selectors import get_cursor, wait_seq
from matcher.protocol.views import AnswerHeader, AssetView, BalanceView, PositionView, Query, QueryKind

CATCH_UP_SECONDS = 5.0
QUERY_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class EngineComparison:
    """The outcome: the last command looked at, the accounts compared, a sentence for everything that differs."""

    seq: int
    accounts: tuple[int, ...]
    findings: tuple[str, ...]


def compare_with_engine(*, above: int = 0, limit: int = 1000) -> EngineComparison:
    """Compare house totals, and wallets and legs of at most `limit` accounts after number `above`.

    Raises MatcherUnavailable, OutcomeUnknown; TimeoutError when the rows do not catch up.
    """
    seq, findings = _compare_house()
    accounts = list_account_ids(above=above, limit=limit)
    for account_id in accounts:
        seq, found = _compare_account(account_id)
        findings += found
    return EngineComparison(seq, tuple(accounts), tuple(findings))


def _ask(**query: Any) -> tuple[AnswerHeader, list[Any], list[Any]]:
    """The engine's answer, once the rows hold everything it was made from."""
    header, first, second = bridge.query(Query(**query), QUERY_SECONDS)
    if not wait_seq(header.seq, CATCH_UP_SECONDS):
        raise TimeoutError(f"the rows are not at command {header.seq} yet")
    return header, first, second


def _compare_house() -> tuple[int, list[str]]:
    header, views, _ = _ask(kind=QueryKind.ASSETS)
    totals = get_house_totals(header.seq)
    findings = []
    for view in cast("list[AssetView]", views):
        told = HouseTotals(view.fee_income_units, view.clearing_units, view.external_units, view.conversion_units, 0)
        found = totals.get(view.asset, HouseTotals(0, 0, 0, 0, 0))
        if found != told:
            findings.append(f"house totals of asset {view.asset}: rows {found}, engine {told}")
    return header.seq, findings


def _compare_account(account_id: int) -> tuple[int, list[str]]:
    header, balances, positions = _ask(kind=QueryKind.ACCOUNT, account=account_id)
    wallets = {row.asset_id: row for row in get_balances(account_id)}
    legs = {(row.instrument_id, row.position_side): row for row in get_positions(account_id)}
    # Rows first, then how far they are: none of them is older than this says.
    moved_on = get_cursor() > header.seq
    findings = []
    for view in cast("list[BalanceView]", balances):
        wallet = wallets.pop(view.asset, None)
        held = 0 if wallet is None else wallet.wallet_units
        since = wallet is not None and moved_on and wallet.updated_ns >= header.time_ns
        if held != view.wallet_units and not since:
            findings.append(
                f"wallet of account {account_id}, asset {view.asset}: rows {held}, engine {view.wallet_units} units"
            )
    findings += _strays(
        account_id, "wallet", ((w.updated_ns, w.wallet_units) for w in wallets.values()), header, moved_on
    )
    for leg in cast("list[PositionView]", positions):
        row = legs.pop((leg.instrument, leg.position_side), None)
        told = (leg.position_lots, leg.cost_units, leg.isolated_units)
        found = (0, 0, 0) if row is None else (row.position_lots, row.cost_units, row.isolated_units)
        since = row is not None and moved_on and row.updated_ns >= header.time_ns
        if found != told and not since:
            findings.append(
                f"leg {leg.position_side} of account {account_id} in instrument {leg.instrument}:"
                f" rows {found}, engine {told} (lots, cost, isolated)"
            )
    findings += _strays(account_id, "leg", ((r.updated_ns, r.position_lots) for r in legs.values()), header, moved_on)
    return header.seq, findings


def _strays(
    account_id: int, what: str, rows: Iterable[tuple[int, int]], header: AnswerHeader, moved_on: bool
) -> list[str]:
    """Rows of something that the engine does not know of."""
    return [
        f"{what} of account {account_id} that the engine does not know: {amount}"
        for updated_ns, amount in rows
        if amount and not (moved_on and updated_ns >= header.time_ns)
    ]
