"""Verbs of insurance: name an asset's fund. Money goes into a fund like into any account."""

from __future__ import annotations

from typing import cast

from apps.accounts.engine import refusal, send
from apps.bridge import services as bridge
from apps.bridge.errors import MatcherUnavailable, OutcomeUnknown
from apps.common.errors import DomainError, ServiceUnavailable
from matcher.protocol.commands import SetInsuranceFund
from matcher.protocol.views import AssetView, Query, QueryKind


class FundRefused(DomainError):
    """Details: `reason`, a RejectReason's name."""

    code = "FUND_REFUSED"
    status = 409
    message = "The engine refused the insurance fund."


def define_insurance_fund(*, asset_id: int, account_id: int) -> None:
    """The account insures the asset from now on [LIQ-011]; the one that does so already is left alone.

    Raises FundRefused, ServiceUnavailable, OutcomeUnclear.
    """
    if ask_fund_account(asset_id=asset_id) == account_id:
        return
    reason = refusal(send(SetInsuranceFund(account=account_id, asset=asset_id)))
    if reason:
        raise FundRefused(f"The engine refused the insurance fund: {reason}.", reason=reason)


def ask_fund_account(*, asset_id: int) -> int:
    """The account that insures the asset right now, 0 for none. Raises ServiceUnavailable."""
    try:
        _, views, _ = bridge.query(Query(kind=QueryKind.ASSETS))
    except (MatcherUnavailable, OutcomeUnknown):
        raise ServiceUnavailable("The matching engine does not answer. Try again.") from None
    assets = cast("list[AssetView]", views)
    return next((int(view.fund_account) for view in assets if view.asset == asset_id), 0)
