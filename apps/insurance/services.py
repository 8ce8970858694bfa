"""Verbs of insurance: name an asset's fund. Money goes into a fund like into any account."""

from __future__ import annotations

from apps.accounts.engine import refusal, send
from apps.common.errors import DomainError
from apps.insurance.selectors import get_fund
from matcher.protocol.commands import SetInsuranceFund


class FundRefused(DomainError):
    """Details: `reason`, a RejectReason's name."""

    code = "FUND_REFUSED"
    status = 409
    message = "The engine refused the insurance fund."


def define_insurance_fund(*, asset_id: int, account_id: int) -> None:
    """The account insures the asset from now on [LIQ-011]; the one that does so already is left alone.

    Raises FundRefused, ServiceUnavailable, OutcomeUnclear.
    """
    fund = get_fund(asset_id)
    if fund is not None and fund.account_id == account_id:
        return
    reason = refusal(send(SetInsuranceFund(account=account_id, asset=asset_id)))
    if reason:
        raise FundRefused(f"The engine refused the insurance fund: {reason}.", reason=reason)
