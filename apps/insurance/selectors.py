"""Questions about insurance funds, answered from rows."""

from __future__ import annotations

from dataclasses import fields

from apps.accounts.selectors import get_balances, get_ledger
from apps.insurance.models import InsuranceChange, InsuranceFund
from apps.insurance.types import FundChangeRow, FundEntryRow, FundRow

_CHANGE_FIELDS = tuple(field.name for field in fields(FundChangeRow))


def list_funds() -> list[FundRow]:
    """Every asset's fund, by asset."""
    funds = list(InsuranceFund.objects.order_by("asset_id").values_list("asset_id", "account_id", "time_ns"))
    wallets = {
        (row.account_id, row.asset_id): row
        for account_id in {account_id for _, account_id, _ in funds}
        for row in get_balances(account_id)
    }
    found = []
    for asset_id, account_id, time_ns in funds:
        wallet = wallets.get((account_id, asset_id))
        units, updated = (wallet.wallet_units, wallet.updated_ns) if wallet is not None else (0, time_ns)
        found.append(FundRow(asset_id, account_id, units, updated))
    return found


def get_fund(asset_id: int) -> FundRow | None:
    return next((fund for fund in list_funds() if fund.asset_id == asset_id), None)


def get_fund_history(
    fund: FundRow,
    *,
    start_ns: int | None = None,
    end_ns: int | None = None,
    limit: int = 100,
    offset: int = 0,
) -> list[FundEntryRow]:
    """Everything that moved the fund's money, injections too, newest first."""
    rows = get_ledger(
        fund.account_id, asset=fund.asset_id, start_ns=start_ns, end_ns=end_ns, limit=limit, offset=offset
    )
    return [
        FundEntryRow(row.entry_id, row.asset_id, row.instrument_id, row.kind, row.amount_units, row.time_ns)
        for row in rows
    ]


def get_fund_changes(asset_id: int, *, limit: int = 100, offset: int = 0) -> list[FundChangeRow]:
    """What liquidations and funding did to the asset's funds, newest first."""
    rows = InsuranceChange.objects.filter(asset_id=asset_id).order_by("-change_id")
    return [FundChangeRow(*row) for row in rows.values_list(*_CHANGE_FIELDS)[offset : offset + limit]]
